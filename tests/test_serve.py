"""``serve`` from outside: the main job through two browsers, and every way it starts and ends."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot.config.settings import ROOT
from tests.bot.channels.loopback import serving as loopback
from tests.bot.runtime.stage import until
from tests.fakes.graph_api import ACCOUNT, SECRET, TOKEN, VERIFY, FakeGraphApi
from tests.fakes.whatsapp_person import WhatsAppPerson, delivery
from tests.served import FILES, FILING_E, SOON, Browser, Served, Starts, serving, wait_for
from tests.stores import postgres_store

pytestmark = pytest.mark.slow


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    with serving(tmp_path) as starts:
        yield starts


@pytest.fixture
async def postgres(require: object) -> AsyncIterator[str]:
    async with postgres_store() as url:
        yield url


def file_e(served: Served) -> tuple[Browser, str]:
    """A participant who has filed a request of service E, and its number."""
    participant = served.browser().say(*FILING_E)
    found = re.search(r"[A-Z]{3}-E-\d{4}", participant.bubbles[-1])
    assert found is not None, participant.bubbles[-1]
    return participant, found[0]


def serve_it(served: Served, number: str, participant: Browser) -> None:
    """The first admin takes the request, answers and finishes; the participant reads it."""
    officer = served.officer()
    assert number in officer.client.get("/admin/antrean?cabang=KC-MANADO").text
    officer.act(number, "ambil")
    officer.act(number, "balas", balasan="Berkas sudah lengkap, Bu Siti.")
    officer.tick_all(number)
    officer.act(number, "selesai", kode="sesuai", hasil="NIK sudah diperbaiki.", kirim="ya")
    wait_for(lambda: "NIK sudah diperbaiki." in participant.open().page)
    assert any("Berkas sudah lengkap, Bu Siti." in bubble for bubble in participant.bubbles)


def the_main_job(start: Starts, store: str) -> None:
    served = start(store=store).ready()
    assert served.link
    participant, number = file_e(served)
    serve_it(served, number, participant)
    assert served.end(signal.SIGTERM) == 0
    again = start(store=store).ready()
    assert again.link == "", "the link of the first start is printed once"
    assert "python3 bot.py admin link" in again.told
    returned = again.browser(participant.client.cookies)
    assert returned.bubbles == participant.bubbles
    returned.say("status")
    assert number in returned.bubbles[-1]
    assert again.end(signal.SIGINT) == 0
    for process in start.all:
        assert process.complained == "", "nothing went wrong, so there is nothing to log"


def test_a_request_is_filed_served_and_read_and_all_is_there_after_a_restart(
    start: Starts, tmp_path: Path
) -> None:
    the_main_job(start, f"sqlite:///{tmp_path / 'chika.db'}")


def test_the_same_on_postgresql(start: Starts, postgres: str) -> None:
    the_main_job(start, postgres)


def test_two_processes_on_one_postgresql_share_the_work(start: Starts, postgres: str) -> None:
    pair = [start(store=postgres).ready(), start(store=postgres).ready()]
    assert [bool(served.link) for served in pair].count(True) == 1
    people = [pair[n % 2].browser() for n in range(6)]
    texts = ("menu", "E", "setuju", "data saya", "bayar sendiri", "ya", "Siti Aminah")
    for turn, text in enumerate(texts):
        for n, person in enumerate(people):
            elsewhere = pair[(n + turn) % 2].browser(person.client.cookies)
            person.page = elsewhere.say(text).page
    for person in people:
        own = person.page.count('class="b s"')
        assert own == len(texts)
        assert person.bubbles.count(person.bubbles[-1]) == 1
        assert len(person.bubbles) == 2 * own + 1, "a greeting, and one answer to each message"
    assert {served.end(signal.SIGTERM) for served in pair} == {0}


def test_probes_say_that_it_lives_and_is_ready(start: Starts) -> None:
    served = start().ready()
    assert httpx.get(f"{served.url}/livez").json() == {"alive": True}
    ready = httpx.get(f"{served.url}/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    assert httpx.get(served.url).headers["location"] == "/chat"


def test_a_stop_does_not_wait_for_open_pages(start: Starts) -> None:
    served = start().ready()
    participant = served.browser()
    lines: list[str] = []
    ended = threading.Event()

    def listen() -> None:
        with participant.client.stream("GET", "/chat/peristiwa") as stream:
            lines.extend(stream.iter_lines())
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    wait_for(lambda: httpx.get(f"{served.url}/livez").is_success and lines is not None)
    participant.say("menu")
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(2.5) == 0
    assert ended.wait(SOON)
    assert served.complained == ""


def test_a_telegram_of_officers_that_is_down_harms_nobody(start: Starts) -> None:
    token = "4343:AAcanaryTOKENcanaryTOKENcanaryTOKEN"
    served = start(CHIKA_STAFF_TOKEN=token, CHIKA_STAFF_API_URL="http://127.0.0.1:9").ready()
    assert "Officers  on Telegram" in served.told
    participant = served.browser()
    participant.say("menu")
    assert "Urus administrasi" in participant.page
    wait_for(lambda: "bot of officers waits" in served.complained)
    assert httpx.get(f"{served.url}/readyz").status_code == 200
    assert served.end(signal.SIGTERM) == 0
    assert "canary" not in served.told + served.complained


async def test_a_participant_talks_on_whatsapp(start: Starts) -> None:
    api = FakeGraphApi()
    async with loopback(api.app) as graph:
        served = start(
            CHIKA_WHATSAPP_TOKEN=TOKEN,
            CHIKA_WHATSAPP_APP_SECRET=SECRET,
            CHIKA_WHATSAPP_VERIFY_TOKEN=VERIFY,
            CHIKA_WHATSAPP_PHONE_NUMBER_ID=ACCOUNT,
            CHIKA_WHATSAPP_API_URL=graph,
        )
        await asyncio.to_thread(served.ready)
        assert f"Meta calls {served.url}/whatsapp" in served.told
        ana = WhatsAppPerson(api)
        ana.second = int(time.time())
        async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
            api.hook(client, "/whatsapp")
            assert await api.deliver(delivery(ana.text("menu")), secret="lain") == 403
            assert await ana.say("menu") == 200
            await until(lambda: ana.offered)
            assert await ana.tap(7) == 200
            await until(lambda: len(ana.read) >= 2 and len(api.courtesies) == 2)
        assert ana.texts[0] != ana.texts[1]
        assert await asyncio.to_thread(served.end, signal.SIGTERM) == 0
    for secret in ("canary", SECRET, VERIFY, ana.number, ana.scoped):
        assert secret not in served.told + served.complained


def test_a_second_signal_ends_it_at_once(start: Starts) -> None:
    served = start().ready()
    participant = served.browser()
    request = b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    port = int(served.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(request)  # a request under way, which gets its time of grace
        participant.open()
        served.process.send_signal(signal.SIGINT)
        wait_for(lambda: refused(port))
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(SOON) in (0, -signal.SIGINT)


def refused(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_one_line_and_touches_nothing(start: Starts, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        served = start("--port", port)
        assert served.process.wait(SOON) == 1
    [line] = served.complained.splitlines()
    assert line.startswith(f"port {port} of 127.0.0.1: another program has it;")
    assert "--port" in line
    assert not (tmp_path / "chika.db").exists()


def test_a_database_of_a_newer_program_is_refused(start: Starts, tmp_path: Path) -> None:
    assert start().ready().end(signal.SIGTERM) == 0
    with sqlite3.connect(tmp_path / "chika.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    served = start()
    assert served.process.wait(SOON) == 1
    [line] = served.complained.splitlines()
    assert "schema 9999" in line
    assert "newer program" in line


def test_a_locked_database_is_told(start: Starts, tmp_path: Path) -> None:
    assert start().ready().end(signal.SIGTERM) == 0
    database = sqlite3.connect(tmp_path / "chika.db", isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    served = start()
    assert served.process.wait(SOON) == 1
    database.close()
    [line] = served.complained.splitlines()
    assert "database is locked" in line


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("sqlite:///{folder}/notes.txt", "file is not a database"),
        ("sqlite:///{folder}", "Is a directory"),
        ("postgresql://127.0.0.1:1/nobody", "its server is away"),
    ],
)
def test_a_store_that_is_none_is_told_in_one_line(
    start: Starts, tmp_path: Path, store: str, told: str
) -> None:
    (tmp_path / "notes.txt").write_text("These are notes, and long enough to be looked at. " * 9)
    served = start(store=store.format(folder=tmp_path))
    assert served.process.wait(SOON) == 1
    [line] = served.complained.splitlines()
    assert told in line


def test_a_database_that_does_not_exist_is_told_in_one_line(start: Starts, postgres: str) -> None:
    server, _, _ = postgres.partition("?")
    served = start(store=f"{server.rpartition('/')[0]}/no_such_database")
    assert served.process.wait(SOON) == 1
    [line] = served.complained.splitlines()
    assert "no_such_database" in line


def test_an_address_that_is_not_ours_is_told_in_one_line(start: Starts) -> None:
    served = start(CHIKA_WEB_HOST="203.0.113.9", CHIKA_WEB_ALLOW_INSECURE="true")
    assert served.process.wait(SOON) == 1
    [line] = served.complained.splitlines()
    assert "203.0.113.9" in line
    assert "web.host" in line


@pytest.mark.parametrize(
    ("arguments", "env", "told"),
    [
        (["--port", "70000"], {}, "CHIKA_WEB_PORT"),
        (["--store", "mysql://x/y"], {}, "CHIKA_STORE_URL"),
        ([], {"CHIKA_WEB_HOST": "0.0.0.0"}, "without encryption"),
        ([], {"CHIKA_LOG_LEVEL": "loud"}, "debug, info, warning, error"),
    ],
)
def test_wrong_settings_are_misuse_and_told_without_a_traceback(
    start: Starts, arguments: list[str], env: dict[str, str], told: str
) -> None:
    served = start(*arguments, **env)
    assert served.process.wait(SOON) == 2
    assert told in served.complained
    assert "Traceback" not in served.complained


def test_broken_flow_files_are_told_with_file_and_line(tmp_path: Path) -> None:
    probe = (
        "from pathlib import Path; from bot import bootstrap; from bot.cli import main, serve\n"
        f"flows = Path({str(tmp_path)!r})\n"
        "serve.read_product = lambda config: bootstrap.read_product(config, flows)\n"
        "main(['serve', '--port', '0'])"
    )
    (tmp_path / "g_pindah.yaml").write_text("code: G\ntitle: Pindah\nstepz: {}\n")
    url = f"sqlite:///{tmp_path / 'chika.db'}"
    ran = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={**os.environ, "CHIKA_STORE_URL": url, "CHIKA_WEB_SECRET": "x" * 32},
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )
    assert ran.returncode == 1
    assert "g_pindah.yaml:3: " in ran.stderr
    assert "unknown key 'stepz'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_part_that_breaks_ends_the_whole_with_a_line(tmp_path: Path) -> None:
    probe = (
        "from bot.runtime.sender import Sender; from bot.cli import main\n"
        "async def run(self): raise KeyError('7171015708909901')\n"
        "Sender.run = run\n"
        "main(['serve', '--port', '0'])"
    )
    url = f"sqlite:///{tmp_path / 'chika.db'}"
    ran = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={
            **os.environ,
            "CHIKA_STORE_URL": url,
            "CHIKA_WEB_SECRET": "x" * 32,
            "CHIKA_LOG_FORMAT": "json",
        },
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    told = json.loads(line)
    assert (told["level"], told["error"]) == ("error", "KeyError")
    assert "ended by itself" in told["event"]
    assert "7171" not in ran.stderr


def test_an_album_is_kept_and_a_picture_survives_the_restart(start: Starts, tmp_path: Path) -> None:
    served = start().ready()
    participant = served.browser().say(*FILING_E[:-4], FILES / "ktp.jpg")
    assert served.end(signal.SIGTERM) == 0
    again = start().ready()
    returned = again.browser(participant.client.cookies)
    returned.say(*FILING_E[-3:])
    assert re.search(r"MND-E-\d{4}", returned.bubbles[-1])
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == 2
