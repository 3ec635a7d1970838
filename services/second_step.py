"""The second step of a sign-in: six figures of an app (TOTP), or a recovery code of paper."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

from data.store import Tx
from services import officers, staff_links
from services.officers import Officer
from services.refusals import Refused

ISSUER = "CHIKA"
STEP = 30
"""Seconds that a code is shown."""
CODES = 8
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of recovery codes: nothing that is misread."""


def pending_secret(key: str, session: str, now_kept: str) -> str:
    """The secret that a visit may enrol: the same on each page of it, and kept nowhere before."""
    made = hmac.new(key.encode(), f"totp:{session}:{now_kept}".encode(), hashlib.sha256)
    return base64.b32encode(made.digest()[:20]).decode()


def address(officer: Officer, secret: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=officer.id, issuer_name=ISSUER)


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Which step *code* belongs to, now or one step around; None when to neither."""
    code = re.sub(r"\D", "", code)
    current = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for step in (current, current - 1, current + 1):
        if len(code) == 6 and hmac.compare_digest(totp.at(step * STEP), code):
            return step
    return None


async def enrol(tx: Tx, officer: Officer, secret: str, code: str, *, now: datetime) -> list[str]:
    """Keep *secret* once its first *code* fits; the new recovery codes, which are shown once.

    Raises `Refused` (``masuk.kode_salah``).
    """
    step = step_of(secret, code, now=now)
    if step is None:
        raise Refused("masuk.kode_salah")
    await tx.run("officer_totp", id=officer.id, secret=secret, step=step)
    codes = ["-".join(_word() for _ in range(3)) for _ in range(CODES)]
    await tx.run("recovery_clear", id=officer.id)
    for one in codes:
        await tx.run("recovery_add", id=officer.id, code_hash=_hash(one))
    await officers.record(tx, officer, officer.id, "second_step_on", now)
    return codes


async def accept(tx: Tx, officer_id: str, code: str, *, now: datetime) -> str:
    """Use a code up: ``totp`` or ``recovery``; '' when it fits neither or was used before."""
    row = await tx.one("officer_totp_of", id=officer_id)
    if row is None:
        return ""
    step = step_of(row["totp_secret"], code, now=now)
    if step is not None:
        used = await tx.run("officer_totp_step", id=officer_id, step=step)
        return "totp" if used else ""
    used = await tx.run("recovery_use", id=officer_id, code_hash=_hash(code))
    return "recovery" if used else ""


async def codes_left(tx: Tx, officer: Officer) -> int:
    """How many recovery codes were not used yet."""
    row = await tx.one("recovery_left", id=officer.id)
    return int(row["codes"]) if row else 0


async def reset(tx: Tx, officer: Officer, *, by: str, now: datetime) -> None:
    """Forget the second step of somebody who lost the phone; every session ends, also there."""
    await tx.run("officer_totp", id=officer.id, secret="", step=0)
    await tx.run("recovery_clear", id=officer.id)
    await tx.run("officer_sessions_end", id=officer.id, kept="")
    await staff_links.unlink(tx, officer, now=now, by=by)
    await officers.record(tx, officer, by, "second_step_reset", now)


def _word() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))


def _hash(code: str) -> str:
    # sixty random bits: a slow hash would add nothing
    return hashlib.sha256(re.sub(r"[^A-Z0-9]", "", code.upper()).encode()).hexdigest()
