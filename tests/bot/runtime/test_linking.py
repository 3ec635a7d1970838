"""The same person in two chats, on both stores: a code, and everything goes along."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.bootstrap import Product
from bot.config import Config
from bot.runtime.messages import Outbound
from bot.runtime.turns import TurnLoop
from data.instants import to_us
from data.store import NewEvent, SendResult, Tx
from flows.events import ENCODER, Text
from services import codes, conversation, corrections, endings, linking
from services.corrections import Part
from services.refusals import Refused
from services.requests import hold, to_change
from tests.desk import DIMAS, RINA, RULES, Desk, postgres_desk, sqlite_desk

OLD, NEW, THIRD = "web:lama", "telegram:71710015", "telegram:99990015"
ANSWERS = {"nama": "Siti Aminah", "nik": "7171015708909901"}
WRONG = "Kode itu tidak bisa dipakai."


@dataclass
class Town:
    """A branch, and participants whose turns run."""

    desk: Desk
    product: Product
    sent: int = 0
    told: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.product.world(lambda moves: None)
        self.loop = TurnLoop(
            self.desk.store, world, self.desk.clock, batch=64, attempts=3, said=lambda report: None
        )

    def event(self, chat: str, text: str) -> NewEvent:
        self.sent += 1
        now = to_us(self.desk.clock.at)
        body = ENCODER.encode(Text(text))
        return NewEvent(chat.partition(":")[0], f"n{self.sent}", chat, body, now, now)

    async def say(self, chat: str, text: str) -> str:
        """What somebody reads after writing *text*, and all that follows from it."""
        self.told[chat] = []
        await self.desk.store.ingest([self.event(chat, text)])
        return await self.reads(chat)

    async def reads(self, chat: str) -> str:
        """What somebody was told since they wrote."""
        while await self.loop.once():
            pass
        store, now = self.desk.store, to_us(self.desk.clock.at)
        while messages := await store.claim_sends(owner="me", now=now, limit=64):
            for one in messages:
                text = msgspec.json.decode(one.body, type=Outbound).text
                self.told.setdefault(one.chat, []).append(text.replace("\2", "").replace("\3", ""))
            await store.sent("me", [SendResult(one.id, "sent", ended_at=now) for one in messages])
        return "\n".join(self.told.get(chat, []))

    async def code(self, chat: str = OLD) -> str:
        text = await self.say(chat, "sambung")
        return text.partition("SAMBUNG ")[2].split()[0]

    async def reply(self, number: str, text: str) -> None:
        await self.desk.do(conversation.reply, RINA, number, text, rules=RULES)


@pytest.fixture(params=["sqlite", "postgres"])
async def town(
    request: pytest.FixtureRequest, tmp_path: Path, product: Product
) -> AsyncIterator[Town]:
    opened = sqlite_desk(tmp_path) if request.param == "sqlite" else postgres_desk()
    async with opened as desk:
        await desk.store.heartbeat("me", to_us(desk.clock.at))
        yield Town(desk, product)


async def served(town: Town) -> str:
    """A request of `OLD` that Rina serves."""
    await town.say(OLD, "halo")
    number = (await town.desk.file(chat=OLD, answers=ANSWERS)).number
    await town.desk.claim(RINA, number)
    await town.reads(OLD)
    return number


async def test_replies_status_and_words_go_along(town: Town) -> None:
    number = await served(town)
    code = await town.code()

    read = await town.say(NEW, f"Sambung {code.lower().replace('-', ' ')}")

    assert f"Permintaan {number} sekarang dilanjutkan di sini." in read
    assert "Rina K." in read, "its status"
    assert (await town.reads(OLD)).endswith(
        "Permintaan Bapak/Ibu sekarang dilanjutkan di Telegram.\n"
        "Tidak merasa memindahkannya? Telepon 165."
    )
    await town.reply(number, "Sudah kami cek")
    assert "Sudah kami cek" in await town.reads(NEW)
    assert "Sudah kami cek" not in await town.reads(OLD)
    await town.say(NEW, "terima kasih, bu")
    await town.say(OLD, "apa kabar")
    request = await town.desk.request(number)
    written = [row["body"] for row in await town.desk.all("conversation", request=request.id)]
    assert written == ["Sudah kami cek", "terima kasih, bu"]
    assert request.chat == NEW


async def test_the_trail_says_who_followed_whom_masked(town: Town) -> None:
    number = await served(town)
    await town.say(NEW, f"SAMBUNG {await town.code()}")

    [row] = [
        row
        for row in await town.desk.all("audit_of", object=number)
        if row["action"] == linking.FOLLOWED
    ]
    assert msgspec.json.decode(row["detail"]) == {"before": "web:••••", "to": "telegram:••••0015"}


async def test_a_correction_is_given_in_the_new_chat(town: Town) -> None:
    number = await served(town)
    await town.desk.do(
        corrections.ask_correction, RINA, number, parts=[Part("nik", "Tidak jelas")], rules=RULES
    )
    await town.reads(OLD)

    read = await town.say(NEW, f"SAMBUNG {await town.code()}")
    assert "Tidak jelas" in read
    assert "NIK" in read
    await town.say(NEW, "7171015708909902")

    request = await town.desk.request(number)
    assert (request.status, request.answers["nik"]) == ("claimed", "7171015708909902")


async def test_what_was_said_and_had_not_left_is_told_in_the_new_chat(town: Town) -> None:
    number = await served(town)
    wait = timedelta(seconds=10)
    await town.desk.do(conversation.reply, RINA, number, "Kami cek", rules=RULES, wait=wait)
    await town.say(NEW, f"SAMBUNG {await town.code()}")
    assert "Kami cek" not in "".join(town.told[OLD] + town.told[NEW])

    town.desk.clock.at += wait
    assert "Kami cek" in await town.reads(NEW)
    assert "Kami cek" not in await town.reads(OLD)


async def test_the_new_chat_takes_over_before_it_hears_anything_else_of_the_request(
    town: Town,
) -> None:
    number = await served(town)
    code, wait = await town.code(), timedelta(seconds=10)
    await town.say(NEW, "halo")
    town.told = {}
    await town.desk.do(endings.finish, RINA, number, outcome="Sudah pindah", wait=wait)
    await town.desk.store.ingest([town.event(NEW, f"SAMBUNG {code}")])
    await town.loop.once()
    await town.loop.once()  # the old chat hands over, and by now the officer's word is due
    town.desk.clock.at += wait

    read = await town.reads(NEW)
    assert read.index("sekarang dilanjutkan di sini") < read.index("Sudah pindah")
    assert "Balasan" not in await town.say(NEW, "halo")
    [row] = await town.desk.all("session_of", chat=NEW)
    session = msgspec.json.decode(row["session"])
    assert (session.get("open", []), session.get("serving", [])) == ([], [])


@pytest.mark.parametrize("how", ["wrong", "used", "old", "replaced"])
async def test_a_code_that_does_not_count_gets_one_and_the_same_answer(
    town: Town, how: str
) -> None:
    number = await served(town)
    code = await town.code()
    if how == "used":
        await town.say(NEW, f"SAMBUNG {code}")
    elif how == "old":
        town.desk.clock.at += timedelta(minutes=linking.MINUTES)
    elif how == "replaced":
        await town.code()
    else:
        code = "ABCDE23456"
    await town.say(THIRD, "halo")

    read = await town.say(THIRD, f"SAMBUNG {code}")

    assert read.startswith(WRONG)
    assert read == await town.say(THIRD, "SAMBUNG VWXYZ56789")
    assert (await town.desk.request(number)).chat == (NEW if how == "used" else OLD)


async def test_after_some_wrong_codes_the_right_one_counts_no_more_for_a_while(town: Town) -> None:
    number = await served(town)
    await town.say(NEW, "halo")
    for _ in range(linking.WRONG.burst):
        wrong = await town.say(NEW, "SAMBUNG ABCDE23456")
    code = await town.code()

    assert await town.say(NEW, f"SAMBUNG {code}") == wrong
    assert (await town.desk.request(number)).chat == OLD
    town.desk.clock.at += linking.WRONG.every
    assert number in await town.say(NEW, f"SAMBUNG {code}")


async def test_wrong_codes_of_many_chats_keep_nobody_else_from_going_on(town: Town) -> None:
    number = await served(town)

    async def guess(tx: Tx) -> None:
        for n in range(1000):
            with contextlib.suppress(Refused):
                await linking.use_code(tx, f"web:x{n}", "ABCDE23456", now=town.desk.clock.at)

    await town.desk.store.write(guess)

    assert number in await town.say(NEW, f"SAMBUNG {await town.code()}")


def test_guessing_as_fast_as_a_channel_takes_messages_hits_nothing_in_ten_years() -> None:
    guesses = Config().flood.channel_per_minute * 60 * 24 * 365 * 10
    letters = len(codes.LETTERS)
    kinds = letters**linking.LENGTH - (letters - len(codes.FIGURES)) ** linking.LENGTH
    counting = 1000
    assert guesses * counting < kinds / 2


async def test_the_own_code_is_not_used_up_by_its_own_chat(town: Town) -> None:
    number = await served(town)
    code = await town.code()
    assert "Kode ini untuk obrolan yang lain." in await town.say(OLD, f"SAMBUNG {code}")
    assert number in await town.say(NEW, f"SAMBUNG {code}")


async def test_only_the_hash_of_a_code_is_stored(town: Town) -> None:
    await served(town)
    code = await town.code()

    def found(statement: str, **values: Any) -> Any:
        return town.desk.all(statement, **values)

    row = {
        "chat": OLD,
        "code_hash": codes.digest(codes.tidy(code)),
        "now": to_us(town.desk.clock.at),
    }
    assert await found("link_code_own", **row) == [{"chat": OLD}]
    assert await found("link_code_own", **{**row, "code_hash": code}) == []


async def test_nobody_learns_from_another_chat_whether_a_request_exists(town: Town) -> None:
    number = await served(town)
    await town.say(THIRD, "halo")
    strange = "MND-G-9999"

    for words in ("status {}", "cek tiket {}", "tiket saya {} bagaimana", "{}"):
        real = await town.say(THIRD, words.format(number))
        none = await town.say(THIRD, words.format(strange))
        assert real.replace(number, "N") == none.replace(strange, "N"), words
    known = await town.say(THIRD, ANSWERS["nik"])
    assert known == await town.say(THIRD, "7171015708909907")


async def test_the_old_chat_says_where_its_requests_went_and_nothing_else(town: Town) -> None:
    number = await served(town)
    await town.say(NEW, f"SAMBUNG {await town.code()}")
    await town.say(THIRD, "halo")
    gone = "Permintaan dari obrolan ini dilanjutkan di Telegram.\nKetik STATUS di sana."

    for words in ("status", "terakhir", f"status {number}", "status MND-G-9999"):
        assert (await town.say(OLD, words)).startswith(gone), words
        assert "Telegram" not in await town.say(THIRD, words), words
    assert await town.say(OLD, "sambung") == await town.say(THIRD, "sambung")

    await town.say(OLD, f"SAMBUNG {await town.code(NEW)}")
    assert number in await town.say(OLD, "status")
    await town.desk.do(endings.refuse, RINA, number, reason="Belum", calendar=town.desk.calendar)
    assert "Telegram" not in await town.say(OLD, "status MND-G-9999")


async def test_a_code_used_twice_at_once_has_one_winner(town: Town) -> None:
    number = await served(town)
    code = await town.code()
    await town.say(NEW, "halo")
    await town.say(THIRD, "halo")
    town.told = {}

    await town.desk.store.ingest([town.event(chat, f"SAMBUNG {code}") for chat in (NEW, THIRD)])
    other = Town(town.desk, town.product)
    await asyncio.gather(town.loop.once(), other.loop.once())
    read = {chat: await town.reads(chat) for chat in (NEW, THIRD)}

    [winner] = [chat for chat, text in read.items() if number in text]
    assert (await town.desk.request(number)).chat == winner
    [loser] = {NEW, THIRD} - {winner}
    assert read[loser].startswith(WRONG)


Verb = Callable[[Town, str], Any]


async def _claim(town: Town, number: str) -> None:
    await town.desk.claim(RINA, number)


async def _claim_next(town: Town, number: str) -> None:
    await town.desk.claim_next(DIMAS)


async def _end(town: Town, number: str) -> None:
    await town.desk.claim(RINA, number)
    await town.desk.do(endings.finish, RINA, number, outcome="Sudah pindah")


@pytest.mark.parametrize("verb", [_claim, _claim_next, _end])
async def test_what_officers_do_while_it_moves_is_told_where_the_participant_is(
    town: Town, verb: Verb
) -> None:
    await town.say(OLD, "halo")
    number = (await town.desk.file(chat=OLD, answers=ANSWERS)).number
    code = await town.code()
    await town.say(NEW, "halo")
    await town.desk.store.ingest([town.event(NEW, f"SAMBUNG {code}")])
    await town.loop.once()  # the code is used, and the old chat is to hand over
    town.told = {}

    await asyncio.gather(town.loop.once(), verb(town, number))
    read = await town.reads(NEW)

    assert f"Permintaan {number} sekarang dilanjutkan di sini." in read
    request = await town.desk.request(number)
    assert request.chat == NEW
    word = "Sudah pindah" if verb is _end else "Dimas P." if verb is _claim_next else "Rina K."
    told = read + "".join(town.told.get(OLD, []))
    assert word in told
    if word in "".join(town.told.get(OLD, [])):  # it was told before the chat was left
        assert town.told[OLD][-1].startswith("Permintaan Bapak/Ibu sekarang dilanjutkan")


async def test_whoever_read_the_request_before_it_moved_holds_the_chat_where_it_is(
    town: Town,
) -> None:
    number = await served(town)
    code = await town.code()
    before = await town.desk.request(number)
    await town.say(NEW, f"SAMBUNG {code}")

    held = await town.desk.store.write(lambda tx: hold(tx, number, before.chat))
    assert held == NEW
    assert (await town.desk.store.write(lambda tx: to_change(tx, RINA, number))).chat == NEW


async def test_what_was_sent_before_the_code_still_belongs_to_the_request(town: Town) -> None:
    number = await served(town)
    code, store, now = await town.code(), town.desk.store, to_us(town.desk.clock.at)
    sent = msgspec.structs.replace(town.event(OLD, ""), rank=7, media="foto")
    await store.ingest([sent])

    read = await town.say(NEW, f"SAMBUNG {code}")
    assert "Sebentar" in read
    assert number not in read
    [waiting] = await store.fetches(9)
    await store.fetched(waiting.event, ENCODER.encode(Text("ini tambahannya")), now)

    assert number in await town.reads(NEW)
    request = await town.desk.request(number)
    written = [row["body"] for row in await town.desk.all("conversation", request=request.id)]
    assert written == ["ini tambahannya"]


async def test_a_code_that_has_its_turn_as_it_comes_wakes_the_other_chat(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served(town)
    code = await town.code()
    monkeypatch.setattr(town.loop, "_careful", 0)
    woken: list[str] = []
    monkeypatch.setattr(town.loop, "wake", lambda: woken.append("turns"))

    await town.loop.receive([town.event(NEW, "halo")])
    assert woken == []
    await town.loop.receive([town.event(NEW, f"SAMBUNG {code}")])
    assert woken == ["turns"]
