"""What waits to be stored at PostgreSQL, without a server."""

import asyncio
from collections.abc import Sequence

import pytest

from data.postgres_arrivals import NOTHING
from data.postgres_inbox import BATCHES, WORTH, Inbox, Stored
from data.store import NewEvent, Received, Row
from data.turning import Terms
from tests.data.inbox import event


class Server:
    """Stores everything, and what ended with it unless it *breaks*."""

    def __init__(self) -> None:
        self.begun: list[list[str]] = []
        self.recorded: list[Row] = []
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.breaks = False

    async def store(
        self, events: Sequence[NewEvent], terms: Terms | None, ended: Sequence[Row]
    ) -> Stored:
        self.begun.append([one.provider_id for one in events])
        await self.may_end.wait()
        if self.breaks:
            raise ValueError
        told = [Received([True], NOTHING) for _ in events]
        self.recorded += ended
        return Stored(told, shared=True)


ENDED = [{"id": 1, "status": "sent"}]


async def rounds(number: int = 9) -> None:
    """Let the event loop go on a little."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_what_comes_in_the_moment_in_which_all_batches_end_is_stored() -> None:
    server = Server()
    server.may_end.clear()
    inbox = Inbox(server.store)

    async def put(*numbers: int) -> None:
        for number in numbers:
            await inbox.put([event(number, f"telegram:{number}")])

    tasks = []
    for number in range(BATCHES):
        tasks.append(asyncio.create_task(put(number) if number else put(number, BATCHES)))
        await rounds()
        assert len(server.begun) == number + 1
    server.may_end.set()
    async with asyncio.timeout(10):
        await asyncio.gather(*tasks)
    await inbox.close()
    assert server.begun == [[str(number)] for number in range(BATCHES + 1)]


async def test_what_one_cause_leads_to_shares_a_batch() -> None:
    server = Server()
    inbox = Inbox(server.store)
    first = asyncio.create_task(inbox.put([event(1)]))
    await asyncio.sleep(0)
    patient = inbox.aside(ENDED)
    second = asyncio.create_task(inbox.put([event(2)]))

    assert await patient is True
    await asyncio.gather(first, second)
    assert server.begun == [["1", "2"]]
    assert server.recorded == ENDED


@pytest.mark.parametrize(
    ("many", "sizes"), [(1, [1]), (WORTH, [WORTH]), (2 * WORTH, [WORTH, WORTH]), (64, [32, 32])]
)
async def test_many_calls_of_one_moment_are_divided_between_two_batches(
    many: int, sizes: list[int]
) -> None:
    server = Server()
    server.may_end.clear()
    inbox = Inbox(server.store)
    calls = [
        asyncio.create_task(inbox.put([event(number, f"telegram:{number}")]))
        for number in range(many)
    ]
    await rounds()
    assert [len(batch) for batch in server.begun] == sizes
    server.may_end.set()
    await asyncio.gather(*calls)
    assert [one for batch in server.begun for one in batch] == [str(n) for n in range(many)]


async def test_events_of_a_chat_wait_for_the_batch_that_it_is_in() -> None:
    server = Server()
    server.may_end.clear()
    inbox = Inbox(server.store)
    calls = []
    for events in (
        [event(1, "telegram:1")],
        [event(2, "telegram:1"), event(3, "telegram:2")],
        [event(4, "telegram:2")],
        [event(5, "telegram:3")],
    ):
        calls.append(asyncio.create_task(inbox.put(events)))
        await rounds()

    assert server.begun == [["1"], ["5"]]
    server.may_end.set()
    await asyncio.gather(*calls)
    assert server.begun == [["1"], ["5"], ["2", "3", "4"]]


async def test_patient_work_that_nothing_comes_for_is_let_go() -> None:
    server = Server()

    assert await Inbox(server.store).aside(ENDED) is False
    assert server.begun == []


async def test_patient_work_that_a_batch_has_taken_is_not_let_go_before_its_end() -> None:
    server = Server()
    server.may_end.clear()
    inbox = Inbox(server.store)
    patient = inbox.aside(ENDED)
    await asyncio.sleep(0)
    [aside] = inbox._asides
    call = asyncio.create_task(inbox.put([event(1)]))
    await rounds()
    assert server.begun == [["1"]]
    inbox._let_go(aside)
    await rounds()
    assert not patient.done()
    server.may_end.set()

    assert await patient is True
    await call


async def test_patient_work_is_let_go_when_its_batch_fails() -> None:
    server = Server()
    server.breaks = True
    inbox = Inbox(server.store)
    patient = inbox.aside(ENDED)
    with pytest.raises(ValueError):
        await inbox.put([event(1)])

    assert await patient is False
