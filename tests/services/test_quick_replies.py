"""Quick replies: a few blanks are filled, nothing is carried out, and heads write them."""

from typing import Any

import pytest

from services import quick_replies
from services.blanks import FIRST_OF_NEXT_MONTH
from services.quick_replies import QuickReply, filled
from services.reasons import Reasons
from services.refusals import NotFound, Refused
from tests.desk import ADMIN, BENNY, RINA, WATI, Desk
from tests.services.test_checklist import JOURNEYS

BLANKS = {"nama": "Siti {tiket}", "tiket": "MND-G-0001", "cabang": "KC", "petugas": "Rina"}


async def save(desk: Desk, body: str = "Baik, {nama}.", **values: Any) -> int:
    given: dict[str, Any] = {"name": "Baik", "services": []}
    return await desk.do(quick_replies.save, BENNY, body=body, **(given | values))


async def listed(desk: Desk, branch: str = "KC-MANADO") -> list[QuickReply]:
    async with desk.store.read() as tx:
        return list(await quick_replies.of_branch(tx, branch))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Bapak/Ibu {nama}, tiket {tiket}.", "Bapak/Ibu Siti {tiket}, tiket MND-G-0001."),
        ("{{ 7*7 }} {% raw %} {nama.__class__}", "{{ 7*7 }} {% raw %} {nama.__class__}"),
        ("{asing}", "{asing}"),
    ],
)
def test_only_known_blanks_are_filled_and_only_once(body: str, said: str) -> None:
    assert filled(body, BLANKS) == said


async def test_a_blank_that_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        await save(desk, "Halo {nik}")
    assert refused.value.key == "petugas.isian_tak_dikenal"
    assert refused.value.values["blank"] == "{nik}"


async def test_a_branch_has_its_own_and_those_of_all(desk: Desk) -> None:
    await save(desk, name="Cabang")
    await desk.do(quick_replies.save, ADMIN, name="Pusat", body="Halo", services=[])

    assert [one.name for one in await listed(desk)] == ["Cabang", "Pusat"]
    assert [one.name for one in await listed(desk, "KC-TONDANO")] == ["Pusat"]


async def test_heads_write_their_own_and_nobody_elses(desk: Desk) -> None:
    shared = await desk.do(quick_replies.save, ADMIN, name="Pusat", body="Halo", services=[])
    with pytest.raises(Refused):
        await desk.do(quick_replies.save, RINA, name="x", body="x", services=[])
    with pytest.raises(NotFound):
        await save(desk, number=shared)
    with pytest.raises(NotFound):
        await desk.do(quick_replies.remove, BENNY, shared)

    own = await save(desk)
    await save(desk, "Lain", number=own)
    assert [one.body for one in await listed(desk)] == ["Lain", "Halo"]
    await desk.do(quick_replies.remove, BENNY, own)
    assert [one.name for one in await listed(desk)] == ["Pusat"]


async def test_those_of_every_branch_are_not_the_matter_of_one_region(desk: Desk) -> None:
    shared = await desk.do(quick_replies.save, ADMIN, name="Pusat", body="Halo", services=[])
    for number in (None, shared):
        with pytest.raises(Refused):
            await desk.do(quick_replies.save, WATI, name="x", body="x", services=[], number=number)
    with pytest.raises(Refused):
        await desk.do(quick_replies.remove, WATI, shared)
    with pytest.raises(Refused):
        await desk.do(quick_replies.add_examples, WATI)

    assert [(one.name, one.body) for one in await listed(desk)] == [("Pusat", "Halo")]


async def test_a_branch_begins_with_twelve_examples(desk: Desk) -> None:
    assert await desk.do(quick_replies.add_examples, BENNY) == 12
    names = [one.name for one in await listed(desk)]
    assert len(set(names)) == 12
    assert await desk.do(quick_replies.add_examples, BENNY) == 0


@pytest.mark.parametrize("code", JOURNEYS.services)
def test_reasons_name_only_rules_that_their_service_has(code: str) -> None:
    reasons, rules = Reasons.load(), JOURNEYS.flows[code].rules
    values = {name: str(rule.value) for name, rule in rules.items()}
    values |= {FIRST_OF_NEXT_MONTH: "1 Januari 2027"}
    for verb in ("finish", "ask_correction", "refuse", "transfer"):
        fit = reasons.of(verb, code)
        assert len(fit) >= 3
        assert not [one.text for one in fit.values() if "{" in filled(one.text, values)]


def test_a_reason_of_another_service_is_refused() -> None:
    reasons = Reasons.load()
    assert next(iter(reasons.of("refuse", "G"))) == "tiga_bulan"
    with pytest.raises(Refused):
        reasons.pick("refuse", "A", "tiga_bulan")
