"""Blanks of officers' sentences that the day fills: nobody who reads them should have to reckon."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from forms.wording import plain_date

FIRST_OF_NEXT_MONTH: Final = "tanggal_1_bulan_depan"


def dated(now: datetime, zone: ZoneInfo) -> Mapping[str, str]:
    """``1 Januari 2027`` for `FIRST_OF_NEXT_MONTH`, seen from the day in *zone*."""
    today = now.astimezone(zone).date()
    year, months = divmod(today.year * 12 + today.month, 12)
    return {FIRST_OF_NEXT_MONTH: plain_date(date(year, months + 1, 1))}
