"""A request goes to a colleague, a claim is kept, and a stale page changes nothing."""

from datetime import timedelta

import pytest

from services import conversation, fencing, history, leases, presence, queue, requests
from services.fencing import Seen
from services.refusals import Refused
from tests.desk import BENNY, CALENDAR, CHAT, DIMAS, RINA, RULES, SARI, TONDANO, Desk

NUMBER = "MND-G-0001"


@pytest.fixture(autouse=True)
async def held(desk: Desk) -> None:
    await desk.file()
    await desk.claim(RINA, NUMBER)


async def hand(desk: Desk, by: object, to: str) -> None:
    await desk.do(queue.hand_over, by, NUMBER, to=to, reason="Tolong", rules=RULES)


async def test_a_colleague_of_the_branch_goes_on_and_the_participant_hears_nothing(
    desk: Desk,
) -> None:
    await hand(desk, RINA, "dimas")
    after = await desk.request(NUMBER)

    assert (after.officer, after.status, after.branch) == ("dimas", "claimed", "KC-MANADO")
    assert [event.action for event in await desk.told()] == ["claimed"]
    assert [row["author"] for row in await desk.all("conversation", request=after.id)] == ["note"]
    assert (await desk.trail(NUMBER))[-1] == "handed_over"


@pytest.mark.parametrize("to", ["rina", "sari", "pusat", "nobody", ""])
async def test_only_another_officer_of_the_branch_gets_it(desk: Desk, to: str) -> None:
    with pytest.raises(Refused):
        await hand(desk, RINA, to)


async def test_who_does_not_hold_it_hands_nothing_over_but_a_head_does(desk: Desk) -> None:
    with pytest.raises(Refused):
        await hand(desk, DIMAS, "benny")
    await hand(desk, BENNY, "dimas")
    assert (await desk.request(NUMBER)).officer == "dimas"


async def test_one_press_keeps_a_claim_and_no_open_page_grows_stale(desk: Desk) -> None:
    before = await desk.request(NUMBER)
    desk.clock.at += RULES.lease - timedelta(minutes=1)
    await desk.do(leases.keep, RINA, NUMBER, rules=RULES)
    desk.clock.at += timedelta(minutes=10)
    after = await desk.request(NUMBER)

    assert await desk.do(leases.return_lapsed, "KC-MANADO", calendar=CALENDAR) == 0
    assert after.version == before.version
    with pytest.raises(Refused):
        await desk.do(leases.keep, DIMAS, NUMBER, rules=RULES)


async def fenced(desk: Desk, seen: Seen | None, text: str = "") -> bool:
    return await desk.store.write(lambda tx: fencing.is_done(tx, RINA, NUMBER, seen, text))


async def shown(desk: Desk) -> Seen:
    async with desk.store.read() as tx:
        return await fencing.seen_now(tx, await requests.by_number(tx, NUMBER))


async def test_a_page_of_the_present_may_act(desk: Desk) -> None:
    assert not await fenced(desk, await shown(desk))
    assert fencing.read(str(await shown(desk))) == await shown(desk)


@pytest.mark.parametrize("token", ["", "1", "1.", ".1", "a.b", "-1.0", "1.2.3", "²." + "0"])
def test_a_token_that_no_page_has_is_none(token: str) -> None:
    assert fencing.read(token) is None


async def test_whatever_changed_since_the_page_stops_its_form(desk: Desk) -> None:
    seen = await shown(desk)
    await desk.do(conversation.wrote, CHAT, NUMBER, text="Batal saja")
    with pytest.raises(Refused) as wrote:
        await fenced(desk, seen)
    seen = await shown(desk)
    await desk.do(queue.release, BENNY, NUMBER)
    await desk.claim(RINA, NUMBER)
    with pytest.raises(Refused) as changed:
        await fenced(desk, seen)
    with pytest.raises(Refused) as without:
        await fenced(desk, None)

    keys = [one.value.key for one in (wrote, changed, without)]
    assert keys == ["petugas.pesan_baru", "petugas.berubah", "petugas.berubah"]


async def test_the_same_form_twice_is_told_from_another_tab_of_the_same_officer(
    desk: Desk,
) -> None:
    seen = await shown(desk)
    await desk.do(conversation.reply, RINA, NUMBER, "Baik, Bu.", rules=RULES)

    assert await fenced(desk, seen, "Baik, Bu.\r\n")
    with pytest.raises(Refused):
        await fenced(desk, seen, "Lain lagi")


async def test_colleagues_who_look_are_named_until_they_leave(desk: Desk) -> None:
    async def others() -> list[str]:
        async with desk.store.read() as tx:
            request = await requests.by_number(tx, NUMBER)
            return list(await presence.others(tx, RINA, request, now=desk.clock.now()))

    for officer in (RINA, DIMAS):
        await desk.do(presence.look, officer, NUMBER)
    assert await others() == ["Dimas P."]
    desk.clock.at += presence.LASTS
    assert await others() == []


async def test_earlier_requests_are_shown_as_far_as_one_may_see_them(desk: Desk) -> None:
    await desk.file()
    await desk.file(branch=TONDANO)
    await desk.file(chat="web:lain")
    request = await desk.request(NUMBER)
    async with desk.store.read() as tx:
        own = [row["number"] for row in await history.earlier(tx, RINA, request)]
        other = [row["number"] for row in await history.earlier(tx, SARI, request)]

    assert own == ["MND-G-0002"]
    assert other == ["TND-G-0001"]
