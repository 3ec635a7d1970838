"""The entrance: signing in by password, second step or one-time link; invitations; signing out."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import hashing
from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import OpenDoor, form
from bot.console.gate import Visit, forget, remember, session_of
from bot.console.menu import home_of
from bot.console.words import render
from services import passwords, sessions, sign_in
from services.officers import Officer
from services.refusals import Refused

WRONG = "Nama masuk atau sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi."
WRONG_CODE = "Kode itu tidak cocok atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi."


async def sign_in_page(deps: Deps, request: Request) -> Response:
    """The page that everybody may see; a second press, as previews of links would use it up."""
    key = request.query_params.get("kunci", "")
    if not key and await _awaited(deps, request):
        return on_to("/admin/masuk/kode")
    return _sign_in_page(key=key)


async def take_sign_in(deps: Deps, request: Request, fields: Mapping[str, str]) -> Response:
    """Use a link up, or compare a password; then remember the session."""
    key, now, rules = fields.get("kunci", ""), deps.clock.now(), deps.accounts
    if key:
        try:
            officer, session = await deps.store.write(
                lambda tx: sign_in.use_link(tx, key, now=now, rules=rules)
            )
        except Refused as refused:
            return _sign_in_page(alert=deps.sentence(refused), status=403)
        return _inside(deps, request, officer, session)
    return await _by_password(deps, request, fields)


async def _by_password(deps: Deps, request: Request, fields: Mapping[str, str]) -> Response:
    now, rules = deps.clock.now(), deps.accounts
    name, password = fields.get("nama", "").strip().casefold(), fields.get("sandi", "")
    source = request.client.host if request.client else ""
    async with deps.store.read() as tx:
        known = await sign_in.account(tx, name)
    try:
        await deps.store.write(
            lambda tx: sign_in.admit(tx, name, known, source, now=now, rules=rules)
        )
    except Refused as refused:
        return _sign_in_page(name=name, alert=deps.sentence(refused), status=429)
    right = await hashing.fits(known.password_hash if known else "", password)
    if not right or known is None:
        await deps.store.write(lambda tx: sign_in.failed(tx, known, now=now))
        return _sign_in_page(name=name, alert=WRONG, status=403)
    session = await deps.store.write(
        lambda tx: sign_in.by_password(tx, known, source, now=now, rules=rules)
    )
    return _inside(deps, request, known.officer, session)


async def code_page(deps: Deps, request: Request) -> Response:
    """Asks for the second step of somebody whose password was right."""
    if await _awaited(deps, request) is None:
        return on_to("/admin/masuk")
    return HTMLResponse(render("masuk_kode.html", alert=""))


async def take_code(deps: Deps, request: Request, fields: Mapping[str, str]) -> Response:
    """Compare the code; a new session then takes the place of the one that awaited it."""
    now, rules, officer = deps.clock.now(), deps.accounts, await _awaited(deps, request)
    if officer is None:
        return on_to("/admin/masuk")
    session, code = session_of(deps, request), fields.get("kode", "")
    try:
        await deps.store.write(lambda tx: sign_in.admit_code(tx, officer, now=now, rules=rules))
    except Refused as refused:
        return HTMLResponse(render("masuk_kode.html", alert=deps.sentence(refused)), 429)
    entered = await deps.store.write(
        lambda tx: sign_in.by_code(tx, officer, session, code, now=now, rules=rules)
    )
    if not entered:
        return HTMLResponse(render("masuk_kode.html", alert=WRONG_CODE), 403)
    return _inside(deps, request, officer, entered)


async def invitation_page(deps: Deps, request: Request) -> Response:
    """Lets an invited officer, or one who forgot it, choose a password."""
    key = request.query_params.get("kunci", "")
    try:
        officer = await _invited(deps, key)
    except Refused as refused:
        return _sign_in_page(alert=deps.sentence(refused), status=403)
    return _invitation_page(deps, key, officer)


async def take_invitation(deps: Deps, request: Request, fields: Mapping[str, str]) -> Response:
    """Use the link up for the password that was chosen."""
    key, password = fields.get("kunci", ""), fields.get("sandi", "")
    try:
        officer = await _invited(deps, key)
    except Refused as refused:
        return _sign_in_page(alert=deps.sentence(refused), status=403)
    try:
        passwords.check_chosen(password, fields.get("ulangi", ""), officer, deps.accounts.policy)
        kept = await hashing.hashed(password)
        now, rules = deps.clock.now(), deps.accounts
        session = await deps.store.write(
            lambda tx: sign_in.accept_invitation(tx, key, kept, now=now, rules=rules)
        )
    except Refused as refused:
        return _invitation_page(deps, key, officer, alert=deps.sentence(refused), status=409)
    return _inside(deps, request, officer, session)


async def sign_out(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    await deps.store.write(lambda tx: sessions.sign_out(tx, visit.session))
    response = on_to("/admin/masuk")
    forget(response, deps, request)
    return response


async def _awaited(deps: Deps, request: Request) -> Officer | None:
    session, now = session_of(deps, request), deps.clock.now()
    if not session:
        return None
    async with deps.store.read() as tx:
        return await sessions.awaited(tx, session, now=now, rules=deps.accounts)


async def _invited(deps: Deps, key: str) -> Officer:
    async with deps.store.read() as tx:
        return await sign_in.invited(tx, key, now=deps.clock.now())


def _inside(deps: Deps, request: Request, officer: Officer, session: str) -> Response:
    response = on_to(home_of(officer))
    remember(response, deps, request, session)
    return response


def _sign_in_page(*, key: str = "", name: str = "", alert: str = "", status: int = 200) -> Response:
    return HTMLResponse(render("masuk.html", key=key, name=name, alert=alert), status)


def _invitation_page(
    deps: Deps, key: str, officer: Officer, *, alert: str = "", status: int = 200
) -> Response:
    page = render(
        "undangan.html",
        key=key,
        officer=officer,
        policy=deps.accounts.policy,
        alert=alert,
    )
    return HTMLResponse(page, status)


OPEN = (
    OpenDoor("/masuk", sign_in_page, take_sign_in),
    OpenDoor("/masuk/kode", code_page, take_code),
    OpenDoor("/undangan", invitation_page, take_invitation),
)
"""What answers without a session."""

DOORS = (form("/keluar", sign_out, needs="profile", cures=True),)
