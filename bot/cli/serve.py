"""`serve`: the web chat, the console and Telegram in one process, until it is told to stop."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated, Any

import msgspec
import typer
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import App, Product, build_runtime, read_product
from bot.channels.web.channel import WebChannel
from bot.channels.web.routes import WebChat
from bot.channels.web.spool import Spool
from bot.cli.mishaps import Mishaps
from bot.cli.strict import Strict
from bot.config import Config, ConfigError, StoreUrl, load, web_secret
from bot.console.app import console_routes
from bot.console.deps import Deps, ServiceWords
from bot.runtime.ports import Channel
from data.instants import SystemClock
from data.opening import open_store
from data.store import Store, StoreBusy
from services import sign_in

CONTACT_LABEL = "Kirim nomor saya"
GRACE = 3
"""Seconds that open pages get at a stop; a live page reconnects by itself."""


def command(
    store: Annotated[
        str, typer.Option(help="Where to keep everything: sqlite:///PATH or postgresql://...")
    ] = "",
    port: Annotated[int | None, typer.Option(help="Port of the pages; 0 takes a free one.")] = None,
) -> None:
    """Run everything and print the links. Example: python3 bot.py serve --port 9000"""
    try:
        config = load()
    except ConfigError as problem:
        typer.echo("\n".join(problem.problems), err=True)
        raise typer.Exit(2) from None
    if store:
        config = msgspec.structs.replace(
            config, store=msgspec.structs.replace(config.store, url=StoreUrl(store))
        )
    if port is not None:
        config = msgspec.structs.replace(config, web=msgspec.structs.replace(config.web, port=port))
    asyncio.run(serve(config))


async def serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM; everything received is stored before this returns."""
    product = read_product(config)
    clock = SystemClock()
    store = open_store(config.store.url)
    await store.open()
    try:
        spool = Spool(config.root / "var" / "incoming", config.documents.max_bytes)
        web = WebChannel(spool)
        telegram = _telegram(config, clock)
        channels: Sequence[Channel] = [web, *([telegram] if telegram else [])]
        sweep = partial(spool.sweep, store, clock)
        runtime = build_runtime(product, store, channels, clock, ticks=[sweep])
        app = App(product, store, clock, runtime)
        routes = site_routes(app, web, web_secret(config))
        if telegram:
            routes += telegram.webhook_routes(runtime.receive)
        await runtime.start()
        try:
            await _listen(config, store, routes)
        finally:
            await runtime.stop()
            if telegram:
                await telegram.aclose()
    finally:
        await store.close()


def _telegram(config: Config, clock: SystemClock) -> Any:
    if config.telegram.token is None:
        return None
    # aiogram costs seconds to import: only who has a bot waits for it
    from bot.channels.telegram import Telegram, TelegramSettings

    webhook = config.telegram.mode == "webhook"
    return Telegram(
        TelegramSettings(
            token=config.telegram.token,
            contact_label=CONTACT_LABEL,
            api_base=config.telegram.api_url,
            public_url=config.web.url if webhook else "",
            webhook_path=config.telegram.webhook_path,
            webhook_secret=config.telegram.secret or "",
            largest_file=config.documents.max_bytes,
        ),
        clock,
    )


def site_app(routes: Sequence[BaseRoute]) -> Starlette:
    """Everything that is served."""
    return Starlette(routes=routes, middleware=[Middleware(Strict), Middleware(Mishaps)])


def site_routes(app: App, web: WebChannel, secret: str) -> list[BaseRoute]:
    """The chat, the console under ``/admin``, and what tells whether the process lives."""
    product, config = app.product, app.product.config
    chat = WebChat(
        channel=web,
        store=app.store,
        receive=app.runtime.receive,
        clock=app.clock,
        secret=secret,
        secure=config.web.url.startswith("https://"),
        demo=config.web.demo_ribbon,
        site=config.web.base_url,
    )
    console = Deps(
        store=app.store,
        clock=app.clock,
        calendar=product.reference.calendar,
        branches=product.reference.branches,
        services=service_words(product),
        rules=product.rules,
        document=product.documents.path,
        secret=secret,
        wake=app.runtime.wake,
    )

    async def home(request: Request) -> Response:
        return RedirectResponse("/chat")

    async def alive(request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def ready(request: Request) -> Response:
        try:
            await app.store.next_due()
        except StoreBusy:
            return JSONResponse({"ready": False}, 503)
        return JSONResponse({"ready": True})

    return [
        Route("/", home),
        Route("/livez", alive),
        Route("/readyz", ready),
        *chat.routes(),
        *console_routes(console),
    ]


def service_words(product: Product) -> dict[str, ServiceWords]:
    """How the console calls the services, and the steps that it may ask to correct."""
    words = {}
    for code, flow in product.journeys.flows.items():
        steps = {
            state: label
            for state, step in flow.questions()
            if (label := step.label if isinstance(step.label, str) else step.label.get("id", ""))
        }
        words[code] = ServiceWords(title=flow.title, steps=steps)
    return words


class _Server(uvicorn.Server):
    """uvicorn that tells when it listens, and leaves the signals to us."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[int], Awaitable[None]]) -> None:
        super().__init__(config)
        self._listening = listening

    # uvicorn would raise a signal again after its own stop, before ours has ended
    capture_signals = contextlib.nullcontext  # type: ignore[assignment]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._listening(self.servers[0].sockets[0].getsockname()[1])


async def _listen(config: Config, store: Store, routes: list[BaseRoute]) -> None:
    server = _Server(
        uvicorn.Config(
            site_app(routes),
            host=config.web.host,
            port=config.web.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE,
        ),
        partial(_announce, config, store),
    )

    def stop() -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await server.serve()


async def _announce(config: Config, store: Store, port: int) -> None:
    url = config.web.base_url.rstrip("/") or f"http://localhost:{port}"
    now = SystemClock().now()
    token = await store.write(lambda tx: sign_in.first_link(tx, now=now))
    sign = f"/masuk?kunci={token}   (works once)" if token else ""
    telegram = "on" if config.telegram.enabled else "off, set CHIKA_TELEGRAM_TOKEN in .env"
    typer.echo(f"CHIKA is ready ({config.store.url.shown})")
    typer.echo(f"  Chat      {url}/chat")
    typer.echo(f"  Console   {url}/admin{sign}")
    typer.echo(f"  Telegram  {telegram}")
    typer.echo("Ctrl+C stops. Another sign-in link: python3 bot.py admin link")
