"""Live counts: one stream for each open page, ids and numbers only, never personal data."""

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit, visit_of
from bot.console.watcher import News
from services import board, officers, presence, requests
from services.refusals import NotFound


async def live_counts(deps: Deps, request: Request) -> AsyncIterator[str]:
    """Server-sent events: the counts now and after each change, until the session ends.

    Who listens and what they may see is asked again each time. With a ticket in the address,
    *here* is how many messages its conversation has and *viewers* how many colleagues look at it.
    """
    yield "retry: 3000\n\n"
    visit = await visit_of(deps, request)
    if visit is None:
        return
    async with deps.store.read() as tx:
        branch = await board.branch_of(tx, visit.officer, request.query_params.get("cabang", ""))
    told = ""
    async with deps.watcher.watching(branch) as watch:
        while visit := await visit_of(deps, request):
            try:
                news = json.dumps(await _told(deps, visit, request, branch, watch.news))
            except NotFound:  # handed to another branch while the page was open
                return
            yield f"event: antrean\ndata: {news}\n\n" if news != told else ": \n\n"
            told = news
            await watch.change(deps.beat)


async def _told(
    deps: Deps, visit: Visit, request: Request, branch: str, news: News
) -> dict[str, int]:
    officers.check(visit.officer, "read", branch)
    found = {"waiting": news.waiting, "working": news.working, "happened": news.happened}
    number = request.query_params.get("tiket", "")
    if number:
        async with deps.store.read() as tx:
            watched = await requests.for_officer(tx, visit.officer, number)
            row = await tx.one("live_messages", request=watched.id)
            found["here"] = row["here"] if row else 0
            looking = presence.others(tx, visit.officer, watched, now=deps.clock.now())
            found["viewers"] = len(await looking)
    return found


async def stream(deps: Deps, visit: Visit, request: Request) -> Response:
    return StreamingResponse(live_counts(deps, request), media_type="text/event-stream")


DOORS = (page("/peristiwa", stream, needs="read"),)
