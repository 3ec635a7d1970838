"""The office of the tests: the product, a fake Telegram, the library."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bootstrap import Product, read_product
from bot.config import Config
from tests.bot.channels.loopback import serving
from tests.bot.staff.office import Office, open_office
from tests.fakes.bot_api import TOKEN, FakeBotApi


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """Flows, texts and facts as they are shipped."""
    return read_product(Config(root=tmp_path_factory.mktemp("product")))


@pytest.fixture
async def office(product: Product, tmp_path: Path) -> AsyncIterator[Office]:
    api = FakeBotApi()
    async with (
        serving(api.app) as url,
        open_office(product, tmp_path / "office.db", api, url, TOKEN) as office,
    ):
        yield office
