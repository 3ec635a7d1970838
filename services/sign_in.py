"""Signing in: one-time links, passwords and second steps, which open sessions."""

from datetime import datetime

import msgspec

from data.instants import to_us
from data.store import Tx
from services import audit, delays, officers, second_step, sessions, staff_links, tokens
from services.account_rules import ORDINARY, Rules
from services.officers import ALL_BRANCHES, Officer, officer_of
from services.refusals import NotFound, Refused
from services.tokens import hash_of

FIRST_ADMIN = Officer(id="admin", name="Admin", branch=ALL_BRANCHES, role="admin")


class Account(msgspec.Struct, frozen=True):
    """What a sign-in by password needs to know."""

    officer: Officer
    password_hash: str


# --- links --------------------------------------------------------------------------------------


async def make_link(tx: Tx, officer_id: str, *, now: datetime, rules: Rules = ORDINARY) -> str:
    """A token that lets *officer_id* in once; raises `NotFound` for an unknown officer."""
    officer = await officers.find(tx, officer_id)
    token = tokens.new()
    await tx.run(
        "login_link_add",
        token_hash=hash_of(token),
        officer=officer.id,
        now=to_us(now),
        expires_at=to_us(now + rules.link),
    )
    return token


async def first_link(tx: Tx, *, now: datetime) -> str | None:
    """The link of the very first start, with the first admin; None once there is an admin."""
    first = FIRST_ADMIN.id
    if await tx.one("officer_other_admin", id="") or await tx.one("officer_name", id=first):
        return None
    await officers.add(tx, FIRST_ADMIN, now=now)
    return await make_link(tx, FIRST_ADMIN.id, now=now)


def address(site: str, token: str) -> str:
    """The page where a link signs in; *site* has no slash at its end."""
    return f"{site}/admin/masuk?kunci={token}"


def invitation(site: str, token: str) -> str:
    """The page where a link gives its officer a password."""
    return f"{site}/admin/undangan?kunci={token}"


async def use_link(
    tx: Tx, token: str, *, now: datetime, rules: Rules = ORDINARY
) -> tuple[Officer, str]:
    """Use a link up: the officer and a new session's token.

    Raises `Refused` (``petugas.tautan_habis``) for a used, old or unknown link alike.
    """
    row = await tx.one("login_link_use", token_hash=hash_of(token), now=to_us(now))
    if row is None:
        raise Refused("petugas.tautan_habis")
    officer = await officers.find(tx, row["officer"])
    return officer, await sessions.begin(tx, officer, now=now, rules=rules)


async def invited(tx: Tx, token: str, *, now: datetime) -> Officer:
    """Whom a link is for, without using it up; raises `Refused` as `use_link`."""
    row = await tx.one("login_link_of", token_hash=hash_of(token), now=to_us(now))
    if row is None:
        raise Refused("petugas.tautan_habis")
    return await officer_of(tx, row)


async def accept_invitation(
    tx: Tx, token: str, password_hash: str, *, now: datetime, rules: Rules = ORDINARY
) -> str:
    """Use a link up for a new password; the token of a new session, the only one from now on."""
    officer, session = await use_link(tx, token, now=now, rules=rules)
    await set_password(tx, officer, password_hash, kept=session, now=now)
    return session


# --- passwords ----------------------------------------------------------------------------------


async def account(tx: Tx, name: str) -> Account | None:
    """The account with this login name, None for nobody's and a disabled one's."""
    row = await tx.one("officer_account", id=name)
    return Account(await officer_of(tx, row), row["password_hash"]) if row else None


async def admit(
    tx: Tx, name: str, known: Account | None, source: str, *, now: datetime, rules: Rules
) -> None:
    """Count a try for *name* from the address *source*; raises `Refused` while one must wait."""
    await delays.admit(tx, delays.address_key(source), rules.address, now=now)
    key = delays.account_key(name, known=known is not None)
    if await delays.admit(tx, key, rules.account, now=now) and known:
        await officers.record(tx, known.officer, audit.SYSTEM, "sign_in_delayed", now)


async def failed(tx: Tx, known: Account | None, *, now: datetime, step: str = "") -> None:
    """Note a try that failed. What was typed as a name is not: it may be a password."""
    nobody = Officer("?", "", ALL_BRANCHES)
    officer = known.officer if known else nobody
    await officers.record(
        tx, officer, audit.SYSTEM, "sign_in_failed", now, **({"step": step} if step else {})
    )


async def by_password(tx: Tx, known: Account, source: str, *, now: datetime, rules: Rules) -> str:
    """The password was right: the token of a new session. Raises `NotFound` when the account has
    changed since it was read."""
    if await account(tx, known.officer.id) != known:
        raise NotFound("account")
    key = delays.account_key(known.officer.id, known=True)
    address = delays.address_key(source)
    await delays.forgive(tx, key, address, now=now, delays=rules.account)
    return await sessions.begin(tx, known.officer, now=now, rules=rules)


async def set_password(
    tx: Tx, officer: Officer, password_hash: str, *, kept: str, now: datetime
) -> None:
    """Give *officer* a password; every other session ends, the telephone's too, and links that were
    not used."""
    await tx.run("officer_password", id=officer.id, hash=password_hash, now=to_us(now))
    await tx.run("login_links_end", id=officer.id, now=to_us(now))
    await tx.run("officer_sessions_end", id=officer.id, kept=hash_of(kept))
    await staff_links.unlink(tx, officer, now=now)
    await proved(tx, officer)
    await officers.record(tx, officer, officer.id, "password_set", now)


# --- the second step ----------------------------------------------------------------------------


async def admit_code(tx: Tx, officer: Officer, *, now: datetime, rules: Rules) -> None:
    """Count a try; raises `Refused` while one must wait."""
    if await delays.admit(tx, _code_key(officer), rules.account, now=now):
        await officers.record(tx, officer, audit.SYSTEM, "sign_in_delayed", now)


async def by_code(
    tx: Tx, officer: Officer, session: str, code: str, *, now: datetime, rules: Rules
) -> str:
    """The token of a new session in place of the one that awaited *code*, '' for a wrong code."""
    with_what = await second_step.accept(tx, officer.id, code, now=now)
    if not with_what:
        return ""
    await proved(tx, officer)
    await sessions.sign_out(tx, session)
    return await sessions.begin(tx, officer, now=now, rules=rules, passed=with_what)


async def proved(tx: Tx, officer: Officer) -> None:
    """What was asked of *officer* in a session was right: the tries before it do not count."""
    await tx.run("sign_in_clear", key=_code_key(officer))


def _code_key(officer: Officer) -> str:
    return f"code:{officer.id}"
