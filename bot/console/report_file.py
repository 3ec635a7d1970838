"""The report of a request as a file to keep or print, masked unless the officer has revealed it."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.responses import RedirectResponse, Response

from bot.console.deps import Deps
from bot.console.gate import Visit
from data.instants import from_us
from services import reveals
from services.refusals import NotFound

FILES: Final[Mapping[bool, str]] = {False: "tersamar", True: "lengkap"}
"""How the masked and the full variant are called in addresses, names of files and the trail."""


async def report_file(deps: Deps, visit: Visit, number: str, variant: str) -> Response:
    """The file; the audit has it in writing before the first byte."""
    from forms.pdf import pdf  # a tenth of a second, which a start need not wait for

    if variant not in FILES.values():
        raise NotFound("variant")
    full, now = variant == FILES[True], deps.clock.now()
    request = await deps.store.write(
        lambda tx: reveals.take_report(tx, visit.officer, number, full=full, now=now)
    )
    if request is None:  # the look has ended since the page was shown
        return RedirectResponse(f"/admin/tiket/{number}", 303)
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
