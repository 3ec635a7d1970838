"""Quick replies: sentences that officers of a branch send again and again, with a few blanks.

Only the blanks of `BLANKS` are filled; nothing in a quick reply is ever carried out.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from data.instants import to_us
from data.store import Row, Tx
from services import audit, unsent
from services.blanks import FIRST_OF_NEXT_MONTH
from services.conversation import worded
from services.officers import EVERYWHERE, Officer
from services.refusals import NotFound, Refused
from services.requests import to_json
from services.unsent import Unsent

EXAMPLES: Final = Path(__file__).resolve().parents[1] / "data" / "reference" / "quick_replies.yaml"
BLANKS: Final = ("nama", "tiket", "cabang", "petugas", FIRST_OF_NEXT_MONTH)
"""What can be filled in, written ``{nama}``."""
LONGEST_NAME: Final = 60
PICKED: Final = "cepat"
"""The field of a form that names the quick reply it was written with."""
_BLANK: Final = re.compile(r"\{(\w*)\}")


class QuickReply(msgspec.Struct, frozen=True):
    """*branch* is whose it is, '' for every branch; *services* are codes, none for all."""

    id: int
    branch: str
    name: str
    services: tuple[str, ...]
    body: str
    used: int


async def of_branch(tx: Tx, branch: str) -> Sequence[QuickReply]:
    """The quick replies of *branch* and those of every branch, by name."""
    return [_quick(row) for row in await tx.all("quick_replies", branch=branch)]


async def find(tx: Tx, number: int, branch: str) -> QuickReply:
    """One that *branch* has; raises `NotFound`."""
    row = await tx.one("quick_reply_by_id", id=number)
    if row is None or row["branch"] not in ("", branch):
        raise NotFound("quick reply")
    return _quick(row)


def checked(name: str, body: str) -> tuple[str, str]:
    """Name and text as they are kept.

    Raises `Refused`: ``petugas.tanpa_nama``, ``petugas.kosong``, ``petugas.terlalu_panjang``,
    ``petugas.isian_tak_dikenal`` (*blank*, *known*).
    """
    name, body = " ".join(name.split())[:LONGEST_NAME], worded(body)
    if not name:
        raise Refused("petugas.tanpa_nama")
    for blank in _BLANK.findall(body):
        if blank not in BLANKS:
            known = ", ".join(f"{{{one}}}" for one in BLANKS)
            raise Refused("petugas.isian_tak_dikenal", blank=f"{{{blank}}}", known=known)
    return name, body


async def save(
    tx: Tx,
    officer: Officer,
    *,
    name: str,
    body: str,
    services: Sequence[str],
    now: datetime,
    number: int | None = None,
) -> int:
    """Add a quick reply to the officer's branch, or change *number*; its number.

    Raises `Refused` as `checked`, and ``petugas.hanya_penyelia``; `NotFound` for another branch's.
    """
    _check_may_edit(officer)
    name, body = checked(name, body)
    values: dict[str, Any] = {
        "name": name,
        "services": to_json(list(services)),
        "body": body,
        "officer": officer.id,
        "now": to_us(now),
    }
    if number is None:
        row = await tx.one("quick_reply_add", branch=officer.branch, **values)
        assert row is not None  # the statement always returns its row
        number = int(row["id"])
    else:
        await _own(tx, officer, number)
        await tx.run("quick_reply_change", id=number, **values)
    await _record(tx, officer, "quick_reply_saved", number, now)
    return number


async def remove(tx: Tx, officer: Officer, number: int, *, now: datetime) -> None:
    """Take one away; raises `Refused` and `NotFound` as `save`."""
    _check_may_edit(officer)
    await _own(tx, officer, number)
    await tx.run("quick_reply_remove", id=number)
    await _record(tx, officer, "quick_reply_removed", number, now)


async def add_examples(tx: Tx, officer: Officer, *, now: datetime) -> int:
    """Give the officer's branch the examples, unless it has quick replies already; how many.

    Raises `Refused` as `save`.
    """
    _check_may_edit(officer)
    if any(one.branch == officer.branch for one in await of_branch(tx, officer.branch)):
        return 0
    found = examples()
    for one in found:
        await save(tx, officer, **one, now=now)
    return len(found)


def examples() -> Sequence[Mapping[str, Any]]:
    """``name``, ``body`` and ``services`` of each example."""
    listed = yaml.load(EXAMPLES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [{"services": [], **one} for one in listed]


async def used(tx: Tx, number: int) -> None:
    """Count that it was sent."""
    await tx.run("quick_reply_used", id=number, by=1)


async def take_back(tx: Tx, officer: Officer, number: str, *, now: datetime) -> Unsent:
    """As `unsent.take_back`; a quick reply that it was written with counts once less."""
    found = await unsent.take_back(tx, officer, number, now=now)
    picked = found.typed.get(PICKED, "")
    if picked.isdecimal():
        await tx.run("quick_reply_used", id=int(picked), by=-1)
    return found


def filled(body: str, blanks: Mapping[str, str]) -> str:
    """*body* with its blanks filled; what is filled in is never looked at again."""
    return _BLANK.sub(lambda found: blanks.get(found[1], found[0]), body)


def may_edit(officer: Officer) -> bool:
    """Whether the quick replies of the officer's branch, or those of every branch, are theirs."""
    return officer.may("arrange") and officer.serves(officer.branch or EVERYWHERE)


def _check_may_edit(officer: Officer) -> None:
    if not may_edit(officer):
        raise Refused("petugas.hanya_penyelia")


async def _own(tx: Tx, officer: Officer, number: int) -> None:
    row = await tx.one("quick_reply_by_id", id=number)
    if row is None or row["branch"] != officer.branch:
        raise NotFound("quick reply")


async def _record(tx: Tx, officer: Officer, action: str, number: int, now: datetime) -> None:
    thing = f"balasan-{number}"
    await audit.note(
        tx, now=now, actor=officer.id, action=action, thing=thing, branch=officer.branch
    )


def _quick(row: Row) -> QuickReply:
    return QuickReply(
        id=row["id"],
        branch=row["branch"],
        name=row["name"],
        services=tuple(msgspec.json.decode(row["services"])),
        body=row["body"],
        used=row["used"],
    )
