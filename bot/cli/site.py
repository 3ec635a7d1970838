"""The site: everything that one process serves over HTTP."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import App, Product, account_rules
from bot.channels.web.channel import WebChannel
from bot.channels.web.routes import WebChat
from bot.cli.doctor import examine_running
from bot.cli.hangup import Hangup
from bot.cli.mishaps import Mishaps
from bot.cli.strict import Strict
from bot.config.settings import KINDS, Staff
from bot.console.app import console_routes
from bot.console.deps import Deps, ServiceWords, StaffBot
from bot.console.period import CAPITAL
from bot.runtime.preview import preview, preview_say
from data.instants import Clock
from data.store import StoreBusy
from flows.graph import service_graph
from flows.moves import REVIEW
from flows.session import DECODER
from flows.spec import Flow
from flows.standing import standing
from forms.language import words
from services.reasons import Reasons

REPORTER: Final = "nama_pelapor"
"""The answer of who writes, which is not always whom it is for (`flows.reuse`)."""


def site_app(routes: Sequence[BaseRoute], stopping: asyncio.Event | None = None) -> Starlette:
    """Everything that is served; live pages are let go when *stopping* is set."""
    middleware = [Middleware(Strict), Middleware(Mishaps)]
    if stopping is not None:
        middleware.append(Middleware(Hangup, stopping))
    return Starlette(routes=routes, middleware=middleware)


def site_routes(app: App, web: WebChannel, secret: str) -> list[BaseRoute]:
    """The chat, the console under ``/admin``, and what tells whether the process lives."""
    product, config = app.product, app.product.config
    secure = config.web.url.startswith("https://")
    chat = WebChat(
        channel=web,
        store=app.store,
        receive=app.runtime.receive,
        clock=app.clock,
        secret=secret,
        secure=secure,
        demo=config.web.demo_ribbon,
        site=config.web.base_url,
    )
    world = product.world(lambda moves: None)
    console = Deps(
        store=app.store,
        clock=app.clock,
        calendar=product.reference.calendar,
        branches=product.reference.branches,
        services=service_words(product),
        rules=product.rules,
        sentence=lambda refused: product.catalogue.render(refused.key, refused.values),
        preview=partial(preview, world),
        say=partial(preview_say, world),
        reasons=Reasons.load(),
        document=product.documents.path,
        places=partial(_places, product, app.clock),
        states=lambda code: [*product.journeys.services[code].states, REVIEW],
        diagram=lambda code: service_graph(product.journeys.services[code]),
        examine=partial(examine_running, config, dict.fromkeys(KINDS, "")),
        secret=secret,
        wake=app.runtime.wake,
        secure=secure,
        accounts=account_rules(config),
        regions=product.reference.regions,
        branches_of=product.reference.branches_of,
        staff_bot=_staff_bot(config.staff),
        prices=product.reference.template_prices,
    )

    async def home(request: Request) -> Response:
        return RedirectResponse("/chat")

    async def alive(request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def ready(request: Request) -> Response:
        ready = app.runtime.ready
        try:
            await app.store.next_due()
        except StoreBusy:
            ready = False
        return JSONResponse({"ready": ready}, 200 if ready else 503)

    return [
        Route("/", home),
        Route("/livez", alive),
        Route("/readyz", ready),
        *chat.routes(),
        *console_routes(console),
    ]


def _places(product: Product, clock: Clock, session: bytes) -> Sequence[tuple[str, str]]:
    """Where the open forms of a stored session stand today."""
    today = clock.now().astimezone(CAPITAL).date()
    return list(standing(DECODER.decode(session), product.journeys, product.reference, today))


def _staff_bot(staff: Staff) -> StaffBot | None:
    return StaffBot(staff.name, timedelta(minutes=staff.code_minutes)) if staff.enabled else None


def service_words(product: Product) -> dict[str, ServiceWords]:
    """How the console calls the services, and the steps that it may ask to correct."""
    return {
        code: ServiceWords(
            title=words(flow.title),
            steps=product.steps(code),
            people=people(flow),
            checks=product.checks(code),
            rules=product.numbers(code),
            warnings={name: flag.row for name, flag in flow.flags.items()},
        )
        for code, flow in product.journeys.flows.items()
    }


def people(flow: Flow) -> Sequence[str]:
    """The steps that ask for a name, in the order of the form; who only writes comes last."""
    named = [(state, step) for state, step in flow.questions() if step.type == "name"]
    return [state for state, _ in sorted(named, key=lambda one: one[1].reuse == REPORTER)]
