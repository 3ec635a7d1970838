"""Live counts: one stream for each open page, numbers only, never personal data."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.requests import Request

from bot.console.deps import Deps
from bot.console.gate import visit_of
from services import board

BEAT = 15.0
"""Seconds between two comments that keep a quiet connection open."""


async def live_counts(deps: Deps, request: Request) -> AsyncIterator[str]:
    """Server-sent events: the counts now and after each change, until the session ends."""
    yield "retry: 3000\n\n"
    told, last = "", time.monotonic()
    while visit := await visit_of(deps, request):
        async with deps.store.read() as tx:
            branch = await board.branch_of(
                tx, visit.officer, request.query_params.get("cabang", "")
            )
            counts = json.dumps(asdict(await board.counts(tx, visit.officer, branch)))
        if counts != told:
            told, last = counts, time.monotonic()
            yield f"event: antrean\ndata: {counts}\n\n"
        elif time.monotonic() - last > BEAT:
            last = time.monotonic()
            yield ": \n\n"
        await asyncio.sleep(deps.refresh)
