"""What must be survived: strange updates and a machine in trouble, through the real runtime."""

import asyncio
import io
import sqlite3
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw

from bot.bootstrap import App, Product, read_product, running
from bot.channels.telegram_decode import FileRef, decode
from bot.config import Config
from bot.runtime.ports import Media
from data.instants import to_us
from data.store import StoreBusy
from flows.session import Session
from tests.bot.runtime.stage import SOON, Flaky, Post, until
from tests.desk import SetClock

CHAT = "telegram:81"
PERSON = {"id": 81, "is_bot": False, "first_name": "Peserta"}
PRIVATE = {"id": 81, "type": "private", "first_name": "Peserta"}
FILE = {"file_id": "F", "file_unique_id": "u"}
PATIENCE = 50
"""Milliseconds that a locked database is waited for."""
FLOW = """
code: Z
title: Uji masukan
menu: {order: 1, row: Uji masukan, note: Uji}
source: {key: OWN, date: 2026-11-21}
consent: {data: nama}
prepare: {minutes: 1, items: [KK]}
documents:
  kk: {name: Kartu Keluarga, source: OWN, date: 2026-11-21}
steps:
  nama: {type: text, label: Nama, ask: "Siapa namanya?", help: Tulis.}
  hp: {type: phone, label: HP, ask: "Nomor HP?", help: Tulis.}
  catatan: {type: text, label: Catatan, ask: "Catatan apa?", help: Tulis.}
  foto: {type: photo, document: kk, label: Foto, pages: 10, ask: "Kirim foto KK.", help: Foto.}
  kota: {type: regency, label: Kota, ask: "Kota apa?", help: Tulis.}
  cabang: {type: branch, from: kota, label: Kantor, ask: "Dilayani {{ branch }}?", help: Tulis.}
report: g_perubahan_fktp.txt.j2
"""

MENUS = """
"2020":
  source: {key: OWN, date: 2026-11-21}
  items:
    urus: {label: Urus administrasi, services: [others]}
"""


class Camera(Post):
    """A channel that tells which album a file belongs to, as Telegram does."""

    async def fetch(self, media: str) -> Media:
        album = msgspec.json.decode(media, type=FileRef).album
        return replace(await super().fetch(media), album=album)


@dataclass
class Person:
    """Someone on Telegram, and the product that hears them."""

    app: App
    store: Flaky
    post: Post
    number: int = 100
    heard: int = 0

    async def send(self, *updates: dict[str, Any]) -> list[str]:
        """Deliver raw updates at once; what is told when everything had its turn."""
        await self.app.runtime.receive([event for raw in updates for event in self.events(raw)])
        return await self.told()

    def events(self, raw: dict[str, Any]) -> list[Any]:
        return decode(raw, bot_id=42, received_at=to_us(self.app.clock.now()))

    async def told(self) -> list[str]:
        """What arrived since the last time, once nothing waits any more."""
        await until(self._quiet)
        new = self.post.told(CHAT)[self.heard :]
        self.heard += len(new)
        return new

    async def say(self, *texts: str) -> list[str]:
        """Send texts one by one; what is told after the last."""
        found: list[str] = []
        for text in texts:
            found = await self.send(self.message(text=text))
        return found

    def message(self, **content: Any) -> dict[str, Any]:
        self.number += 1
        said = {"message_id": 5, "date": 1_764_000_000, "chat": PRIVATE, "from": PERSON}
        return {"update_id": self.number, "message": said | content}

    def photo(self, name: str, data: bytes, **more: Any) -> dict[str, Any]:
        """A picture whose bytes can be fetched under *name*."""
        size = {"file_id": name, "file_unique_id": name, "width": 90, "height": 90}
        raw = self.message(photo=[size], **more)
        self.post.files[self.events(raw)[0].media] = [data]
        return raw

    async def to_question(self, name: str) -> None:
        """Open the service and answer up to the question of step *name*."""
        await self.say("/start Z", "setuju")
        answers = {"nama": "Siti Aminah", "hp": "0812-0000-0142", "catatan": "Tidak ada"}
        for step, answer in answers.items():
            if step == name:
                break
            await self.say(answer)
        assert (await self.session()).put is not None

    async def session(self) -> Session:
        [(raw,)] = await self.store.look(f"SELECT session FROM chat WHERE id = '{CHAT}'")
        return msgspec.json.decode(raw, type=Session)

    async def answers(self) -> dict[str, Any]:
        journey = (await self.session()).journey
        return journey.answers if journey else {}

    async def _quiet(self) -> bool:
        waiting = await self.store.look(
            "SELECT (SELECT COUNT(*) FROM event WHERE status IN ('new', 'fetching')"
            " AND channel <> 'timer')"
            " + (SELECT COUNT(*) FROM outbox WHERE status IN ('pending', 'sending'))"
        )
        return waiting == [(0,)]


@dataclass
class House:
    """A folder with the flow file, for products that are started from it."""

    folder: Path
    store: Flaky
    clock: SetClock
    post: Post = field(default_factory=lambda: Camera("telegram"))

    def product(self, flow: str = FLOW) -> Product:
        flows = self.folder / "flows"
        flows.mkdir(exist_ok=True)
        (flows / "z_uji.yaml").write_text(flow)
        (flows / "menus.yaml").write_text(MENUS)
        return read_product(Config(root=self.folder), flows)

    @asynccontextmanager
    async def open(self, product: Product | None = None) -> AsyncIterator[Person]:
        async with running(product or self.product(), [self.post], self.clock, self.store) as app:
            yield Person(app, self.store, self.post, heard=len(self.post.told(CHAT)))


@pytest.fixture
def house(tmp_path: Path, migrated: Path, clock: SetClock) -> House:
    path = tmp_path / "store.db"
    path.write_bytes(migrated.read_bytes())
    return House(tmp_path, Flaky(path, patience=PATIENCE), clock)


@pytest.fixture
async def person(house: House) -> AsyncIterator[Person]:
    async with house.open() as person:
        yield person


def card(text: str) -> bytes:
    """A sharp, bright picture that differs from others by its *text*."""
    picture = Image.new("RGB", (400, 260), "white")
    pen = ImageDraw.Draw(picture)
    for line in range(0, 260, 20):
        pen.text((10, line), f"{text} KARTU KELUARGA {line}", fill="black")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of 400 megapixels in some 50 KB."""
    side = 20_000

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"text": ""}, "belum bisa kami baca"),
        ({"text": "   \u200b  "}, "belum bisa kami baca"),
        ({"text": "🙏😀🎉"}, "belum bisa kami baca"),
        ({"voice": FILE | {"duration": 3}}, "rekaman suara"),
        (
            {
                "sticker": FILE
                | {"type": "regular", "width": 9, "height": 9}
                | {"is_animated": False, "is_video": False}
            },
            "Stiker",
        ),
        ({"location": {"latitude": 1.4, "longitude": 124.8}}, "okasi"),
        ({"poll": {"unknown": "kind"}, "text": "Siti"}, "gangguan"),
        (
            {"contact": {"phone_number": "+62812", "first_name": "B", "user_id": 9}},
            "jawaban tertulis",
        ),
    ],
)
async def test_what_is_no_answer_is_answered_and_changes_nothing(
    person: Person, content: dict[str, Any], answer: str
) -> None:
    await person.to_question("nama")

    told = await person.send(person.message(**content))

    if answer == "gangguan":
        assert told == []
    else:
        assert answer in "\n".join(told)
    assert await person.answers() == {}
    assert "Nomor HP" in "\n".join(await person.say("Siti Aminah"))


async def test_fifty_thousand_characters_are_no_name_and_hold_nobody_up(person: Person) -> None:
    await person.to_question("nama")

    told = await person.send(person.message(text="panjang " * 6_250))

    assert len(told) == 1
    assert len(told[0]) <= 4_096
    assert await person.answers() == {}


async def test_an_edited_message_is_not_applied(person: Person) -> None:
    await person.to_question("nama")
    await person.say("Siti Aminah")
    edited = person.message(text="Orang Lain")
    edited["edited_message"] = edited.pop("message") | {"edit_date": 1_764_000_100}

    told = await person.send(edited)

    assert "diubah" in told[0]
    assert (await person.answers())["nama"] == "Siti Aminah"


async def test_an_update_that_cannot_be_decoded_is_kept_aside_and_blocks_nobody(
    person: Person,
) -> None:
    await person.to_question("nama")
    strange = person.message(text="Siti", forward_origin={"type": "from_the_future"})

    told = await person.send(strange, person.message(text="Siti Aminah"))

    assert "Nomor HP" in told[0]
    dead = await person.store.look("SELECT error, body FROM event WHERE status = 'dead'")
    assert [error.partition(":")[0] for error, _ in dead] == ["unreadable"]
    assert b"from_the_future" in dead[0][1]


async def test_ten_photos_at_once_are_ten_pages_of_one_document(person: Person) -> None:
    await person.to_question("foto")
    album = [person.photo(f"p{n}", card(f"lembar {n}"), media_group_id="album") for n in range(10)]

    told = await person.send(*album)

    answers = await person.answers()
    assert set(answers) == {"nama", "hp", "catatan", "foto"}
    assert len({page["sha256"] for page in answers["foto"]}) == 10
    assert sum("Kota apa" in text for text in told) == 1


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (bomb(), "terlalu besar untuk dibuka"),
        (b"MZ" + bytes(500), "bukan foto atau PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan foto atau PDF"),
        (card("x")[:200], "belum sampai"),
        (b"", "belum sampai"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused_with_the_cause(
    person: Person, data: bytes, answer: str
) -> None:
    assert len(data) < 60_000
    await person.to_question("foto")

    told = await person.send(person.photo("kartu.jpg", data))

    assert answer in told[0]
    assert "foto" not in await person.answers()
    told = await person.send(person.photo("kartu2.jpg", card("baik")))
    assert "1 halaman" in "\n".join(told)


async def test_another_persons_contact_is_no_answer_to_the_question_of_the_telephone(
    person: Person,
) -> None:
    await person.to_question("hp")
    card = {"phone_number": "+6281200000142", "first_name": "Budi", "user_id": 9}

    told = await person.send(person.message(contact=card))

    assert "orang lain" in told[0]
    assert "hp" not in await person.answers()


async def test_a_button_of_a_deleted_message_is_answered_kindly(person: Person) -> None:
    await person.to_question("nama")
    query = {"id": "q", "from": PERSON, "chat_instance": "1"}
    pressed = {"update_id": 900, "callback_query": query | {"data": "1|setuju"}}

    told = await person.send(pressed)

    assert "sudah lewat" in told[0]
    assert "Siapa namanya" in "\n".join(told)
    assert await person.answers() == {}


async def test_of_two_answers_ten_milliseconds_apart_none_lands_under_another_question(
    person: Person, house: House
) -> None:
    await person.to_question("hp")
    first = person.events(person.message(text="0812-0000-0142"))
    second = person.events(person.message(text="ini catatan untuk HP"))
    house.clock.at += timedelta(milliseconds=10)

    await person.app.runtime.receive([*first, *second])
    told = await person.told()

    assert "catatan" not in await person.answers()
    assert "Catatan apa" in told[-1]


async def test_the_same_update_twice_is_one_answer(person: Person) -> None:
    await person.to_question("nama")
    update = person.message(text="Siti Aminah")

    told = await person.send(update, update)
    again = await person.send(update)

    assert len(told) == 1
    assert again == []
    assert set(await person.answers()) == {"nama"}


async def test_updates_out_of_order_are_taken_in_their_order(person: Person) -> None:
    opening, agreeing = person.message(text="/start Z"), person.message(text="setuju")

    await person.send(agreeing, opening)

    assert (await person.session()).phase in ("filling", "consent")
    [(first,)] = await person.store.look(
        "SELECT event.rank FROM outbox JOIN event ON event.id = outbox.event ORDER BY seq LIMIT 1"
    )
    assert first == opening["update_id"]


@asynccontextmanager
async def locked(person: Person) -> AsyncIterator[None]:
    """Another program holds the whole database."""
    other = sqlite3.connect(person.store._path, isolation_level=None, timeout=5)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@asynccontextmanager
async def full(person: Person) -> AsyncIterator[None]:
    """No page can be added to the file."""

    async def limit(tx: Any, pages: int) -> None:
        tx._execute(f"PRAGMA max_page_count = {pages}")

    [(used,)] = await person.store.look("PRAGMA page_count")
    await person.store.write(lambda tx: limit(tx, used))
    try:
        yield
    finally:
        person.store._writer._connection.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.parametrize("trouble", [locked, full])
async def test_while_the_database_cannot_be_written_nothing_is_acknowledged_and_later_all_goes_on(
    person: Person, trouble: Callable[[Person], Any]
) -> None:
    await person.to_question("nama")
    big = person.events(person.message(text="Siti " * 400))
    ten = [event for n in range(40) for event in person.events(person.message(text="Siti " * 400))]

    async with trouble(person):
        with pytest.raises(StoreBusy):
            await person.app.runtime.receive([*big, *ten])
        assert not any(loop.done() for loop in person.app.runtime._loops)

    assert "Nomor HP" in "\n".join(await person.say("Siti Aminah"))
    assert await person.store.look("PRAGMA integrity_check") == [("ok",)]


async def test_a_sentence_that_fails_costs_its_own_chat_one_apology_and_others_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = house.product()
    render = product.catalogue.render

    def broken(key: str, values: Any, language: str = "id") -> str:
        if key == "Z.step.hp.ask":
            raise ValueError("a template that fails")
        return render(key, values, language)

    monkeypatch.setattr(type(product.catalogue), "render", lambda _, *a, **v: broken(*a, **v))
    async with house.open(product) as person:
        await person.to_question("nama")
        before = person.heard
        await person.say("Siti Aminah")
        await until(lambda: len(house.post.told(CHAT)) > before)
        told = house.post.told(CHAT)[before:]
        other = person.message(text="halo")
        other["message"] |= {"chat": PRIVATE | {"id": 82}, "from": PERSON | {"id": 82}}
        await person.send(other)

        assert "belum bisa kami proses" in told[0]
        assert len(house.post.told("telegram:82")) == 1
        assert await person.answers() == {}
        assert (await person.session()).phase == "filling"


async def test_a_flow_file_that_changed_while_people_are_in_it_keeps_what_they_said(
    house: House,
) -> None:
    async with house.open() as person:
        await person.to_question("hp")
    gone = FLOW.replace(
        '  hp: {type: phone, label: HP, ask: "Nomor HP?", help: Tulis.}\n',
        '  email: {type: email, label: Surel, ask: "Alamat surel?", help: Tulis.}\n',
    )

    async with house.open(house.product(gone)) as person:
        person.number = 500
        told = await person.say("0812-0000-0142")

        assert "Alamat surel" in "\n".join(told)
        answers = await person.answers()
        assert answers["nama"] == "Siti Aminah"
        assert "email" not in answers


async def test_everything_at_once_from_many_people_ends_with_an_answer_for_each(
    person: Person,
) -> None:
    updates = []
    for someone in range(200, 260):
        update = person.message(text="halo")
        update["message"] |= {"chat": PRIVATE | {"id": someone}, "from": PERSON | {"id": someone}}
        updates.append(update)

    await asyncio.wait_for(person.send(*updates, *updates), SOON)

    assert {len(person.post.told(f"telegram:{n}")) for n in range(200, 260)} == {1}
