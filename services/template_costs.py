"""What message templates cost: how many were sent, by branch and day, at the price of that day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from data.instants import EPOCH
from data.store import Tx
from data.template_prices import TemplatePrices
from services import officers
from services.officers import Officer


class Cost(msgspec.Struct, frozen=True):
    """Templates of a *branch* on a *day*; those that did not arrive cost nothing.

    *rupiah* and *usd* leave out what no price is known for, which *unpriced* counts.
    """

    branch: str
    day: date
    sent: int
    failed: int
    rupiah: Decimal
    usd: Decimal
    unpriced: int


async def costs(
    tx: Tx,
    officer: Officer,
    branch: str,
    *,
    since: int,
    until: int,
    zone: ZoneInfo,
    prices: TemplatePrices,
) -> Sequence[Cost]:
    """Each branch and day on which templates were sent; '' for all branches of the officer.

    *since* and *until* in microseconds. Raises `NotFound` for a branch that is not theirs.
    """
    officers.check(officer, "measure", branch or None)
    rows = await tx.all(
        "template_costs", branch=branch, viewer=officer.id, since=since, until=until
    )
    lines: dict[tuple[date, str], list[Cost]] = defaultdict(list)
    for row in rows:
        at = EPOCH + timedelta(hours=row["hour"])
        price = prices.at(at.date())
        count, failed = row["sent"], row["state"] == "failed"
        billed = 0 if failed else count
        cost = Cost(
            branch=row["branch"],
            day=at.astimezone(zone).date(),
            sent=count,
            failed=count if failed else 0,
            rupiah=price.rupiah * billed if price else Decimal(0),
            usd=price.usd * billed if price else Decimal(0),
            unpriced=0 if price else billed,
        )
        lines[cost.day, cost.branch].append(cost)
    return [_sum(lines[key]) for key in sorted(lines)]


def _sum(costs: Sequence[Cost]) -> Cost:
    return Cost(
        branch=costs[0].branch,
        day=costs[0].day,
        sent=sum(one.sent for one in costs),
        failed=sum(one.failed for one in costs),
        rupiah=sum((one.rupiah for one in costs), Decimal(0)),
        usd=sum((one.usd for one in costs), Decimal(0)),
        unpriced=sum(one.unpriced for one in costs),
    )
