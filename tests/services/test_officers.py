"""Officers, one-time links and sessions; the audit behind everything they do."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.sqlite import SqliteStore
from data.store import Tx
from services import audit, officers, requests, reveals, sessions, sign_in
from services.account_rules import ORDINARY
from services.officers import Officer
from services.refusals import NotFound, Refused
from services.tokens import hash_of
from tests.desk import DIMAS, MONDAY_TEN, NIK, RINA, SARI, Desk


async def test_a_link_signs_in_once_only(desk: Desk) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)

    officer, session = await desk.do(sign_in.use_link, token)

    assert officer == RINA
    async with desk.store.read() as tx:
        assert await behind(tx, session, desk.clock.at) == RINA
    with pytest.raises(Refused, match=r"petugas\.tautan_habis"):
        await desk.do(sign_in.use_link, token)


async def behind(tx: Tx, session: str, now: datetime) -> Officer | None:
    """The officer of a session."""
    signed_in = await sessions.who(tx, session, now=now)
    return signed_in.officer if signed_in else None


async def test_an_old_and_an_invented_link_are_refused_alike(desk: Desk) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    desk.clock.at += ORDINARY.link

    for key in (token, "invented", ""):
        with pytest.raises(Refused, match=r"petugas\.tautan_habis"):
            await desk.do(sign_in.use_link, key)


async def test_a_session_ends_by_time_by_idleness_and_by_signing_out(desk: Desk) -> None:
    opened = []
    for _ in range(2):
        token = await desk.do(sign_in.make_link, RINA.id)
        opened.append((await desk.do(sign_in.use_link, token))[1])
    await desk.store.write(lambda tx: sessions.sign_out(tx, opened[0]))

    async with desk.store.read() as tx:
        assert await behind(tx, opened[0], desk.clock.at) is None
        assert await behind(tx, opened[1], desk.clock.at) == RINA
        assert await behind(tx, opened[1], desk.clock.at + ORDINARY.idle) is None
    while desk.clock.at < MONDAY_TEN + ORDINARY.session - ORDINARY.idle:
        desk.clock.at += ORDINARY.idle / 2
        await desk.do(sessions.touch, RINA, opened[1])
    async with desk.store.read() as tx:
        end = MONDAY_TEN + ORDINARY.session
        assert await behind(tx, opened[1], end - timedelta(minutes=31)) == RINA
        assert await behind(tx, opened[1], end) is None


async def test_tokens_are_not_in_the_store(desk: Desk) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    _, session = await desk.do(sign_in.use_link, token)

    async with desk.store.read() as tx:
        for secret in (token, session):
            values = {"token_hash": secret, "now": 0, "idle_since": 0, "awaits": ""}
            assert await tx.one("officer_session_find", **values) is None
    with pytest.raises(Refused):
        await desk.do(sign_in.use_link, hash_of(token))


async def test_the_first_link_makes_an_admin_and_there_is_no_second(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "fresh.db")
    await store.open()
    try:
        token = await store.write(lambda tx: sign_in.first_link(tx, now=MONDAY_TEN))
        assert token
        officer, _ = await store.write(lambda tx: sign_in.use_link(tx, token, now=MONDAY_TEN))
        assert officer.role == "admin"
        assert await store.write(lambda tx: sign_in.first_link(tx, now=MONDAY_TEN)) is None
    finally:
        await store.close()


async def test_nobody_gets_a_link_for_an_unknown_officer(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.do(sign_in.make_link, "siapa")


async def test_a_login_name_is_taken_once_and_roles_and_branches_must_fit(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"petugas\.nama_terpakai"):
        await desk.do(officers.add, RINA)
    for wrong in (
        Officer("x", "X", "KC-MANADO", "boss"),
        Officer("x", "X", "", "officer"),
        Officer("x", "X", "KC-MANADO", "admin"),
        Officer("x", "X", "KC-MANADO", "region", "KW-10", frozenset(("KC-MANADO",))),
        Officer("x", "X", "", "region"),
        Officer("x", "X", "", "region", "KW-10"),
        Officer("x", "X", "", "auditor", "KW-10"),
    ):
        with pytest.raises(ValueError, match=r"role|branch"):
            await desk.do(officers.add, wrong)


# --- audit ------------------------------------------------------------------------------------


async def test_details_are_masked_before_they_are_stored(desk: Desk) -> None:
    await desk.do(
        audit.note,
        actor=RINA.id,
        action="noted",
        thing="MND-G-0001",
        branch="KC-MANADO",
        text=f"NIK {NIK}, HP 0812-0000-0142",
        nested={"list": ["7171 0157 0890 9901"]},
        when="27-03-1956",
    )
    [row] = await desk.all("audit_of", object="MND-G-0001")

    assert NIK not in row["detail"]
    assert "9901" in row["detail"]
    assert "0812" not in row["detail"]
    assert "7171" not in row["detail"]
    assert "27-03-1956" in row["detail"]


async def test_a_reveal_is_in_the_audit_and_only_for_the_own_branch(desk: Desk) -> None:
    ticket = await desk.file()
    assert not await seen(desk, RINA, ticket.number)

    await desk.do(reveals.reveal, RINA, ticket.number)

    assert await seen(desk, RINA, ticket.number)
    assert not await seen(desk, DIMAS, ticket.number)
    assert await desk.trail(ticket.number) == ["filed", "revealed"]
    with pytest.raises(NotFound):
        await desk.do(reveals.reveal, SARI, ticket.number)


async def test_a_reveal_ends(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.do(reveals.reveal, RINA, ticket.number)

    desk.clock.at += reveals.ONE_LOOK + timedelta(seconds=1)

    assert not await seen(desk, RINA, ticket.number)


async def seen(desk: Desk, officer: Officer, number: str) -> bool:
    """Whether *officer* is shown the full report of a request now."""

    async def look(tx: Tx) -> bool:
        request = await requests.by_number(tx, number)
        return await reveals.is_revealed(tx, officer, request, now=desk.clock.at)

    return await desk.store.write(look)


async def test_a_document_of_another_request_is_not_found(desk: Desk) -> None:
    ticket = await desk.file()

    with pytest.raises(NotFound):
        await desk.do(reveals.open_document, RINA, ticket.number, "f" * 64)
    assert await desk.trail(ticket.number) == ["filed"]
