"""Staff: head office lets officers in, moves them and takes them out; others may look."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from data.instants import to_us
from data.store import Row, Tx
from services import audit, officers, second_step, sessions, sign_in
from services.account_rules import ORDINARY, Rules
from services.giving_back import give_back, in_hand
from services.officers import ALL_BRANCHES, Officer, officer_of
from services.refusals import NotFound, Refused

HOST = Officer(audit.SYSTEM, "Server", ALL_BRANCHES, "admin")
"""Whoever has the server's command line."""
LOGIN_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
LONGEST_NAME = 80
LONGEST_LIST = 200


async def seen(tx: Tx, viewer: Officer, *, branch: str = "", words: str = "") -> Sequence[Row]:
    """Officers of the viewer's branches: ``id, name, branch, region, role, disabled, seen_at,
    has_password, has_second_step``; only of *branch*, or whose name has *words*, unless ''."""
    officers.check(viewer, "see_officers")
    like = "%" + re.sub(r"[%_\\]", "", words.strip().casefold()) + "%"
    return await tx.all(
        "officers_seen", viewer=viewer.id, only=branch, words=like, limit=LONGEST_LIST
    )


async def find(tx: Tx, viewer: Officer, officer_id: str) -> tuple[Officer, Row]:
    """One of `seen`, also a disabled one; raises `NotFound` for any other."""
    officers.check(viewer, "see_officers")
    row = await tx.one("officer_seen_by", viewer=viewer.id, id=officer_id)
    if row is None:
        raise NotFound("officer")
    return await officer_of(tx, row), row


async def invite(
    tx: Tx, by: Officer, officer: Officer, *, now: datetime, rules: Rules = ORDINARY
) -> str:
    """Enrol *officer*; the token of the link that gives a password.

    Raises `Refused` for a login name, name, role or branch that cannot be.
    """
    officers.check(by, "manage_officers")
    if not LOGIN_NAME.fullmatch(officer.id):
        raise Refused("pengguna.nama_masuk")
    _check(officer)
    await officers.add(tx, officer, now=now, by=by.id)
    return await sign_in.make_link(tx, officer.id, now=now, rules=rules)


async def link(
    tx: Tx, by: Officer, officer_id: str, *, now: datetime, rules: Rules = ORDINARY
) -> str:
    """The token of a new link for somebody who forgot the password; older ones end."""
    officer, _ = await _to_change(tx, by, officer_id)
    await tx.run("login_links_end", id=officer.id, now=to_us(now))
    token = await sign_in.make_link(tx, officer.id, now=now, rules=rules)
    await officers.record(tx, officer, by.id, "link_made", now)
    return token


async def move(tx: Tx, by: Officer, changed: Officer, *, now: datetime) -> int:
    """Give an officer another name, role or place, which ends every session.

    What the officer can serve no longer goes back to its places; how many that are. Raises
    `Refused` for what cannot be, and for the last admin.
    """
    before, _ = await _to_change(tx, by, changed.id)
    _check(changed)
    if before.role == "admin" != changed.role:
        await _keep_an_admin(tx, by, before)
    await tx.run(
        "officer_change",
        id=changed.id,
        name=changed.name,
        role=changed.role,
        branch=changed.branch,
        region=changed.region,
    )
    await officers.keep_scope(tx, changed)
    given = await give_back(tx, before, by=by, now=now, still=changed)
    if replace(changed, name=before.name) != before:
        await sessions.sign_out_everywhere(tx, before, now=now, by=by.id)
    await officers.record(
        tx,
        changed,
        by.id,
        "officer_moved",
        now,
        role=changed.role,
        was=before.role,
        of=before.branch,
    )
    return given


async def disable(
    tx: Tx, by: Officer, officer_id: str, *, now: datetime, seen: Collection[str] | None = None
) -> int:
    """Let an officer in no more; every session ends at once, the telephone's too.

    What the officer has in hand goes back to its places; how many that are. *seen* are the ticket
    numbers that were shown as the consequence, None where none was. Raises `Refused`
    (``pengguna.dipegang_berubah``) when these are not the present ones, and for the last admin.
    """
    officer, _ = await _to_change(tx, by, officer_id)
    if officer.id == by.id:
        raise Refused("pengguna.diri_sendiri")
    if officer.role == "admin":
        await _keep_an_admin(tx, by, officer)
    if seen is not None and {one.number for one in await in_hand(tx, officer)} != set(seen):
        raise Refused("pengguna.dipegang_berubah")
    await tx.run("officer_disable", id=officer.id, disabled=1)
    given = await give_back(tx, officer, by=by, now=now)
    await sessions.sign_out_everywhere(tx, officer, now=now, by=by.id)
    await officers.record(tx, officer, by.id, "officer_disabled", now)
    return given


async def enable(tx: Tx, by: Officer, officer_id: str, *, now: datetime) -> None:
    """Let an officer in again."""
    officer, _ = await _to_change(tx, by, officer_id)
    await tx.run("officer_disable", id=officer.id, disabled=0)
    await officers.record(tx, officer, by.id, "officer_enabled", now)


async def reset_second_step(tx: Tx, by: Officer, officer_id: str, *, now: datetime) -> None:
    """For somebody who lost phone and recovery codes."""
    officer, _ = await _to_change(tx, by, officer_id)
    await second_step.reset(tx, officer, by=by.id, now=now)


async def _to_change(tx: Tx, by: Officer, officer_id: str) -> tuple[Officer, Row]:
    officers.check(by, "manage_officers")
    if by != HOST:
        return await find(tx, by, officer_id)
    row = await tx.one("officer_whole", id=officer_id)
    if row is None:
        raise NotFound("officer")
    return await officer_of(tx, row), row


async def _keep_an_admin(tx: Tx, by: Officer, leaving: Officer) -> None:
    """Two that take each other out at once come here one after the other; the second is none of
    the admins any more."""
    admins = {row["id"] for row in await tx.all("officer_admins_hold")}
    if by != HOST and by.id not in admins:
        raise NotFound("officer")
    if not admins - {leaving.id}:
        raise Refused("pengguna.admin_terakhir")


def _check(officer: Officer) -> None:
    if not 1 <= len(officer.name.strip()) <= LONGEST_NAME:
        raise Refused("pengguna.nama")
    if officer.role not in officers.ROLES:
        raise Refused("konsol.pilihan")
    try:
        officers.check_place(officer)
    except ValueError:
        raise Refused("pengguna.tempat") from None
