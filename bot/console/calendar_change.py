"""Changing a calendar: one post shows what would follow, the next one makes it so."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
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
from bot.runtime.notices import rescheduled
from data.opening_hours import EVERYWHERE
from data.store import StoreBusy, Tx
from services import calendar_changes, calendar_watch, promises, queue
from services.calendar_changes import Consequence
from services.calendar_entries import Edit
from services.refusals import NotFound, Refused

_OURS: Final = ("csrf", "stempel", "token", "ubah")
"""Fields that a page adds to what was typed."""

MOST_LOOKED_AT: Final = 50
"""Chats in which the languages of participants are looked for."""


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
    return on_to(f"{address_of(request)}?baru={name}&dikabari={told}#baru")


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
        messages = await _messages(deps, tx, found)
    own = {key: value for key, value in fields.items() if key not in _OURS}
    shown = render(
        "kalender_periksa.html",
        visit=visit,
        branch=deps.branches.get(edit.place),
        address=address_of(request),
        action=name,
        alert=alert,
        lines=list(calendar_words.told(found, before, now)),
        messages=messages,
        notice=deps.rules.notice // timedelta(minutes=1),
        fields=own,
        stamp=found.stamp,
        token=calendar_changes.token(deps.secret, visit.officer, edit, found.stamp),
    )
    return HTMLResponse(shown, 409 if alert else 200)


async def _messages(deps: Deps, tx: Tx, found: Consequence) -> Sequence[tuple[str, str]]:
    """What participants would read, one message in each of their languages: language and text."""
    now, said = deps.clock.now(), dict[str, str]()
    for move in found.moved[:MOST_LOOKED_AT]:
        promise = await promises.look(tx, move.chat, move.request, now=now, calendar=found.after)
        if promise is None:
            continue
        row = await tx.one("session_of", chat=move.chat)
        place, branch = await queue.position(tx, promise.request), deps.branches[move.branch]
        say = rescheduled(promise, branch, place=place, now=now)
        language, text = deps.say(row["session"] if row else None, say)
        said.setdefault(language, text)
    return sorted(said.items(), reverse=True)


DOORS = tuple(form(f"/cabang/{{place}}/{name}", take_change, needs="arrange") for name in FORMS)
