"""Documents: bytes leave only through here, to an officer who may see the request."""

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from bot.console.answers import on_to
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.papers import count, papers
from bot.console.words import render
from services import conversation, fencing, requests, reveals
from services.refusals import NotFound

SHOWN = {"image/jpeg", "image/png", "image/webp"}
"""Types a browser may show; anything else is only downloaded."""

QUARTERS = {"kanan": 1, "kiri": 3}


async def document(deps: Deps, visit: Visit, request: Request) -> Response:
    """A document of a request; the audit has it in writing before the first byte."""
    number, sha256 = request.path_params["number"], request.path_params["sha256"]
    now = deps.clock.now()
    found = await deps.store.write(
        lambda tx: reveals.open_document(tx, visit.officer, number, sha256, now=now)
    )
    path = deps.document(found["sha256"])
    if not path.is_file():
        raise NotFound("file")
    kept = "unduh" in request.query_params
    kind = "inline" if found["mime"] in SHOWN and not kept else "attachment"
    suffix = found["mime"].rpartition("/")[2]
    return FileResponse(
        path,
        media_type=found["mime"],
        headers={
            "Content-Disposition": f'{kind}; filename="{number}-{sha256[:8]}.{suffix}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


async def screen(deps: Deps, visit: Visit, request: Request) -> Response:
    """One document that fills the window."""
    number, wanted = request.path_params["number"], count(request.path_params["n"])
    async with deps.store.read() as tx:
        found = await requests.for_officer(tx, visit.officer, number)
        service = deps.services.get(found.service, ServiceWords(found.service, {}))
        listed = await papers(tx, found, service, await conversation.messages(tx, found))
        seen = await fencing.seen_now(tx, found)
    if not 1 <= wanted <= len(listed):
        raise NotFound("document")
    shown = render(
        "layar.html",
        visit=visit,
        request=found,
        papers=listed,
        place=wanted - 1,
        seen=seen,
        mine=found.officer == visit.officer.id,
    )
    return HTMLResponse(shown)


async def turn(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Turn a document; every page shows it so from now on."""
    number, sha256 = request.path_params["number"], request.path_params["sha256"]
    quarters = QUARTERS.get(fields.get("arah", ""), 0)
    await deps.store.write(
        lambda tx: reveals.turn_document(tx, visit.officer, number, sha256, quarters=quarters)
    )
    shown = count(fields.get("berkas", ""))
    if fields.get("dari") == "layar":
        return on_to(f"/admin/tiket/{number}/berkas/{shown}/layar")
    return on_to(f"/admin/tiket/{number}?berkas={shown}#j-berkas")


DOORS = (
    page("/tiket/{number}/berkas/{sha256}", document, needs="reveal"),
    page("/tiket/{number}/berkas/{n}/layar", screen, needs="reveal"),
    form("/tiket/{number}/berkas/{sha256}/putar", turn, needs="reveal"),
)
