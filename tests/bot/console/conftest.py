"""A console over a real SQLite store, and browsers that are signed in."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from bot.config.settings import ROOT
from bot.console.app import console_routes
from bot.console.deps import Deps, ServiceWords, StaffBot
from bot.texts.catalogue import Catalogue, shared_sentences
from services import sign_in
from services.account_rules import ORDINARY
from services.officers import Officer
from services.reasons import Reasons
from tests.desk import CALENDAR, FACTS, Desk, sqlite_desk

CATALOGUE = Catalogue(
    {name: shared_sentences(ROOT / "bot" / "texts" / f"{name}.yaml") for name in ("id", "en")}
)
ORIGIN = "http://konsol.test"


class Browser:
    """A browser with cookies; posts carry the tokens of the page that was seen last."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.token = ""
        self.seen = ""

    async def get(self, path: str) -> httpx.Response:
        return self._looked(await self.client.get(path))

    async def post(self, path: str, **fields: str) -> httpx.Response:
        data = {"csrf": self.token, "dilihat": self.seen, **fields}
        return self._looked(await self.client.post(path, data=data))

    def _looked(self, page: httpx.Response) -> httpx.Response:
        if found := re.search(r'name="csrf" value="([0-9a-f]+)"', page.text):
            self.token = found[1]
        if found := re.search(r'name="dilihat" value="([0-9.]+)"', page.text):
            self.seen = found[1]
        return page


SignIn = Callable[[Officer], Awaitable[Browser]]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with sqlite_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def deps(desk: Desk, tmp_path: Path) -> Deps:
    return Deps(
        store=desk.store,
        clock=desk.clock,
        calendar=CALENDAR,
        branches=FACTS.branches,
        services={
            "G": ServiceWords(
                "Pindah faskes",
                {
                    "nama": "Nama",
                    "nik": "NIK",
                    "anggota.nama_anggota": "Nama anggota",
                    "foto_kk": "Foto KK",
                    "foto_kartu": "Foto kartu JKN",
                },
                people=("nama", "anggota.nama_anggota"),
                warnings={"nik_lahir": "NIK tidak cocok", "status": ""},
                checks={"identitas": "Nama dan NIK cocok.", "faskes": "Faskes ada."},
                rules={"tunggu_bulan": "3", "berlaku_tanggal": "1"},
            )
        },
        rules=desk.rules,
        sentence=lambda refused: CATALOGUE.render(refused.key, refused.values),
        preview=lambda session, event, now: [f"Tiket {event.ticket}: {event.text}"],
        say=lambda session, say: ("id", CATALOGUE.render(say.key, say.values)),
        reasons=Reasons.load(),
        document=lambda sha256: tmp_path / sha256,
        secret="only for tests",
        wake=lambda: None,
        refresh=0.01,
        spread=0,
        beat=0.05,
        # tests move the clock from the morning into the night
        accounts=replace(ORDINARY, idle=ORDINARY.session),
        regions=FACTS.regions,
        branches_of=FACTS.branches_of,
        staff_bot=StaffBot("chika_petugas_bot", timedelta(minutes=10)),
    )


@pytest.fixture
async def browsers(deps: Deps) -> AsyncIterator[Callable[[], Browser]]:
    app = Starlette(routes=console_routes(deps))
    opened: list[httpx.AsyncClient] = []

    def browser() -> Browser:
        transport = httpx.ASGITransport(app=app)
        opened.append(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        return Browser(opened[-1])

    yield browser
    for client in opened:
        await client.aclose()


@pytest.fixture
def signed_in(browsers: Callable[[], Browser], desk: Desk) -> SignIn:
    async def sign(officer: Officer) -> Browser:
        browser = browsers()
        token = await desk.do(sign_in.make_link, officer.id)
        answer = await browser.client.post("/admin/masuk", data={"kunci": token})
        assert answer.status_code == 303
        await browser.get("/admin/antrean")
        return browser

    return sign
