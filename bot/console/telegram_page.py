"""The officer's telephone: a code that links it, what it is told of, and the end of the link."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.places import zone_of
from bot.console.words import render
from data.instants import to_us
from services import staff_links

PAGE = "/admin/profil/telegram"


async def telegram_page(deps: Deps, visit: Visit, request: Request, *, code: str = "") -> Response:
    """The page; a *code* is shown this once."""
    async with deps.store.read() as tx:
        link = await staff_links.link_of(tx, visit.officer)
    bot, now = deps.staff_bot, deps.clock.now()
    shown = render(
        "profil_telegram.html",
        visit=visit,
        branch=deps.branches.get(visit.officer.branch),
        zone=zone_of(deps, visit.officer),
        bot=bot,
        code=staff_links.grouped(code),
        address=f"https://t.me/{bot.name}?start={code}" if bot and bot.name and code else "",
        until=to_us(now + bot.code_lasts) if bot else 0,
        link=link,
        since=to_us(link.since) if link else 0,
        kinds=staff_links.KINDS,
        done=request.query_params.get("baru", ""),
    )
    return HTMLResponse(shown)


async def take_code(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Make a code; only this answer ever shows it."""
    if deps.staff_bot is None:
        return on_to(PAGE)
    now, lasts = deps.clock.now(), deps.staff_bot.code_lasts
    code = await deps.store.write(
        lambda tx: staff_links.make_code(tx, visit.officer, now=now, lasts=lasts)
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
