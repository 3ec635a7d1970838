"""Changing a calendar: one post shows what would follow, the next one makes it so."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import calendar_words
from bot.console.answers import BUSY, message, on_to
from bot.console.calendar_forms import FORMS, OF_A_BRANCH, OF_EVERYWHERE, Typed
from bot.console.calendar_page import Attempt, address_of, calendar_page, place_of, today_of
from bot.console.deps import Deps
from bot.console.doors import form
from bot.console.gate import Visit
from bot.console.words import render
from data.opening_hours import EVERYWHERE
from data.store import StoreBusy
from services import calendar_changes, calendar_watch
from services.calendar_changes import Consequence
from services.calendar_entries import Edit
from services.refusals import NotFound, Refused

_OURS: Final = ("csrf", "stempel", "token", "ubah")
"""Fields that a page adds to what was typed."""


async def take_change(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """The first post shows what follows; the second, with the token of that page, changes it."""
    name, place = request.url.path.rpartition("/")[2], place_of(deps, visit, request)
    read = (OF_EVERYWHERE if place == EVERYWHERE else OF_A_BRANCH).get(name)
    if read is None:
        raise NotFound("form")
    branch = deps.branches.get(place)
    typed = Typed(deps, place, today_of(branch, deps.clock.now()), fields)
    edit = read(typed)
    if fields.get("ubah"):
        return await calendar_page(deps, visit, request, Attempt(name, (), fields))
    try:
        calendar_changes.check(visit.officer, edit)
        if typed.problems:
            alerts = tuple(typed.problems.values())
            refused = Attempt(name, alerts, fields, typed.problems)
            return await calendar_page(deps, visit, request, refused)
        stamp = fields.get("stempel", "")
        token = calendar_changes.token(deps.secret, visit.officer, edit, stamp)
        if fields.get("token") != token:
            return await _preview(deps, visit, request, name, edit, fields)
        return await _save(deps, visit, request, name, edit, fields)
    except Refused as refusal:
        alert = deps.sentence(refusal)
        return await calendar_page(deps, visit, request, Attempt(name, (alert,), fields))
    except StoreBusy:
        return message(BUSY, 503, fields)


async def _save(
    deps: Deps, visit: Visit, request: Request, name: str, edit: Edit, fields: Mapping[str, str]
) -> Response:
    try:
        found: Consequence | None = await deps.store.write(
            lambda tx: calendar_changes.change(
                tx,
                visit.officer,
                edit,
                stamp=fields["stempel"],
                now=deps.clock.now(),
                calendar=deps.calendar,
                notice=deps.rules.notice,
            )
        )
    except Refused as refusal:
        if refusal.key != "kalender.berubah":
            raise
        alert = deps.sentence(refusal)
        return await _preview(deps, visit, request, name, edit, fields, alert)
    await calendar_watch.follow_and_mend(
        deps.store, deps.calendar, now=deps.clock.now(), notice=deps.rules.notice
    )
    deps.wake()
    told = found.people if found else ""
    return on_to(f"{address_of(request)}?dikabari={told}")


async def _preview(
    deps: Deps,
    visit: Visit,
    request: Request,
    name: str,
    edit: Edit,
    fields: Mapping[str, str],
    alert: str = "",
) -> Response:
    now = deps.clock.now()
    async with deps.store.read() as tx:
        before = deps.calendar.with_entries(await calendar_changes.load(tx))
        found = await calendar_changes.consequence(
            tx, visit.officer, edit, now=now, calendar=deps.calendar
        )
    own = {key: value for key, value in fields.items() if key not in _OURS}
    shown = render(
        "kalender_periksa.html",
        visit=visit,
        branch=deps.branches.get(edit.place),
        address=address_of(request),
        action=name,
        alert=alert,
        lines=list(calendar_words.told(found, before, now)),
        fields=own,
        stamp=found.stamp,
        token=calendar_changes.token(deps.secret, visit.officer, edit, found.stamp),
    )
    return HTMLResponse(shown, 409 if alert else 200)


DOORS = tuple(form(f"/cabang/{{place}}/{name}", take_change, needs="arrange") for name in FORMS)
