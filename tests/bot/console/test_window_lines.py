"""The window and what became of each message, as officers read it."""

from datetime import timedelta

import pytest

from services import conversation, identities
from tests.bot.console.conftest import SignIn
from tests.desk import MONDAY_TEN, RINA, Desk


async def held(desk: Desk, *, ago: timedelta = timedelta(), channel: str = "whatsapp") -> str:
    """The number of a request that Rina holds; its participant wrote *ago*."""
    at = desk.clock.at - ago
    chat = await desk.do(identities.chat_of, channel, ["bsuid:ID.1"])
    await desk.store.write(lambda tx: identities.heard(tx, chat, at))
    number = (await desk.file(chat=chat)).number
    await desk.claim(RINA, number)
    return number


async def run(desk: Desk, sql: str) -> None:
    async def verb(tx: object) -> None:
        tx._execute(sql)  # type: ignore[attr-defined]

    await desk.store.write(verb)


@pytest.mark.parametrize(
    ("ago", "channel", "line"),
    [
        (timedelta(hours=20, minutes=40), "whatsapp", "Bisa dibalas bebas 3 jam 20 menit lagi."),
        (timedelta(hours=23, minutes=59, seconds=30), "whatsapp", "kurang dari 1 menit lagi."),
        (timedelta(hours=24), "whatsapp", "Templat dikirim begitu Anda membalas."),
        (timedelta(hours=24), "messenger", "Jaringan ini tidak punya templat"),
    ],
)
async def test_the_ticket_says_how_long_one_may_answer_freely(
    desk: Desk, signed_in: SignIn, ago: timedelta, channel: str, line: str
) -> None:
    number = await held(desk, ago=ago, channel=channel)

    page = (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text

    assert line in page


async def test_a_shut_window_says_when_the_template_went(desk: Desk, signed_in: SignIn) -> None:
    number = await held(desk, ago=timedelta(days=3))
    await run(desk, f"UPDATE identity SET template_at = {int(MONDAY_TEN.timestamp()) * 1_000_000}")

    page = (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text

    assert "Templat sudah dikirim 23 Nov 10.00 WITA." in page


async def test_where_one_may_always_write_nothing_is_said(desk: Desk, signed_in: SignIn) -> None:
    number = (await desk.file()).number
    await desk.claim(RINA, number)

    assert "jendela" not in (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text


PARKED = "status = 'pending', not_before = 9223372036854775807"


@pytest.mark.parametrize(
    ("outbox", "network", "line"),
    [
        ("status = 'pending'", "", "Menunggu dikirim"),
        (PARKED, "", "Menunggu peserta menulis"),
        (
            f"{PARKED}, error = 'template:132001'",
            "",
            "peserta menulis: templat tidak sampai (templat belum disetujui)",
        ),
        ("status = 'sent'", "", "Terkirim"),
        ("status = 'sent'", "delivered", "Sampai"),
        ("status = 'sent'", "read", "Dibaca"),
        ("status = 'sent'", "failed", "Gagal"),
        ("status = 'failed', error = 'blocked'", "", "Gagal: peserta memblokir bot"),
        ("status = 'failed', error = 'refused'", "", "Gagal: ditolak jaringan"),
        ("status = 'unknown'", "", "Tidak pasti sampai"),
    ],
)
async def test_each_reply_says_how_far_it_came(
    desk: Desk, signed_in: SignIn, outbox: str, network: str, line: str
) -> None:
    number = await held(desk)
    await replied(desk, number, 7, 1, outbox)
    if network:
        await run(desk, f"INSERT INTO delivery (outbox, state, at) VALUES (7, '{network}', 0)")

    page = (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text

    assert line in page


async def replied(desk: Desk, number: str, row: int, seq: int, outbox: str) -> None:
    """A reply whose message is the outbox *row*."""
    await desk.do(conversation.reply, RINA, number, f"Nomor {row}.", rules=desk.rules)
    event = "SELECT id FROM event WHERE channel = 'desk' ORDER BY id DESC LIMIT 1"
    await run(desk, f"UPDATE event SET status = 'done' WHERE id = ({event})")
    await run(
        desk,
        "INSERT INTO outbox (id, chat, seq, event, n, body, created_at)"
        f" VALUES ({row}, 'whatsapp:x', {seq}, ({event}), 0, '', 0)",
    )
    await run(desk, f"UPDATE outbox SET {outbox} WHERE id = {row}")


async def test_what_stands_behind_a_parked_reply_waits_for_the_same(
    desk: Desk, signed_in: SignIn
) -> None:
    number = await held(desk)
    await replied(desk, number, 7, 1, "status = 'sent'")
    await replied(desk, number, 8, 2, PARKED)
    await replied(desk, number, 9, 3, "status = 'pending'")

    page = (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text

    assert page.count(">Menunggu peserta menulis</p>") == 2
    assert page.count(">Terkirim</p>") == 1


async def test_a_template_that_never_arrived_is_told(desk: Desk, signed_in: SignIn) -> None:
    number = await held(desk)
    await replied(desk, number, 7, 1, PARKED)
    await run(
        desk,
        "INSERT INTO template_use (outbox, at, template, chat, state, error)"
        " VALUES (7, 1, 'jawaban_siap', 'whatsapp:x', 'failed', 'undeliverable')",
    )

    page = (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text

    assert "templat tidak sampai (nomor tidak bisa menerima WhatsApp)" in page


async def test_what_can_still_be_taken_back_is_not_called_sent(
    desk: Desk, signed_in: SignIn
) -> None:
    number = await held(desk)
    wait = timedelta(seconds=10)
    await desk.do(conversation.reply, RINA, number, "Halo.", rules=desk.rules, wait=wait)

    page = (await (await signed_in(RINA)).get(f"/admin/tiket/{number}")).text

    assert '<p class="sampai leaving">Akan dikirim</p>' in page


async def test_the_queue_can_go_by_windows_and_keeps_that_with_its_filters(
    desk: Desk, signed_in: SignIn
) -> None:
    web = (await desk.file()).number
    chat = await desk.do(identities.chat_of, "whatsapp", ["bsuid:ID.1"])
    at = desk.clock.at - timedelta(hours=23)
    await desk.store.write(lambda tx: identities.heard(tx, chat, at))
    soon = (await desk.file(chat=chat)).number
    browser = await signed_in(RINA)

    ordinary = (await browser.get("/admin/antrean")).text
    page = (await browser.get("/admin/antrean?urut=jendela&mendesak=")).text

    assert ordinary.index(f"r-{web}") < ordinary.index(f"r-{soon}")
    assert page.index(f"r-{soon}") < page.index(f"r-{web}")
    assert "Bebas 1 jam" in page
    assert "tab=saya&amp;cabang=KC-MANADO&amp;urut=jendela" in page
