"""Dates."""

from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

import msgspec

from forms.cleaning import excerpt
from forms.dates import Impossible, Unreadable, find_date
from forms.fields import Asking, Invalid, Read, Reading, Reply, Unsure, field
from forms.language import in_each
from forms.typed import Differs, Typed, YesNo, distinct, is_on, typed
from forms.wording import plain_date


class DateParams(Differs, frozen=True, forbid_unknown_fields=True):
    """Which dates make sense, counted from today.

    *past* dates only, unless it is ``no``; then *latest_days* may limit how far ahead one lies.
    *earliest_years* (and *earliest_days*, when given) say how far back a date may lie.
    """

    past: YesNo = True
    latest_days: int | None = None
    earliest_years: int = 120
    earliest_days: int | None = None


@field
class Date(Typed):
    """A day in any sane spelling (ux.md 1.3.6). Value: ``YYYY-MM-DD``, shown ``27 Maret 1956``.

    A year of two figures, a month before the day or a word such as ``kemarin`` is asked back
    (``pasti.tgl``); with two figures of the year and day and month both up to 12 the sentence
    says how it was read (``salah.tgl_ganda``).
    """

    name: ClassVar[str] = "date"
    Params: ClassVar[type[msgspec.Struct]] = DateParams

    def read(self, reply: Reply, asking: Asking) -> Reading:
        text = excerpt(typed(reply))
        try:
            found = find_date(str(reply), asking.today, not is_on(asking.params.past))
        except Unreadable:
            raise Invalid("salah.tgl", text=text) from None
        except Impossible as impossible:
            raise Invalid("salah.tgl_tak_ada", text=impossible.named(asking.language)) from None
        _within(found.date, asking)
        value = found.date.isoformat()
        distinct(value, asking)
        if not found.doubt:
            return Read(value)
        said = in_each(partial(plain_date, found.date))
        key = "salah.tgl_ganda" if found.doubt == "order" else "pasti.tgl"
        return Unsure(value, key, {"text": text, "date": said, "age": _age(found.date, asking)})

    def show(self, value: Any, asking: Asking) -> str:
        return plain_date(date.fromisoformat(value), asking.language)


def _within(day: date, asking: Asking) -> None:
    params, today = asking.params, asking.today
    said = partial(plain_date, language=asking.language)
    if day > today and is_on(params.past):
        raise Invalid("salah.tgl_depan", date=said(day))
    if params.latest_days is not None and (day - today).days > params.latest_days:
        latest = said(today + timedelta(days=params.latest_days))
        raise Invalid("salah.tgl_terlalu_depan", date=said(day), latest=latest)
    earliest = _years_before(today, params.earliest_years)
    if params.earliest_days is not None:
        earliest = max(earliest, today - timedelta(days=params.earliest_days))
    if day < earliest:
        raise Invalid("salah.tgl_lama", date=said(day), earliest=said(earliest))


def _years_before(day: date, years: int) -> date:
    if years >= day.year:
        return date.min
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)


def _age(born: date, asking: Asking) -> int:
    """Whole years, 0 for a day to come."""
    today = asking.today
    return max(0, today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
