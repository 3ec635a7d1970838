"""The page of a branch's quick replies, for its head, and of those of all, for head office."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.numbers import whole
from bot.console.places import zone_of
from bot.console.words import render
from bot.texts.lint import MOST_CHARACTERS, MOST_LINES, MOST_WORDS, sentences_of
from data.store import Tx
from services import quick_replies
from services.blanks import dated
from services.officers import Officer
from services.quick_replies import QuickReply
from services.refusals import Refused

ADDRESS: Final = "/admin/balasan"
NEW: Final = "baru"
SAMPLES: Final = {
    "nama": "Siti Contoh",
    "tiket": "MND-G-0001",
    "cabang": "Kantor Cabang Contoh",
    "petugas": "Rina C.",
}
"""What fills the blanks where a text is only looked at; the day fills the others."""
SERVICE: Final = "layanan-"
"""Begins the name of the box that is ticked for a service."""


async def quick_replies_page(
    deps: Deps,
    visit: Visit,
    *,
    typed: QuickReply | None = None,
    alert: str = "",
    hints: Sequence[str] | None = None,
) -> Response:
    """The page; *typed* is what could not be saved yet, *hints* what could read better."""
    officer = visit.officer
    async with deps.store.read() as tx:
        listed = await quick_replies.of_branch(tx, officer.branch)
    key = _key(typed) if typed else ""
    editable = quick_replies.may_edit(officer)
    own = [one for one in listed if editable and one.branch == officer.branch]
    shown = render(
        "balasan.html",
        visit=visit,
        branch=deps.branches.get(officer.branch),
        alert=alert,
        editable=editable,
        own=own,
        shared=[one for one in listed if one not in own],
        blank=_typed({}, officer.branch),
        typed={key: typed} if typed else {},
        hints={key: hints} if hints is not None else {},
        known=quick_replies.BLANKS,
        samples=_samples(deps, officer),
        services=deps.services,
        examples=len(quick_replies.examples()),
        limits={"words": MOST_WORDS},
    )
    return HTMLResponse(shown, 409 if alert else 200)


async def take(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """Save, look at, or take away a quick reply; or begin with the examples."""
    officer, now = visit.officer, deps.clock.now()
    typed = _typed(fields, officer.branch)

    async def verb(tx: Tx) -> Any:
        if "contoh" in fields:
            return await quick_replies.add_examples(tx, officer, now=now)
        if "hapus" in fields:
            return await quick_replies.remove(tx, officer, typed.id, now=now)
        return await quick_replies.save(
            tx,
            officer,
            name=typed.name,
            body=typed.body,
            services=typed.services,
            now=now,
            number=typed.id or None,
        )

    try:
        if not {"contoh", "hapus"} & set(fields):
            quick_replies.checked(typed.name, typed.body)
            if not deps.services.keys() >= set(typed.services):
                raise Refused("konsol.pilihan")
        if "lihat" in fields:
            hints = _hints(typed.body, _samples(deps, officer))
            return await quick_replies_page(deps, visit, typed=typed, hints=hints)
        await deps.store.write(verb)
    except Refused as refused:
        alert = deps.sentence(refused)
        return await quick_replies_page(deps, visit, typed=typed, alert=alert)
    return on_to(ADDRESS)


def _typed(fields: dict[str, str], branch: str) -> QuickReply:
    return QuickReply(
        id=whole(fields.get("nomor", NEW)) or 0,
        branch=branch,
        name=fields.get("nama", ""),
        services=tuple(name.removeprefix(SERVICE) for name in fields if name.startswith(SERVICE)),
        body=fields.get("isi", ""),
        used=0,
    )


def _key(one: QuickReply) -> str:
    return str(one.id) if one.id else NEW


def _samples(deps: Deps, officer: Officer) -> Mapping[str, str]:
    return {**SAMPLES, **dated(deps.clock.now(), zone_of(deps, officer))}


def _hints(body: str, samples: Mapping[str, str]) -> Sequence[str]:
    """What could read better, by the rules of the bot's own sentences."""
    filled = quick_replies.filled(body, samples)
    hints = [
        f"Kalimat ini {len(words)} kata, paling baik {MOST_WORDS}: {' '.join(words[:4])} …"
        for words in sentences_of(filled)
        if len(words) > MOST_WORDS
    ]
    if len(filled.splitlines()) > MOST_LINES:
        hints.append(f"Lebih dari {MOST_LINES} baris.")
    if len(filled) > MOST_CHARACTERS:
        hints.append(f"Lebih dari {MOST_CHARACTERS} huruf.")
    return hints or ["Sudah baik. Begini yang dibaca peserta:"]


async def show(deps: Deps, visit: Visit, request: Request) -> Response:
    return await quick_replies_page(deps, visit)


DOORS = (
    page("/balasan", show, needs="arrange", menu="Balasan"),
    form("/balasan", take, needs="arrange"),
)
