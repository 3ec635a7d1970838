"""What an officer can do with a request: one form each, one verb of the business each."""

from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.console.deps import Deps
from bot.console.words import WRITTEN
from data.store import Tx
from services import conversation, corrections, endings, officers, queue, reopening
from services.officers import Officer
from services.refusals import NotFound, Refused
from services.requests import Request


@dataclass(frozen=True)
class Form:
    """A form that was posted for the request *number*.

    *seen* is how many messages the page showed, None for a form that does not say.
    """

    deps: Deps
    officer: Officer
    number: str
    fields: Mapping[str, str]
    now: datetime

    @property
    def seen(self) -> int | None:
        given = self.fields.get("dibaca", "")
        return int(given) if given.isdecimal() and given.isascii() else None


Action = Callable[[Tx, Form], Awaitable[Any]]


async def claim(tx: Tx, form: Form) -> None:
    deps = form.deps
    await queue.claim(
        tx, form.officer, form.number, now=form.now, calendar=deps.calendar, rules=deps.rules
    )


async def reply(tx: Tx, form: Form) -> None:
    text = form.fields.get("balasan", "")
    rules = form.deps.rules
    await conversation.reply(tx, form.officer, form.number, text, now=form.now, rules=rules)


async def note(tx: Tx, form: Form) -> None:
    text = form.fields.get("catatan", "")
    await conversation.note(tx, form.officer, form.number, text, now=form.now)


async def ask_correction(tx: Tx, form: Form) -> None:
    step, _, item = form.fields.get("langkah", "").partition(":")
    known = any(step in service.steps for service in form.deps.services.values())
    if not known or not item.isdecimal():
        raise Refused("konsol.pilihan")
    await corrections.ask_correction(
        tx,
        form.officer,
        form.number,
        step=step,
        item=int(item),
        reason=form.fields.get("perbaikan", ""),
        now=form.now,
        rules=form.deps.rules,
    )


async def finish(tx: Tx, form: Form) -> None:
    outcome = form.fields.get("hasil", "")
    await endings.finish(tx, form.officer, form.number, outcome=outcome, now=form.now)


async def refuse(tx: Tx, form: Form) -> None:
    await endings.refuse(
        tx,
        form.officer,
        form.number,
        reason=form.fields.get("sebab", ""),
        again_from=_date(form.fields.get("boleh_lagi", "")),
        now=form.now,
    )


async def transfer(tx: Tx, form: Form) -> None:
    to = form.deps.branches.get(form.fields.get("cabang", ""))
    if to is None:
        raise Refused("konsol.pilihan")
    reason = form.fields.get("alasan_pindah", "")
    await queue.transfer(
        tx,
        form.officer,
        form.number,
        to=to,
        reason=reason,
        now=form.now,
        calendar=form.deps.calendar,
    )


async def release(tx: Tx, form: Form) -> None:
    await queue.release(tx, form.officer, form.number, now=form.now)


async def reopen(tx: Tx, form: Form) -> None:
    reason = form.fields.get("alasan_buka", "")
    await reopening.reopen(
        tx,
        form.officer,
        form.number,
        reason=reason,
        now=form.now,
        calendar=form.deps.calendar,
    )


ACTIONS: Mapping[str, Action] = {
    "ambil": claim,
    "balas": reply,
    "catatan": note,
    "perbaikan": ask_correction,
    "selesai": finish,
    "tolak": refuse,
    "pindah": transfer,
    "lepas": release,
    "buka-lagi": reopen,
}
"""The last part of the address and what it does."""

LEAVING = {"pindah", "lepas"}
"""After these the officer is done with the request."""


async def act(tx: Tx, name: str, form: Form) -> None:
    """Carry out the action *name* unless it has been; raises `Refused` and `NotFound`."""
    text = form.fields.get(WRITTEN.get(name, ""), "")
    if text.strip() and form.seen is not None:
        said = conversation.is_said(tx, form.officer, form.number, text, seen=form.seen)
        if await said:
            return
    await ACTIONS[name](tx, form)


def offered(deps: Deps, officer: Officer, request: Request, now: datetime) -> Set[str]:
    """The actions that a page has forms for; the services decide when one is posted."""
    if not officer.may("serve"):
        return frozenset()
    mine, waits = request.officer == officer.id, request.status == "waiting"
    held = request.status in ("claimed", "needs_correction")
    possible = {
        "ambil": waits and may_take(deps, officer, request.branch, now),
        "balas": held and mine,
        "catatan": True,
        "pindah": waits or (held and (mine or officer.supervises)),
        "lepas": held and (mine or officer.supervises),
        "buka-lagi": officer.supervises and request.status in ("done", "refused", "expired"),
        **dict.fromkeys(("selesai", "perbaikan", "tolak"), mine and request.status == "claimed"),
    }
    return {name for name, holds in possible.items() if holds}


def may_take(deps: Deps, officer: Officer, branch: str, now: datetime) -> bool:
    """Whether *officer* may claim at *branch* now."""
    try:
        officers.check(officer, "serve")
        queue.check_hours(officer, branch, now=now, calendar=deps.calendar, rules=deps.rules)
    except (NotFound, Refused):
        return False
    return True


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("konsol.tanggal") from None
