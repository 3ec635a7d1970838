"""The checklist of a request: what an officer must have checked before it can be finished.

Its points are kept when the request is filed, as its report is; the words of each stand in the
flow file of the service (`flows.spec.Check`).
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from data.instants import to_us
from data.store import Tx
from services import leases, requests
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request


class Point(msgspec.Struct, frozen=True):
    """One point: *officer* and *name* of who checked it ('' for nobody yet), and when."""

    item: str
    officer: str
    at: int | None
    name: str


async def ask(tx: Tx, request: Request, items: Sequence[str]) -> None:
    """Want *items* checked, in this order; what is wanted already stays as it is."""
    if items:
        rows = [{"request": request.id, "item": item, "n": n} for n, item in enumerate(items)]
        await tx.each("request_check_add", rows)


async def of(tx: Tx, request: Request) -> Sequence[Point]:
    """The points of *request*, in their order."""
    return [Point(**row) for row in await tx.all("request_checks", request=request.id)]


async def tick(
    tx: Tx,
    officer: Officer,
    number: str,
    item: str,
    *,
    done: bool,
    now: datetime,
    rules: leases.Rules,
) -> None:
    """Note that *officer*, who holds the request, has checked *item*, or has not; it is held on.

    A point that stands so already stays as it was. Raises `Refused` for a request that the
    officer does not hold, and (``konsol.pilihan``) for a point that it does not have.
    """
    request = await requests.held_by(tx, officer, number)
    if item not in {point.item for point in await of(tx, request)}:
        raise Refused("konsol.pilihan")
    changed = await tx.run(
        "request_check_set",
        request=request.id,
        item=item,
        officer=officer.id if done else "",
        at=to_us(now) if done else None,
    )
    if request.status == "claimed":
        await leases.keep(tx, officer, number, now=now, rules=rules)
    if changed and done:
        await requests.record(tx, request, officer.id, "checked", now, item=item)
    elif changed:
        await requests.record(tx, request, officer.id, "unchecked", now, item=item)


async def revise(tx: Tx, request: Request, items: Sequence[str], anew: Sequence[str]) -> None:
    """After a correction want just *items* checked, and those in *anew* once more.

    A request that was filed without a checklist stays without one.
    """
    before = [point.item for point in await of(tx, request)]
    if not before:
        return
    for item in before:
        if item not in items:
            await tx.run("request_check_drop", request=request.id, item=item)
        elif item in anew:
            await tx.run("request_check_set", request=request.id, item=item, officer="", at=None)
    await ask(tx, request, items)


async def check_complete(tx: Tx, request: Request) -> None:
    """Raise `Refused` (``petugas.belum_diperiksa``, *open* points) while something is open."""
    row = await tx.one("request_checks_open", request=request.id)
    if row and row["open"]:
        raise Refused("petugas.belum_diperiksa", open=row["open"])
