"""The product behind the page, once for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.bootstrap import Product, read_product
from bot.channels.web.pace import Pace
from bot.config import Config
from tests.bot.channels.web.site import MEGA, Site, running_site


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """Flows, texts and facts; one photo may have 2 MB."""
    folder = tmp_path_factory.mktemp("product")
    config = Config(root=folder)
    documents = msgspec.structs.replace(
        config.documents, folder=folder / "documents", max_bytes=2 * MEGA
    )
    return read_product(msgspec.structs.replace(config, documents=documents))


@pytest.fixture
def pace() -> Pace:
    """Fast enough for every test but those about it."""
    return Pace(burst=1000)


@pytest.fixture
async def site(product: Product, tmp_path: Path, pace: Pace) -> AsyncIterator[Site]:
    async with running_site(product, tmp_path, pace) as site:
        yield site
