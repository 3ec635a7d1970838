"""The preview of an officer's words is what the participant then reads, and changes nothing."""

import msgspec
import pytest

from bot.bootstrap import Product
from bot.runtime.messages import Outbound
from bot.runtime.preview import PLAIN, preview, preview_say
from bot.runtime.turns import TurnLoop
from flows.events import Desk
from flows.facts import Say
from flows.session import Session
from tests.bot.runtime.stage import Flaky, Inbox
from tests.desk import SetClock

CHAT = "web:siti"
SAID = [
    ("replied", "Baik, Bu.", ""),
    ("finished", "Sudah pindah *semua*.", ""),
    ("refused", "Belum waktunya.\nBisa diajukan lagi mulai 1 Maret 2027.", ""),
    ("transferred", "Alamat.", ""),
    ("correction", "Kurang jelas", "nik"),
    ("correction", "Sudah berubah", "pertanyaan_lama"),
]


@pytest.mark.parametrize(("action", "text", "step"), SAID)
@pytest.mark.parametrize("language", ["id", "en"])
async def test_what_is_shown_is_what_is_read(
    product: Product,
    store: Flaky,
    inbox: Inbox,
    clock: SetClock,
    action: str,
    text: str,
    step: str,
    language: str,
) -> None:
    event = Desk(
        action,
        "MND-G-0001",
        "G",
        "KC-MANADO",
        officer="Rina K.",
        text=text,
        step=step,
        values={"answers": {"nama": "Siti"}},
    )
    world = product.world(lambda moves: None)
    session = msgspec.json.encode(Session(language=language))
    shown = preview(world, session, event, clock.now())
    assert await store.look("SELECT COUNT(*) FROM outbox") == [(0,)]

    chat = f"INSERT INTO chat (id, session) VALUES ('{CHAT}', CAST('{session.decode()}' AS BLOB))"
    await store.look(chat)
    await store.ingest([inbox.event(CHAT, event)])
    loop = TurnLoop(store, world, clock, batch=9, attempts=1, said=lambda report: None)
    while await loop.once():
        pass
    sent = await store.look("SELECT body FROM outbox ORDER BY seq")

    read = [msgspec.json.decode(body, type=Outbound).text.translate(PLAIN) for (body,) in sent]
    assert list(shown) == read
    assert text.split("\n", maxsplit=1)[0].replace("*", "") in read[0].replace("*", "")


def test_somebody_who_never_wrote_is_shown_too(product: Product, clock: SetClock) -> None:
    event = Desk("replied", "MND-G-0001", "G", "KC-MANADO", officer="Rina K.", text="Baik.")
    [shown] = preview(product.world(lambda moves: None), None, event, clock.now())
    assert shown.endswith("Baik.")


@pytest.mark.parametrize(
    ("session", "read"),
    [
        (None, ("id", "Jadwal layanan C berubah.\nTiket T dilayani hari ini. Urutan ke-1.")),
        (
            Session(language="en"),
            (
                "en",
                "The hours of C have changed.\nTicket T is served today. Number 1 in the queue.",
            ),
        ),
    ],
)
def test_a_single_sentence_is_shown_in_the_language_of_its_chat(
    product: Product, session: Session | None, read: tuple[str, str]
) -> None:
    world = product.world(lambda moves: None)
    stored = msgspec.json.encode(session) if session else None
    values = {"tiket": "T", "cabang": "C", "urutan": 1, "sekarang": True, "semula": ""}

    assert preview_say(world, stored, Say("tiket.jadwal", values)) == read
