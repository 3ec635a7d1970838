"""Signing in: one-time links and sessions, random tokens of which only hashes are stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.instants import to_us
from data.store import Tx
from services import audit, officers, preferences
from services.officers import ALL_BRANCHES, Officer, officer_of
from services.preferences import Preferences
from services.refusals import Refused

LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(hours=12)
FIRST_ADMIN = Officer(id="admin", name="Admin", branch=ALL_BRANCHES, role="admin")


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session, and how they want the console."""

    officer: Officer
    preferences: Preferences


async def make_link(tx: Tx, officer_id: str, *, now: datetime) -> str:
    """A token that signs *officer_id* in once; raises `NotFound` for an unknown officer."""
    officer = await officers.find(tx, officer_id)
    token = secrets.token_urlsafe(32)
    await tx.run(
        "login_link_add",
        token_hash=_hash(token),
        officer=officer.id,
        now=to_us(now),
        expires_at=to_us(now + LINK_LASTS),
    )
    return token


async def first_link(tx: Tx, *, now: datetime) -> str | None:
    """The link of the very first start, with the first admin; None once anybody can sign in."""
    if await tx.one("officer_any"):
        return None
    await officers.add(tx, FIRST_ADMIN, now=now)
    return await make_link(tx, FIRST_ADMIN.id, now=now)


def address(site: str, token: str) -> str:
    """The page where a link's token is used; *site* has no slash at its end."""
    return f"{site}/admin/masuk?kunci={token}"


async def use_link(tx: Tx, token: str, *, now: datetime) -> tuple[Officer, str]:
    """Use a link up: the officer and a new session's token.

    Raises `Refused` (``petugas.tautan_habis``) for a used, old or unknown link alike.
    """
    row = await tx.one("login_link_use", token_hash=_hash(token), now=to_us(now))
    if row is None:
        raise Refused("petugas.tautan_habis")
    officer = await officers.find(tx, row["officer"])
    session = secrets.token_urlsafe(32)
    await tx.run(
        "officer_session_add",
        token_hash=_hash(session),
        officer=officer.id,
        now=to_us(now),
        expires_at=to_us(now + SESSION_LASTS),
    )
    await audit.note(
        tx,
        now=now,
        actor=officer.id,
        action="signed_in",
        thing=officer.id,
        branch=officer.branch,
    )
    return officer, session


async def who(tx: Tx, session: str, *, now: datetime) -> SignedIn | None:
    """Who is behind a session that has not ended, None otherwise."""
    row = await tx.one("officer_session_find", token_hash=_hash(session), now=to_us(now))
    if row is None:
        return None
    return SignedIn(await officer_of(tx, row), preferences.read(row["preferences"]))


async def sign_out(tx: Tx, session: str) -> None:
    """End a session."""
    await tx.run("officer_session_end", token_hash=_hash(session))


def _hash(token: str) -> str:
    # tokens carry 256 random bits: a slow password hash would add nothing
    return hashlib.sha256(token.encode()).hexdigest()
