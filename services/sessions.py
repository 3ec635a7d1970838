"""Sessions: who is signed in, random tokens of which only hashes are stored.

The session of somebody with a second step awaits its code first, and is good for nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from data.instants import from_us, to_us
from data.store import Row, Tx
from services import officers, preferences, staff_links, tokens
from services.account_rules import ORDINARY, Rules
from services.officers import Officer, officer_of
from services.preferences import Preferences
from services.tokens import hash_of

CODE: Final = "code"
"""What a session awaits whose officer has a second step."""

Wanting = Literal["", "password", "second_step"]


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session, and how they want the console.

    *seen_at* is when they last did something. *wanting* is what they must see to before anything
    else; *has_password* and *totp_secret*, '' for none, say how they sign in.
    """

    officer: Officer
    preferences: Preferences
    seen_at: datetime
    wanting: Wanting = ""
    has_password: bool = False
    totp_secret: str = field(default="", repr=False)


async def begin(tx: Tx, officer: Officer, *, now: datetime, rules: Rules, passed: str = "") -> str:
    """The token of a new session; it awaits the second step unless that has been *passed*."""
    secret = await tx.one("officer_totp_of", id=officer.id)
    awaits = CODE if secret and not passed else ""
    token = tokens.new()
    await tx.run("officer_sessions_old", now=to_us(now))
    await tx.run(
        "officer_session_add",
        token_hash=hash_of(token),
        officer=officer.id,
        now=to_us(now),
        expires_at=to_us(now + (rules.code if awaits else rules.session)),
        awaits=awaits,
    )
    if not awaits:
        await tx.run("officer_seen", id=officer.id, now=to_us(now))
        await officers.record(
            tx, officer, officer.id, "signed_in", now, **({"by": passed} if passed else {})
        )
    return token


async def awaited(
    tx: Tx, session: str, *, now: datetime, rules: Rules = ORDINARY
) -> Officer | None:
    """The officer whose second step *session* awaits, None otherwise."""
    row = await _session(tx, session, CODE, now, rules)
    return await officer_of(tx, row) if row else None


async def who(tx: Tx, session: str, *, now: datetime, rules: Rules = ORDINARY) -> SignedIn | None:
    """Who is behind a session that has not ended and awaits nothing, None otherwise."""
    row = await _session(tx, session, "", now, rules)
    if row is None:
        return None
    officer = await officer_of(tx, row)
    return SignedIn(
        officer=officer,
        preferences=preferences.read(row["preferences"]),
        seen_at=from_us(row["seen_at"]),
        wanting=_wanting(row, officer, now, rules),
        has_password=bool(row["has_password"]),
        totp_secret=row["totp_secret"],
    )


async def touch(tx: Tx, officer: Officer, session: str, *, now: datetime) -> None:
    """The officer did something: the session is not idle."""
    await tx.run("officer_session_seen", token_hash=hash_of(session), now=to_us(now))
    await tx.run("officer_seen", id=officer.id, now=to_us(now))


async def sign_out(tx: Tx, session: str) -> None:
    """End a session."""
    await tx.run("officer_session_end", token_hash=hash_of(session))


async def sign_out_everywhere(tx: Tx, officer: Officer, *, now: datetime, by: str) -> None:
    """End every session of *officer*, the telephone's too, and the links that were not used.

    *by* is who does it.
    """
    await tx.run("officer_sessions_end", id=officer.id, kept="")
    await tx.run("login_links_end", id=officer.id, now=to_us(now))
    await staff_links.unlink(tx, officer, now=now, by=by)
    await officers.record(tx, officer, by, "signed_out_everywhere", now)


async def sessions(
    tx: Tx, officer: Officer, session: str, *, now: datetime, rules: Rules = ORDINARY
) -> Sequence[Row]:
    """``created_at, seen_at, here`` of each open session; *here* is *session* itself."""
    rows = await tx.all(
        "officer_sessions", id=officer.id, now=to_us(now), idle_since=to_us(now - rules.idle)
    )
    return [{**row, "here": row["token_hash"] == hash_of(session)} for row in rows]


async def _session(tx: Tx, session: str, awaits: str, now: datetime, rules: Rules) -> Row | None:
    return await tx.one(
        "officer_session_find",
        token_hash=hash_of(session),
        awaits=awaits,
        now=to_us(now),
        idle_since=to_us(now - rules.idle),
    )


def _wanting(row: Row, officer: Officer, now: datetime, rules: Rules) -> Wanting:
    if not row["has_password"]:
        if rules.own_password:
            return "password"
    elif rules.policy.lasts and from_us(row["password_at"] or 0) + rules.policy.lasts < now:
        return "password"
    if officer.role in rules.second_step and not row["totp_secret"]:
        return "second_step"
    return ""
