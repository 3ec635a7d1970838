"""What an officer said and can still take back, and the taking back."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.actions import may_take
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.papers import count
from bot.console.ticket_page import Attempt, ticket_page
from bot.console.words import WRITTEN, render
from data.instants import to_us
from services import quick_replies
from services.refusals import NotFound, Refused

FORMS = {
    "replied": "balas",
    "correction": "perbaikan",
    "finished": "selesai",
    "refused": "tolak",
    "transferred": "pindah",
}
"""The form of the ticket page for what was said, wherever it was written."""

TAKEN_BACK = "Diurungkan. Peserta belum membaca apa pun. Tulisan Anda ada di bawah."


async def unsent_page(deps: Deps, visit: Visit, request: Request) -> Response:
    """Everything that this officer can still take back, for what has left the own branch too."""
    return await _list(deps, visit)


async def take_back(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Take the newest thing back; the page has what was typed."""
    number, now = request.path_params["number"], deps.clock.now()

    try:
        found = await deps.store.write(
            lambda tx: quick_replies.take_back(tx, visit.officer, number, now=now)
        )
    except Refused as refused:
        failed = Attempt("urungkan", deps.sentence(refused))
        try:
            return await ticket_page(deps, visit, number, attempt=failed)
        except NotFound:  # it was handed to another branch, where this officer cannot follow
            return await _list(deps, visit, alert=failed.alert, status=failed.status)
    name = FORMS[found.action]
    typed = found.typed or {WRITTEN[name]: found.text}
    paper = count(fields.get("berkas", ""))
    back = Attempt(name, told=TAKEN_BACK, fields=typed, status=200)
    return await ticket_page(deps, visit, number, attempt=back, paper=paper)


async def _list(deps: Deps, visit: Visit, *, alert: str = "", status: int = 200) -> Response:
    now, officer = to_us(deps.clock.now()), visit.officer
    async with deps.store.read() as tx:
        rows = await tx.all("unsent_of_officer", officer=officer.id, now=now)
    shown = render(
        "kiriman.html",
        visit=visit,
        deps=deps,
        branch=None,
        rows=rows,
        now=now,
        alert=alert,
        may_take=officer.branch in deps.branches
        and may_take(deps, officer, officer.branch, deps.clock.now()),
    )
    return HTMLResponse(shown, status)


DOORS = (
    page("/kiriman", unsent_page, needs="serve"),
    form("/tiket/{number}/urungkan", take_back, needs="serve"),
)
