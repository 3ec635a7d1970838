"""What an officer does to a request: each posted form is one action in one transaction."""

from starlette.requests import Request
from starlette.responses import Response

from bot.console.actions import ACTIONS, CODED, LEAVING, Form, act
from bot.console.answers import BUSY, MISSING, message, on_to
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import form
from bot.console.gate import Visit
from bot.console.numbers import whole
from bot.console.queue_page import lost_claim
from bot.console.rehearsal import rehearse
from bot.console.ticket_page import Attempt, blanks, ticket_page
from data.store import StoreBusy
from services import quick_replies, requests, reveals
from services.refusals import NotFound, Refused


async def reveal(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Show the data in full for a while; the audit has it first."""
    number, now = request.path_params["number"], deps.clock.now()
    await deps.store.write(lambda tx: reveals.reveal(tx, visit.officer, number, now=now))
    return on_to(f"/admin/tiket/{number}")


async def take_action(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Carry out the action that the address names; what is refused comes back with the words.

    What the participant will read is shown first, and carried out by a second press.
    """
    number, name = request.path_params["number"], request.path_params["action"]
    if name not in ACTIONS:
        raise NotFound("action")
    posted = Form(deps, visit.officer, number, fields, deps.clock.now())
    try:
        return await _done(posted, visit, name)
    except Refused as refused:
        return await _refused(deps, visit, request, fields, refused)
    except NotFound:
        return message(MISSING, 404, fields)
    except StoreBusy:
        return message(BUSY, 503, fields)


async def _done(posted: Form, visit: Visit, name: str) -> Response:
    """Carry the action out, or show the page on which it is prepared further."""
    deps, fields = posted.deps, posted.fields
    if name == "balas" and fields.get("pakai"):
        return await _quick(posted, visit)
    if (name in CODED and not fields.get("kirim")) or (name == "balas" and "lihat" in fields):
        return await _shown_first(posted, visit, name)
    await deps.store.write(lambda tx: act(tx, name, posted))
    deps.wake()
    if name == "tahan" and fields.get("balasan"):
        typed = Attempt("balas", "", fields, status=200)
        return await ticket_page(deps, visit, posted.number, attempt=typed)
    if name == "pindah":
        return on_to("/admin/kiriman")
    if name in LEAVING:
        return on_to("/admin/antrean")
    return on_to(f"/admin/tiket/{posted.number}{PLACES.get(name, '')}")


PLACES = {"periksa": "#j-periksa", "catatan": "#akhir", "balas": "#akhir"}
"""Where on the page to go on after an action."""


async def _shown_first(posted: Form, visit: Visit, name: str) -> Response:
    """The page with the exact words that the participant would read."""
    if "ubah" in posted.fields:
        again = Attempt(name, "", posted.fields, status=200)
        return await ticket_page(posted.deps, visit, posted.number, attempt=again)
    worded, words = await rehearse(name, posted)
    if not words:
        return on_to(f"/admin/tiket/{posted.number}")
    fields = {key: value for key, value in worded.fields.items() if key not in ("csrf", "lihat")}
    shown = Attempt(name, "", fields, preview=words, status=200)
    return await ticket_page(posted.deps, visit, posted.number, attempt=shown)


async def _quick(posted: Form, visit: Visit) -> Response:
    """The page with a quick reply put below what was typed, its blanks filled."""
    deps, picked = posted.deps, whole(posted.fields["pakai"])
    async with deps.store.read() as tx:
        request = await requests.for_officer(tx, visit.officer, posted.number)
        if picked is None:
            raise NotFound("quick reply")
        found = await quick_replies.find(tx, picked, request.branch)
    service = deps.services.get(request.service, ServiceWords(request.service, {}))
    filled = quick_replies.filled(found.body, blanks(deps, visit.officer, request, service))
    typed = posted.fields.get("balasan", "").strip()
    fields = {"balasan": f"{typed}\n{filled}".strip(), "cepat": str(picked)}
    back = Attempt("balas", "", fields, status=200)
    return await ticket_page(deps, visit, posted.number, attempt=back)


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
