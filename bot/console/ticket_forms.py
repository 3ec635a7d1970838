"""What an officer does to a request: each posted form is one action in one transaction."""

from starlette.requests import Request
from starlette.responses import Response

from bot.console.actions import ACTIONS, LEAVING, Form, act
from bot.console.answers import BUSY, MISSING, message, on_to
from bot.console.deps import Deps
from bot.console.doors import form
from bot.console.gate import Visit
from bot.console.queue_page import lost_claim
from bot.console.ticket_page import Attempt, ticket_page
from data.store import StoreBusy
from services import reveals
from services.refusals import NotFound, Refused


async def reveal(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Show the data in full for a while; the audit has it first."""
    number, now = request.path_params["number"], deps.clock.now()
    await deps.store.write(lambda tx: reveals.reveal(tx, visit.officer, number, now=now))
    return on_to(f"/admin/tiket/{number}")


async def take_action(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Carry out the action that the address names; what is refused comes back with the words."""
    number, name = request.path_params["number"], request.path_params["action"]
    if name not in ACTIONS:
        raise NotFound("action")
    posted = Form(deps, visit.officer, number, fields, deps.clock.now())
    try:
        await deps.store.write(lambda tx: act(tx, name, posted))
    except Refused as refused:
        return await _refused(deps, visit, request, fields, refused)
    except NotFound:
        return message(MISSING, 404, fields)
    except StoreBusy:
        return message(BUSY, 503, fields)
    deps.wake()
    return on_to("/admin/antrean" if name in LEAVING else f"/admin/tiket/{number}")


async def _refused(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str], refused: Refused
) -> Response:
    """A lost claim leads back to the list; anything else to the ticket with what was typed."""
    alert = deps.sentence(refused)
    number, name = request.path_params["number"], request.path_params["action"]
    if name == "ambil":
        return await lost_claim(deps, visit, request, number, alert)
    return await ticket_page(deps, visit, number, attempt=Attempt(name, alert, fields))


DOORS = (
    form("/tiket/{number}/lihat", reveal, needs="reveal"),
    form("/tiket/{number}/{action}", take_action, needs="serve"),
)
