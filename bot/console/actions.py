"""What an officer can do with a request: one form each, one verb of the business each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.console.deps import Deps
from data.store import Tx
from services import conversation, corrections, endings, queue
from services.officers import Officer
from services.refusals import Refused


@dataclass(frozen=True)
class Form:
    """A form that was posted for the request *number*."""

    deps: Deps
    officer: Officer
    number: str
    fields: Mapping[str, str]
    now: datetime


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
    await queue.transfer(tx, form.officer, form.number, to=to, reason=reason, now=form.now)


async def release(tx: Tx, form: Form) -> None:
    await queue.release(tx, form.officer, form.number, now=form.now)


async def reopen(tx: Tx, form: Form) -> None:
    reason = form.fields.get("alasan_buka", "")
    await endings.reopen(tx, form.officer, form.number, reason=reason, now=form.now)


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


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("konsol.tanggal") from None
