"""The profile: an officer's own account, password, sessions, and how the console looks."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import hashing
from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit, forget
from bot.console.places import place_name, zone_of
from bot.console.words import render
from services import passwords, preferences, second_step, sessions, sign_in
from services.preferences import TEXT_SIZES, Preferences
from services.refusals import Refused

PROFILE = "/admin/profil"


async def profile_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """The page; `?baru=sandi` and the like say what was done just now."""
    now, rules = deps.clock.now(), deps.accounts
    async with deps.store.read() as tx:
        opened = await sessions.sessions(tx, visit.officer, visit.session, now=now, rules=rules)
        codes = await second_step.codes_left(tx, visit.officer)
    shown = render(
        "profil.html",
        visit=visit,
        branch=deps.branches.get(visit.officer.branch),
        place=place_name(deps, visit.officer),
        zone=zone_of(deps, visit.officer),
        sessions=opened,
        codes=codes,
        sizes=TEXT_SIZES,
        done=request.query_params.get("baru", ""),
        alert=alert,
    )
    return HTMLResponse(shown, status)


async def take_display(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Keep shortcuts and text size with the account."""
    size = next((one for one in TEXT_SIZES if one == fields.get("huruf")), None)
    if size is None:
        refused = Refused("konsol.pilihan")
        return await profile_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    chosen = Preferences(shortcuts=fields.get("pintasan") == "ya", text_size=size)
    await deps.store.write(lambda tx: preferences.keep(tx, visit.officer, chosen))
    return on_to(f"{PROFILE}?baru=tampilan")


async def password_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """Asks for the present password and a new one."""
    shown = render(
        "sandi.html",
        visit=visit,
        branch=deps.branches.get(visit.officer.branch),
        policy=deps.accounts.policy,
        alert=alert,
    )
    return HTMLResponse(shown, status)


async def take_password(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Change the password; every other session ends."""
    officer, now, rules = visit.officer, deps.clock.now(), deps.accounts
    old, new = fields.get("sandi_lama", ""), fields.get("sandi", "")
    try:
        passwords.check_chosen(new, fields.get("ulangi", ""), officer, rules.policy)
        if visit.has_password:
            await deps.store.write(lambda tx: sign_in.admit_code(tx, officer, now=now, rules=rules))
            if not await hashing.is_own(deps, officer, old):
                raise Refused("sandi.lama_salah")
            if await hashing.is_own(deps, officer, new):
                raise Refused("sandi.sama")
        kept = await hashing.hashed(new)
        await deps.store.write(
            lambda tx: sign_in.set_password(tx, officer, kept, kept=visit.session, now=now)
        )
    except Refused as refused:
        return await password_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    return on_to(f"{PROFILE}?baru=sandi")


async def leave_everywhere(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """End every session of the officer, this one too."""
    now = deps.clock.now()
    await deps.store.write(
        lambda tx: sessions.sign_out_everywhere(tx, visit.officer, now=now, by=visit.officer.id)
    )
    response = on_to("/admin/masuk")
    forget(response, deps, request)
    return response


DOORS = (
    page("/profil", profile_page, needs="profile", menu="Profil"),
    form("/profil/tampilan", take_display, needs="profile"),
    page("/profil/sandi", password_page, needs="profile", cures=True),
    form("/profil/sandi", take_password, needs="profile", cures=True),
    form("/profil/keluar-semua", leave_everywhere, needs="profile", cures=True),
)
