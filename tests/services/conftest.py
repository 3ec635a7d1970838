"""Fixtures of the services: a desk on either engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk import Desk, postgres_desk, sqlite_desk


@pytest.fixture(params=["sqlite", "postgres"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    opened = sqlite_desk(tmp_path) if request.param == "sqlite" else postgres_desk()
    async with opened as desk:
        yield desk
