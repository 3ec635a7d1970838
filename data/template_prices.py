"""What a message template costs, as data: Meta changes its rate card several times a year."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from data.table import Problems, Row, read_rows

COLUMNS = ("from", "usd", "rupiah", "source", "as_of")


class Price(msgspec.Struct, frozen=True):
    """What one WhatsApp template of category ``utility`` costs from a day on, if it arrives."""

    since: date
    usd: Decimal
    rupiah: Decimal


class TemplatePrices(msgspec.Struct, frozen=True):
    """All that are known, the oldest first."""

    prices: Sequence[Price] = ()

    def at(self, day: date) -> Price | None:
        """The price that held on *day*; None where none is known yet."""
        held = [price for price in self.prices if price.since <= day]
        return held[-1] if held else None


def read_template_prices(path: Path, problems: Problems) -> TemplatePrices:
    """The lines of template_prices.csv; what is wrong goes to *problems*."""
    found: dict[date, Price] = {}
    for row in read_rows(path, COLUMNS, problems):
        since, _ = _day(row, "from"), _day(row, "as_of")
        if since in found:
            row.wrong(f"there is a price from {row['from']} already; remove one line")
        found[since] = Price(since, _amount(row, "usd"), _amount(row, "rupiah"))
    return TemplatePrices([found[since] for since in sorted(found)])


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        row.wrong(f"{column} {row[column]} is no date; write it like 2026-12-24")
        return date.min


def _amount(row: Row, column: str) -> Decimal:
    try:
        amount = Decimal(row[column])
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and amount >= 0):
        row.wrong(f"{column} {row[column]} is no amount; write it like 0.0200")
        return Decimal(0)
    return amount
