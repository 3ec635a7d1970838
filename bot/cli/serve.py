"""`serve`: the web chat, the console and Telegram in one process, until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import click
import uvloop

from bot.bootstrap import App, Product, build_runtime, keep_for_good, prepare, read_product
from bot.channels.bridge import channel as bridge_channel
from bot.channels.spool import Spool
from bot.channels.waha import channel as waha_channel
from bot.channels.web.channel import WebChannel
from bot.cli import DONE, FAILED
from bot.cli.bridges import configured
from bot.cli.listening import CannotListen, Server, listener
from bot.cli.logs import configure
from bot.cli.meta import meta_channels
from bot.cli.options import settings
from bot.cli.site import site_app, site_routes
from bot.config import Config, web_secret
from bot.config.settings import secrets_of
from bot.runtime.duty import Alone, Duty
from bot.runtime.logger import Logger
from bot.runtime.ports import Channel
from bot.runtime.question import on_table
from bot.runtime.runtime import Runtime
from bot.runtime.trouble import told
from bot.staff.look import looking
from bot.staff.turn import menu
from data.instants import Clock, SystemClock
from data.opening import open_store
from data.store import Store
from services import sign_in

log = Logger(__name__)


@click.command
@click.option(
    "--store", default="", help="Where to keep everything: sqlite:///PATH or postgresql://..."
)
@click.option("--port", type=int, help="Port of the pages; 0 takes a free one.")
def command(store: str, port: int | None) -> None:
    """Run everything and print the links. Example: python3 bot.py serve --port 9000"""
    config = settings(store, port)
    secret = web_secret(config)
    configure(config.log, [*secrets_of(config), secret])
    try:
        code = uvloop.run(serve(config, secret))
    except CannotListen as problem:
        click.echo(str(problem), err=True)
        code = FAILED
    raise SystemExit(code)


async def serve(config: Config, secret: str) -> int:
    """Serve until SIGINT or SIGTERM, then 0; 1 when a part of the program ended by itself.

    Everything that was received is stored before this returns. Raises `CannotListen`, and what
    reading the product and opening the store raise.
    """
    stopping = _told_to_stop()
    clock = SystemClock()
    async with AsyncExitStack() as undo:
        door = undo.enter_context(listener(config.web))
        product = read_product(config)
        product.warm(clock.now())
        store = open_store(config.store.url)
        await store.open()
        undo.push_async_callback(store.close)
        await prepare(product, store, clock)
        spool = Spool(config.root / "var" / "incoming", config.documents.max_bytes)
        web = WebChannel(spool)
        telegram = _telegram(product, store, clock)

        def wake() -> None:
            runtime.wake()

        staff = _staff(product, store, clock, wake)
        meta = meta_channels(product, store, clock)
        bridges = configured(product, store, spool, clock)
        channels: Sequence[Channel] = [web, *filter(None, (telegram, staff)), *meta, *bridges]
        sweep = partial(spool.sweep, store, clock)
        runtime = build_runtime(product, store, channels, clock, ticks=[sweep])
        routes = site_routes(App(product, store, clock, runtime), web, secret)
        if telegram:
            undo.push_async_callback(telegram.aclose)
            routes += telegram.webhook_routes(runtime.receive)
        for network in meta:
            undo.push_async_callback(network.aclose)
            routes += network.webhook_routes(runtime.receive)
        if staff:
            undo.push_async_callback(staff.aclose)
        for bridge in bridges:
            undo.push_async_callback(bridge.aclose)
            routes += bridge.routes(runtime.receive)
        await runtime.start()
        keep_for_good()
        undo.push_async_callback(runtime.stop)
        announce = partial(_announce, config, store, clock, door.getsockname()[1])
        server = Server(site_app(routes, stopping), announce)
        serving = asyncio.create_task(server.serve([door]))
        return await _until_told(stopping, server, serving, runtime)


async def _until_told(
    stopping: asyncio.Event, server: Server, serving: asyncio.Task[None], runtime: Runtime
) -> int:
    """Wait for the stop, or for the end of a part that nobody stopped; then close the doors."""
    watching = asyncio.create_task(runtime.watch())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait([serving, watching, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    stopping.set()
    server.should_exit = True
    await serving
    if not watching.done():
        watching.cancel()
        return DONE
    broken = watching.exception()
    if broken is not None:
        log.error("a part of the program ended by itself; stopping", **told(broken))
    return FAILED


def _told_to_stop() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; the second one ends the process at once."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        stopping.set()
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in signals:
        loop.add_signal_handler(number, stop)
    return stopping


def _telegram(product: Product, store: Store, clock: Clock) -> Any:
    config = product.config
    if config.telegram.token is None:
        return None
    # aiogram costs seconds to import: only who has a bot waits for it
    from bot.channels.telegram import Telegram, TelegramSettings
    from bot.channels.telegram_menu import menus

    webhook = config.telegram.mode == "webhook"
    return Telegram(
        TelegramSettings(
            token=config.telegram.token,
            contact_label=product.catalogue.every("perintah.nomor"),
            menus=menus(product.catalogue),
            api_base=config.telegram.api_url,
            public_url=config.web.url if webhook else "",
            webhook_path=config.telegram.webhook_path,
            webhook_secret=config.telegram.secret or "",
            largest_file=config.documents.max_bytes,
        ),
        clock,
        alone=_polling(store, clock, config.telegram.token),
        on_table=partial(on_table, store),
    )


def _staff(product: Product, store: Store, clock: Clock, wake: Callable[[], None]) -> Any:
    config = product.config.staff
    if config.token is None:
        return None
    # half a second to import: only who has such a bot waits for it
    from bot.channels.staff import Staff, StaffSettings

    near = timedelta(minutes=config.near_minutes)
    look = looking(store, clock, product.reference.calendar, near, wake)
    alone = _polling(store, clock, config.token)
    settings = StaffSettings(config.token, config.api_url, commands=menu())
    return Staff(settings, clock, look, alone=alone)


def _polling(store: Store, clock: Clock, token: str) -> Alone:
    """The duty of polling with *token*, of which only the bot's number is told."""
    return Duty(store, clock, f"poll:{token.partition(':')[0]}").alone


async def _announce(config: Config, store: Store, clock: Clock, port: int) -> None:
    site = config.web.base_url.rstrip("/") or f"http://localhost:{port}"
    now = clock.now()
    token = await store.write(lambda tx: sign_in.first_link(tx, now=now))
    telegram = "on" if config.telegram.enabled else "off, set CHIKA_TELEGRAM_TOKEN in .env"
    click.echo(f"CHIKA is ready ({config.store.url.shown})")
    click.echo(f"  Chat      {site}/chat")
    if token:
        click.echo(f"  Console   {sign_in.address(site, token)}   (works once)")
    else:
        click.echo(f"  Console   {site}/admin   (a sign-in link: python3 bot.py admin link)")
    click.echo(f"  Telegram  {telegram}")
    if config.messenger.enabled:
        click.echo(f"  Messenger on: Meta calls {site}{config.messenger.webhook_path}")
    if config.whatsapp.enabled:
        click.echo(f"  WhatsApp  on: Meta calls {site}{config.whatsapp.webhook_path}")
    if config.staff.enabled:
        click.echo("  Officers  on Telegram, linked in the console: /admin/profil/telegram")
    if config.bridge.enabled:
        click.echo(f"  Bridge    {site}{bridge_channel.PATH}   (docs/bridges.md)")
    if config.waha.enabled:
        click.echo(f"  WAHA      {site}{waha_channel.PATH}   (unofficial)")
    click.echo("Ctrl+C stops.")
