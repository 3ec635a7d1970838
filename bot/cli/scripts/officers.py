"""Officers of a script: made when they first act, acting through the verbs of the business."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from bot.bootstrap import Product
from bot.cli.scripts.words import MORE_PARTS
from data.opening_hours import EVERYWHERE
from data.store import Tx
from flows.source import BOOLEANS
from services import (
    calendar_changes,
    checklist,
    conversation,
    corrections,
    endings,
    leases,
    officers,
    queue,
    quick_replies,
    reopening,
    requests,
)
from services.calendar_entries import Edit, Entry
from services.corrections import Part
from services.desk import AT_ONCE
from services.hours_typed import read_hours
from services.officers import ALL_BRANCHES
from services.refusals import NotFound


class Deed(msgspec.Struct, frozen=True):
    """One action of one officer. *chat* is whose newest request is meant where none is named."""

    product: Product
    officer: officers.Officer
    words: Mapping[str, str]
    chat: str
    now: datetime

    @property
    def day(self) -> date:
        """The day that a change of the calendar is about."""
        return date.fromisoformat(self.words["day"])

    @property
    def until(self) -> date:
        """The last day of it."""
        return date.fromisoformat(self.words.get("until", self.words["day"]))

    @property
    def place(self) -> str:
        """Whose calendar the officer changes: that of the branch, an admin's of everywhere."""
        return self.officer.branch or EVERYWHERE

    async def number(self, tx: Tx) -> str:
        """The ticket that is meant."""
        if "ticket" in self.words:
            return self.words["ticket"]
        return (await requests.for_participant(tx, self.chat, "")).number

    @property
    def text(self) -> str:
        return self.words["text"]

    @property
    def wait(self) -> timedelta:
        """How long what is said can be taken back: not at all unless the script says so."""
        return self.product.rules.undo if self.says("unsent") else AT_ONCE

    def says(self, word: str) -> bool:
        """Whether the step has *word* and means it."""
        return BOOLEANS.get(self.words.get(word, "no").lower(), False)

    @property
    def ending(self) -> dict[str, Any]:
        """What every ending is told besides its words."""
        return {"now": self.now, "code": self.words.get("code", ""), "wait": self.wait}

    @property
    def claiming(self) -> dict[str, Any]:
        calendar = self.product.reference.calendar
        return {"now": self.now, "calendar": calendar, "rules": self.product.rules}


def officer(name: str, words: Mapping[str, str], branch: str) -> officers.Officer:
    """The officer called *name* as a script describes them."""
    role = words.get("role", "officer")
    place = ALL_BRANCHES if role == "admin" else words.get("branch", branch)
    return officers.Officer(id=name, name=name.title(), branch=place, role=role)


async def act(tx: Tx, deed: Deed, do: str) -> Any:
    """Enrol the officer unless they are, then carry out the action *do*."""
    try:
        await officers.find(tx, deed.officer.id)
    except NotFound:
        await officers.add(tx, deed.officer, now=deed.now)
    return await VERBS[do](tx, deed)


async def _claim(tx: Tx, deed: Deed) -> None:
    await queue.claim(tx, deed.officer, await deed.number(tx), **deed.claiming)


async def _claim_next(tx: Tx, deed: Deed) -> None:
    await queue.claim_next(tx, deed.officer, deed.officer.branch, **deed.claiming)


async def _reply(tx: Tx, deed: Deed) -> None:
    number, rules = await deed.number(tx), deed.product.rules
    await conversation.reply(
        tx, deed.officer, number, deed.text, now=deed.now, rules=rules, wait=deed.wait
    )


async def _note(tx: Tx, deed: Deed) -> None:
    await conversation.note(tx, deed.officer, await deed.number(tx), deed.text, now=deed.now)


async def _ask_correction(tx: Tx, deed: Deed) -> None:
    words = deed.words
    await corrections.ask_correction(
        tx,
        deed.officer,
        await deed.number(tx),
        parts=[
            Part(words[f"step{n}"], words[f"text{n}"], code=words.get(f"code{n}", ""))
            for n in ("", *MORE_PARTS)
            if f"step{n}" in words
        ],
        rules=deed.product.rules,
        now=deed.now,
        wait=deed.wait,
    )


async def _transfer(tx: Tx, deed: Deed) -> None:
    to = deed.product.reference.branches[deed.words["to"]]
    number = await deed.number(tx)
    await queue.transfer(
        tx,
        deed.officer,
        number,
        to=to,
        reason=deed.text,
        calendar=deed.product.reference.calendar,
        **deed.ending,
    )


async def _hand_over(tx: Tx, deed: Deed) -> None:
    await queue.hand_over(
        tx,
        deed.officer,
        await deed.number(tx),
        to=deed.words["to"],
        reason=deed.text,
        now=deed.now,
        rules=deed.product.rules,
    )


async def _undo(tx: Tx, deed: Deed) -> None:
    await quick_replies.take_back(tx, deed.officer, await deed.number(tx), now=deed.now)


async def _keep(tx: Tx, deed: Deed) -> None:
    number, rules = await deed.number(tx), deed.product.rules
    await leases.keep(tx, deed.officer, number, now=deed.now, rules=rules)


async def _tick(tx: Tx, deed: Deed) -> None:
    number, item = await deed.number(tx), deed.words["item"]
    rules = deed.product.rules
    await checklist.tick(tx, deed.officer, number, item, done=True, now=deed.now, rules=rules)


async def _release(tx: Tx, deed: Deed) -> None:
    await queue.release(tx, deed.officer, await deed.number(tx), now=deed.now)


async def _refuse(tx: Tx, deed: Deed) -> None:
    again = deed.words.get("again_from", "")
    await endings.refuse(
        tx,
        deed.officer,
        await deed.number(tx),
        reason=deed.text,
        **deed.ending,
        again_from=date.fromisoformat(again) if again else None,
        calendar=deed.product.reference.calendar,
    )


async def _close(tx: Tx, deed: Deed) -> None:
    entry = Entry(deed.place, "closed", deed.day, deed.until, name=deed.text)
    await _change(tx, deed, entry)


async def _open(tx: Tx, deed: Deed) -> None:
    hours = (read_hours(deed.words["hours"]),)
    entry = Entry(deed.place, "open", deed.day, deed.until, hours=hours, name=deed.text)
    await _change(tx, deed, entry)


async def _special_hours(tx: Tx, deed: Deed) -> None:
    hours = (*(read_hours(deed.words["hours"]),) * 5, (), ())
    entry = Entry(deed.place, "special", deed.day, deed.until, hours=hours, name=deed.text)
    await _change(tx, deed, entry)


async def _holiday(tx: Tx, deed: Deed) -> None:
    kind = deed.words["kind"]
    entry = Entry(deed.place, "holiday", deed.day, deed.day, name=deed.text, holiday=kind)
    await _change(tx, deed, entry)


async def _take_back(tx: Tx, deed: Deed) -> None:
    """End the entry that was made last."""
    [*_, (last, _entry)] = (await calendar_changes.load(tx)).of(deed.place)
    await _change(tx, deed, remove=(last,))


async def _change(tx: Tx, deed: Deed, *add: Entry, remove: tuple[int, ...] = ()) -> None:
    await calendar_changes.change(
        tx,
        deed.officer,
        Edit(deed.place, deed.text, add=add, remove=remove),
        stamp=(await calendar_changes.load(tx)).stamp(deed.place),
        now=deed.now,
        calendar=deed.product.reference.calendar,
        notice=deed.product.rules.notice,
    )


async def _reopen(tx: Tx, deed: Deed) -> None:
    number = await deed.number(tx)
    calendar = deed.product.reference.calendar
    await reopening.reopen(
        tx, deed.officer, number, reason=deed.text, now=deed.now, calendar=calendar
    )


async def _finish(tx: Tx, deed: Deed) -> None:
    number = await deed.number(tx)
    if not deed.says("unchecked"):
        given: dict[str, Any] = {"done": True, "now": deed.now, "rules": deed.product.rules}
        for point in await checklist.of(tx, await requests.by_number(tx, number)):
            if not point.officer:
                await checklist.tick(tx, deed.officer, number, point.item, **given)
    await endings.finish(tx, deed.officer, number, outcome=deed.text, **deed.ending)


VERBS: Final[Mapping[str, Callable[[Tx, Deed], Awaitable[None]]]] = {
    "claim": _claim,
    "claim_next": _claim_next,
    "reply": _reply,
    "note": _note,
    "ask_correction": _ask_correction,
    "transfer": _transfer,
    "hand_over": _hand_over,
    "undo": _undo,
    "keep": _keep,
    "tick": _tick,
    "release": _release,
    "refuse": _refuse,
    "finish": _finish,
    "close": _close,
    "open": _open,
    "special_hours": _special_hours,
    "holiday": _holiday,
    "take_back": _take_back,
    "reopen": _reopen,
}
