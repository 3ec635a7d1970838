"""The window of a network: what waits, what asks, and in which order all of it arrives."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bootstrap import Product
from bot.channels.window import NoTemplate
from bot.runtime.messages import Asking, Outbound
from bot.runtime.ports import Parked, Throttled, Uncertain
from data.instants import to_us
from data.store import NEVER
from services import conversation, corrections, endings, identities
from services.corrections import Part
from tests.bot.runtime.windowed import TUESDAY, Branch, opened
from tests.desk import MANADO, RINA, Desk, postgres_desk, sqlite_desk


@pytest.fixture(params=["sqlite", "postgres"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    made = sqlite_desk(tmp_path) if request.param == "sqlite" else postgres_desk()
    async with made as desk:
        yield desk


@pytest.fixture
async def branch(desk: Desk, product: Product) -> AsyncIterator[Branch]:
    async with opened(desk, product) as branch:
        yield branch


async def claimed_on_friday(branch: Branch) -> tuple[str, str]:
    """The chat of somebody whose request was claimed at 16.59; its number."""
    chat = await branch.somebody()
    number = (await branch.desk.file(chat=chat)).number
    branch.desk.clock.at += timedelta(minutes=9)
    await branch.desk.claim(RINA, number)
    await branch.settle()
    branch.post.got.clear()
    branch.desk.clock.at = TUESDAY
    return chat, number


async def used(branch: Branch) -> int:
    """How many templates were counted for the branch."""
    asked = {"branch": MANADO.id, "viewer": RINA.id, "since": 0, "until": NEVER}
    return sum(row["sent"] for row in await branch.desk.all("template_costs", **asked))


async def test_within_the_window_a_reply_goes_at_once(branch: Branch) -> None:
    chat, number = await claimed_on_friday(branch)
    await branch.write(chat, "masih lama?")

    await branch.reply(number, "Datanya sudah saya perbarui.")

    assert "Datanya sudah saya perbarui." in branch.told(chat)
    assert branch.post.asked == []


async def test_outside_the_window_a_reply_waits_and_a_template_goes(branch: Branch) -> None:
    chat, number = await claimed_on_friday(branch)

    await branch.reply(number, "Datanya sudah saya perbarui.")

    assert branch.told(chat) == ""
    assert branch.post.asked == [(chat, "jawaban_siap", "id", [number, MANADO.name])]
    assert await used(branch) == 1
    assert await branch.desk.store.next_send_due() is None


async def test_one_template_for_all_that_waits(branch: Branch) -> None:
    _, number = await claimed_on_friday(branch)

    for text in ("Satu.", "Dua.", "Tiga."):
        await branch.reply(number, text)
        branch.desk.clock.at += timedelta(minutes=5)

    assert len(branch.post.asked) == 1
    assert await used(branch) == 1


async def test_words_that_come_days_late_open_nothing_and_cost_no_second_template(
    branch: Branch,
) -> None:
    chat, number = await claimed_on_friday(branch)
    await branch.reply(number, "Satu.")

    await branch.write(chat, "masih lama?", at=TUESDAY - timedelta(days=3))

    assert branch.told(chat) == ""
    assert len(branch.post.asked) == 1
    await branch.write(chat, "halo?")
    assert "Satu." in branch.post.told(chat)[0]


async def test_when_the_participant_writes_all_comes_in_order_before_the_answer(
    branch: Branch,
) -> None:
    chat, number = await claimed_on_friday(branch)
    await branch.reply(number, "Satu.")
    await branch.reply(number, "Dua.")
    branch.desk.clock.at += timedelta(hours=3)

    await branch.write(chat, "STATUS")

    first, second, answer = branch.post.told(chat)
    assert "Satu." in first and "Dua." in second
    assert number in answer


async def test_the_next_closed_window_asks_again(branch: Branch) -> None:
    chat, number = await claimed_on_friday(branch)
    await branch.reply(number, "Satu.")
    branch.desk.clock.at += timedelta(hours=1)
    await branch.write(chat, "ya")
    branch.desk.clock.at += timedelta(hours=25)

    await branch.reply(number, "Dua.")

    assert len(branch.post.asked) == 2


async def test_the_window_shuts_24_hours_after_the_last_word(branch: Branch) -> None:
    chat, number = await claimed_on_friday(branch)
    await branch.write(chat, "halo")
    branch.post.got.clear()
    branch.desk.clock.at += timedelta(hours=24, microseconds=-1)
    await branch.reply(number, "Masih bisa.")
    branch.desk.clock.at += timedelta(microseconds=1)

    await branch.reply(number, "Tidak lagi.")

    assert "Masih bisa." in branch.told(chat)
    assert "Tidak lagi." not in branch.told(chat)
    assert len(branch.post.asked) == 1


async def test_a_reply_to_the_template_is_no_answer_to_a_question_that_was_not_seen(
    branch: Branch,
) -> None:
    chat, number = await claimed_on_friday(branch)
    rules = branch.desk.rules
    await branch.desk.do(
        corrections.ask_correction,
        RINA,
        number,
        parts=[Part("nik", "NIK belum sesuai.")],
        rules=rules,
    )
    await branch.settle()
    assert branch.post.asked[0][1] == "perlu_perbaikan"
    branch.desk.clock.at += timedelta(hours=1)

    await branch.write(chat, "ya, ada apa?")

    question, answer = branch.post.told(chat)
    assert "NIK belum sesuai." in question
    assert "NIK" in answer
    assert (await branch.desk.request(number)).status == "needs_correction"
    assert "dua kali" not in answer  # nothing was counted as a wrong answer
    assert "sebelum" in answer


async def test_news_that_would_be_old_is_not_sent_at_all(branch: Branch) -> None:
    chat = await branch.somebody()
    number = (await branch.desk.file(chat=chat)).number
    branch.post.got.clear()
    branch.desk.clock.at = TUESDAY

    await branch.desk.claim(RINA, number)
    await branch.settle()

    assert (branch.told(chat), branch.post.asked) == ("", [])
    await branch.write(chat, "STATUS")
    assert len(branch.post.told(chat)) == 1


async def test_a_result_is_worth_a_template(branch: Branch) -> None:
    chat, number = await claimed_on_friday(branch)

    await branch.desk.do(endings.finish, RINA, number, outcome="Sudah pindah.")
    await branch.settle()

    assert [asked[1] for asked in branch.post.asked] == ["permintaan_selesai"]
    await branch.write(chat, "ya")
    assert "Sudah pindah." in branch.post.told(chat)[0]


async def test_who_writes_while_the_network_refuses_is_asked_by_no_template(
    branch: Branch,
) -> None:
    chat, gate = await branch.somebody(), branch.post.gate
    assert gate is not None
    asking = Asking("jawaban_siap", "MND-G-0001", MANADO.id, MANADO.name)
    reply = Outbound("Satu.", asking=asking)
    seen = await gate.check(chat, reply)
    branch.desk.clock.at += timedelta(seconds=1)
    await branch.write(chat, "halo?")

    with pytest.raises(Parked) as parked:
        await gate.shut(chat, reply, seen)

    assert parked.value.heard == seen.heard, "parking finds that they wrote, and sends at once"
    assert branch.post.asked == []


async def test_a_template_that_is_refused_loses_nothing(branch: Branch) -> None:
    chat, number = await claimed_on_friday(branch)
    branch.post.refusal = NoTemplate("132001")

    await branch.reply(number, "Satu.")

    assert await used(branch) == 0
    branch.post.refusal = None
    await branch.write(chat, "halo")
    assert "Satu." in branch.post.told(chat)[0]


async def test_a_template_that_may_have_arrived_is_not_repeated(branch: Branch) -> None:
    _, number = await claimed_on_friday(branch)
    branch.post.refusal = Uncertain()
    await branch.reply(number, "Satu.")
    branch.post.refusal = None
    await branch.reply(number, "Dua.")

    assert branch.post.asked == []
    assert await used(branch) == 1


async def test_a_template_that_must_wait_is_sent_later(branch: Branch) -> None:
    _, number = await claimed_on_friday(branch)
    branch.post.refusal = Throttled(30)
    await branch.reply(number, "Satu.")
    branch.post.refusal = None
    branch.desk.clock.at += timedelta(seconds=31)

    await branch.settle()

    assert len(branch.post.asked) == 1


async def test_who_writes_while_a_message_is_being_parked_is_not_forgotten(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, number = await claimed_on_friday(branch)
    post, ask = branch.post, branch.post.ask

    async def meanwhile(*given: object) -> str:
        now = branch.desk.clock.now()
        await branch.desk.store.write(lambda tx: identities.heard(tx, chat, now))
        return await ask(*given)  # type: ignore[arg-type]

    assert post.gate is not None
    monkeypatch.setattr(post.gate, "_ask", meanwhile)

    await branch.reply(number, "Satu.")

    assert "Satu." in branch.told(chat)


async def test_what_a_dead_sender_was_sending_is_parked_by_the_next(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branch.runtime.turns, "_outlet", lambda: None)
    chat, number = await claimed_on_friday(branch)
    store, now = branch.desk.store, to_us(branch.desk.clock.now())
    await store.heartbeat("dead", now - 60_000_000)
    await branch.desk.do(conversation.reply, RINA, number, "Satu.", rules=branch.desk.rules)
    await branch.runtime.turns.once()
    assert len(await store.claim_sends(owner="dead", now=now, limit=9)) == 1

    assert await store.recover_sends(branch.runtime.owner, now) == 1
    await branch.settle()

    assert len(branch.post.asked) == 1
    await branch.write(chat, "ya")
    assert "Satu." in branch.post.told(chat)[0]


async def test_without_templates_a_reply_only_waits(desk: Desk, product: Product) -> None:
    async with opened(desk, product, "messenger") as branch:
        chat = await branch.somebody(channel="messenger")
        number = (await desk.file(chat=chat)).number
        await desk.claim(RINA, number)
        branch.desk.clock.at = TUESDAY
        await branch.settle()
        branch.post.got.clear()
        await branch.reply(number, "Satu.")
        assert (branch.told(chat), branch.post.asked) == ("", [])

        await branch.write(chat, "STATUS")

        assert "Satu." in branch.post.told(chat)[0]
