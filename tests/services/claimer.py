"""One of several processes that claim the same requests; prints what it won as JSON.

Arguments: store address, officer's id, ``each`` or ``next``, and ``broken`` to take the condition
out of the claim.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from data import statements
from data.opening import open_store
from data.store import Store, StoreBusy, Tx
from services import officers, queue
from services.leases import Rules
from services.refusals import Refused
from services.requests import Request
from tests.desk import CALENDAR, MONDAY_TEN

T = TypeVar("T")

CONDITION = "(status = 'waiting' OR (status = 'claimed' AND lease_until"
NONE = CONDITION.replace("= 'waiting'", "> ''")
RULES = Rules(lease=timedelta(minutes=15))


def break_claim(engine: str) -> None:
    """Take the condition out of the statement, for every store of this process."""
    known = statements.load(engine)
    claim = known["request_claim"]
    assert CONDITION in claim.sql
    known["request_claim"] = replace(claim, sql=claim.sql.replace(CONDITION, NONE))


async def main(url: str, officer_id: str, how: str, broken: bool) -> None:
    if broken:
        break_claim("postgres" if url.startswith("postgres") else "sqlite")
    store = open_store(url)
    await store.open()
    try:
        won = await claim_all(store, officer_id, how)
    finally:
        await store.close()
    sys.stdout.write(json.dumps(won))


async def claim_all(store: Store, officer_id: str, how: str) -> list[str]:
    """The numbers of what the officer won, after a line on stdin gave the start."""
    async with store.read() as tx:
        officer = await officers.find(tx, officer_id)
        rows = await tx.all("request_open", branch="KC-MANADO")
    values = {"now": MONDAY_TEN, "calendar": CALENDAR, "rules": RULES}

    async def following(tx: Tx) -> Request | None:
        return await queue.claim_next(tx, officer, "KC-MANADO", **values)

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    won: list[str] = []
    if how == "next":
        while request := await patiently(store, following):
            won.append(request.number)
        return won
    for row in rows:
        claim = partial(queue.claim, officer=officer, number=row["number"], **values)
        try:
            won.append((await patiently(store, claim)).number)
        except Refused:
            continue
    return won


async def patiently(store: Store, verb: Callable[[Tx], Awaitable[T]]) -> T:
    """What *verb* returns; a database that is busy with the other claimers is asked again."""
    while True:
        try:
            return await store.write(verb)
        except StoreBusy:
            continue


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], broken="broken" in sys.argv))
