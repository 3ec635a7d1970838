"""What is made late for who talks in a terminal is made, and refused, before anything is served."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.bootstrap import Product, read_product
from bot.cli import FAILED
from bot.cli.faults import fault
from bot.config import Config
from forms.report import FormErrors, Forms

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return read_product(Config(root=tmp_path_factory.mktemp("product")))


def test_broken_forms_are_refused_before_anything_is_served(
    product: Product, tmp_path: Path
) -> None:
    (tmp_path / "z.txt.j2").write_text("{% if %}")

    with pytest.raises(FormErrors) as refused:
        replace(product, forms=Forms(tmp_path)).warm(NOW)

    assert fault(refused.value) == (FAILED, str(refused.value))


def test_nothing_is_left_to_be_made_for_plain_words(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    product.warm(NOW)
    for late in ("collect", "load", "read_messages"):
        monkeypatch.delattr(f"flows.understanding.router.{late}")

    assert product.journeys.router.understand("pindah puskesmas").meant.service == "G"
