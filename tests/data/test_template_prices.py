"""Prices of message templates: read, ordered by day, and refused with line and fix."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from data.facts import load_facts
from data.table import Problems
from data.template_prices import TemplatePrices, read_template_prices

HEAD = "from,usd,rupiah,source,as_of\n"


def read(folder: Path, *lines: str) -> tuple[TemplatePrices, list[str]]:
    path = folder / "template_prices.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    problems = Problems()
    return read_template_prices(path, problems), problems.found


def test_what_is_shipped_has_a_price_today() -> None:
    price = load_facts().template_prices.at(date(2026, 11, 30))
    assert price is not None and price.usd > 0 and price.rupiah > 0


def test_the_price_of_a_day_is_the_last_that_began(tmp_path: Path) -> None:
    lines = ("2026-10-01,0.03,495,kartu,2026-11-01", "2026-01-01,0.02,330,kartu,2026-01-01")
    prices, problems = read(tmp_path, *lines)

    days = (date(2025, 12, 31), date(2026, 9, 30), date(2026, 10, 1))
    found = [price and price.usd for price in map(prices.at, days)]
    assert (found, problems) == ([None, Decimal("0.02"), Decimal("0.03")], [])


def test_every_mistake_is_told(tmp_path: Path) -> None:
    lines = ("1 Okt,0.02,330,kartu,2026-11-01", "2026-01-01,dua,-1,kartu,2026-01-01")
    _, problems = read(tmp_path, *lines)

    assert problems == [
        "template_prices.csv:2: from 1 Okt is no date; write it like 2026-12-24",
        "template_prices.csv:3: usd dua is no amount; write it like 0.0200",
        "template_prices.csv:3: rupiah -1 is no amount; write it like 0.0200",
    ]
