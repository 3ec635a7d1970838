"""The queue of a branch: list, counts, taking the next request."""

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.actions import may_take
from bot.console.answers import on_to
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.words import render
from data.store import Row
from services import board, queue
from services.refusals import Refused

FIRST_LIST = "menunggu"

HEARD = ("participant", "bot")
"""Authors after whom it is the officer's turn: the participant wrote or corrected."""


@dataclass(frozen=True)
class Listed:
    """A row of a list; *person* is whom the request is for, '' where the form does not ask."""

    row: Row
    title: str
    person: str
    flagged: bool
    unanswered: bool


async def queue_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """The page, or only its live part under ``/antrean/isi``; *alert* stands above the list."""
    which = request.query_params.get("tab", FIRST_LIST)
    wanted = request.query_params.get("cabang", "")
    values = await _values(deps, visit, which if which in board.LISTS else FIRST_LIST, wanted)
    part = request.url.path.endswith("/isi")
    template = "antrean_isi.html" if part else "antrean.html"
    listed = render(template, visit=visit, deps=deps, alert=alert, **values)
    return HTMLResponse(listed, status)


async def _values(deps: Deps, visit: Visit, which: str, wanted: str) -> dict[str, Any]:
    now, officer = deps.clock.now(), visit.officer
    async with deps.store.read() as tx:
        branch = await board.branch_of(tx, officer, wanted)
        choices = await board.waiting_branches(tx, officer)
        if branch not in deps.branches:
            counts, rows, hours = board.Counts(0, 0, 0, 0), [], None
        else:
            counts = await board.counts(tx, officer, branch)
            rows = [_listed(deps, row) for row in await board.rows(tx, officer, branch, which)]
            hours = deps.calendar.explain(branch, now)
    return {
        "branch": deps.branches.get(branch),
        "choices": choices,
        "counts": counts,
        "rows": rows,
        "which": which,
        "hours": hours,
        "now": now,
        "may_claim": branch in deps.branches and may_take(deps, officer, branch, now),
    }


def _listed(deps: Deps, row: Row) -> Listed:
    service = deps.services.get(row["service"], ServiceWords(row["service"], {}))
    person = msgspec.json.decode(row["answers"]).get(service.person, "")
    unanswered = row["status"] in ("claimed", "needs_correction") and row["last_author"] in HEARD
    return Listed(
        row=row,
        title=service.title,
        person=person,
        flagged=row["flags"] != "[]",
        unanswered=unanswered,
    )


async def home(deps: Deps, visit: Visit, request: Request) -> Response:
    return on_to("/admin/antrean")


async def take_next(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Claim the first request that waits and open it."""
    try:
        taken = await deps.store.write(
            lambda tx: queue.claim_next(
                tx,
                visit.officer,
                fields.get("cabang", ""),
                now=deps.clock.now(),
                calendar=deps.calendar,
                rules=deps.rules,
            )
        )
    except Refused as refused:
        return await queue_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    deps.wake()
    if taken is None:
        return await queue_page(deps, visit, request, alert="Tidak ada lagi yang menunggu.")
    return on_to(f"/admin/tiket/{taken.number}")


DOORS = (
    page("/", home, needs="profile"),
    page("/antrean", queue_page, needs="read", menu="Antrean"),
    page("/antrean/isi", queue_page, needs="read"),
    form("/antrean/berikutnya", take_next, needs="serve"),
)
