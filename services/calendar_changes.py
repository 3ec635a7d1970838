"""Changing the calendar: who may, what would follow, and the change itself.

One change is one `Edit`. Its consequence is shown first; what is then confirmed is the same edit of
the same calendar, told by a token, or it is refused. What holds, who changed it and why stays in
the store for ever; entries end, they are never removed.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

import msgspec

from data.instants import to_us
from data.opening_hours import EVERYWHERE
from data.store import Tx
from services import audit, deadlines, officers, promises
from services.calendar_entries import HOURS, Edit, Entries, Entry
from services.hours import Calendar, NeverOpen
from services.national_days import UnknownYear
from services.officers import Officer
from services.promises import Moved
from services.refusals import Refused

_ENTRY = msgspec.json.Decoder(Entry)


class Consequence(msgspec.Struct, frozen=True):
    """What an edit leads to. *after* is the calendar it makes, *moved* whose promise changes."""

    edit: Edit
    stamp: str
    after: Calendar
    moved: Sequence[Moved]

    @property
    def people(self) -> int:
        """How many participants are told."""
        return len({move.chat for move in self.moved})


def may_edit(officer: Officer, place: str) -> bool:
    """Whether *officer* may change the calendar of *place*; that of everywhere is head office's."""
    return officer.may("arrange") and officer.serves(place)


def may_set_apart(officer: Officer) -> bool:
    """Whether *officer* may open a branch on a national day, or give it another zone."""
    return may_edit(officer, EVERYWHERE)


def check(officer: Officer, edit: Edit) -> None:
    """Raise `NotFound` for a calendar that is not the officer's to change, `Refused`
    (``kalender.hanya_pusat``) for what only head office may."""
    officers.check(officer, "arrange", edit.place)
    for entry in edit.add:
        if entry.place != edit.place:
            raise ValueError(f"an entry of {entry.place} in an edit of {edit.place}")
        national = entry.kind == "holiday" and edit.place != EVERYWHERE
        apart = entry.on_holidays or entry.kind == "zone"
        if national or (apart and not may_set_apart(officer)):
            raise Refused("kalender.hanya_pusat")


async def stamps(tx: Tx) -> Mapping[str, int]:
    """How often the calendar of each place was changed."""
    return {row["place"]: row["version"] for row in await tx.all("calendar_stamps")}


async def load(tx: Tx) -> Entries:
    """Everything that holds now."""
    versions = await stamps(tx)
    held = {row["id"]: _ENTRY.decode(row["body"]) for row in await tx.all("calendar_entries")}
    return Entries(sum(versions.values()), held, versions)


class Made(msgspec.Struct, frozen=True):
    """One change that was made: by whom (login name and name), when, why, and of what."""

    at: int
    officer: str
    name: str
    reason: str
    added: Sequence[Entry]
    ended: Sequence[Entry]


async def made(tx: Tx, place: str, *, limit: int) -> Sequence[Made]:
    """The last changes of the calendar of *place*, the newest first."""
    rows = await tx.all("calendar_changes", place=place, limit=limit)
    if not rows:
        return []
    entries = await tx.all("calendar_changed_entries", place=place, since=rows[-1]["id"])
    return [
        Made(
            at=row["at"],
            officer=row["officer"],
            name=row["name"],
            reason=row["reason"],
            added=[_ENTRY.decode(one["body"]) for one in entries if one["made"] == row["id"]],
            ended=[_ENTRY.decode(one["body"]) for one in entries if one["ended"] == row["id"]],
        )
        for row in rows
    ]


async def consequence(
    tx: Tx, officer: Officer, edit: Edit, *, now: datetime, calendar: Calendar
) -> Consequence:
    """What *edit* would lead to now; nothing is changed. Raises as `change`."""
    check(officer, edit)
    return await _consequence(tx, edit, await load(tx), now, calendar)


async def change(
    tx: Tx,
    officer: Officer,
    edit: Edit,
    *,
    stamp: str,
    now: datetime,
    calendar: Calendar,
    notice: timedelta,
) -> Consequence | None:
    """Change the calendar as it was when *stamp* was taken; participants are told after *notice*.

    Who sends the same change twice has made it once: None comes back. Raises `NotFound` for a
    branch that is not the officer's, and `Refused`: ``kalender.berubah`` when somebody else was
    faster, ``kalender.tak_pernah_buka`` when a branch would have no opening, and what `Entries`
    refuses.
    """
    check(officer, edit)
    name = token("", officer, edit, stamp)
    if await tx.one("calendar_changed", token=name):
        return None
    await _begin(tx, edit.place, stamp)
    before = await load(tx)
    found = await _consequence(tx, edit, before, now, calendar)
    row = await tx.one(
        "calendar_change_add",
        place=edit.place,
        token=name,
        now=to_us(now),
        officer=officer.id,
        reason=edit.reason,
    )
    assert row is not None  # its token was not there, and nobody else is changing this calendar
    for number in before.ended_by(edit):
        await tx.run("calendar_entry_end", id=number, ended=row["id"])
    for entry in edit.add:
        body = msgspec.json.encode(entry).decode()
        await tx.run("calendar_entry_add", place=edit.place, body=body, made=row["id"])
    # chats, requests, the trail, in the order of a turn: else the two could wait for each other
    await promises.notify(tx, found.moved, now=now, after=notice, change=str(row["id"]))
    for branch in await deadlines.open_branches(tx):
        if edit.place in (branch, EVERYWHERE):
            await deadlines.replan(tx, branch, now, found.after)
    await audit.note(
        tx,
        now=now,
        actor=officer.id,
        action="calendar_changed",
        thing=edit.place,
        branch="" if edit.place == EVERYWHERE else edit.place,
        reason=edit.reason,
        added=msgspec.to_builtins(edit.add),
        ended=[msgspec.to_builtins(before.held[number]) for number in before.ended_by(edit)],
    )
    return found


def token(secret: str, officer: Officer, edit: Edit, stamp: str) -> str:
    """What proves that *officer* was shown exactly this edit of exactly this calendar.

    With the *secret* of the console nobody else can make it; without, it only names the change.
    """
    shown = msgspec.json.encode([officer.id, stamp, edit])
    return hmac.new(secret.encode(), shown, hashlib.sha256).hexdigest()


async def _begin(tx: Tx, place: str, stamp: str) -> None:
    """Hold the calendar of *place* from now on, if it is still that of *stamp*.

    The national calendar is held first: so changes are one at a time, whatever place they are of.
    """
    versions = dict(zip((EVERYWHERE, place), stamp.split("."), strict=True))
    for held in dict.fromkeys((EVERYWHERE, place)):
        await tx.run("calendar_know", place=held)
        statement = "calendar_step" if held == place else "calendar_hold"
        if not await tx.run(statement, place=held, version=int(versions[held])):
            raise Refused("kalender.berubah")


async def _consequence(
    tx: Tx, edit: Edit, before: Entries, now: datetime, calendar: Calendar
) -> Consequence:
    now_holds = calendar.with_entries(before)
    after = calendar.with_entries(before.after(edit))
    places = after.branches if edit.place == EVERYWHERE else [edit.place]
    _check_openings(edit, after, now)
    waiting = {row["branch"] for row in await tx.all("waiting_branches")}
    moved = [
        move
        for branch in places
        if branch in waiting
        for move in await promises.moved(tx, branch, now=now, before=now_holds, after=after)
    ]
    return Consequence(edit, before.stamp(edit.place), after, moved)


def _check_openings(edit: Edit, calendar: Calendar, now: datetime) -> None:
    """Refuse what would shut a branch for good: nobody could be told when it opens again."""
    days = [entry.first for entry in edit.add if entry.kind in HOURS]
    for branch in calendar.branches if edit.place == EVERYWHERE else [edit.place]:
        office = calendar.branches[branch]
        starts = [datetime.combine(day, time(), office.zone) for day in days]
        try:
            for at in starts:
                calendar.next_opening(branch, max(at, now))
        except (NeverOpen, UnknownYear):
            raise Refused("kalender.tak_pernah_buka", branch=office.name) from None
