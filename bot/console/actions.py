"""What an officer can do with a request: one form each, one verb of the business each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any

import msgspec

from bot.console.deps import Deps, ServiceWords
from bot.console.destinations import branch_named
from bot.console.numbers import whole
from bot.console.words import CORRECTED, WRITTEN
from data.store import Tx
from services import (
    checklist,
    conversation,
    corrections,
    endings,
    fencing,
    leases,
    officers,
    queue,
    quick_replies,
    reopening,
    requests,
    unsent,
)
from services.blanks import dated
from services.correctable import correctable, place_of
from services.corrections import Part
from services.officers import Officer
from services.refusals import NotFound, Refused
from services.requests import Request


class Form(msgspec.Struct, frozen=True):
    """A form that was posted for the request *number*."""

    deps: Deps
    officer: Officer
    number: str
    fields: Mapping[str, str]
    now: datetime

    @property
    def ending(self) -> dict[str, Any]:
        """What every ending is told besides its words."""
        return {"code": self.fields.get("kode", ""), "now": self.now, "wait": self.deps.rules.undo}


Action = Callable[[Tx, Form], Awaitable[Any]]


async def claim(tx: Tx, form: Form) -> None:
    deps = form.deps
    await queue.claim(
        tx, form.officer, form.number, now=form.now, calendar=deps.calendar, rules=deps.rules
    )


async def reply(tx: Tx, form: Form) -> None:
    text, rules = form.fields.get("balasan", ""), form.deps.rules
    await conversation.reply(
        tx, form.officer, form.number, text, now=form.now, rules=rules, wait=rules.undo
    )
    picked = whole(form.fields.get(quick_replies.PICKED, ""))
    if picked is not None:
        await quick_replies.used(tx, picked)


async def note(tx: Tx, form: Form) -> None:
    text = form.fields.get("catatan", "")
    await conversation.note(tx, form.officer, form.number, text, now=form.now)


async def ask_correction(tx: Tx, form: Form) -> None:
    parts, rules = await _parts(tx, form), form.deps.rules
    await corrections.ask_correction(
        tx, form.officer, form.number, parts=parts, rules=rules, now=form.now, wait=rules.undo
    )


async def _parts(tx: Tx, form: Form) -> Sequence[Part]:
    """What is to be corrected, each part with its own reason.

    Raises `Refused` (``konsol.bagian``) for a further part that is not whole, and
    (``konsol.bagian_dua_kali``) where one is picked twice.
    """
    request = await requests.for_officer(tx, form.officer, form.number)
    steps = form.deps.services.get(request.service, ServiceWords("", {})).steps
    labels = correctable(steps, request)
    parts: list[Part] = []
    for n, names in enumerate(CORRECTED, 1):
        place, code, typed = (form.fields.get(name, "").strip() for name in names)
        if n > 1 and not (place or code or typed):
            continue
        if n > 1 and not (place and code):
            raise Refused("konsol.bagian", n=n)
        step, item = place_of(place, steps, request)
        words = _reason_words(form, "ask_correction", request, code, typed)
        parts.append(Part(step, conversation.worded(words), item, code, labels[place]))
    if len({part.place for part in parts}) < len(parts):
        raise Refused("konsol.bagian_dua_kali")
    return parts


async def finish(tx: Tx, form: Form) -> None:
    outcome = await _worded(tx, form, "finish")
    await endings.finish(tx, form.officer, form.number, outcome=outcome, **form.ending)


async def refuse(tx: Tx, form: Form) -> None:
    await endings.refuse(
        tx,
        form.officer,
        form.number,
        reason=await _worded(tx, form, "refuse"),
        again_from=_date(form.fields.get("boleh_lagi", "")),
        calendar=form.deps.calendar,
        **form.ending,
    )


async def transfer(tx: Tx, form: Form) -> None:
    to = branch_named(form.deps, form.fields.get("cabang", ""))
    if to is None:
        raise Refused("konsol.pilihan")
    reason = await _worded(tx, form, "transfer")
    terms = {**form.ending, "calendar": form.deps.calendar}
    await queue.transfer(tx, form.officer, form.number, to=to, reason=reason, **terms)


async def hand_over(tx: Tx, form: Form) -> None:
    await queue.hand_over(
        tx,
        form.officer,
        form.number,
        to=form.fields.get("rekan", ""),
        reason=form.fields.get("alasan_serah", ""),
        now=form.now,
        rules=form.deps.rules,
    )


async def release(tx: Tx, form: Form) -> None:
    await queue.release(tx, form.officer, form.number, now=form.now)


async def keep(tx: Tx, form: Form) -> None:
    await leases.keep(tx, form.officer, form.number, now=form.now, rules=form.deps.rules)


async def tick(tx: Tx, form: Form) -> None:
    """``periksa`` is the point that is ticked, or ``belum`` the one whose tick goes."""
    done = "periksa" in form.fields
    item = form.fields.get("periksa" if done else "belum", "")
    rules = form.deps.rules
    await checklist.tick(tx, form.officer, form.number, item, done=done, now=form.now, rules=rules)


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
    "serahkan": hand_over,
    "lepas": release,
    "tahan": keep,
    "periksa": tick,
    "buka-lagi": reopen,
}
"""The last part of the address and what it does."""

CODED: Mapping[str, str] = {
    "perbaikan": "ask_correction",
    "selesai": "finish",
    "tolak": "refuse",
    "pindah": "transfer",
}
"""Actions with a coded reason and a preview, and their verbs in `services.reasons`."""

UNFENCED = {"ambil", "tahan"}
"""Decided by one conditional update each, whatever the page showed."""

AFTER_THE_END = {"catatan", "buka-lagi"}
"""What makes sense for a request that has ended."""

LEAVING = {"lepas", "serahkan"}
"""After these the officer is done with the request."""


async def act(tx: Tx, name: str, form: Form) -> None:
    """Carry out the action *name* unless it has been; raises `Refused` and `NotFound`.

    What can be taken back remembers the form it came from.
    """
    seen = fencing.read(form.fields.get("dilihat", ""))
    if name == "periksa":
        await fencing.check_version(tx, form.officer, form.number, seen)
    elif name not in UNFENCED:
        text = form.fields.get(WRITTEN.get(name, ""), "")
        if name == "perbaikan":
            text = corrections.listed(await _parts(tx, form))
        ends = name not in AFTER_THE_END
        if await fencing.is_done(tx, form.officer, form.number, seen, text, while_open=ends):
            return
    await ACTIONS[name](tx, form)
    if name in ("balas", *CODED):
        typed = {key: form.fields[key] for key in form.fields if key not in NOT_TYPED}
        after = await requests.by_number(tx, form.number)
        await unsent.keep_form(tx, after, typed)


NOT_TYPED = {"csrf", "dilihat", "kirim", "berkas"}
"""Fields that belong to the page, not to what somebody wrote into it."""


def offered(deps: Deps, officer: Officer, request: Request, now: datetime) -> Set[str]:
    """The actions that a page has forms for; the services decide when one is posted."""
    if not officer.may("serve"):
        return frozenset()
    mine, waits = request.officer == officer.id, request.status == "waiting"
    held = request.status in ("claimed", "needs_correction")
    works = mine and request.status == "claimed"
    possible = {
        "ambil": waits and may_take(deps, officer, request.branch, now),
        "balas": held and mine,
        "catatan": True,
        "pindah": waits or (held and (mine or officer.supervises)),
        "serahkan": held and (mine or officer.supervises),
        "lepas": held and (mine or officer.supervises),
        "buka-lagi": officer.supervises and request.status in ("done", "refused", "expired"),
        **dict.fromkeys(("selesai", "perbaikan", "tolak", "tahan", "periksa"), works),
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


async def final_words(tx: Tx, name: str, form: Form) -> Mapping[str, str]:
    """The fields of what the action *name* tells the participant, with their words.

    They are what was typed, else the reason's own words.
    """
    if name == "perbaikan":
        parts = {part.place: part.reason for part in await _parts(tx, form)}
        picked = ((words, form.fields.get(place, "")) for place, _, words in CORRECTED)
        return {words: parts[place] for words, place in picked if place}
    words = await _worded(tx, form, CODED[name]) if name in CODED else form.fields[WRITTEN[name]]
    return {WRITTEN[name]: words}


async def _worded(tx: Tx, form: Form, verb: str) -> str:
    """The words of an ending; raises `Refused` for a code that the service does not have."""
    request = await requests.for_officer(tx, form.officer, form.number)
    typed = form.fields.get(next(WRITTEN[name] for name, one in CODED.items() if one == verb), "")
    return _reason_words(form, verb, request, form.fields.get("kode", ""), typed)


def _reason_words(form: Form, verb: str, request: Request, code: str, typed: str) -> str:
    """What was *typed*, else the words of the reason *code*."""
    picked = form.deps.reasons.pick(verb, request.service, code)
    rules = form.deps.services.get(request.service, ServiceWords("", {})).rules
    days = dated(form.now, form.deps.branches[request.branch].zone)
    return typed.strip() or quick_replies.filled(picked.text, {**rules, **days})


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("konsol.tanggal") from None
