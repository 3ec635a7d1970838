"""The entrance: signing in by a one-time link, and signing out."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.answers import message, on_to
from bot.console.deps import Deps
from bot.console.doors import form
from bot.console.gate import COOKIE, Visit, forget, is_own_site, remember
from bot.console.words import render
from services import sign_in
from services.refusals import Refused


async def sign_in_page(deps: Deps, request: Request) -> Response:
    """The page that everybody may see; a second press, as previews of links would use it up."""
    key = request.query_params.get("kunci", "")
    return HTMLResponse(render("masuk.html", key=key, alert=""))


async def take_sign_in(deps: Deps, request: Request, fields: Mapping[str, str]) -> Response:
    """Use a link up and remember the session."""
    if not is_own_site(request):
        return message("Halaman masuk harus dibuka dari alamatnya sendiri.", 403)
    key, now = fields.get("kunci", ""), deps.clock.now()
    try:
        _, session = await deps.store.write(lambda tx: sign_in.use_link(tx, key, now=now))
    except Refused as refused:
        return HTMLResponse(render("masuk.html", key="", alert=deps.sentence(refused)), 403)
    response = on_to("/admin/antrean")
    remember(response, deps, request, session)
    return response


async def sign_out(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    session = request.cookies[COOKIE]
    await deps.store.write(lambda tx: sign_in.sign_out(tx, session))
    response = on_to("/admin/masuk")
    forget(response)
    return response


DOORS = (form("/keluar", sign_out, needs="profile"),)
