"""Live counts: one stream for each open page, numbers only, never personal data."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit, visit_of
from services import board, conversation, requests
from services.refusals import NotFound

BEAT = 15.0
"""Seconds between two comments that keep a quiet connection open."""


async def live_counts(deps: Deps, request: Request) -> AsyncIterator[str]:
    """Server-sent events: the counts now and after each change, until the session ends.

    With a ticket in the address, *here* is how many messages its conversation has.
    """
    yield "retry: 3000\n\n"
    told, last = "", time.monotonic()
    while visit := await visit_of(deps, request):
        try:
            counts = json.dumps(await _counts(deps, visit, request))
        except NotFound:  # handed to another branch while the page was open
            return
        if counts != told:
            told, last = counts, time.monotonic()
            yield f"event: antrean\ndata: {counts}\n\n"
        elif time.monotonic() - last > BEAT:
            last = time.monotonic()
            yield ": \n\n"
        await asyncio.sleep(deps.refresh)


async def _counts(deps: Deps, visit: Visit, request: Request) -> dict[str, int]:
    wanted, number = (request.query_params.get(name, "") for name in ("cabang", "tiket"))
    async with deps.store.read() as tx:
        branch = await board.branch_of(tx, visit.officer, wanted)
        found = asdict(await board.counts(tx, visit.officer, branch))
        if number:
            watched = await requests.for_officer(tx, visit.officer, number)
            found["here"] = len(await conversation.messages(tx, watched))
    return found


async def stream(deps: Deps, visit: Visit, request: Request) -> Response:
    return StreamingResponse(live_counts(deps, request), media_type="text/event-stream")


DOORS = (page("/peristiwa", stream, needs="read"),)
