"""Delays: guessing passwords becomes slow, for an account and for an address, and never locks.

A try is counted before it is judged, so that a thousand at once are no more than one after another.
"""

import hashlib
from datetime import datetime
from math import ceil

from data.instants import to_us
from data.store import Tx
from services.account_rules import Delays
from services.refusals import Refused


def account_key(name: str, *, known: bool) -> str:
    """Of a login name. A name that nobody has may be a password: next to nothing is kept of it."""
    return f"account:{name}" if known else f"nobody:{_sketch(name)}"


def address_key(address: str) -> str:
    return f"address:{address}"


async def admit(tx: Tx, key: str, delays: Delays, *, now: datetime) -> bool:
    """Count one more try; whether a wait begins if it fails.

    Raises `Refused` (``masuk.tunggu``, *minutes*) while one lasts.
    """
    before = to_us(now - delays.forgotten)
    row = await tx.one("sign_in_try", key=key, now=to_us(now), before=before)
    if row is None:
        held = await tx.one("sign_in_held", key=key)
        left = (held["free_at"] - to_us(now)) / 60_000_000 if held else 1
        raise Refused("masuk.tunggu", minutes=max(1, ceil(left)))
    wait = delays.after(row["tries"])
    if wait:
        await tx.run("sign_in_hold", key=key, free_at=to_us(now + wait))
    return bool(wait)


async def forgive(tx: Tx, account: str, address: str, *, now: datetime, delays: Delays) -> None:
    """A try succeeded: the account begins anew, and its address is forgiven half of its tries.

    Those of a whole office come from one address, day after day, and no day is without one.
    """
    await tx.run("sign_in_clear", key=account)
    await tx.run("sign_in_halve", key=address, now=to_us(now))
    await tx.run("sign_in_forget", before=to_us(now - delays.forgotten))


def _sketch(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:4]
