"""What an officer does to a request: each posted form is one action in one transaction."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from bot.console.actions import ACTIONS, CODED, LEAVING, Form, act
from bot.console.answers import BUSY, MISSING, message, on_to
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import form
from bot.console.gate import Visit
from bot.console.numbers import whole
from bot.console.papers import count
from bot.console.queue_page import is_scripted, lost_claim
from bot.console.rehearsal import rehearse
from bot.console.ticket_page import Attempt, blanks, ticket_page
from data.store import StoreBusy
from services import quick_replies, requests, reveals
from services.refusals import NotFound, Refused


async def reveal(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Show the data in full for a while; the audit has it first."""
    number, now = request.path_params["number"], deps.clock.now()
    await deps.store.write(lambda tx: reveals.reveal(tx, visit.officer, number, now=now))
    return on_to(_address(number, fields))


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
        if name == "periksa":
            return await _ticked(posted, visit, request)
        if name == "tahan" and is_scripted(request):
            await deps.store.write(lambda tx: act(tx, name, posted))
            return await ticket_page(deps, visit, number, part=HELD)
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
        return await _half_written(posted, visit)
    if name == "pindah":
        return on_to("/admin/kiriman")
    if name in LEAVING:
        async with deps.store.read() as tx:
            left = await requests.for_officer(tx, visit.officer, posted.number)
        return on_to(f"/admin/antrean?cabang={left.branch}&kabar={name}&tiket={left.number}")
    return on_to(_address(posted.number, fields, PLACES.get(name, "")))


PLACES = {"catatan": "#akhir", "balas": "#akhir"}
"""Where on the page to go on after an action."""


async def _ticked(posted: Form, visit: Visit, request: Request) -> Response:
    """The checklist with what follows from it where a script asks, else the page there.

    What was written of a reply comes along, for it stands in the same form.
    """
    await posted.deps.store.write(lambda tx: act(tx, "periksa", posted))
    if is_scripted(request):
        return await ticket_page(posted.deps, visit, posted.number, part=CHECKLIST)
    if posted.fields.get("balasan"):
        return await _half_written(posted, visit)
    return on_to(_address(posted.number, posted.fields, "#j-periksa"))


CHECKLIST = "tiket_centang.html"
"""The part of the page that a tick changes."""
HELD = "tiket_tahan.html"
"""The part of the page that says how long the request is held."""


async def _half_written(posted: Form, visit: Visit) -> Response:
    """The page with a reply that is still being written."""
    typed = Attempt("balas", fields=posted.fields, status=200)
    return await ticket_page(posted.deps, visit, posted.number, attempt=typed)


def _address(number: str, fields: Mapping[str, str], place: str = "") -> str:
    """The page with the same document open, at *place*."""
    paper = count(fields.get("berkas", ""))
    return f"/admin/tiket/{number}{f'?berkas={paper}' if paper else ''}{place}"


async def _shown_first(posted: Form, visit: Visit, name: str) -> Response:
    """The page with the exact words that the participant would read."""
    if "ubah" in posted.fields:
        again = Attempt(name, fields=posted.fields, status=200)
        return await ticket_page(posted.deps, visit, posted.number, attempt=again)
    worded, words = await rehearse(name, posted)
    if not words:
        return on_to(_address(posted.number, posted.fields))
    fields = {key: value for key, value in worded.fields.items() if key not in ("csrf", "lihat")}
    shown = Attempt(name, fields=fields, preview=words, status=200)
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
    text = f"{typed}\n{filled}".strip()
    fields = {**posted.fields, "balasan": text, quick_replies.PICKED: str(picked)}
    back = Attempt("balas", fields=fields, status=200)
    return await ticket_page(deps, visit, posted.number, attempt=back)


async def _refused(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str], refused: Refused
) -> Response:
    """A lost claim leads back to the list; anything else to the ticket with what was typed."""
    alert = deps.sentence(refused)
    number, name = request.path_params["number"], request.path_params["action"]
    if name == "ambil":
        return await lost_claim(deps, visit, request, number, alert)
    if name == "tahan" and is_scripted(request):
        return on_to(_address(number, fields))
    part = CHECKLIST if name == "periksa" and is_scripted(request) else "tiket.html"
    attempt = Attempt(name, alert, fields=fields)
    return await ticket_page(deps, visit, number, attempt=attempt, part=part)


DOORS = (
    form("/tiket/{number}/lihat", reveal, needs="reveal"),
    form("/tiket/{number}/{action}", take_action, needs="serve"),
)
