"""The whole product as ``serve`` runs it: site and console on loopback, Telegram at a fake."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
from PIL import Image
from starlette.applications import Starlette

from bot.bootstrap import App, Product, build_runtime, read_product
from bot.channels.spool import Spool
from bot.channels.telegram import Telegram, TelegramSettings
from bot.channels.telegram_menu import menus
from bot.channels.web.channel import WebChannel
from bot.cli.site import site_app, site_routes
from bot.config import Config, StoreUrl
from bot.runtime.question import on_table
from data.opening import open_store
from services import officers, sign_in
from services.officers import Officer
from tests.bot.channels.loopback import serving
from tests.bot.channels.person import Person
from tests.bot.channels.web.site import SECRET, Site, Ticking, Visitor
from tests.fakes.bot_api import TOKEN, FakeBotApi
from tests.served import hidden, unticked

PATIENCE = 20.0


class MondayMorning(Ticking):
    """Monday 10.00 in Manado, when the branch is open, and on from there."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class House:
    """A running product and those who use it.

    *answers* are all that its site answered; of them *given_back* are the refused forms that show
    their author what was typed.
    """

    app: App
    site: Site
    api: FakeBotApi
    url: str
    folder: Path
    answers: list[httpx.Response] = field(default_factory=list)
    given_back: list[httpx.Response] = field(default_factory=list)
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def clock(self) -> Ticking:
        return self.site.clock

    def browser(self, **options: Any) -> httpx.AsyncClient:
        """A browser whose answers are all kept; the bodies of refusals, too."""

        async def keep(answer: httpx.Response) -> None:
            self.answers.append(answer)
            if answer.is_error:
                await answer.aread()

        # to read all certificates takes longer than the answers of most tests
        plain = {"trust_env": False, "verify": False}
        browser = httpx.AsyncClient(
            base_url=self.url, event_hooks={"response": [keep]}, **plain, **options
        )
        self.browsers.append(browser)
        return browser

    async def visitor(self) -> Visitor:
        """Somebody on the page of the chat."""
        visitor = self.site.visitor()
        await visitor.client.aclose()
        visitor.client = self.browser(follow_redirects=True)
        return visitor

    def person(self, chat: int) -> Person:
        """Somebody on Telegram."""
        return Person(self.api, chat)

    async def officer(self, officer: Officer) -> httpx.AsyncClient:
        """The browser of *officer*, who is enrolled and signed in."""
        now = self.clock.now()

        async def enrol(tx: Any) -> str:
            await officers.add(tx, officer, now=now)
            return await sign_in.make_link(tx, officer.id, now=now)

        token = await self.app.store.write(enrol)
        browser = self.browser()
        await browser.post("/admin/masuk", data={"kunci": token})
        return browser


def product_in(folder: Path) -> Product:
    """The product with everything that it keeps in *folder*."""
    config = Config(root=folder)
    replace = msgspec.structs.replace
    return read_product(
        replace(
            config,
            store=replace(config.store, url=StoreUrl(f"sqlite:///{folder / 'chika.db'}")),
            documents=replace(config.documents, folder=folder / "documents"),
            # nobody waits for the ten seconds in which a reply may be taken back
            queue=replace(config.queue, undo_seconds=0),
        )
    )


def photo(comment: str = "", seed: int = 0) -> bytes:
    """A sharp picture; *comment* is written into its metadata twice."""
    file = io.BytesIO()
    picture = Image.effect_noise((480, 320), 90 + seed).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = comment
    picture.save(file, "JPEG", comment=comment.encode(), exif=exif)
    return file.getvalue()


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """The product, started and listening."""
    product, clock = product_in(folder), MondayMorning()
    store = open_store(product.config.store.url)
    await store.open()
    api = FakeBotApi()
    async with serving(api.app) as api_url:
        spool = Spool(folder / "incoming", product.config.documents.max_bytes)
        web = WebChannel(spool)
        shown = menus(product.catalogue)
        settings = TelegramSettings(TOKEN, "Kirim", api_base=api_url, menus=shown)
        telegram = Telegram(settings, clock, on_table=partial(on_table, store))
        sweep = partial(spool.sweep, store, clock)
        runtime = build_runtime(product, store, [web, telegram], clock, ticks=[sweep])
        app = App(product, store, clock, runtime)
        listening: Starlette = site_app(site_routes(app, web, SECRET))
        site = Site(product, store, runtime, clock, spool, folder, listening)
        await runtime.start()
        try:
            async with serving(listening) as url:
                house = House(app, site, api, url, folder)
                try:
                    yield house
                finally:
                    for browser in house.browsers:
                        await browser.aclose()
        finally:
            await runtime.stop()
            await telegram.aclose()
            await store.close()


async def talk(visitor: Visitor, said: Iterable[tuple[str, str]]) -> None:
    """Say each text, and wait until the answer has what belongs to it."""
    for text, answer in said:
        visitor.site.clock.ahead(seconds=2)  # as people do, and as the pace asks
        await visitor.say(text)
        await until(visitor, answer)


async def until(visitor: Visitor, answer: str) -> None:
    """Wait until the newest bubbles have *answer*, and nothing is under way."""
    try:
        async with asyncio.timeout(PATIENCE):
            while "Sebentar…" in visitor.page or answer not in "\n".join(visitor.bubbles[-2:]):
                await visitor.open()
    except TimeoutError:
        raise AssertionError(f"{answer!r} never came, but {visitor.bubbles[-2:]}") from None


async def press(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Post a form of the console with the tokens of its page; the page that it leads to."""
    page = (await browser.get(path.rpartition("/")[0])).text
    if not hidden(page, "csrf"):
        page = (await browser.get("/admin/antrean")).text
    tokens = {name: hidden(page, name)[:1] for name in ("csrf", "dilihat")}
    assert tokens["csrf"], page
    return await browser.post(path, data={**tokens, **fields}, follow_redirects=True)


async def finish(browser: httpx.AsyncClient, path: str, result: str) -> httpx.Response:
    """Tick the checklist of the ticket at *path* and finish it."""
    for point in unticked((await browser.get(path)).text):
        await press(browser, f"{path}/periksa", periksa=point)
    return await press(browser, f"{path}/selesai", kode="sesuai", hasil=result, kirim="ya")
