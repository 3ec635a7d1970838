"""What officers hear of unasked: once, in their hours and scope, and only what they want."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from data.instants import from_us
from services import queue, staff_alerts
from tests.bot.staff.office import Office, Phone
from tests.desk import ADMIN, BENNY, DIMAS, MONDAY_NIGHT, RINA, SARI, TONDANO

TUESDAY_EIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""08.00 in Manado."""


async def looked(office: Office) -> None:
    await office.look()
    await office.settle()


async def news(office: Office) -> Sequence[staff_alerts.News]:
    """What one process has seen and not told yet."""
    now, calendar = office.desk.clock.at, office.product.reference.calendar
    async with office.desk.store.read() as tx:
        return await staff_alerts.news(tx, now=now, calendar=calendar, near=timedelta(minutes=60))


async def silence(office: Office, *phones: Phone) -> None:
    """What is said next is an answer to this, so nothing came before it."""
    await looked(office)
    for phone in phones:
        await phone.say("saya")
        assert (await phone.reads("Tidak ada permintaan di tangan Anda.")).count("\n") == 0


async def test_an_urgent_request_is_told_once_to_who_serves_it(office: Office) -> None:
    rina, sari = await office.linked(RINA), await office.linked(SARI)
    await office.desk.file()
    await office.desk.file(urgent=True)
    await looked(office)

    assert "MND-G-0002 · Pindah faskes · mendesak" in await rina.reads("Mendesak, baru masuk")
    assert rina.buttons == ["MND-G-0002", "Antrean"]
    await silence(office, rina, sari)


async def test_several_come_in_one_message(office: Office) -> None:
    phone = await office.linked(RINA)
    for _ in range(10):
        await office.desk.file(urgent=True)
    await looked(office)
    await phone.reads("MND-G-0001", "MND-G-0008", "dan 2 lagi")


async def test_two_processes_that_look_at_once_tell_once(office: Office) -> None:
    phone = await office.linked(RINA)
    await office.desk.file(urgent=True)
    found = await news(office)
    await office.desk.do(staff_alerts.tell, found)
    await office.desk.do(staff_alerts.tell, found)
    await office.settle()
    await phone.reads("Mendesak")
    await silence(office, phone)


async def test_at_night_nobody_is_woken(office: Office) -> None:
    phone = await office.linked(RINA)
    office.desk.clock.at = MONDAY_NIGHT
    await office.desk.file(urgent=True)
    await silence(office, phone)
    office.desk.clock.at = TUESDAY_EIGHT
    await looked(office)
    await phone.reads("Mendesak, baru masuk")


async def test_what_was_taken_meanwhile_is_not_told(office: Office) -> None:
    phone = await office.linked(RINA)
    number = (await office.desk.file(urgent=True)).number
    found = await news(office)
    await office.desk.claim(DIMAS, number)
    await office.desk.do(staff_alerts.tell, found)
    await silence(office, phone)


@pytest.mark.parametrize(
    ("before", "heading"), [(timedelta(minutes=60), "Mendekati"), (timedelta(0), "Lewat")]
)
async def test_a_deadline_is_told_an_hour_before_and_when_it_is_over(
    office: Office, before: timedelta, heading: str
) -> None:
    ticket = await office.desk.file()
    rina, sari = await office.linked(RINA), await office.linked(SARI)
    due = from_us((await office.desk.request(ticket.number)).due_at)
    office.desk.clock.at = due - before
    await looked(office)
    await rina.reads(f"{heading} tenggat", ticket.number)
    await silence(office, rina, sari)


async def test_a_deadline_of_what_somebody_holds_is_told_to_them_alone(office: Office) -> None:
    ticket = await office.desk.file()
    rina, dimas = await office.linked(RINA), await office.linked(DIMAS)
    due = from_us((await office.desk.request(ticket.number)).due_at)
    office.desk.clock.at = due - timedelta(minutes=30)
    await office.desk.claim(DIMAS, ticket.number)
    await looked(office)
    await dimas.reads("Mendekati tenggat")
    await silence(office, rina)


async def test_the_digest_comes_once_at_the_opening(office: Office) -> None:
    rina, admin = await office.linked(RINA), await office.linked(ADMIN)
    for _ in range(3):
        await office.desk.file()
    office.desk.clock.at = TUESDAY_EIGHT - timedelta(minutes=1)
    await silence(office, rina)
    office.desk.clock.at = TUESDAY_EIGHT
    await looked(office)
    told = await rina.reads("Selamat pagi, Rina K.", "3 menunggu, 0 mendesak")
    assert told.count("Selamat pagi") == 1
    await silence(office, rina, admin)


async def test_the_digest_of_a_morning_on_which_nothing_ran_comes_no_more(office: Office) -> None:
    phone = await office.linked(RINA)
    office.desk.clock.at = TUESDAY_EIGHT + timedelta(hours=2)
    await silence(office, phone)


async def test_each_alert_can_be_switched_off(office: Office) -> None:
    phone = await office.linked(BENNY)
    await phone.tap("Pemberitahuan")
    for kind in ("Permintaan mendesak", "Tenggat", "Ringkasan pagi"):
        await phone.reads(f"{kind}: menyala")
        await phone.tap(kind)
    await phone.reads("Ringkasan pagi: mati")
    await office.desk.file(urgent=True)
    office.desk.clock.at = TUESDAY_EIGHT
    await silence(office, phone)


async def test_head_office_hears_of_every_branch_once_it_wants_to(office: Office) -> None:
    phone = await office.linked(ADMIN)
    await office.desk.file(branch=TONDANO, urgent=True)
    await silence(office, phone)
    await phone.tap("Beranda") if "Beranda" in phone.buttons else await phone.say("beranda")
    await phone.reads("menunggu")
    await phone.tap("Pemberitahuan")
    await phone.reads("Permintaan mendesak: mati")
    await phone.tap("Permintaan mendesak")
    await phone.reads("Permintaan mendesak: menyala")
    await looked(office)
    await phone.reads("Mendesak, baru masuk", "TND-G-0001")


async def test_what_went_to_another_branch_is_not_told(office: Office) -> None:
    phone = await office.linked(RINA)
    ticket = await office.desk.file(urgent=True)
    calendar = office.product.reference.calendar
    await office.look()
    await office.desk.do(
        queue.transfer, RINA, ticket.number, to=TONDANO, reason="Alamat", calendar=calendar
    )
    await silence(office, phone)
