"""One theatre for all tests that play scripts: reading flows and texts takes a while."""

import pytest

from bot.cli.scripts.stage import Theatre


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    return Theatre(tmp_path_factory.mktemp("theatre"))
