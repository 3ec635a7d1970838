"""What was said can be taken back until it leaves: either the turn says it, or the undo wins."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from data import statements
from services import conversation, corrections, endings, queue, requests, status, unsent
from services.corrections import Part
from services.refusals import NotFound, Refused
from services.requests import Request
from tests.desk import CALENDAR, CHAT, DIMAS, RINA, RULES, SARI, TONDANO, Desk

WAIT = timedelta(seconds=10)
NUMBER = "MND-G-0001"

Say = Callable[[Desk], Awaitable[Request]]


async def reply(desk: Desk) -> Request:
    return await desk.do(conversation.reply, RINA, NUMBER, "Baik, Bu.", rules=RULES, wait=WAIT)


async def finish(desk: Desk) -> Request:
    return await desk.do(endings.finish, RINA, NUMBER, outcome="Sudah.", code="sesuai", wait=WAIT)


async def refuse(desk: Desk) -> Request:
    return await desk.do(
        endings.refuse, RINA, NUMBER, reason="Belum waktunya.", calendar=CALENDAR, wait=WAIT
    )


async def correct(desk: Desk) -> Request:
    values: dict[str, Any] = {"parts": [Part("nik", "Kabur")], "rules": RULES, "wait": WAIT}
    return await desk.do(corrections.ask_correction, RINA, NUMBER, **values)


async def transfer(desk: Desk) -> Request:
    values: dict[str, Any] = {"to": TONDANO, "reason": "Alamat", "calendar": CALENDAR}
    return await desk.do(queue.transfer, RINA, NUMBER, **values, wait=WAIT)


SAID = {
    "replied": reply,
    "finished": finish,
    "refused": refuse,
    "correction": correct,
    "transferred": transfer,
}


@pytest.fixture(autouse=True)
async def held(desk: Desk) -> None:
    """Rina holds a request, and its participant has heard so."""
    await desk.file()
    await desk.claim(RINA, NUMBER)
    await desk.told()


async def actions(desk: Desk) -> list[str]:
    return [event.action for event in await desk.told()]


@pytest.mark.parametrize("action", SAID)
async def test_nothing_is_said_before_the_time_is_over_and_then_once(
    desk: Desk, action: str
) -> None:
    await SAID[action](desk)
    desk.clock.at += WAIT - timedelta(microseconds=1)
    assert await actions(desk) == ["claimed"]

    desk.clock.at += timedelta(microseconds=1)
    assert await actions(desk) == ["claimed", action]
    desk.clock.at += WAIT
    assert await actions(desk) == ["claimed", action]


@pytest.mark.parametrize("action", SAID)
async def test_what_is_taken_back_was_never_said_and_the_request_is_what_it_was(
    desk: Desk, action: str
) -> None:
    before = await desk.request(NUMBER)
    await SAID[action](desk)
    await desk.do(unsent.take_back, RINA, NUMBER)
    desk.clock.at += WAIT * 2

    after = await desk.request(NUMBER)
    assert after == replace(before, version=after.version)
    assert after.version > before.version
    assert await actions(desk) == ["claimed"]
    assert await desk.all("conversation", request=before.id) == []
    assert (await desk.trail(NUMBER))[-1] == "taken_back"


@pytest.mark.parametrize("action", SAID)
async def test_what_has_left_cannot_be_taken_back(desk: Desk, action: str) -> None:
    said = await SAID[action](desk)
    desk.clock.at += WAIT
    await desk.told()

    with pytest.raises(Refused) as refused:
        await desk.do(unsent.take_back, RINA, NUMBER)
    assert refused.value.key == "petugas.sudah_terkirim"
    assert await desk.request(NUMBER) == said
    assert await actions(desk) == ["claimed", action]


async def test_without_its_condition_taking_back_undoes_what_was_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above has teeth: it finds the fault that it is there for."""
    engine = "postgres" if "Postgres" in type(desk.store).__name__ else "sqlite"
    known = statements.load(engine)
    cancel = known["desk_event_cancel"]
    monkeypatch.setitem(
        known,
        "desk_event_cancel",
        replace(cancel, sql=cancel.sql.replace("AND status = 'new'", "")),
    )
    await finish(desk)
    desk.clock.at += WAIT
    await desk.told()
    await desk.do(unsent.take_back, RINA, NUMBER)

    assert await actions(desk) == ["claimed", "finished"]
    assert (await desk.request(NUMBER)).status == "claimed"


async def test_what_waits_outlives_the_program(desk: Desk) -> None:
    await finish(desk)
    await desk.store.close()
    await desk.store.open()
    desk.clock.at += WAIT

    assert await actions(desk) == ["claimed", "finished"]


async def test_only_who_said_it_takes_it_back(desk: Desk) -> None:
    await finish(desk)

    with pytest.raises(Refused):
        await desk.do(unsent.take_back, DIMAS, NUMBER)
    with pytest.raises(NotFound):
        await desk.do(unsent.take_back, SARI, NUMBER)
    assert (await desk.request(NUMBER)).status == "done"


async def test_what_somebody_built_on_is_not_taken_back(desk: Desk) -> None:
    await transfer(desk)
    await desk.claim(SARI, NUMBER)

    with pytest.raises(Refused) as refused:
        await desk.do(unsent.take_back, RINA, NUMBER)
    assert refused.value.key == "petugas.berubah"
    desk.clock.at += WAIT
    assert await actions(desk) == ["claimed", "transferred", "claimed"]


async def test_a_later_word_never_overtakes_one_that_waits(desk: Desk) -> None:
    await reply(desk)
    await desk.do(queue.release, RINA, NUMBER)
    assert await actions(desk) == ["claimed"]

    desk.clock.at += WAIT
    assert await actions(desk) == ["claimed", "replied", "released"]


async def test_two_replies_are_taken_back_one_after_the_other(desk: Desk) -> None:
    await reply(desk)
    await reply(desk)
    await desk.do(unsent.take_back, RINA, NUMBER)
    await desk.do(unsent.take_back, RINA, NUMBER)
    desk.clock.at += WAIT

    assert await actions(desk) == ["claimed"]


async def test_the_form_comes_back_with_what_was_typed(desk: Desk) -> None:
    async def typed(tx: Any, *, now: Any) -> None:
        await unsent.keep_form(tx, await requests.by_number(tx, NUMBER), {"balasan": "Baik, Bu."})

    await reply(desk)
    await desk.do(typed)
    back = await desk.do(unsent.take_back, RINA, NUMBER)

    assert back.typed == {"balasan": "Baik, Bu."}


@pytest.mark.parametrize("action", [name for name in SAID if name != "replied"])
async def test_the_status_tells_nothing_that_may_still_be_taken_back(
    desk: Desk, action: str
) -> None:
    async def standing() -> tuple[str, list[str]]:
        async with desk.store.read() as tx:
            found = await status.standing(tx, CHAT)
        return found.request.status, [one.action for one in found.timeline]

    before = await standing()
    await SAID[action](desk)
    assert await standing() == before
    await desk.do(unsent.take_back, RINA, NUMBER)
    assert await standing() == before

    await SAID[action](desk)
    desk.clock.at += WAIT
    await desk.told()
    told = await standing()
    assert told[0] != before[0]
    assert len(told[1]) == len(before[1]) + 1


async def test_what_is_said_at_once_cannot_be_taken_back(desk: Desk) -> None:
    await desk.do(conversation.reply, RINA, NUMBER, "Baik, Bu.", rules=RULES)

    with pytest.raises(Refused):
        await desk.do(unsent.take_back, RINA, NUMBER)
    assert await actions(desk) == ["claimed", "replied"]


async def test_when_both_come_at_once_exactly_one_of_them_wins(desk: Desk) -> None:
    for n in range(2, 22):
        number = f"MND-G-{n:04}"
        await desk.file(chat=f"web:{n}")
        await desk.claim(RINA, number)
        await desk.do(endings.finish, RINA, number, outcome="Sudah.", wait=WAIT)
        desk.clock.at += WAIT
        taken, _ = await asyncio.gather(
            desk.do(unsent.take_back, RINA, number), desk.told(), return_exceptions=True
        )
        said = [event.action for event in await desk.told() if event.ticket == number]
        status_now = (await desk.request(number)).status

        was_taken = not isinstance(taken, BaseException)
        assert status_now == ("claimed" if was_taken else "done")
        assert said == (["claimed"] if was_taken else ["claimed", "finished"])
