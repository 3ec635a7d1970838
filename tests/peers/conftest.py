"""What the runs through other people's servers share."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.conftest import Require
from tests.peers.servers import installed

REASON = "set CHIKA_PEERS to a folder with telegram-test-api and mockpost, as .ci/run makes it"


@pytest.fixture
async def stack(require: Require) -> AsyncIterator[AsyncExitStack]:
    """Where servers are opened; they are closed in the opposite order."""
    require("peers", installed(), REASON)
    async with AsyncExitStack() as opened:
        yield opened
