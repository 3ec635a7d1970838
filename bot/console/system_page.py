"""The running system, for head office: channels, queues, failures, and what ``doctor`` says."""

import asyncio
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import findings
from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit
from bot.console.period import CAPITAL
from bot.console.words import render
from data.instants import from_us
from services import system

LATE: Final = timedelta(minutes=1)
"""A turn or a message that waits longer is a sign of trouble."""
LOST: Final = timedelta(seconds=30)
"""A process that was not heard of for so long has stopped."""


async def system_page(deps: Deps, visit: Visit, request: Request) -> Response:
    """What is known now; times are those of the capital."""
    now = deps.clock.now()
    async with deps.store.read() as tx:
        found = await system.look(tx, visit.officer, now)
    report = await asyncio.to_thread(deps.examine)
    return HTMLResponse(
        render(
            "sistem.html",
            visit=visit,
            deps=deps,
            branch=None,
            zone=CAPITAL,
            now=now,
            system=found,
            report=report,
            problems=[findings.problem(one) for one in report.get("problems", ())],
            due_late=_waits(found.due, now, LATE),
            unsent_late=_waits(found.unsent_since, now, LATE),
            workers=[(one, not _waits(one["heartbeat_at"], now, LOST)) for one in found.workers],
            tables=findings.tables(report),
        )
    )


def _waits(since: int | None, now: Any, limit: timedelta) -> bool:
    return since is not None and now - from_us(since) > limit


DOORS = (page("/sistem", system_page, needs="operate", menu="Sistem"),)
