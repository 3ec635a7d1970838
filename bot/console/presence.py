"""Who else looks at a ticket: pages that are open say so every twenty seconds."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.deps import Deps
from bot.console.doors import form
from bot.console.gate import Visit
from bot.console.words import render
from data.store import Tx
from services import presence, requests


async def look(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Note the look; the answer is the line that names the others."""
    number, now = request.path_params["number"], deps.clock.now()

    async def noted(tx: Tx) -> tuple[bool, str, Sequence[str]]:
        news = await presence.look(tx, visit.officer, number, now=now)
        watched = await requests.for_officer(tx, visit.officer, number)
        return news, watched.branch, await presence.others(tx, visit.officer, watched, now=now)

    news, branch, others = await deps.store.write(noted)
    if news:
        deps.watcher.nudge(branch)
    return HTMLResponse(render("hadir.html", others=others))


DOORS = (form("/tiket/{number}/hadir", look, needs="read", passive=True),)
