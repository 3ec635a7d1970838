"""The report of a request as a file to keep or print, masked unless the officer has revealed it."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit
from data.instants import from_us
from services import reveals
from services.refusals import NotFound

FILES: Final[Mapping[bool, str]] = {False: "tersamar", True: "lengkap"}
"""How the masked and the full variant are called in addresses, names of files and the trail."""


async def report_file(deps: Deps, visit: Visit, asked: Request) -> Response:
    """The file; the audit has it in writing before the first byte."""
    from forms.pdf import pdf  # a tenth of a second, which a start need not wait for

    number, variant = asked.path_params["number"], asked.path_params["variant"]
    if variant not in FILES.values():
        raise NotFound("variant")
    full, now = variant == FILES[True], deps.clock.now()
    request = await deps.store.write(
        lambda tx: reveals.take_report(tx, visit.officer, number, full=full, now=now)
    )
    if request is None:  # the look has ended since the page was shown
        return on_to(f"/admin/tiket/{number}")
    file = await asyncio.to_thread(
        pdf,
        request.report if full else request.report_masked,
        number=number,
        masked=not full,
        filed=from_us(request.filed_at).astimezone(deps.branches[request.branch].zone),
    )
    return Response(
        file,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{number}-{variant}.pdf"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


DOORS = (page("/tiket/{number}/formulir/{variant}", report_file, needs="read"),)
