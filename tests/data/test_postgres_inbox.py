"""What waits to be stored at PostgreSQL, without a server."""

import asyncio
from collections.abc import Sequence

from data.postgres_inbox import BATCHES, NOTHING, Inbox
from data.store import NewEvent, Received
from data.turning import Terms
from tests.data.inbox import event


async def test_what_comes_in_the_moment_in_which_all_batches_end_is_stored() -> None:
    answered = asyncio.Event()
    begun: list[str] = []

    async def store(events: Sequence[NewEvent], terms: Terms | None) -> list[Received]:
        begun.extend(one.provider_id for one in events)
        await answered.wait()
        return [Received([True], NOTHING) for _ in events]

    inbox = Inbox(store)

    async def put(*numbers: int) -> None:
        for number in numbers:
            await inbox.put([event(number)])

    tasks = []
    for number in range(BATCHES):
        tasks.append(asyncio.create_task(put(number) if number else put(number, BATCHES)))
        for _ in range(9):
            await asyncio.sleep(0)
        assert len(begun) == number + 1
    answered.set()
    async with asyncio.timeout(10):
        await asyncio.gather(*tasks)
    await inbox.close()
    assert begun == [str(number) for number in range(BATCHES + 1)]
