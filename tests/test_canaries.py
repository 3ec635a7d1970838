"""Personal data stays where it belongs: a whole story is told, then everything else is searched.

What a leak would look like is in ``tests/canaries.py``.
"""

import asyncio
import importlib
import io
import json
import logging
import pkgutil
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

import bot
import data
import flows
import forms
import services
from bot.channels.web.channel import WebChannel
from bot.cli import doctor
from bot.runtime import turns
from bot.texts.catalogue import Catalogue
from services.officers import Officer
from tests.bot.channels.web.site import Visitor
from tests.canaries import CANARIES, found_in
from tests.house import PATIENCE, House, finish, open_house, photo, press, talk, until

RINA = Officer("rina", "Rina K.", "KC-MANADO")
SARI = Officer("sari", "Sari T.", "KC-TONDANO")
SORRY = "belum bisa kami proses"

IN_THE_DATABASE = {
    "chat.session",
    "event.body",
    "event.media",
    "message.body",
    "outbox.body",
    "request.answers",
    "request.outcome",
    "request.reason",
    "request.report",
    "request.report_masked",
    "request_document.name",
    "request_term.term",
}
"""The columns that hold what people wrote. docs/privacy.md says who reads them and how long."""

NUMBERS = {"nik", "nik of the reporter", "family card", "card"}

PHOTOS = [photo(CANARIES["inside a picture"], seed) for seed in range(5)]
"""Made before anybody listens: the library that writes them says what it writes."""

LIBRARIES = ("aiogram", "aiosqlite", "asyncio", "httpx", "sqlalchemy", "transitions", "uvicorn")


@dataclass
class Written:
    """Everything that was logged, and every error of ours that was made."""

    log: io.StringIO = field(default_factory=io.StringIO)
    errors: list[BaseException] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.log.getvalue()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """All loggers at their lowest level, with tracebacks and every part of every record."""
    written = Written()
    handler = logging.StreamHandler(written.log)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)r"))
    for name in LIBRARIES:
        importlib.import_module(name)
    names = [None, *LIBRARIES, *logging.root.manager.loggerDict]
    for logger in {logging.getLogger(name) for name in names}:
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        monkeypatch.setattr(logger, "propagate", True)
        monkeypatch.setattr(logger, "disabled", False)
        logger._cache.clear()  # type: ignore[attr-defined]
    # a server sets its own level at its start
    monkeypatch.setattr("uvicorn.Config.configure_logging", lambda self: None)
    monkeypatch.setattr(logging.root, "handlers", [*logging.root.handlers, handler])
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        logger_factory=structlog.PrintLoggerFactory(written.log),
    )
    for kind in own_errors():
        record(kind, written.errors, monkeypatch)
    yield written
    structlog.reset_defaults()


def own_errors() -> set[type[BaseException]]:
    """Every class of errors that the product defines."""
    for package in (bot, data, flows, forms, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and module.name != "services.decoding":
                importlib.import_module(module.name)

    def below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    ours = ("bot.", "data.", "flows.", "forms.", "services.")
    return {kind for kind in below(Exception) if kind.__module__.startswith(ours)}


def record(
    kind: type[BaseException], into: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kind.__init__

    def remember(self: BaseException, *args: Any, **values: Any) -> None:
        made(self, *args, **values)
        into.append(self)

    monkeypatch.setattr(kind, "__init__", remember)


@pytest.fixture
async def house(written: Written, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def test_what_people_tell_is_nowhere_but_where_it_belongs(
    house: House,
    written: Written,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    visitor = await house.visitor()
    ticket = await file_e(visitor)
    on_telegram = await file_g(house)
    rina = await house.officer(RINA)
    await serve(house, rina, visitor, ticket)
    await refuse_wrong_posts(house, rina, ticket)
    await fail_everywhere(house, visitor, rina, ticket, monkeypatch)
    await end_it(house, rina, ticket)
    live = await live_pages(house, visitor, rina)
    url = house.app.product.config.store.url
    report = doctor.look_at_store(url)
    assert report["state"] == "answers"
    rows = list(stored(house.folder / "chika.db"))

    assert on_telegram == "MND-G-0001"
    # the data did pass through, so that an empty finding means something
    assert {
        name for place, text in rows if place in IN_THE_DATABASE for name in found_in(text)
    } >= {*CANARIES} - {"inside a picture"}
    assert any("turn failed" in line for line in written.text.splitlines())
    assert any("page failed" in line for line in written.text.splitlines())
    assert any("send failed" in line for line in written.text.splitlines())
    assert {"Invalid", "Refused", "NotFound"} <= {type(error).__name__ for error in written.errors}

    leaks: dict[str, set[str]] = {
        "log": found_in(written.text),
        "printed": found_in("".join(capsys.readouterr())),
        "doctor": found_in(doctor.as_text({"store": report, "problems": []})),
        "live pages": found_in(live),
        **{f"error {e!r}": found_in(f"{e} {e!r}") for e in written.errors},
        **{f"answer {a.url.path}": found_in(told_by(a, house)) for a in house.answers},
        **{
            f"stored {place}": found_in(text)
            for place, text in rows
            if place not in IN_THE_DATABASE
        },
        **{f"masked {n}": found_in(t) & NUMBERS for n, t in enumerate(masked_in(rows))},
        **{f"file {path.name}": found_in(path.read_bytes()) for path in files(house.folder)},
    }
    assert {place: names for place, names in leaks.items() if names} == {}


@pytest.mark.parametrize("level", ["debug", "error"])
def test_the_search_finds_a_canary_in_a_log(written: Written, level: str) -> None:
    for name, canary in CANARIES.items():
        getattr(logging.getLogger("aiogram.event"), level)("came: %s", {"text": canary})
        assert name in found_in(written.text)
        getattr(structlog.get_logger("bot"), level)("came", text=canary.upper())
    assert found_in(written.text) == set(CANARIES)


def test_the_search_finds_a_canary_in_the_message_of_an_error(written: Written) -> None:
    from forms.fields import Invalid

    told = Invalid("salah.nik", text=CANARIES["nik"])
    careless = Invalid(f"salah.nik {CANARIES['nik']}")

    assert written.errors == [told, careless]
    assert [found_in(repr(error)) for error in written.errors] == [set(), {"nik"}]


async def file_e(visitor: Visitor) -> str:
    """Service E by the page, with wrong answers on the way; the ticket's number."""
    await visitor.open()
    told = CANARIES
    said = [
        ("E", "Setuju?"),
        ("ya", "Data siapa yang mau diubah?"),
        ("data saya", "Siapa yang membayar"),
        ("bayar sendiri", "sudah benar?"),
        ("ya", "Nama lengkap peserta?"),
        (told["name"], "NIK peserta?"),
        (told["card"], "16"),
        (told["email"], ""),
        (told["nik"], "Tanggal lahir"),
        (f"{told['nik']} ?", ""),
        ("07-03-1956", "Data apa yang mau diubah?"),
        ("nama", "Nama yang tertulis"),
        (told["name before"], "Ada data lain"),
        ("ada", "Data apa"),
        ("nomor kk", "Kartu Keluarga (KK) yang benar?"),
        (told["family card"], "Ada data lain"),
        ("ada", "Data apa"),
        ("alamat", "Alamat yang benar?"),
        (f"{told['address']}, RT 02 RW 03, Kelurahan Sario, Kecamatan Sario", "Ada data lain"),
        ("ada", "Data apa"),
        ("email", "Alamat email"),
        (f"{told['email']} {told['nik']}", ""),
        (told["email"], "Ada data lain"),
        ("ada", "Data apa"),
        ("nomor hp", "Nomor HP lama"),
        (told["phone before"], "Nomor HP yang baru?"),
        (told["phone"], "Ada data lain"),
        ("tidak", "dokumen pendukung"),
        ("tidak", "Nomor HP yang bisa"),
        (told["phone"], "kabupaten atau kota"),
        (told["address"], ""),
        ("Kota Manado", "Sudah benar?"),
        ("ya", "foto KTP"),
    ]
    await talk(visitor, said)
    for picture, answer in zip(PHOTOS, ("Kartu Keluarga (KK).", "foto kartu JKN"), strict=False):
        await visitor.send((CANARIES["file name"], picture))
        await until(visitor, answer)
    await visitor.say("lewati")
    await until(visitor, "Mohon periksa")
    await visitor.say("KIRIM")
    await until(visitor, "Nomor tiket")
    return ticket_in(visitor.last)


async def file_g(house: House) -> str:
    """Service G on Telegram, with an update that cannot be read; the ticket's number."""
    person = house.person(81)
    broken = CANARIES["in a broken update"]
    said = [
        ("halo", "Pilih"),
        ("G", "Setuju?"),
        ("ya", "Siapa yang pindah"),
        ("keluarga saja", "TNI"),
        ("tidak", ""),
        ("1 oktober 2026", ""),
        ("kuliah", "status kartu"),
        ("aktif", "Nama lengkap pelapor?"),
        (CANARIES["reporter"], "Nama lengkap peserta?"),
        (CANARIES["name"], "NIK"),
        (CANARIES["nik"], "Tanggal lahir"),
        ("7 maret 1956", ""),
        (CANARIES["reporter"], "NIK"),
        (CANARIES["nik of the reporter"], ""),
        ("tidak", "HP"),
        (CANARIES["phone"], "faskes yang sekarang"),
        ("Puskesmas Sario", "kabupaten"),
        ("Manado", "Manado"),
        ("ya", "yang baru?"),
        ("Puskesmas Bahu", "Kartu Keluarga"),
    ]
    for text, answer in said:
        count = len(person.read)
        if text == "kuliah":
            hidden = {"type": "hidden_user", "date": 1}
            await person.send(text=f"{broken} {CANARIES['nik']}", forward_origin=hidden)
        await person.say(text)
        heard = await person.hears(count + 1)
        assert answer in heard[-1]["text"], (text, heard[-1]["text"])
    answers = ("kartu JKN", "surat keterangan kuliah", "Mohon periksa")
    for picture, answer in zip(PHOTOS[2:], answers, strict=True):
        count = len(person.read)
        await person.send_photo(picture)
        assert answer in (await person.hears(count + 1))[-1]["text"]
    count = len(person.read)
    await person.say("kirim")
    return ticket_in((await person.hears(count + 1))[-1]["text"])


def ticket_in(text: str) -> str:
    found = re.search(r"MND-[EG]-\d{4}", text)
    assert found, text
    return found[0]


async def serve(house: House, rina: httpx.AsyncClient, visitor: Visitor, ticket: str) -> None:
    """Rina takes the request, looks, answers, is answered, and asks for the name again."""
    path = f"/admin/tiket/{ticket}"
    await press(rina, f"{path}/ambil")
    page = (await rina.get(path)).text
    assert found_in(page) & NUMBERS == set()
    assert "nik" in found_in((await press(rina, f"{path}/lihat")).text)
    sha256 = re.findall(rf"{path}/berkas/([0-9a-f]+)", page)
    assert (await rina.get(f"{path}/berkas/{sha256[0]}")).status_code == 200
    await press(rina, f"{path}/balas", balasan=f"{CANARIES['reply']} {CANARIES['nik']}")
    await until(visitor, CANARIES["reply"])
    await visitor.say(f"kartu saya {CANARIES['card']}, NIK {CANARIES['nik']}")
    await press(rina, f"{path}/catatan", catatan=f"cek {CANARIES['name']} {CANARIES['card']}")
    fields = {"langkah": "nama:0", "perbaikan": f"bukan {CANARIES['name before']}"}
    await press(rina, f"{path}/perbaikan", **fields, kode="tidak_cocok", kirim="ya")
    await until(visitor, "Nama lengkap peserta?")
    await visitor.say(CANARIES["name"])
    await until(visitor, "sudah kami terima")


async def refuse_wrong_posts(house: House, rina: httpx.AsyncClient, ticket: str) -> None:
    """Posts and addresses that hold personal data and are not taken."""
    path = f"/admin/tiket/{ticket}"
    sari = await house.officer(SARI)
    secret = f"{CANARIES['nik']} {CANARIES['name']}"
    answers = [
        await press(sari, f"{path}/balas", balasan=secret),
        await rina.get(f"/admin/tiket/{'9' * 3000}"),
        await rina.get(f"{path}/berkas/{'z' * 64}"),
        await rina.post("/admin/masuk", data={"kunci": secret}),
        await house.browser().post("/chat", data={"text": secret}),
        await house.browser().post(
            "/chat", data={"text": secret}, headers={"Origin": "https://jahat.example"}
        ),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404}
    house.given_back += [
        await press(sari, f"{path}/perbaikan", langkah=secret, perbaikan=secret),
        await rina.post(f"{path}/balas", data={"balasan": secret}),
        await press(rina, f"{path}/tolak", sebab=secret, boleh_lagi=CANARIES["nik"]),
    ]
    assert [answer.status_code for answer in house.given_back] == [404, 403, 409]


async def fail_everywhere(
    house: House,
    visitor: Visitor,
    rina: httpx.AsyncClient,
    ticket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A template, a turn, a message and a page fail, each with an error that quotes somebody."""
    secret = f"gagal {CANARIES['nik']} {CANARIES['name']} {CANARIES['reply']}"

    def fail(*args: Any, **values: Any) -> Any:
        raise ValueError(secret)

    with monkeypatch.context() as broken:
        rendering = Catalogue.render
        broken.setattr(
            Catalogue,
            "render",
            lambda *args, **values: rendering(*args, **values) if args[1] == "gangguan" else fail(),
        )
        await visitor.say("STATUS")
        await until(visitor, SORRY)
    with monkeypatch.context() as broken:
        broken.setattr(turns, "turn", fail)
        await visitor.say(CANARIES["nik"])
        await until(visitor, SORRY)
    with monkeypatch.context() as broken:
        sent = asyncio.Event()

        async def lost(*args: Any) -> str:
            sent.set()
            raise ValueError(secret)

        broken.setattr(WebChannel, "send", lost)
        await visitor.say("BANTUAN")
        async with asyncio.timeout(PATIENCE):
            await sent.wait()
    with monkeypatch.context() as broken:
        broken.setattr("bot.console.ticket_page.conversation.messages", fail)
        answer = await rina.get(f"/admin/tiket/{ticket}")
        assert answer.status_code == 500
        broken.setattr("bot.channels.web.routes.page_of", fail)
        assert (await visitor.client.get("/chat")).status_code == 500


async def end_it(house: House, rina: httpx.AsyncClient, ticket: str) -> None:
    outcome = f"Selesai untuk {CANARIES['name']} {CANARIES['nik']}"
    done = await finish(rina, f"/admin/tiket/{ticket}", outcome)
    assert done.status_code == 200
    house.clock.ahead(minutes=5)
    await house.app.runtime.tidy()


async def live_pages(house: House, visitor: Visitor, rina: httpx.AsyncClient) -> str:
    """What the streams of both pages say at first."""
    heard = ""
    for browser, path in ((visitor.client, "/chat/peristiwa"), (rina, "/admin/peristiwa")):
        async with asyncio.timeout(PATIENCE), browser.stream("GET", path) as stream:
            assert stream.status_code == 200
            async for text in stream.aiter_text():
                heard += text
                if "data:" in text:
                    break
    assert json.loads(heard.rpartition("data: ")[2])["waiting"] == 1
    return heard


def told_by(answer: httpx.Response, house: House) -> str:
    """What an answer tells beside its page: address, headers, and all of it where it refuses."""
    heading = f"{answer.url} {answer.reason_phrase} {answer.headers!r}"
    refuses = answer.is_error and answer not in house.given_back
    return heading + (answer.text if refuses else "")


def stored(file: Path) -> Iterator[tuple[str, str]]:
    """``table.column`` and the text of every value in the database."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            for column in row.keys():  # noqa: SIM118
                value = row[column]
                text = value.decode() if isinstance(value, bytes) else str(value)
                yield f"{table}.{column}", text
    connection.close()


def masked_in(rows: list[tuple[str, str]]) -> list[str]:
    return [text for place, text in rows if place == "request.report_masked"]


def files(folder: Path) -> list[Path]:
    """Everything on the disk beside the database."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.parent.parent.name == "documents" for path in found)
    return [path for path in found if not path.name.startswith("chika.db")]
