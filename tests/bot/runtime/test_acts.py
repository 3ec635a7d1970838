"""Facts become deeds: what is stored, what is said about it, and to whom."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bot.bootstrap import Product
from bot.runtime.happening import Act, Happening
from bot.runtime.render import encode, messages
from bot.runtime.turns import TurnLoop
from flows.facts import (
    AskedHours,
    AskedStatus,
    Brought,
    Corrected,
    Fact,
    Filed,
    Rated,
    Reopen,
    Say,
    Wrote,
)
from forms.fields import Document
from services import endings, queue, status
from services.corrections import Part
from services.leases import Rules
from tests.bot.runtime.stage import Flaky, Inbox
from tests.desk import CALENDAR, MONDAY_NIGHT, NIK, RINA, SetClock, enrol

SITI, BUDI = "web:siti", "web:budi"
PAGE = Document("a" * 64, "image/jpeg", 1000, name="kk.jpg")
FILED = Filed(
    submission="G-1-20261123",
    service="G",
    digest="d1",
    branch="KC-MANADO",
    answers={"nama": "Siti Aminah", "nik": NIK, "foto_kk": [msgspec.to_builtins(PAGE)]},
    flags=("NIK dan tanggal lahir berbeda",),
)

Do = Callable[..., Awaitable[Sequence[Say]]]


@pytest.fixture
def act(product: Product) -> Act:
    return product.world(lambda moves: None).act


@pytest.fixture
def do(act: Act, store: Flaky, clock: SetClock) -> Do:
    """Carry a fact out in a transaction of its own, as in a turn of *chat*."""

    async def do(fact: Fact, chat: str = SITI, language: str = "id") -> Sequence[Say]:
        happening = Happening(chat=chat, event=7, now=clock.at, language=language)
        return await store.write(lambda tx: act(tx, happening, fact))

    return do


async def test_filing_tells_number_place_and_branch(do: Do, store: Flaky) -> None:
    [told] = await do(FILED)
    assert told.key == "tiket.jadi"
    assert told.values == {
        "tiket": "MND-G-0001",
        "cabang": "Kantor Cabang Manado",
        "urutan": 1,
        "perkiraan": "",  # nothing has ended here yet
    }
    [second] = await do(msgspec.structs.replace(FILED, submission="G-2"), BUDI)
    assert (second.values["tiket"], second.values["urutan"]) == ("MND-G-0002", 2)
    [row] = await store.look("SELECT report, report_masked, flags FROM request WHERE id = 1")
    assert "MND-G-0001" in row[0]
    assert NIK in row[0]
    assert NIK not in row[1]
    assert "NIK dan tanggal lahir berbeda" in row[1]
    assert await store.look("SELECT step, n, sha256 FROM request_document") == [
        ("foto_kk", 1, "a" * 64),
        ("foto_kk", 1, "a" * 64),
    ]


async def test_filing_after_hours_tells_the_opening(do: Do, clock: SetClock) -> None:
    clock.at = MONDAY_NIGHT
    [told] = await do(FILED)
    assert told.key == "tiket.luar_jam"
    assert told.values["buka"].isoformat() == "2026-11-24T08:00:00+08:00"
    assert told.values["sebab"]


async def test_an_urgent_request_goes_first_and_at_night_says_who_helps_sooner(
    do: Do, clock: SetClock
) -> None:
    urgent = msgspec.structs.replace(FILED, urgent=True)
    await do(FILED)
    [by_day] = await do(msgspec.structs.replace(urgent, submission="G-2"))
    assert (by_day.key, by_day.values["urutan"]) == ("tiket.jadi", 1)

    clock.at = MONDAY_NIGHT
    told = await do(msgspec.structs.replace(urgent, submission="G-3"))
    assert [say.key for say in told] == ["tiket.luar_jam", "tiket.mendesak"]
    assert [say.key for say in await do(msgspec.structs.replace(urgent, submission="G-3"))] == [
        "tiket.sama"
    ]


async def test_filing_twice_gives_the_same_ticket_and_says_so(do: Do, store: Flaky) -> None:
    await do(FILED)
    [told] = await do(FILED)
    assert (told.key, told.values) == ("tiket.sama", {"tiket": "MND-G-0001"})
    assert await store.look("SELECT count(*) FROM request") == [(1,)]


async def test_two_chats_with_the_same_journey_number_have_their_own_tickets(
    do: Do, store: Flaky
) -> None:
    await do(FILED)
    [told] = await do(FILED, BUDI)
    assert told.key == "tiket.jadi"
    assert await store.look("SELECT count(*) FROM request") == [(2,)]


async def test_consent_keeps_the_fingerprint_of_exactly_the_words_that_were_shown(
    product: Product, store: Flaky, inbox: Inbox, clock: SetClock
) -> None:
    world = product.world(lambda moves: None)
    loop = TurnLoop(store, world, clock, batch=9, attempts=1, said=lambda report: None)
    shown: list[Say] = []
    for text in ("halo", "E", "setuju"):
        await store.ingest([inbox.text(SITI, text)])
        while await loop.once():
            pass
    flow = product.journeys.flows["E"]
    assert flow.consent is not None
    values = {"judul": flow.title, "data": flow.consent.data}
    shown = [Say("persetujuan", values)]
    [message] = messages(shown, product.catalogue.render)
    told = await store.look("SELECT CAST(body AS text) FROM outbox ORDER BY seq")
    assert any(encode(message).decode()[9:-2] in text for (text,) in told), "these words were read"
    assert await store.look("SELECT chat, service, key, text_sha256 FROM consent") == [
        (SITI, "E", "persetujuan", hashlib.sha256(message.text.encode()).hexdigest())
    ]


async def test_status_is_told_of_the_newest_or_the_named_ticket(do: Do) -> None:
    await do(FILED)
    await do(msgspec.structs.replace(FILED, submission="G-2"))
    [newest] = await do(AskedStatus())
    assert newest.key == "status.waiting"
    assert (newest.values["tiket"], newest.values["urutan"]) == ("MND-G-0002", 2)
    [named] = await do(AskedStatus("mnd-g-0001"))
    assert (named.values["tiket"], named.values["urutan"]) == ("MND-G-0001", 1)


async def test_the_status_of_another_chats_ticket_is_not_told(do: Do) -> None:
    await do(FILED)
    [told] = await do(AskedStatus("MND-G-0001"), BUDI)
    [unknown] = await do(AskedStatus("MND-G-9999"), BUDI)
    assert told == Say("status.tidak_ada", {"tiket": "MND-G-0001"})
    assert unknown == Say("status.tidak_ada", {"tiket": "MND-G-9999"})
    assert await do(AskedStatus(), BUDI) == [Say("status.kosong")]


async def test_status_names_the_officer_and_can_be_said(
    do: Do, store: Flaky, clock: SetClock, product: Product
) -> None:
    await do(FILED)
    [waiting] = await do(AskedStatus())
    now = clock.at
    await store.write(lambda tx: enrol(tx, now))
    await store.write(
        lambda tx: queue.claim(
            tx, RINA, "MND-G-0001", now=now, calendar=CALENDAR, rules=product.rules
        )
    )
    [served] = await do(AskedStatus())
    assert served.key == "status.claimed"
    assert served.values["petugas"] == "Rina K."
    for told in (waiting, served):
        assert "MND-G-0001" in product.catalogue.render(told.key, told.values)
    assert served.values["riwayat"] == [
        "23 Nov 10.00 WITA terkirim",
        "23 Nov 10.00 WITA diambil Rina K., KC Manado",
    ]


async def test_status_tells_the_last_three_things_that_happened(
    do: Do, store: Flaky, clock: SetClock, product: Product
) -> None:
    await do(FILED)
    await store.write(lambda tx: enrol(tx, clock.at))
    for _ in range(2):
        clock.at += timedelta(hours=1)
        await store.write(
            lambda tx: queue.claim(
                tx, RINA, "MND-G-0001", now=clock.at, calendar=CALENDAR, rules=product.rules
            )
        )
        await store.write(lambda tx: queue.release(tx, RINA, "MND-G-0001", now=clock.at))
    [told] = await do(AskedStatus())
    text = product.catalogue.render(told.key, told.values)
    assert told.values["riwayat"] == [
        "23 Nov 11.00 WITA kembali ke antrean",
        "23 Nov 12.00 WITA diambil Rina K., KC Manado",
        "23 Nov 12.00 WITA kembali ke antrean",
    ]
    assert "\n".join(told.values["riwayat"]) in text
    assert "riwayat" not in text


def test_everything_a_participant_is_told_of_has_a_line(product: Product) -> None:
    assert {f"riwayat.{action}" for action in status.TOLD} <= product.catalogue.keys()


async def test_hours_are_those_of_the_branch_or_general(do: Do) -> None:
    [told] = await do(AskedHours("KC-MANADO"))
    assert told.key == "bantuan"
    assert told.values["cabang"] == "Kantor Cabang Manado"
    assert "WITA" in told.values["jam"]["id"]
    assert await do(AskedHours()) == [Say("bantuan.umum")]
    assert await do(AskedHours("KC-TIDAK-ADA")) == [Say("bantuan.umum")]


async def test_what_is_written_joins_the_request_of_the_same_chat_only(
    do: Do, store: Flaky
) -> None:
    await do(FILED)
    await do(Wrote("MND-G-0001", "sudah saya kirim"))
    await do(Wrote("MND-G-0001", PAGE))
    rows = await store.look("SELECT author, body, document FROM message ORDER BY id")
    assert rows == [
        ("participant", "sudah saya kirim", ""),
        ("participant", rows[1][1], PAGE.sha256),
    ]
    with pytest.raises(LookupError):
        await do(Wrote("MND-G-0001", "dari orang lain"), BUDI)


async def test_an_unasked_document_is_kept_only_where_one_was_promised(
    do: Do, store: Flaky
) -> None:
    assert await do(Brought(PAGE)) == [Say("foto.tak_diminta")]
    await do(msgspec.structs.replace(FILED, flags=("later:foto_kartu",)))

    assert await do(Brought(PAGE)) == [Say("foto.susulan", {"tiket": "MND-G-0001"})]
    assert await store.look("SELECT document FROM message") == [(PAGE.sha256,)]
    assert await do(Brought(PAGE), BUDI) == [Say("foto.tak_diminta")]


async def test_a_correction_renders_the_report_again_under_its_number(
    do: Do, store: Flaky, clock: SetClock, product: Product
) -> None:
    from services import corrections

    await do(msgspec.structs.replace(FILED, flags=("skipped:nama", "unclear:foto_kk", "tni_polri")))
    now = clock.at
    rules: Rules = product.rules
    await store.write(lambda tx: enrol(tx, now))
    await store.write(
        lambda tx: queue.claim(tx, RINA, "MND-G-0001", now=now, calendar=CALENDAR, rules=rules)
    )
    await store.write(
        lambda tx: corrections.ask_correction(
            tx, RINA, "MND-G-0001", parts=[Part("nama", "Nama kurang")], now=now, rules=rules
        )
    )
    answers: dict[str, Any] = {**FILED.answers, "nama": "Siti Aminah Putri"}
    correction = Corrected("MND-G-0001", "G", "nik", answers, also=("nama",))
    assert [say.key for say in await do(correction)] == ["perbaikan.terima"]
    [(report, masked, flags)] = await store.look("SELECT report, report_masked, flags FROM request")
    assert msgspec.json.decode(flags) == ["unclear:foto_kk", "tni_polri"]
    assert "Belum dijawab" not in report
    assert "Foto kurang jelas: Foto KK." in report
    assert "Siti Aminah Putri" in report
    assert "MND-G-0001" in masked
    assert NIK not in masked

    # the request has gone on: it waits for no correction, and is nobody else's
    for chat in (SITI, BUDI):
        [told] = await do(correction, chat)
        assert (told.key, told.values) == ("perbaikan.terlambat", {"tiket": "MND-G-0001"})


async def test_a_rating_is_kept_and_a_second_one_replaces_it(do: Do, store: Flaky) -> None:
    await do(FILED)
    await do(Rated("MND-G-0001", 1, "lama"))
    await do(Rated("MND-G-0001", 3))
    assert await store.look("SELECT request, score, text FROM rating") == [(1, 3, "")]
    with pytest.raises(LookupError):
        await do(Rated("MND-G-0001", 1), BUDI)


async def test_a_request_is_opened_again_and_its_place_is_told(
    do: Do, store: Flaky, clock: SetClock, act: Act
) -> None:
    await do(FILED)
    number = "MND-G-0001"
    claiming: dict[str, Any] = {"calendar": CALENDAR, "rules": Rules(lease=timedelta(minutes=15))}
    await store.write(lambda tx: enrol(tx, clock.at))
    await store.write(lambda tx: queue.claim(tx, RINA, number, now=clock.at, **claiming))
    refusing: dict[str, Any] = {"reason": "Belum", "now": clock.at, "calendar": CALENDAR}
    await store.write(lambda tx: endings.refuse(tx, RINA, number, **refusing))
    clock.at = MONDAY_NIGHT

    [told] = await do(Reopen(number, "belum"))
    assert (told.key, told.values["tiket"], told.values["urutan"]) == ("buka_lagi.jadi", number, 1)
    assert told.values["buka"].isoformat() == "2026-11-24T08:00:00+08:00"
    [again] = await do(Reopen(number))
    assert again == Say("buka_lagi.sudah", {"tiket": number})
    [nobodys] = await do(Reopen(number), BUDI)
    assert nobodys == Say("status.tidak_ada", {"tiket": number})
