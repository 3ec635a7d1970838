"""The officer's telephone: a code that links it, what it is told of, and the end of the link."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import hashing
from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.places import zone_of
from bot.console.words import render
from data.instants import to_us
from services import codes, sign_in, staff_links
from services.refusals import Refused

PAGE = "/admin/profil/telegram"


async def telegram_page(
    deps: Deps, visit: Visit, request: Request, *, code: str = "", alert: str = ""
) -> Response:
    """The page; a *code* is shown this once, *alert* says why there is none."""
    async with deps.store.read() as tx:
        link = await staff_links.link_of(tx, visit.officer)
    bot, now = deps.staff_bot, deps.clock.now()
    shown = render(
        "profil_telegram.html",
        visit=visit,
        branch=deps.branches.get(visit.officer.branch),
        zone=zone_of(deps, visit.officer),
        bot=bot,
        code=codes.grouped(code),
        address=f"https://t.me/{bot.name}?start={code}" if bot and bot.name and code else "",
        until=to_us(now + bot.code_lasts) if bot else 0,
        link=link,
        since=to_us(link.since) if link else 0,
        kinds=staff_links.KINDS,
        done=request.query_params.get("baru", ""),
        alert=alert,
    )
    return HTMLResponse(shown, 409 if alert else 200)


async def take_code(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Make a code for who knows the password; only this answer ever shows it."""
    if deps.staff_bot is None:
        return on_to(PAGE)
    officer, now, rules = visit.officer, deps.clock.now(), deps.accounts
    lasts = deps.staff_bot.code_lasts
    try:
        if visit.has_password:
            await deps.store.write(lambda tx: sign_in.admit_code(tx, officer, now=now, rules=rules))
            if not await hashing.is_own(deps, officer, fields.get("sandi", "")):
                raise Refused("sandi.lama_salah")
            await deps.store.write(lambda tx: sign_in.proved(tx, officer))
    except Refused as refused:
        return await telegram_page(deps, visit, request, alert=deps.sentence(refused))
    code = await deps.store.write(
        lambda tx: staff_links.make_code(tx, officer, now=now, lasts=lasts)
    )
    return await telegram_page(deps, visit, request, code=code)


async def take_alert(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Switch one kind of alert on or off."""
    kind, on = fields.get("kabar", ""), fields.get("nyala") == "ya"
    await deps.store.write(lambda tx: staff_links.switch(tx, visit.officer, kind, on=on))
    return on_to(f"{PAGE}?baru=kabar")


async def take_unlink(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    now = deps.clock.now()
    await deps.store.write(lambda tx: staff_links.unlink(tx, visit.officer, now=now))
    return on_to(f"{PAGE}?baru=putus")


DOORS = (
    page("/profil/telegram", telegram_page, needs="profile"),
    form("/profil/telegram/kode", take_code, needs="profile"),
    form("/profil/telegram/kabar", take_alert, needs="profile"),
    form("/profil/telegram/putus", take_unlink, needs="profile"),
)
