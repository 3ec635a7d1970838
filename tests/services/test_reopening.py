"""A participant opens an ended request again: in time, a few times, once for each tap."""

from datetime import timedelta

import pytest

from services import conversation, endings, queue, reopening, requests
from services.refusals import NotFound, Refused
from tests.declared import FLOWS
from tests.desk import CALENDAR, CHAT, DIMAS, RINA, RULES, Desk


async def reopen(desk: Desk, number: str, reason: str = "Belum berubah", chat: str = CHAT) -> None:
    rules = {"calendar": CALENDAR, "flows": FLOWS, "rules": RULES}
    await desk.do(reopening.reopen_own, chat, number, reason=reason, **rules)


async def refusal(desk: Desk, number: str) -> Refused:
    with pytest.raises(Refused) as refused:
        await reopen(desk, number)
    return refused.value


async def ended(desk: Desk, service: str = "G") -> str:
    number = (await desk.file(service=service)).number
    await desk.claim(RINA, number)
    await desk.do(endings.finish, RINA, number, outcome="Selesai")
    return number


async def test_it_waits_at_its_old_place_under_its_old_number(desk: Desk) -> None:
    number = await ended(desk)
    desk.clock.at += timedelta(hours=1)
    await desk.file(chat="web:other")
    await reopen(desk, number)

    async with desk.store.read() as tx:
        request = await requests.by_number(tx, number)
        place = await queue.position(tx, request)
        [_, note] = await conversation.messages(tx, request)
    assert (request.status, request.officer, request.outcome, place) == ("waiting", "", "", 1)
    assert request.queued_at == request.filed_at
    assert (note.author, note.body) == ("note", "Dibuka lagi oleh peserta: Belum berubah")
    assert (await desk.trail(number))[-1] == "reopened"


async def test_without_a_reason_the_note_says_so(desk: Desk) -> None:
    number = await ended(desk)
    await reopen(desk, number, reason=" ")

    async with desk.store.read() as tx:
        messages = await conversation.messages(tx, await requests.by_number(tx, number))
    assert messages[-1].body == "Dibuka lagi oleh peserta: tanpa keterangan"


async def test_a_second_tap_opens_nothing(desk: Desk) -> None:
    number = await ended(desk)
    await reopen(desk, number)

    assert (await refusal(desk, number)).key == "buka_lagi.sudah"
    await desk.claim(DIMAS, number)
    assert (await refusal(desk, number)).key == "buka_lagi.sudah"
    assert (await desk.trail(number)).count("reopened") == 1


async def test_it_can_be_opened_up_to_the_last_moment_and_not_after_it(desk: Desk) -> None:
    late, number = await ended(desk), await ended(desk)
    desk.clock.at += RULES.reopen - timedelta(microseconds=1)
    await reopen(desk, number)
    desk.clock.at += timedelta(microseconds=1)

    refused = await refusal(desk, late)
    assert (refused.key, refused.values["hari"]) == ("buka_lagi.lewat", 14)


async def test_it_can_be_opened_twice_and_what_officers_do_is_not_counted(desk: Desk) -> None:
    number = await ended(desk)
    for _ in range(2):
        await reopen(desk, number)
        await desk.claim(RINA, number)
        await desk.do(endings.refuse, RINA, number, reason="Tidak bisa", calendar=CALENDAR)

    refused = await refusal(desk, number)
    assert (refused.key, refused.values["kali"]) == ("buka_lagi.sering", 2)


async def test_a_report_of_a_death_is_left_to_officers(desk: Desk) -> None:
    assert (await refusal(desk, await ended(desk, "H"))).key == "buka_lagi.petugas"


async def test_what_was_withdrawn_stays_withdrawn(desk: Desk) -> None:
    number = (await desk.file()).number
    await desk.do(endings.withdraw, CHAT, number)

    assert (await refusal(desk, number)).key == "buka_lagi.petugas"


async def test_nobody_opens_what_is_not_theirs(desk: Desk) -> None:
    number = await ended(desk)
    with pytest.raises(NotFound):
        await reopen(desk, number, chat="web:other")
