"""What every store promises, on both engines."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from data.opening import open_store
from data.store import (
    OWNER_DIES_AFTER,
    Consent,
    Head,
    Outgoing,
    Outlet,
    Parking,
    SendResult,
    Store,
    StoreBusy,
    Timer,
    TurnKilled,
    TurnWrites,
    Tx,
)
from tests.data.conftest import Peek
from tests.data.inbox import ATTEMPTS, NOW, deliver, drain, echo, event, receive, run, said

REFUSED_CHANGE = (sqlite3.OperationalError, asyncpg.ReadOnlySQLTransactionError)
REFUSED_BY_AUDIT = (sqlite3.IntegrityError, asyncpg.RaiseError)

ENTRY: dict[str, Any] = {
    "at": NOW,
    "actor": "sari",
    "action": "claim",
    "object": "request:1",
    "branch": "MND",
    "detail": "{}",
    "prev": "",
    "hash": "h",
}


async def session_of(peek: Peek, chat: str = "telegram:1") -> bytes | None:
    rows = await peek(f"SELECT session FROM chat WHERE id = '{chat}'")
    found: bytes | None = rows[0][0] if rows else None
    return found


class TestInbox:
    async def test_an_event_that_comes_again_is_not_new(self, store: Store) -> None:
        assert list(await store.ingest([event(1), event(2), event(1)])) == [True, True, False]
        assert list(await store.ingest([event(2), event(3)])) == [False, True]
        assert await drain(store) == 3

    async def test_the_same_number_of_another_channel_is_another_event(self, store: Store) -> None:
        assert list(await store.ingest([event(1), event(1, channel="web")])) == [True, True]

    async def test_calls_at_the_same_time_each_learn_what_was_new(self, store: Store) -> None:
        answers = await asyncio.gather(*[store.ingest([event(n % 5)]) for n in range(20)])
        assert sum(fresh for answer in answers for fresh in answer) == 5
        assert await drain(store) == 5

    async def test_an_event_taken_in_again_after_its_turn_stays_done(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1)])
        await drain(store)
        assert list(await store.ingest([event(1)])) == [False]
        assert await drain(store) == 0
        assert await session_of(peek) == b"1 "

    async def test_a_dead_update_is_kept_and_never_run(self, store: Store, peek: Peek) -> None:
        assert list(await store.ingest([event(1, dead="Undecodable")])) == [True]
        assert await drain(store) == 0
        assert await store.next_due() is None
        assert await peek("SELECT status, error FROM event") == [("dead", "Undecodable")]

    async def test_a_text_that_cannot_be_stored_fails_nobody_elses(self, store: Store) -> None:
        bad, good = await asyncio.gather(
            store.ingest([event("\ud800")]), store.ingest([event(2)]), return_exceptions=True
        )
        assert isinstance(bad, UnicodeError | asyncpg.DataError)
        assert good == [True]


class TestTurns:
    async def test_a_turn_leaves_session_messages_and_a_done_event(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1)])
        report = await run(store)
        assert (report.done, report.sends, list(report.failures)) == (1, 1, [])
        assert await peek("SELECT session, version, out_seq, ready_at FROM chat") == [
            (b"1 ", 1, 1, None)
        ]
        assert await peek("SELECT status FROM event") == [("done",)]
        assert await store.next_due() is None

    async def test_the_head_tells_what_is_known(self, store: Store) -> None:
        await store.ingest([event(1), event(2)])
        seen: list[Head] = []

        async def turn(tx: Tx, head: Head) -> TurnWrites:
            seen.append(head)
            return await echo(tx, head)

        await drain(store, turn)
        first, second = seen
        assert (first.chat, first.channel, first.body) == ("telegram:1", "telegram", b"1")
        assert (first.session, first.version, first.attempts) == (None, 0, 0)
        assert first.received_at == NOW
        assert (second.session, second.version) == (b"1 ", 1)

    async def test_events_of_a_chat_run_in_the_order_of_their_arrival(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(n) for n in (3, 10, 1, 2)])
        await drain(store)
        assert await session_of(peek) == b"3 10 1 2 "

    async def test_rank_goes_before_arrival(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(n, rank=n) for n in (7, 5, 6)])
        await drain(store)
        assert await session_of(peek) == b"5 6 7 "

    async def test_a_batch_takes_one_event_of_each_chat_and_no_more_chats_than_asked(
        self, store: Store
    ) -> None:
        await store.ingest([event(f"{c}{n}", f"telegram:{c}") for c in "abc" for n in range(2)])
        assert (await run(store, limit=2)).done == 2
        assert (await run(store)).done == 3
        assert await drain(store) == 1

    async def test_what_is_not_due_waits(self, store: Store) -> None:
        await store.ingest([event(1, due_at=NOW + 5)])
        assert (await run(store)).done == 0
        assert await store.next_due() == NOW + 5
        assert (await run(store, now=NOW + 5)).done == 1

    async def test_an_event_that_is_not_due_holds_up_no_later_one(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1, due_at=NOW + 5), event(2)])
        await drain(store)
        assert await session_of(peek) == b"2 "
        assert await store.next_due() == NOW + 5

    async def test_what_a_turn_writes_besides_is_committed_with_it(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1)])

        async def turn(tx: Tx, head: Head) -> TurnWrites:
            await tx.run("worker_beat", owner="from a turn", now=NOW)
            return await echo(tx, head)

        await drain(store, turn)
        assert await peek("SELECT id FROM worker") == [("from a turn",)]

    async def test_a_consent_is_committed_with_its_turn(self, store: Store, peek: Peek) -> None:
        async def turn(tx: Tx, head: Head) -> TurnWrites:
            return TurnWrites(b"s", consents=[Consent("G", "setuju", f"{head.event}" * 64, NOW)])

        await store.ingest([event(1)])
        await drain(store, turn)
        await receive(store, event(2, "telegram:2"), turn=turn)

        kept = await peek(
            "SELECT chat, service, key, text_sha256, at, event FROM consent ORDER BY id"
        )
        assert [row[:3] for row in kept] == [
            ("telegram:1", "G", "setuju"),
            ("telegram:2", "G", "setuju"),
        ]
        assert [row[3:] for row in kept] == [(f"{row[5]}" * 64, NOW, row[5]) for row in kept]

    async def test_two_loops_at_once_run_each_turn_once(self, store: Store, peek: Peek) -> None:
        chats = [f"telegram:{c}" for c in range(20)]
        await store.ingest([event(f"{c}-{n}", c) for n in range(5) for c in chats])
        await asyncio.gather(*[drain(store) for _ in range(4)])
        # A loop that found a chat held may have ended while that chat had more to do.
        await drain(store)
        for chat in chats:
            expected = "".join(f"{chat}-{n} " for n in range(5)).encode()
            assert await session_of(peek, chat) == expected
        assert await peek("SELECT count(*) FROM outbox") == [(100,)]


class TestFiles:
    async def test_a_chat_waits_for_its_file_and_others_do_not(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1, media="file"), event(2), event(3, "telegram:2")])
        assert await drain(store) == 1
        assert await session_of(peek) is None
        assert await session_of(peek, "telegram:2") == b"3 "
        assert await store.next_due() is None

        (fetching,) = await store.fetches(10)
        assert (fetching.media, fetching.chat, fetching.body) == ("file", "telegram:1", b"1")
        await store.fetched(fetching.event, b"photo", NOW)
        assert await drain(store) == 2
        assert await session_of(peek) == b"photo 2 "
        assert await store.fetches(10) == []

    async def test_what_came_before_the_file_does_not_wait(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2, media="file"), event(3)])
        assert await drain(store) == 1
        assert await session_of(peek) == b"1 "

    async def test_a_file_that_comes_twice_counts_once(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1, media="file")])
        (fetching,) = await store.fetches(10)
        await store.fetched(fetching.event, b"photo", NOW)
        await drain(store)
        await store.fetched(fetching.event, b"other", NOW)
        assert await drain(store) == 0
        assert await session_of(peek) == b"photo "


def setting(*timers: Timer, dropped: tuple[str, ...] = ()) -> Any:
    async def turn(tx: Tx, head: Head) -> TurnWrites:
        written = await echo(tx, head)
        return TurnWrites(written.session, written.outbox, timers, dropped)

    return turn


class TestTimers:
    async def test_a_timer_fires_once_when_it_is_due(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1)])
        await drain(store, setting(Timer("nudge", NOW + 9, b"ring")))
        assert await store.next_due() == NOW + 9
        assert await drain(store, now=NOW + 8) == 0
        assert await drain(store, now=NOW + 9) == 1
        assert await drain(store, now=NOW + 99) == 0
        assert await session_of(peek) == b"1 ring "

    async def test_a_timer_replaces_the_one_of_its_kind(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2)])
        await run(store, setting(Timer("nudge", NOW + 5, b"old"), Timer("other", NOW + 6, b"o")))
        await run(store, setting(Timer("nudge", NOW + 9, b"new")))
        await drain(store, now=NOW + 8)
        assert await session_of(peek) == b"1 2 o "
        await drain(store, now=NOW + 9)
        assert await session_of(peek) == b"1 2 o new "

    async def test_a_dropped_timer_does_not_fire(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2)])
        await run(store, setting(Timer("nudge", NOW + 5, b"ring"), Timer("stay", NOW + 5, b"s")))
        await run(store, setting(dropped=("nudge", "unknown")))
        await drain(store, now=NOW + 5)
        assert await session_of(peek) == b"1 2 s "

    async def test_a_timer_may_set_itself_again(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1)])
        for step in range(3):
            again = setting(Timer("nudge", NOW + step + 1, b"ring"))
            assert (await run(store, again, now=NOW + step)).done == 1
        assert await session_of(peek) == b"1 ring ring "
        assert await store.next_due() == NOW + 3

    async def test_timers_of_two_chats_do_not_meet(self, store: Store) -> None:
        await store.ingest([event(1), event(2, "telegram:2")])
        await drain(store, setting(Timer("nudge", NOW + 5, b"ring")))
        assert await drain(store, now=NOW + 5) == 2


class Bad(Exception):
    """What a failing turn raises; its text must not be stored."""


async def failing(tx: Tx, head: Head) -> TurnWrites:
    await tx.run("worker_beat", owner=f"undone {head.event}", now=NOW)
    if head.chat == "telegram:1":
        raise Bad("nomor 7171010101909901")
    return await echo(tx, head)


class TestFailures:
    async def test_a_turn_that_raises_is_undone_alone(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2, "telegram:2")])
        report = await run(store, failing)
        assert report.done == 1
        (failure,) = report.failures
        assert (failure.chat, failure.attempts, failure.dead) == ("telegram:1", 1, False)
        assert isinstance(failure.error, Bad)
        assert await session_of(peek) is None
        assert await session_of(peek, "telegram:2") == b"2 "
        assert len(await peek("SELECT id FROM worker")) == 1

    async def test_it_is_tried_again_before_anything_later(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2)])
        await run(store, failing)
        assert await drain(store) == 2
        assert await session_of(peek) == b"1 2 "

    async def test_at_the_last_attempt_it_is_given_up_and_the_chat_goes_on(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1), event(2)])
        reports = [await run(store, failing) for _ in range(ATTEMPTS)]
        assert [report.failures[0].dead for report in reports] == [False, False, True]
        assert [report.failures[0].attempts for report in reports] == [1, 2, 3]
        assert await drain(store) == 1
        assert await session_of(peek) == b"2 "

    async def test_only_the_name_of_the_error_is_kept(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1)])
        await run(store, failing)
        assert await peek("SELECT error, attempts FROM event") == [("Bad", 1)]

    async def test_a_dead_letter_is_answered_once(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2)])
        for _ in range(ATTEMPTS):
            report = await run(store, failing)
        await store.bury(report.failures[0].event, [b"maaf"])
        await store.bury(report.failures[0].event, [b"maaf"])
        await drain(store)
        assert said(await deliver(store)) == [b"maaf", b"2"]
        assert await session_of(peek) == b"2 "

    async def test_a_living_event_is_not_answered_as_a_dead_one(self, store: Store) -> None:
        await store.ingest([event(1)])
        report = await run(store, failing)
        await store.bury(report.failures[0].event, [b"maaf"])
        assert await deliver(store) == []

    async def test_a_timer_that_died_can_be_set_again(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2, due_at=NOW + 2)])
        await drain(store, setting(Timer("nudge", NOW + 1, b"ring")))
        for _ in range(ATTEMPTS):
            await run(store, failing, now=NOW + 1)
        await drain(store, setting(Timer("nudge", NOW + 3, b"again")), now=NOW + 2)
        await drain(store, now=NOW + 3)
        assert await session_of(peek) == b"1 2 again "

    async def test_a_turn_that_breaks_a_constraint_fails_alone(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1), event(2, "telegram:2")])

        async def turn(tx: Tx, head: Head) -> TurnWrites:
            if head.chat == "telegram:1":
                values = {"chat": head.chat, "event": head.event, "n": 0, "body": b"", "now": NOW}
                await tx.run("outbox_put", seq=99, **values)
            return await echo(tx, head)

        for _ in range(ATTEMPTS):
            report = await run(store, turn)
        assert report.failures[0].dead
        assert await session_of(peek, "telegram:2") == b"2 "
        assert await session_of(peek) is None


ME = Outlet("me", frozenset({"telegram"}))


class TestTurnsAtOnce:
    async def test_an_event_has_its_turn_in_the_commit_that_stores_it(
        self, store: Store, peek: Peek
    ) -> None:
        received = await receive(store, event(1), event(2, "telegram:2"))
        assert list(received.fresh) == [True, True]
        assert (received.report.done, received.report.sends) == (2, 2)
        assert await session_of(peek) == b"1 "
        assert await peek("SELECT DISTINCT status FROM event") == [("done",)]
        assert await drain(store) == 0
        assert said(await deliver(store)) == [b"1"]

    async def test_turns_follow_one_another(self, store: Store, peek: Peek) -> None:
        for number in range(3):
            assert (await receive(store, event(number))).report.done == 1
        assert await session_of(peek) == b"0 1 2 "
        assert await peek("SELECT version, out_seq FROM chat") == [(3, 3)]

    async def test_what_comes_again_has_no_second_turn(self, store: Store, peek: Peek) -> None:
        await receive(store, event(1))
        again = await receive(store, event(1))
        assert (list(again.fresh), again.report.done) == ([False], 0)
        both = await receive(store, event(2), event(2))
        assert list(both.fresh) == [True, False]
        await drain(store)
        assert await session_of(peek) == b"1 2 "

    async def test_events_of_one_chat_that_come_together_keep_their_order(
        self, store: Store, peek: Peek
    ) -> None:
        assert list((await receive(store, event(1), event(2), event(3))).fresh) == [True] * 3
        await drain(store)
        assert await session_of(peek) == b"1 2 3 "

    async def test_nothing_passes_what_waits(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1)])
        assert (await receive(store, event(2))).report.done == 0
        await drain(store)
        assert await session_of(peek) == b"1 2 "

    async def test_nothing_passes_a_file_that_is_being_fetched(
        self, store: Store, peek: Peek
    ) -> None:
        assert (await receive(store, event(1, media="file"))).report.done == 0
        assert (await receive(store, event(2))).report.done == 0
        (fetching,) = await store.fetches(9)
        await store.fetched(fetching.event, b"file", NOW)
        await drain(store)
        assert await session_of(peek) == b"file 2 "

    async def test_a_timer_that_is_not_due_holds_nothing_up(self, store: Store, peek: Peek) -> None:
        first = await receive(store, event(1), turn=setting(Timer("nudge", NOW + 5, b"ring")))
        assert (first.report.done, first.report.due) == (1, NOW + 5)
        assert (await receive(store, event(2))).report.done == 1
        assert await store.next_due() == NOW + 5
        await drain(store, now=NOW + 5)
        assert await session_of(peek) == b"1 2 ring "

    async def test_a_turn_that_raises_is_undone_and_waits_uncounted(
        self, store: Store, peek: Peek
    ) -> None:
        async def torn(tx: Tx, head: Head) -> TurnWrites:
            if head.chat == "telegram:1":
                await tx.run("audit_add", **ENTRY)
                raise ValueError("torn")
            return await echo(tx, head)

        received = await receive(store, event(1), event(2, "telegram:2"), turn=torn)
        assert list(received.fresh) == [True, True]
        assert (received.report.done, list(received.report.failures)) == (1, [])
        assert await peek("SELECT status, attempts FROM event WHERE chat = 'telegram:1'") == [
            ("new", 0)
        ]
        assert await peek("SELECT * FROM audit") == []
        assert await drain(store) == 1
        assert await session_of(peek) == b"1 "

    async def test_a_dead_update_is_only_kept(self, store: Store, peek: Peek) -> None:
        received = await receive(store, event(1, dead="Undecodable"))
        assert (list(received.fresh), received.report.done) == ([True], 0)
        assert await peek("SELECT status FROM event") == [("dead",)]

    async def test_calls_at_the_same_time_lose_nothing_and_double_nothing(
        self, store: Store, peek: Peek
    ) -> None:
        calls = [receive(store, event(n % 9, f"telegram:{n % 3}")) for n in range(36)]
        answers = await asyncio.gather(*calls)
        assert sum(new for answer in answers for new in answer.fresh) == 9
        await drain(store)
        sessions = [await session_of(peek, f"telegram:{n}") for n in range(3)]
        heard = [sorted((session or b"").split()) for session in sessions]
        assert heard == [[b"%d" % n for n in range(chat, 9, 3)] for chat in range(3)]

    async def test_messages_are_handed_to_who_sends_the_one_ahead(self, store: Store) -> None:
        first = (await receive(store, event(1), turn=chatty, outlet=ME)).report
        assert [m.body for m in first.handed] == [b"1a", b"1b"]
        second = (await receive(store, event(2), outlet=ME)).report
        assert [m.body for m in second.handed] == [b"2"]
        other = Outlet("other", frozenset({"telegram"}))
        third = (await receive(store, event(3), outlet=other)).report
        assert (list(third.handed), third.sends, list(third.behind)) == ([], 1, ["telegram:1"])
        ended = [SendResult(m.id, "sent", ended_at=NOW) for m in (*first.handed, *second.handed)]
        await store.sent("me", ended)
        assert said(await deliver(store)) == [b"3"]

    @pytest.mark.parametrize("at_once", [True, False])
    async def test_what_is_handed_over_names_what_is_ahead_of_it_and_has_not_ended(
        self, store: Store, at_once: bool
    ) -> None:
        async def handed(number: int) -> Sequence[Outgoing]:
            if at_once:
                return (await receive(store, event(number), turn=chatty, outlet=ME)).report.handed
            await store.ingest([event(number)])
            return (await run(store, turn=chatty, outlet=ME)).handed

        a, b = await handed(1)
        c, d = await handed(2)
        assert [m.ahead for m in (a, b, c, d)] == [0, a.id, b.id, c.id]
        await store.sent("me", [SendResult(m.id, "sent", ended_at=NOW) for m in (a, b, c, d)])
        e, f = await handed(3)
        assert [e.ahead, f.ahead] == [0, e.id]


class Killed(BaseException):
    """Stands for the death of the process in the middle of a turn."""


async def killing(tx: Tx, head: Head) -> TurnWrites:
    raise Killed


class TestCare:
    async def test_a_careful_turn_is_a_turn_of_one_chat(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1), event(2, "telegram:2")])
        assert (await run(store, careful=True)).done == 1
        assert (await run(store, careful=True)).done == 1
        assert (await run(store, careful=True)).done == 0

    async def test_an_event_that_ends_the_process_is_counted_and_given_up(
        self, store: Store, peek: Peek
    ) -> None:
        await store.ingest([event(1), event(2)])
        for _ in range(ATTEMPTS):
            with pytest.raises(Killed):
                await run(store, killing, careful=True)
        assert await peek("SELECT attempts FROM event ORDER BY id") == [(ATTEMPTS,), (0,)]
        report = await run(store, careful=True)
        assert report.failures[0].dead
        assert isinstance(report.failures[0].error, TurnKilled)
        assert await drain(store) == 1
        assert await session_of(peek) == b"2 "

    async def test_without_care_it_would_not_be_counted(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1)])
        with pytest.raises(Killed):
            await run(store, killing)
        assert await peek("SELECT attempts, status FROM event") == [(0, "new")]

    async def test_a_careful_failure_is_counted_once(self, store: Store, peek: Peek) -> None:
        await store.ingest([event(1)])
        report = await run(store, failing, careful=True)
        assert report.failures[0].attempts == 1
        assert await peek("SELECT attempts FROM event") == [(1,)]

    async def test_care_passes_over_chats_that_wait_for_a_file(self, store: Store) -> None:
        await store.ingest([event(1, media="file"), event(2), event(3, "telegram:2")])
        assert (await run(store, careful=True)).done == 1


async def chatty(tx: Tx, head: Head) -> TurnWrites:
    return TurnWrites(b"s", [head.body + b"a", head.body + b"b"])


class TestOutbox:
    async def test_messages_of_a_chat_go_out_in_their_order(self, store: Store) -> None:
        await store.ingest([event(1), event(2)])
        await drain(store, chatty)
        assert said(await deliver(store)) == [b"1a", b"1b", b"2a", b"2b"]

    async def test_the_next_message_waits_for_the_one_ahead(self, store: Store) -> None:
        await store.ingest([event(1), event(2, "web:9")])
        await drain(store, chatty)
        first = await store.claim_sends(owner="me", now=NOW, limit=10)
        assert [(m.chat, m.channel, m.body, m.attempts) for m in first] == [
            ("telegram:1", "telegram", b"1a", 1),
            ("web:9", "web", b"2a", 1),
        ]
        assert await store.claim_sends(owner="other", now=NOW, limit=10) == []
        await store.sent("me", [SendResult(first[0].id, "sent", "ref", ended_at=NOW)])
        second = await store.claim_sends(owner="me", now=NOW, limit=10)
        assert [m.body for m in second] == [b"1b"]

    async def test_a_limit_is_kept(self, store: Store) -> None:
        await store.ingest([event(n, f"telegram:{n}") for n in range(5)])
        await drain(store)
        assert len(await store.claim_sends(owner="me", now=NOW, limit=3)) == 3
        assert len(await store.claim_sends(owner="me", now=NOW, limit=3)) == 2

    async def test_who_has_not_the_channel_leaves_its_messages_to_others(
        self, store: Store
    ) -> None:
        await store.ingest([event(1), event(2, "web:9")])
        await drain(store)
        assert await store.next_send_due(["terminal"]) is None
        assert await store.claim_sends(owner="me", now=NOW, limit=9, channels=["terminal"]) == []
        assert await store.next_send_due(["terminal", "web"]) == 0
        (mine,) = await store.claim_sends(owner="me", now=NOW, limit=9, channels=["web", "line"])
        assert mine.chat == "web:9"
        (rest,) = await store.claim_sends(owner="you", now=NOW, limit=9, channels=["telegram"])
        assert (rest.chat, rest.attempts) == ("telegram:1", 1)

    async def test_a_message_that_is_to_be_sent_later_keeps_its_place(self, store: Store) -> None:
        await store.ingest([event(1)])
        await drain(store, chatty)
        (first,) = await store.claim_sends(owner="me", now=NOW, limit=10)
        await store.sent("me", [SendResult(first.id, "retry", not_before=NOW + 5)])
        assert await store.next_send_due() == NOW + 5
        assert await store.claim_sends(owner="me", now=NOW, limit=10) == []
        (again,) = await store.claim_sends(owner="me", now=NOW + 5, limit=10)
        assert (again.body, again.attempts) == (b"1a", 2)

    @pytest.mark.parametrize("status", ["failed", "unknown", "sent"])
    async def test_what_has_ended_lets_the_next_one_go_and_does_not_change(
        self, store: Store, peek: Peek, status: str
    ) -> None:
        await store.ingest([event(1)])
        await drain(store, chatty)
        (first,) = await store.claim_sends(owner="me", now=NOW, limit=10)
        await store.sent("me", [SendResult(first.id, status, "ref", "why", ended_at=NOW + 1)])
        await store.sent("me", [SendResult(first.id, "retry")])
        assert await peek(
            f"SELECT status, provider_ref, error, ended_at FROM outbox WHERE id = {first.id}"
        ) == [(status, "ref", "why", NOW + 1)]
        assert [m.body for m in await deliver(store)] == [b"1b"]

    @pytest.mark.parametrize("late", ["sent", "failed", "retry"])
    async def test_nobody_ends_what_another_is_sending_by_now(
        self, store: Store, peek: Peek, late: str
    ) -> None:
        await store.ingest([event(1)])
        await drain(store)
        (first,) = await store.claim_sends(owner="me", now=NOW, limit=10)
        await store.sent("me", [SendResult(first.id, "retry")])
        await store.claim_sends(owner="other", now=NOW, limit=10)

        await store.sent("me", [SendResult(first.id, late, ended_at=NOW)])
        parking = Parking("telegram:1", 0)
        await store.sent("me", [SendResult(first.id, "retry", parking=parking)])

        assert await peek("SELECT status, owner FROM outbox") == [("sending", "other")]
        await store.sent("other", [SendResult(first.id, "sent", ended_at=NOW)])
        assert await peek("SELECT status, owner FROM outbox") == [("sent", "")]

    async def test_nothing_is_due_behind_a_message_that_is_being_sent(self, store: Store) -> None:
        await store.ingest([event(1)])
        await drain(store, chatty)
        assert await store.next_send_due() == 0
        await store.claim_sends(owner="me", now=NOW, limit=10)
        assert await store.next_send_due() is None

    async def test_what_a_sender_holds_unknowing_is_returned_to_the_outbox(
        self, store: Store
    ) -> None:
        me = Outlet("me", frozenset({"telegram"}))
        ids = []
        for number in (1, 2, 3):
            one = event(number, f"telegram:{number}")
            ids += [message.id for message in (await receive(store, one, outlet=me)).report.handed]
        await receive(store, event(4, "telegram:4"), outlet=Outlet("other", me.channels))

        assert await store.return_sends("me", ids[:1], before=NOW - 1) == 0
        assert await store.return_sends("me", ids[:1], before=NOW) == 2

        claimed = await store.claim_sends(owner="me", now=NOW, limit=10)
        assert sorted(message.id for message in claimed) == ids[1:]

    async def test_what_a_dead_sender_held_is_sent_again_in_order(self, store: Store) -> None:
        await store.ingest([event(1)])
        await drain(store, chatty)
        await store.heartbeat("dead", NOW)
        await store.claim_sends(owner="dead", now=NOW, limit=10)
        later = NOW + OWNER_DIES_AFTER + 1
        await store.heartbeat("me", later)
        assert await store.recover_sends("me", later) == 1
        assert said(await deliver(store, now=later)) == [b"1a", b"1b"]

    async def test_what_a_living_sender_holds_is_left_to_it(self, store: Store) -> None:
        await store.ingest([event(1)])
        await drain(store, chatty)
        await store.heartbeat("alive", NOW)
        await store.claim_sends(owner="alive", now=NOW, limit=10)
        await store.heartbeat("alive", NOW + OWNER_DIES_AFTER)
        assert await store.recover_sends("me", NOW + OWNER_DIES_AFTER + 1) == 0

    async def test_who_asks_late_keeps_its_own(self, store: Store) -> None:
        await store.ingest([event(1)])
        await drain(store, chatty)
        await store.heartbeat("me", NOW)
        await store.claim_sends(owner="me", now=NOW, limit=10)
        assert await store.recover_sends("me", NOW + 9 * OWNER_DIES_AFTER) == 0

    async def test_senders_at_the_same_time_share_the_chats(self, store: Store) -> None:
        await store.ingest([event(n, f"telegram:{n}") for n in range(30)])
        await drain(store)
        claims = await asyncio.gather(
            *[store.claim_sends(owner=str(n), now=NOW, limit=10) for n in range(6)]
        )
        ids = [message.id for claim in claims for message in claim]
        assert len(ids) == len(set(ids))
        rest = await store.claim_sends(owner="rest", now=NOW, limit=100)
        assert len(ids) + len(rest) == 30


class TestTransactions:
    async def test_a_verb_that_raises_leaves_nothing(self, store: Store, peek: Peek) -> None:
        async def verb(tx: Tx) -> None:
            await tx.run("worker_beat", owner="undone", now=NOW)
            raise Bad

        with pytest.raises(Bad):
            await store.write(verb)
        assert await peek("SELECT id FROM worker") == []

    async def test_a_verb_sees_its_own_changes_and_returns(self, store: Store) -> None:
        async def verb(tx: Tx) -> tuple[int, Any]:
            changed = await tx.run("audit_add", **ENTRY)
            row = await tx.one("audit_last", branch="MND")
            assert row is not None
            return changed, row["hash"]

        assert await store.write(verb) == (1, "h")
        async with store.read() as tx:
            assert len(await tx.all("audit_chain", branch="MND", after=0, limit=9)) == 1
            assert await tx.one("audit_last", branch="none") is None

    async def test_verbs_at_the_same_time_each_count(self, store: Store) -> None:
        async def verb(tx: Tx) -> int:
            row = await tx.one("ticket_count", branch="MND", service="G")
            assert row is not None
            last: int = row["last"]
            return last

        numbers = await asyncio.gather(*[store.write(verb) for _ in range(20)])
        assert sorted(numbers) == list(range(1, 21))

    async def test_reading_refuses_changes(self, store: Store) -> None:
        with pytest.raises(REFUSED_CHANGE):
            async with store.read() as tx:
                await tx.run("worker_beat", owner="me", now=NOW)
        async with store.read() as tx:
            assert await tx.one("next_due") is not None

    async def test_a_glance_sees_what_was_stored_and_refuses_changes(self, store: Store) -> None:
        async def waiting(tx: Tx) -> int:
            return len(await tx.all("fetches", limit=9))

        assert await store.glance(waiting) == 0
        await store.ingest([event(1, media="file")])
        assert await store.glance(waiting) == 1
        with pytest.raises(REFUSED_CHANGE):
            await store.glance(lambda tx: tx.run("worker_beat", owner="me", now=NOW))
        with pytest.raises(ZeroDivisionError):
            await store.glance(_fails)
        assert await store.glance(waiting) == 1

    async def test_a_view_stays_as_it_was_when_it_was_first_looked_at(self, store: Store) -> None:
        async with store.read() as tx:
            assert await tx.all("fetches", limit=9) == []
            await store.ingest([event(1, media="file")])
            assert await tx.all("fetches", limit=9) == []
        assert len(await store.fetches(9)) == 1

    @pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
    async def test_the_audit_cannot_be_changed(self, store: Store, peek: Peek, change: str) -> None:
        await store.write(lambda tx: tx.run("audit_add", **ENTRY))
        with pytest.raises(REFUSED_BY_AUDIT, match="append-only"):
            await peek(change)

    async def test_after_closing_nothing_is_taken(self, address: str) -> None:
        store = open_store(address)
        await store.open()
        await store.close()
        with pytest.raises(StoreBusy):
            await store.ingest([event(1)])

    async def test_what_was_taken_before_closing_is_stored(self, address: str) -> None:
        store = open_store(address)
        await store.open()
        taken = asyncio.ensure_future(store.ingest([event(1)]))
        await asyncio.sleep(0)
        await store.close()
        assert list(await taken) == [True]
        await store.open()
        assert await drain(store) == 1
        await store.close()


async def _fails(tx: Tx) -> int:
    return len(await tx.all("fetches", limit=9)) // 0
