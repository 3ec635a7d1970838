"""Documents: bytes leave only through here, to an officer who may see the request."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit
from services import reveals
from services.refusals import NotFound

SHOWN = {"image/jpeg", "image/png", "image/webp"}
"""Types a browser may show; anything else is only downloaded."""


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
    kind = "inline" if found["mime"] in SHOWN else "attachment"
    suffix = found["mime"].rpartition("/")[2]
    return FileResponse(
        path,
        media_type=found["mime"],
        headers={
            "Content-Disposition": f'{kind}; filename="{number}-{sha256[:8]}.{suffix}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


DOORS = (page("/tiket/{number}/berkas/{sha256}", document, needs="reveal"),)
