"""The queue of a branch: list, counts, taking the next request."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.deps import Deps
from bot.console.gate import Visit
from bot.console.words import render
from services import board

FIRST_LIST = "menunggu"


async def queue_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """The page, or only its live part under ``/antrean/isi``; *alert* stands above the list."""
    which = request.query_params.get("tab", FIRST_LIST)
    wanted = request.query_params.get("cabang", "")
    values = await _values(deps, visit, which if which in board.LISTS else FIRST_LIST, wanted)
    part = request.url.path.endswith("/isi")
    template = "antrean_isi.html" if part else "antrean.html"
    page = render(template, visit=visit, deps=deps, alert=alert, **values)
    return HTMLResponse(page, status)


async def _values(deps: Deps, visit: Visit, which: str, wanted: str) -> dict[str, Any]:
    now, officer = deps.clock.now(), visit.officer
    async with deps.store.read() as tx:
        branch = await board.branch_of(tx, officer, wanted)
        choices = await board.waiting_branches(tx, officer)
        if branch not in deps.branches:
            counts, rows, hours = board.Counts(0, 0, 0, 0), [], None
        else:
            counts = await board.counts(tx, officer, branch)
            rows = list(await board.rows(tx, officer, branch, which))
            hours = deps.calendar.explain(branch, now)
    return {
        "branch": deps.branches.get(branch),
        "choices": choices,
        "counts": counts,
        "rows": rows,
        "which": which,
        "hours": hours,
        "now": now,
        "may_claim": hours is not None
        and (hours.open or officer.supervises or deps.rules.claims_outside_hours),
    }
