"""What message templates cost, on either engine: by branch and day, failed ones for nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from data.instants import to_us
from data.store import Tx
from data.template_prices import Price, TemplatePrices
from services import template_costs
from services.officers import Officer
from services.refusals import NotFound
from services.template_costs import Cost
from tests.desk import ADMIN, BENNY, MANADO, Desk

PRICES = TemplatePrices(
    [
        Price(date(2026, 1, 1), Decimal("0.02"), Decimal(300)),
        Price(date(2026, 11, 24), Decimal("0.03"), Decimal(500)),
    ]
)


async def used(desk: Desk, branch: str, at: datetime, state: str = "") -> None:
    desk.filed += 1

    async def verb(tx: Tx) -> None:
        await tx.run(
            "template_used",
            outbox=desk.filed,
            at=to_us(at),
            template="jawaban_siap",
            chat="whatsapp:x",
            branch=branch,
            provider_ref=f"t{desk.filed}",
        )

        if state:
            ref = f"t{desk.filed}"
            about = {"outbox": desk.filed, "provider_ref": ref}
            await tx.run("template_told", state=state, error="", **about)

    await desk.store.write(verb)


async def costs(
    desk: Desk, officer: Officer, branch: str, prices: TemplatePrices = PRICES
) -> list[Cost]:
    span = {"since": 0, "until": 2**62}
    async with desk.store.read() as tx:
        found = await template_costs.costs(
            tx, officer, branch, zone=MANADO.zone, prices=prices, **span
        )
    return list(found)


async def test_a_day_is_that_of_the_branch_and_has_its_own_price(desk: Desk) -> None:
    late = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23.30 in Manado
    for at in (late, late.replace(hour=1), datetime(2026, 11, 24, 2, tzinfo=UTC)):
        await used(desk, "KC-MANADO", at)

    first, second = await costs(desk, BENNY, "KC-MANADO")

    assert (first.day, first.sent, first.rupiah) == (date(2026, 11, 23), 2, 600)
    assert (second.day, second.sent, second.usd) == (date(2026, 11, 24), 1, Decimal("0.03"))


async def test_what_did_not_arrive_costs_nothing(desk: Desk) -> None:
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    await used(desk, "KC-MANADO", at)
    await used(desk, "KC-MANADO", at, "failed")

    [cost] = await costs(desk, BENNY, "KC-MANADO")

    assert (cost.sent, cost.failed, cost.rupiah) == (2, 1, 300)


async def test_without_a_price_it_is_said_that_none_is_known(desk: Desk) -> None:
    await used(desk, "KC-MANADO", datetime(2026, 11, 23, 2, tzinfo=UTC))

    [cost] = await costs(desk, BENNY, "KC-MANADO", TemplatePrices())

    assert (cost.sent, cost.unpriced, cost.rupiah) == (1, 1, 0)


async def test_each_sees_the_own_branches(desk: Desk) -> None:
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    for branch in ("KC-MANADO", "KC-TONDANO"):
        await used(desk, branch, at)

    assert {one.branch for one in await costs(desk, ADMIN, "")} == {"KC-MANADO", "KC-TONDANO"}
    assert {one.branch for one in await costs(desk, BENNY, "")} == {"KC-MANADO"}
    with pytest.raises(NotFound):
        await costs(desk, BENNY, "KC-TONDANO")
