"""Branches and their calendars: the list, and one calendar with its forms."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import calendar_words
from bot.console.calendar_forms import KINDS, ZONES
from bot.console.calendar_history import changed
from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit
from bot.console.numbers import whole
from bot.console.words import render
from data.opening_hours import EVERYWHERE
from data.places import Branch
from data.store import Tx
from forms.wording import DAYS
from services import calendar_changes
from services.calendar_entries import Entry
from services.hours import Calendar
from services.hours_words import say_hours
from services.national_days import ESTIMATE
from services.refusals import NotFound

NATIONAL: Final = "nasional"
"""The address of what holds everywhere."""

NATIONAL_ZONE: Final = ZoneInfo("Asia/Jakarta")
"""Whose day and clock count where no branch is meant: that of the capital."""

CHANGES_SHOWN: Final = 20


class Attempt(msgspec.Struct, frozen=True):
    """A form that could not be taken, or is to be mended: what is wrong, and what was typed."""

    form: str = ""
    alerts: Sequence[str] = ()
    fields: Mapping[str, str] = msgspec.field(default_factory=dict)
    wrong: Mapping[str, str] = msgspec.field(default_factory=dict)


NONE: Final = Attempt()


class Listed(msgspec.Struct, frozen=True):
    """A branch in the list."""

    branch: Branch
    today: calendar_words.Today
    officers: int


class Holiday(msgspec.Struct, frozen=True):
    """A national day, *off* or made a working day; *entry* is the id of what made it, else 0.

    An *estimate* was only reckoned. *said* is how it is at the branch that is shown.
    """

    day: date
    name: str
    off: bool
    past: bool
    estimate: bool
    entry: int
    said: str


async def branches_page(deps: Deps, visit: Visit, request: Request) -> Response:
    """The branches of one's scope, each as it is today."""
    now, wanted = deps.clock.now(), request.query_params.get("cari", "").strip().casefold()
    async with deps.store.read() as tx:
        officers = await _officers(tx)
    scope = [one for one in deps.branches.values() if visit.officer.serves(one.id)]
    listed = [
        Listed(one, calendar_words.today(deps.calendar, one.id, now), officers.get(one.id, 0))
        for one in scope
        if wanted in one.name.casefold()
    ]
    shown = render(
        "cabang.html",
        visit=visit,
        branch=None,
        listed=listed,
        several=len(scope) > 1,
        wanted=wanted,
        national=calendar_changes.may_edit(visit.officer, EVERYWHERE),
    )
    return HTMLResponse(shown)


async def calendar_page(
    deps: Deps, visit: Visit, request: Request, attempt: Attempt = NONE
) -> Response:
    """One calendar with its forms; 409 after an *attempt* that was refused."""
    place = place_of(deps, visit, request)
    now = deps.clock.now()
    async with deps.store.read() as tx:
        entries = await calendar_changes.load(tx)
        changes = await calendar_changes.made(tx, place, limit=CHANGES_SHOWN)
        officers = (await _officers(tx)).get(place, 0)
    calendar = deps.calendar.with_entries(entries)
    branch = calendar.branches.get(place)
    first = today_of(branch, now)
    held = [(n, one) for n, one in entries.of(place) if one.last >= first]
    may = calendar_changes.may_edit(visit.officer, place)
    apart = calendar_changes.may_set_apart(visit.officer)
    there = attempt.form != "zona" or apart
    if attempt.form == "batal":
        there = attempt.fields.get("isian") in {str(number) for number, _ in held}
    shown = render(
        "kalender.html" if branch else "kalender_nasional.html",
        visit=visit,
        branch=branch,
        address=address_of(request),
        may=may,
        apart=apart,
        attempt=attempt,
        alerts=() if may and there else attempt.alerts,
        notice=_notice(request),
        today=calendar_words.today(calendar, place, now) if branch else None,
        first=first,
        officers=officers,
        week=[say_hours(one) for one in calendar.week(place)] if branch else [],
        days=DAYS["id"],
        special=[(n, one) for n, one in held if one.kind == "special"],
        closed=[(n, one) for n, one in held if one.kind == "closed"],
        opened=[(n, one) for n, one in held if one.kind == "open"],
        holidays={
            year: _holidays(calendar, entries.of(EVERYWHERE), year, place, first)
            for year in (first.year, first.year + 1)
        },
        changes=[(one, changed(one)) for one in changes],
        saved=request.query_params.get("baru", ""),
        newest=max((n for n, _ in held), default=0),
        zone=branch.zone if branch else NATIONAL_ZONE,
        zones=ZONES,
        kinds=KINDS,
    )
    return HTMLResponse(shown, 409 if attempt.alerts else 200)


def place_of(deps: Deps, visit: Visit, request: Request) -> str:
    """Whose calendar the address means; raises `NotFound` for one that is not the officer's."""
    named = request.path_params["place"]
    place = EVERYWHERE if named == NATIONAL else named
    if place == EVERYWHERE and calendar_changes.may_edit(visit.officer, EVERYWHERE):
        return place
    if place not in deps.branches or not visit.officer.serves(place):
        raise NotFound("branch")
    return str(place)


def address_of(request: Request) -> str:
    return f"/admin/cabang/{request.path_params['place']}"


def today_of(branch: Branch | None, now: datetime) -> date:
    """The date of a branch, of the capital where none is meant."""
    return now.astimezone(branch.zone if branch else NATIONAL_ZONE).date()


def _notice(request: Request) -> str:
    """What became of a change that was just saved."""
    if "dikabari" not in request.query_params:
        return ""
    people = whole(request.query_params["dikabari"])
    if people is None:
        return "Tersimpan."
    told = f"{people} peserta dikabari." if people else "Tidak ada peserta yang dikabari."
    return f"Tersimpan. {told}"


def _holidays(
    calendar: Calendar, entries: Sequence[tuple[int, Entry]], year: int, place: str, first: date
) -> Sequence[Holiday]:
    """The national days of a year, with those that were made working days."""
    made = {one.first: (n, one) for n, one in entries if one.kind == "holiday"}
    names = dict(calendar.holidays(year))
    struck = {day: one.name for day, (_, one) in made.items() if day.year == year}
    found = []
    for day in sorted({*names, *struck}):
        name = names.get(day, struck.get(day, ""))
        said = calendar_words.hours_of(calendar.day(place, day)) if place != EVERYWHERE else ""
        found.append(
            Holiday(
                day=day,
                name=_capital(name.replace(ESTIMATE, "").strip()),
                off=day in names,
                past=day < first,
                estimate=ESTIMATE in name,
                entry=made[day][0] if day in made else 0,
                said=said,
            )
        )
    return found


def _capital(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


async def _officers(tx: Tx) -> Mapping[str, int]:
    return {row["branch"]: row["officers"] for row in await tx.all("branch_officers")}


DOORS = (
    page("/cabang", branches_page, needs="read", menu="Cabang"),
    page("/cabang/{place}", calendar_page, needs="read"),
)
