"""The queue of a branch: numbers, lists, search, and taking a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.actions import may_take
from bot.console.answers import on_to
from bot.console.badges import Badge, deadline, span
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.menu import home_of
from bot.console.queue_view import View, view_of
from bot.console.window_words import window_badge
from bot.console.words import CHANNELS, render
from data.store import Row
from services import board, officers, queue, requests, windows
from services.refusals import Refused

HEARD = ("participant", "bot")
"""Authors after whom it is the officer's turn: the participant wrote or corrected."""

EMPTY = board.Counts(0, 0, 0, 0)


@dataclass(frozen=True)
class Listed:
    """A row of a list; *person* is whom the request is for, '' where the form does not ask."""

    row: Row
    title: str
    person: str
    due: Badge | None
    window: Badge | None
    flagged: bool
    unanswered: bool


async def queue_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """The page, or only its live part under ``/antrean/isi``; *alert* stands above the list."""
    view = view_of(request.query_params)
    if view.cari != request.query_params.get("cari", "").strip() and request.method == "GET":
        return on_to(view.address())
    values = await _values(deps, visit, view)
    part = request.url.path.endswith("/isi")
    template = "antrean_isi.html" if part else "antrean.html"
    listed = render(template, visit=visit, deps=deps, alert=alert, **values)
    return HTMLResponse(listed, status)


async def lost_claim(
    deps: Deps, visit: Visit, request: Request, number: str, alert: str
) -> Response:
    """Somebody was faster: the row as it is now where a script asks, else the list and why."""
    if not is_scripted(request):
        return await queue_page(deps, visit, request, alert=alert, status=409)
    async with deps.store.read() as tx:
        lost = await requests.for_officer(tx, visit.officer, number)
        row = await board.row(tx, visit.officer, lost.id)
    values = {
        "visit": visit,
        "branch": deps.branches[lost.branch],
        "query": view_of(request.query_params).query,
        "may_claim": may_take(deps, visit.officer, lost.branch, deps.clock.now()),
        "listed": _listed(deps, row, lost.branch),
        "lost": alert,
    }
    return HTMLResponse(render("antrean_baris.html", **values), 409)


def is_scripted(request: Request) -> bool:
    """Whether a script of the page asks, which swaps what comes into the page."""
    return request.headers.get("hx-request") == "true"


async def _values(deps: Deps, visit: Visit, view: View) -> dict[str, Any]:
    now, officer = deps.clock.now(), visit.officer
    calendar, soon = deps.calendar, deps.rules.soon
    async with deps.store.read() as tx:
        branch = await board.branch_of(tx, officer, view.cabang)
        choices = await board.waiting_branches(tx, officer)
        counts, found, hours = EMPTY, board.Page([]), None
        staff: Mapping[str, str] = {}
        if branch in deps.branches:
            wanted = view.wanted(branch, now=now, calendar=calendar, soon=soon)
            counts = await board.counts(tx, officer, branch, now=now, calendar=calendar)
            found = await board.page(tx, officer, branch, view.tab, wanted, view.key)
            staff = await board.staff(tx, officer, branch)
            hours = calendar.explain(branch, now)
        elif branch:
            officers.check(officer, "read", branch)
    view = View(**{**vars(view), "cabang": branch})
    return {
        "view": view,
        "branch": deps.branches.get(branch),
        "choices": choices,
        "counts": counts,
        "wait": "–" if counts.wait is None else span(counts.wait),
        "rows": [_listed(deps, row, branch) for row in found.rows],
        "behind": ".".join(map(str, found.behind)) if found.behind else "",
        "staff": staff,
        "channels": CHANNELS,
        "services": [(code, words.title) for code, words in deps.services.items()],
        "hours": hours,
        "now": now,
        "may_claim": branch in deps.branches and may_take(deps, officer, branch, now),
    }


def _listed(deps: Deps, row: Row, branch: str) -> Listed:
    service = deps.services.get(row["service"], ServiceWords(row["service"], {}))
    person = msgspec.json.decode(row["answers"]).get(service.person, "")
    unanswered = row["status"] in ("claimed", "needs_correction") and row["last_author"] in HEARD
    return Listed(
        row=row,
        title=service.title,
        person=person,
        due=deadline(
            branch,
            row["status"],
            row["due_at"],
            row["ended_at"],
            now=deps.clock.now(),
            calendar=deps.calendar,
            soon=deps.rules.soon,
        ),
        window=None if row["ended_at"] else _window(row, deps.clock.now()),
        flagged=row["flags"] != "[]",
        unanswered=unanswered,
    )


def _window(row: Row, now: datetime) -> Badge | None:
    rule = windows.rule_of(row["chat"])
    return window_badge(row["heard_at"], rule.length, now) if rule else None


async def home(deps: Deps, visit: Visit, request: Request) -> Response:
    return on_to(home_of(visit.officer))


async def take_next(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Claim the most urgent request that waits and open it."""
    branch = fields.get("cabang", "")
    try:
        taken = await deps.store.write(
            lambda tx: queue.claim_next(
                tx,
                visit.officer,
                branch,
                now=deps.clock.now(),
                calendar=deps.calendar,
                rules=deps.rules,
            )
        )
    except Refused as refused:
        return await queue_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    deps.wake()
    if taken is None:
        async with deps.store.read() as tx:
            counts = await board.counts(
                tx, visit.officer, branch, now=deps.clock.now(), calendar=deps.calendar
            )
        still = f" {counts.mine} milik Anda masih terbuka." if counts.mine else ""
        return await queue_page(deps, visit, request, alert=f"Tidak ada lagi yang menunggu.{still}")
    return on_to(f"/admin/tiket/{taken.number}")


DOORS = (
    page("/", home, needs="profile"),
    page("/antrean", queue_page, needs="read", menu="Antrean"),
    page("/antrean/isi", queue_page, needs="read"),
    form("/antrean/berikutnya", take_next, needs="serve"),
)
