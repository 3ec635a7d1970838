"""Head office sees where people stand in the flows, and how the system runs; nobody else does."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from bot.cli.doctor import look_at_clock, look_at_python, look_at_store
from bot.config import StoreUrl
from bot.console import findings
from bot.console.app import console_routes
from bot.console.deps import Deps
from data.instants import to_us
from data.store import Head, NewEvent, Timer, TurnWrites, Tx
from services import sign_in
from tests.bot.console.conftest import ORIGIN, Browser, SignIn
from tests.desk import ADMIN, BENNY, RINA, TIO, WATI, Desk

STATES = ["nama", "nik", "review"]


async def opened(desk: Desk, deps: Deps) -> Browser:
    """Head office's browser on a console that knows the flows and a doctor."""
    full = replace(
        deps,
        places=lambda session: [("G", session.decode())],
        states=lambda code: STATES,
        diagram=lambda code: "stateDiagram-v2 <b>",
        examine=lambda: {
            "version": "9.9",
            "channels": {
                "web": "on, http://x",
                "telegram": "off: no token",
                "bridge": "off: no secret",
            },
            "store": {"state": "answers"},
            "problems": [],
            "settings": [{"key": "web.port", "value": 80, "source": ""}],
        },
    )
    app = Starlette(routes=console_routes(full))
    transport = httpx.ASGITransport(app=app)
    browser = Browser(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
    token = await desk.do(sign_in.make_link, ADMIN.id)
    await browser.client.post("/admin/masuk", data={"kunci": token})
    return browser


async def draft(desk: Desk, chat: str, state: str) -> None:
    """A chat with an open form at *state*, whose draft will expire in a week."""
    now = to_us(desk.clock.at)

    async def run(tx: Tx, head: Head) -> TurnWrites:
        timer = Timer("draft", now + 7 * 86_400_000_000, b"{}")
        return TurnWrites(session=state.encode(), timers=[timer])

    event = NewEvent("web", chat, chat, b"{}", now, now)
    await desk.store.receive([event], run, now=now, attempts=1)


async def test_the_flows_count_who_stands_and_who_stopped(desk: Desk, deps: Deps) -> None:
    for n, state in enumerate(["nik", "nik", "review"]):
        await draft(desk, f"web:{n}", state)
    row = {"branch": "", "service": "G", "step": "nama", "how": "cancelled"}
    await desk.store.write(lambda tx: tx.run("abandoned_add", at=to_us(desk.clock.at), **row))
    page = (await (await opened(desk, deps)).get("/admin/alur?layanan=G")).text

    assert "3 sedang mengisi, 1 berhenti" in page
    rows = page.partition("<tbody>")[2].split("</tr>")
    found = {
        state: next(row.count('<td class="n">') and row for row in rows if f"<code>{state}<" in row)
        for state in STATES
    }
    assert '<td class="n">2</td><td class="n">0</td>' in found["nik"]
    assert '<td class="n">0</td><td class="n">1</td>' in found["nama"]
    assert "stateDiagram-v2 &lt;b&gt;" in page


async def test_an_unknown_service_has_no_flow(desk: Desk, deps: Deps) -> None:
    assert (await (await opened(desk, deps)).get("/admin/alur?layanan=ZZ")).status_code == 404


async def test_the_system_says_what_waits_and_what_failed(desk: Desk, deps: Deps) -> None:
    now = to_us(desk.clock.at)
    late = now - 5 * 60_000_000
    dead = NewEvent("telegram", "u1", "telegram:1", b"{}", now, now, dead="UnknownUpdate")
    await desk.store.ingest([dead, NewEvent("web", "x", "web:1", b"{}", late, late)])
    page = (await (await opened(desk, deps)).get("/admin/sistem")).text

    assert "Tidak ada yang perlu diperbaiki." in page
    assert "9.9" in page
    assert "terlambat" in page
    assert "UnknownUpdate" in page
    assert "Mati, tokennya belum diisi" in page
    assert "Mati, kata sandinya belum diisi" in page
    assert "web.port" in page


async def test_a_process_that_is_not_heard_of_is_told(desk: Desk, deps: Deps) -> None:
    await desk.store.heartbeat("here", to_us(desk.clock.at))
    browser = await opened(desk, deps)
    assert "hidup" in (await browser.get("/admin/sistem")).text

    desk.clock.at += timedelta(minutes=1)
    assert "tidak terdengar lagi" in (await browser.get("/admin/sistem")).text


@pytest.mark.parametrize("officer", [RINA, BENNY, WATI, TIO], ids=lambda one: one.role)
async def test_nobody_but_head_office_is_shown_this(signed_in: SignIn, officer: object) -> None:
    browser = await signed_in(officer)  # type: ignore[arg-type]
    for path in ("/admin/alur", "/admin/sistem"):
        assert (await browser.get(path)).status_code == 404


def test_what_the_doctor_finds_is_told_in_indonesian(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE alembic_version AS SELECT '0001' AS version_num")
        connection.commit()
    old = look_at_store(StoreUrl(f"sqlite:///{file}"))
    broken = look_at_store(StoreUrl(f"sqlite:///{tmp_path}"))
    [schema], [silent] = old.pop("problems"), broken.pop("problems")

    assert findings.problem(schema).startswith("Skema basis data 0001, program ini memerlukan 00")
    assert findings.problem(silent).startswith("Basis data tidak menjawab (OperationalError)")
    report = {"python": look_at_python(), "clock": look_at_clock(), "store": broken}
    parts = findings.tables(report)
    assert parts["Basis data"]["Keadaan"] == "tidak terjangkau"
    known = {*findings.NAMES.values(), "WIB", "WITA", "WIT"}
    assert {name for part in parts.values() for name in part} <= known
