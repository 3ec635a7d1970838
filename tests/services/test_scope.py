"""Scope and rights: whose requests an officer sees, what a role may do, and one place for each."""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from data.statements import load
from services import board, conversation, officers, queue, requests, reveals
from services.officers import Officer
from services.refusals import NotFound
from services.rights import ADMIN as ADMINS
from services.rights import AUDITOR, OFFICER, REGION, RIGHTS, SUPERVISOR
from tests.desk import (
    ADMIN,
    ANDI,
    BENNY,
    CALENDAR,
    FACTS,
    IDA,
    MANADO,
    MONDAY_TEN,
    OFFICERS,
    RINA,
    SARI,
    TIO,
    TONDANO,
    WATI,
    Desk,
)
from tests.scope import asks, take_scope_away

MAKASSAR = FACTS.branches["KC-MAKASSAR"]


async def sees(desk: Desk, officer: Officer, number: str) -> bool:
    async with desk.store.read() as tx:
        try:
            return bool(await requests.for_officer(tx, officer, number))
        except NotFound:
            return False


async def test_everybody_sees_the_requests_of_their_branches(desk: Desk) -> None:
    numbers = [(await desk.file(branch=at)).number for at in (MANADO, TONDANO, MAKASSAR)]
    seen = {who.id: [await sees(desk, who, one) for one in numbers] for who in OFFICERS}

    assert seen == {
        **{who: [True, False, False] for who in ("rina", "dimas", "benny")},
        **{who: [False, True, False] for who in ("sari", "henky")},
        **{who: [False, False, True] for who in ("andi", "ida")},
        **{who: [True, True, False] for who in ("wati",)},
        **{who: [True, True, True] for who in ("pusat", "tio")},
    }


async def test_with_the_scope_taken_away_another_branch_can_claim(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await desk.file()
    take_scope_away(desk.store, monkeypatch)

    assert await sees(desk, SARI, ticket.number)
    assert (await desk.claim(SARI, ticket.number)).officer == SARI.id


async def test_an_officer_who_was_never_enrolled_sees_nothing(desk: Desk) -> None:
    ticket = await desk.file()

    assert not await sees(desk, Officer("hantu", "Hantu", "", "admin"), ticket.number)


async def test_the_board_counts_only_what_the_officer_may_see(desk: Desk) -> None:
    for at in (MANADO, TONDANO, TONDANO, MAKASSAR):
        await desk.file(branch=at)
    async with desk.store.read() as tx:
        assert await board.waiting_branches(tx, WATI) == {"KC-TONDANO": 2, "KC-MANADO": 1}
        assert await board.waiting_branches(tx, IDA) == {"KC-MAKASSAR": 1}
        assert len(await board.waiting_branches(tx, TIO)) == 3
        for which in ("menunggu", "semua"):
            shown = await board.page(tx, WATI, "KC-TONDANO", which, board.Filter())
            assert len(shown.rows) == 2
            with pytest.raises(NotFound):
                await board.page(tx, ANDI, "KC-MANADO", which, board.Filter())
        with pytest.raises(NotFound):
            await board.counts(tx, ANDI, "KC-MANADO", now=MONDAY_TEN, calendar=CALENDAR)


async def test_a_region_follows_its_provinces_at_the_next_start(desk: Desk) -> None:
    ticket = await desk.file(branch=TONDANO)
    shrunk = {"KW-10": frozenset(("KC-MANADO",))}
    await desk.store.write(
        lambda tx: officers.follow_regions(tx, lambda region: shrunk.get(region, frozenset()))
    )

    assert not await sees(desk, WATI, ticket.number)
    async with desk.store.read() as tx:
        assert (await officers.find(tx, "wati")).branches == {"KC-MANADO"}


def test_roles_contain_one_another() -> None:
    assert OFFICER < SUPERVISOR <= REGION < ADMINS
    assert set().union(*RIGHTS.values()) == ADMINS


def test_an_auditor_only_reads() -> None:
    assert not AUDITOR & {"serve", "reveal", "supervise", "export", "arrange", "manage_officers"}


async def test_an_auditor_touches_nothing(desk: Desk) -> None:
    ticket = await desk.file()
    for attempt in (
        desk.claim(TIO, ticket.number),
        desk.claim_next(TIO),
        desk.do(conversation.note, TIO, ticket.number, "x"),
        desk.do(queue.release, TIO, ticket.number),
        desk.do(reveals.reveal, TIO, ticket.number),
        desk.do(reveals.open_document, TIO, ticket.number, "f" * 64),
        desk.do(reveals.take_report, TIO, ticket.number, full=True),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await desk.trail(ticket.number) == ["filed"]


@pytest.mark.parametrize("officer", [RINA, BENNY, WATI, ADMIN], ids=lambda one: one.role)
async def test_every_other_role_serves(desk: Desk, officer: Officer) -> None:
    ticket = await desk.file()

    assert (await desk.claim(officer, ticket.number)).officer == officer.id


# --- the statements ----------------------------------------------------------------------------

SHOWN = (
    "request",
    "message",
    "request_document",
    "document",
    "audit",
    "rating",
    "figure",
    "abandoned",
)
"""Tables with rows that belong to a branch."""

OTHERWISE: Mapping[str, str] = {
    "request_by_number": "participants and the desk's own work; officers go by request_for_officer",
    "request_by_submission": "a journey finds what it filed",
    "request_latest": "a participant's own",
    "request_latest_of": "a participant's own",
    "request_promised": "a participant's own",
    "requests_to_follow": "a participant's own",
    "request_chat": "the desk's own work",
    "turn_write": "a turn's own work",
    "prompt_write": "a turn's own work",
    "waiting_branches": "time's own work",
    "promises": "time's own work",
    "demo_requests": "a number only",
    "request_open": "time's own work",
    "request_dues": "time's own work",
    "request_open_branches": "time's own work",
    "request_ahead": "a number only",
    "request_reopened": "a number only",
    "request_lapsed": "time's own work",
    "request_lapsed_branches": "time's own work",
    "request_uncorrected": "time's own work",
    "request_in_hand": "for head office, which sees every branch",
    "live_stamp": "a number only",
    "wait_history": "time's own work",
    "wait_officers": "a number only",
    "wait_line": "time's own work",
    "live_counts": "a number only, after the right to read",
    "audit_last": "the chain's own work",
    "audit_chain": "the chain's own work",
    "drafts_left": "counts of no branch, for head office",
    "drafts_places": "a part of the one before",
    "figures_behind": "time's own work",
    "export_last": "a number only",
    "audit_chains": "the chain's own work",
    "audit_newest": "a number only",
    "audit_noted": "whether, not what",
    "trail_papers": "titles, for entries of the trail that were found within the scope",
    "unsent_of_officer": "what the officer himself sent a moment ago",
    "document_of": "of messages of a request, after request_for_officer",
    "audit_of": "the trail of a ticket, after request_for_officer",
}
"""Statements that read such rows and do not ask for a scope, each with its reason."""


def reads(sql: str) -> bool:
    words = sql.replace("(", " ").replace(",", " ").removeprefix("DELETE FROM ").split()
    after = {b for a, b in pairwise(words) if a in ("FROM", "JOIN")}
    return not after.isdisjoint(SHOWN)


def test_every_statement_that_shows_rows_of_a_branch_asks_for_the_scope() -> None:
    """What goes by a request's inner id was given that request by `requests.for_officer`."""
    loose = {
        name
        for engine in ("sqlite", "postgres")
        for name, statement in load(engine).items()
        if reads(statement.sql)
        and not asks(statement.sql)
        and "request" not in statement.parameters
    }

    assert loose - OTHERWISE.keys() == set(), "join officer_branch, or say why not in OTHERWISE"
    assert OTHERWISE.keys() - loose == set(), "these need no reason"
