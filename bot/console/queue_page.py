"""The queue of a branch: numbers, lists, search, and taking a request."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.actions import may_take
from bot.console.answers import on_to
from bot.console.badges import span
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.keys import sheet
from bot.console.menu import home_of
from bot.console.queue_rows import listed_row
from bot.console.queue_view import View, view_of
from bot.console.words import CHANNELS, render
from services import board, officers, queue, requests
from services.refusals import NotFound, Refused

EMPTY = board.Counts(0, 0, 0, 0)


async def queue_page(
    deps: Deps,
    visit: Visit,
    request: Request,
    *,
    alert: str = "",
    told: str = "",
    status: int = 200,
) -> Response:
    """The page, or only its live part under ``/antrean/isi``.

    Above the list stands *alert*, or *told* where nothing went wrong.
    """
    view = view_of(request.query_params)
    if view.cari != request.query_params.get("cari", "").strip() and request.method == "GET":
        return on_to(view.address())
    values = await _values(deps, visit, view)
    part = request.url.path.endswith("/isi")
    template = "antrean_isi.html" if part else "antrean.html"
    told = told or await _left(deps, visit, request)
    listed = render(template, visit=visit, deps=deps, alert=alert, told=told, **values)
    return HTMLResponse(listed, status)


async def _left(deps: Deps, visit: Visit, request: Request) -> str:
    """What became of the request that the officer has just left, '' where there is none."""
    kind, number = (request.query_params.get(name, "") for name in ("kabar", "tiket"))
    if kind not in LEFT:
        return ""
    async with deps.store.read() as tx:
        try:
            left = await requests.for_officer(tx, visit.officer, number)
        except NotFound:
            return ""
        return LEFT[kind].format(number=left.number, name=await officers.name_of(tx, left.officer))


LEFT: Final = {
    "lepas": "{number} kembali ke antrean, di tempatnya semula.",
    "serahkan": "{number} diserahkan ke {name}.",
}
"""How it is told, by the action that the address names."""


async def lost_claim(
    deps: Deps, visit: Visit, request: Request, number: str, alert: str
) -> Response:
    """Somebody was faster: the row as it is now where a script asks, else the list and why."""
    if not is_scripted(request):
        return await queue_page(deps, visit, request, alert=alert, status=409)
    async with deps.store.read() as tx:
        lost = await requests.for_officer(tx, visit.officer, number)
        row = await board.row(tx, visit.officer, lost.id)
    now = deps.clock.now()
    values = {
        "visit": visit,
        "branch": deps.branches[lost.branch],
        "query": view_of(request.query_params).query,
        "may_claim": may_take(deps, visit.officer, lost.branch, now),
        "rows": [listed_row(deps, row, lost.branch, now)],
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
            if view.tab == "semua":
                staff = await board.staff(tx, officer, branch)
            hours = calendar.explain(branch, now)
        elif branch:
            officers.check(officer, "read", branch)
    view = replace(view, cabang=branch)
    may_claim = branch in deps.branches and may_take(deps, officer, branch, now)
    waits = may_claim and counts.waiting
    keys = {"j k": found.rows, "Enter": found.rows, "a": waits, "n": waits}
    return {
        "view": view,
        "keys": sheet(visit, keys),
        "branch": deps.branches.get(branch),
        "choices": choices,
        "counts": counts,
        "wait": "–" if counts.wait is None else span(counts.wait),
        "rows": [listed_row(deps, row, branch, now) for row in found.rows],
        "behind": ".".join(map(str, found.behind)) if found.behind else "",
        "staff": staff,
        "channels": CHANNELS,
        "services": [(code, words.title) for code, words in deps.services.items()],
        "hours": hours,
        "now": now,
        "may_claim": may_claim,
    }


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
        return await queue_page(deps, visit, request, told=f"Tidak ada lagi yang menunggu.{still}")
    return on_to(f"/admin/tiket/{taken.number}")


DOORS = (
    page("/", home, needs="profile"),
    page("/antrean", queue_page, needs="read", menu="Antrean"),
    page("/antrean/isi", queue_page, needs="read"),
    form("/antrean/berikutnya", take_next, needs="serve"),
)
