"""The flows, for head office: every state of a service with who stands there and who stopped."""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.gate import Visit
from bot.console.state_names import state_name
from bot.console.words import render
from services import system
from services.refusals import NotFound

BAR: Final = 120
"""Length of the bar of the fullest state."""


class Stage(msgspec.Struct, frozen=True):
    """A state with its question, how many stand there, how many stopped there; bars of both."""

    state: str
    label: str
    now: int
    left: int
    now_bar: int
    left_bar: int


async def flows_page(deps: Deps, visit: Visit, request: Request) -> Response:
    """One service, the first without a choice, and the counts of all."""
    chosen = request.query_params.get("layanan", "") or next(iter(deps.services))
    if chosen not in deps.services:
        raise NotFound("service")
    async with deps.store.read() as tx:
        crowd = await system.crowd(tx, visit.officer, deps.places, deps.clock.now())
    return HTMLResponse(
        render(
            "alur.html",
            visit=visit,
            deps=deps,
            branch=None,
            chosen=chosen,
            crowd=crowd,
            stages=_stages(deps, chosen, crowd),
            diagram=deps.diagram(chosen),
            totals={
                code: (
                    sum(count for (service, _), count in crowd.now.items() if service == code),
                    sum(count for (service, _), count in crowd.left.items() if service == code),
                )
                for code in deps.services
            },
            days=system.LEFT_WITHIN.days,
        )
    )


def _stages(deps: Deps, code: str, crowd: system.Crowd) -> list[Stage]:
    """The states in their order; the review, which is no question, comes last."""
    service = deps.services[code]
    states = deps.states(code)
    now = {state: crowd.now.get((code, state), 0) for state in states}
    left = {state: crowd.left.get((code, state), 0) for state in states}
    most = max([*now.values(), *left.values(), 1])
    return [
        Stage(
            state=state,
            label=state_name(service, state),
            now=now[state],
            left=left[state],
            now_bar=now[state] * BAR // most,
            left_bar=left[state] * BAR // most,
        )
        for state in states
    ]


DOORS = (page("/alur", flows_page, needs="operate", menu="Alur"),)
