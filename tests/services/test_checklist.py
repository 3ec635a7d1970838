"""The checklist: what is not checked cannot be finished, whoever asks."""

from datetime import date, timedelta

import pytest

from data.instants import to_us
from flows.checklist import about, points
from services import checklist, endings
from services.refusals import Refused
from tests.declared import JOURNEYS
from tests.desk import DIMAS, FACTS, RINA, RULES, Desk

NUMBER = "MND-G-0001"
TODAY = date(2026, 11, 23)


async def held(desk: Desk, *checks: str) -> None:
    await desk.file(checks=checks)
    await desk.claim(RINA, NUMBER)


async def tick(desk: Desk, item: str, *, done: bool = True) -> None:
    await desk.do(checklist.tick, RINA, NUMBER, item, done=done, rules=RULES)


async def of(desk: Desk) -> dict[str, str]:
    request = await desk.request(NUMBER)
    async with desk.store.read() as tx:
        return {point.item: point.officer for point in await checklist.of(tx, request)}


async def test_nothing_is_finished_until_everything_is_checked(desk: Desk) -> None:
    await held(desk, "identitas", "faskes")
    await tick(desk, "identitas")
    with pytest.raises(Refused) as refused:
        await desk.do(endings.finish, RINA, NUMBER, outcome="Sudah.")
    await tick(desk, "faskes")

    assert (refused.value.key, refused.value.values) == ("petugas.belum_diperiksa", {"open": 1})
    assert (await desk.do(endings.finish, RINA, NUMBER, outcome="Sudah.")).status == "done"


async def test_a_tick_is_work_and_the_claim_holds_on(desk: Desk) -> None:
    await held(desk, "identitas")
    desk.clock.at += timedelta(minutes=10)
    await tick(desk, "identitas")

    assert (await desk.request(NUMBER)).lease_until == to_us(desk.clock.at + RULES.lease)


async def test_a_request_without_a_checklist_is_finished_as_before(desk: Desk) -> None:
    await held(desk)
    assert (await desk.do(endings.finish, RINA, NUMBER, outcome="Sudah.")).status == "done"


async def test_who_checked_what_is_kept_and_in_the_trail(desk: Desk) -> None:
    await held(desk, "identitas", "faskes")
    await tick(desk, "faskes")
    await tick(desk, "faskes")
    assert await of(desk) == {"identitas": "", "faskes": "rina"}
    await tick(desk, "faskes", done=False)

    assert await of(desk) == {"identitas": "", "faskes": ""}
    assert await desk.trail(NUMBER) == ["filed", "claimed", "checked", "unchecked"]


async def test_only_the_holder_checks_and_only_what_is_on_the_list(desk: Desk) -> None:
    await held(desk, "identitas")
    with pytest.raises(Refused) as foreign:
        await desk.do(checklist.tick, DIMAS, NUMBER, "identitas", done=True, rules=RULES)
    with pytest.raises(Refused) as unknown:
        await tick(desk, "lain")

    assert (foreign.value.key, unknown.value.key) == ("petugas.bukan_milik", "konsol.pilihan")
    assert await of(desk) == {"identitas": ""}


async def test_a_correction_makes_its_points_to_be_checked_anew(desk: Desk) -> None:
    await held(desk, "identitas", "anggota", "faskes")
    for item in ("identitas", "anggota", "faskes"):
        await tick(desk, item)
    request = await desk.request(NUMBER)
    now = ["identitas", "tiga_bulan", "faskes"]
    await desk.store.write(lambda tx: checklist.revise(tx, request, now, ["faskes"]))

    assert await of(desk) == {"identitas": "rina", "tiga_bulan": "", "faskes": ""}


@pytest.mark.parametrize("code", JOURNEYS.services)
def test_every_service_has_a_checklist_and_conditions_decide(code: str) -> None:
    service = JOURNEYS.services[code]
    always = points(service, {}, TODAY, FACTS)

    assert 3 <= len(service.flow.checklist) <= 9
    assert always
    assert set(always) <= set(service.flow.checklist)


def test_conditions_of_the_answers_decide_what_is_checked() -> None:
    service = JOURNEYS.services["G"]
    family = points(service, {"siapa": "bersama", "tni_polri": "tidak"}, TODAY, FACTS)
    soldier = points(service, {"siapa": "saya", "tni_polri": "ya"}, TODAY, FACTS)

    assert family == ("identitas", "status", "tiga_bulan", "anggota", "faskes")
    assert soldier == ("identitas", "status", "faskes")
    assert about(service, "foto_kk") == ("identitas", "anggota")
