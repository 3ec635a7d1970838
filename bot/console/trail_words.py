"""What an entry of the trail is about, in words: for the page of a ticket and for the trail."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from bot.console.calendar_history import entry_words
from bot.console.deps import Deps, ServiceWords
from bot.console.papers import titled, trail_titles
from bot.console.report_file import FILES
from bot.console.words import action_name, channel, role_name, thousands
from data.opening_hours import EVERYWHERE
from data.store import Row, Tx
from services.calendar_entries import Entry

NOTHING: Final = ServiceWords("", {})
TICKET_DASHES: Final = 2
"""Of a ticket's number, such as ``MND-G-0034``: the letter of the service stands between."""


class Names(msgspec.Struct, frozen=True):
    """What turns the ids of entries into names: login names of *officers*, and *papers*, the
    titles of documents by their `reveals.trail_name`."""

    deps: Deps
    officers: Mapping[str, str] = msgspec.field(default_factory=dict)
    papers: Mapping[str, str] = msgspec.field(default_factory=dict)

    def thing(self, name: str) -> str:
        """What an entry was done to: a ticket, an officer, a calendar, a quick reply."""
        if name == EVERYWHERE:
            return "Semua cabang"
        if name.startswith("balasan-"):
            return f"Balasan cepat {name.partition('-')[2]}"
        return self.officers.get(name) or self.branch(name)

    def branch(self, name: str) -> str:
        known = self.deps.branches.get(name)
        return known.short_name if known else _chat(name)

    def officer(self, name: str) -> str:
        return self.officers.get(name) or _chat(name)

    def about(self, entry: Row) -> str:
        """``Foto KTP · Foto kurang jelas``: what *entry* says besides who, when and what."""
        detail: Mapping[str, Any] = msgspec.json.decode(entry["detail"])
        service = self._service(entry["object"])
        said = [
            WORDS[name](self, service, value)
            for name, value in detail.items()
            if name in WORDS and value not in ("", None, [], {})
        ]
        return " · ".join(said)

    def _service(self, ticket: str) -> ServiceWords:
        code = ticket.split("-")[1] if ticket.count("-") == TICKET_DASHES else ""
        return self.deps.services.get(code, NOTHING)


async def names_for(tx: Tx, deps: Deps, entries: Iterable[Row]) -> Names:
    """The names of everybody and everything that *entries* may be about."""
    looked_at = {one["object"] for one in entries if one["action"] == "document_viewed"}
    papers: list[tuple[str, str]] = []
    for ticket in sorted(looked_at):
        rows = await tx.all("trail_papers", number=ticket)
        service = deps.services.get(rows[0]["service"], NOTHING) if rows else NOTHING
        papers += [(title, row["sha256"]) for title, row in titled(rows, service)]
    officers = {row["id"]: row["name"] for row in await tx.all("trail_officers")}
    return Names(deps, officers, trail_titles(papers))


def _chat(name: str) -> str:
    """The network of a chat such as ``web:••••x7Q``, whose id tells nobody; else *name*."""
    return channel(name) if ":" in name else name


def _reason(names: Names, service: ServiceWords, codes: str) -> str:
    """What *codes*, with blanks between, are called; a correction of several parts has several."""
    return ", ".join(dict.fromkeys(names.deps.reasons.say(code) or code for code in codes.split()))


def _entries(names: Names, service: ServiceWords, found: list[Mapping[str, Any]]) -> str:
    return ", ".join(entry_words(msgspec.convert(one, Entry)) for one in found)


SIGN_INS: Final[Mapping[str, str]] = {
    "totp": "kode aplikasi",
    "recovery": "kode cadangan",
    "link": "tautan",
}

Word = Callable[[Names, ServiceWords, Any], str]

WORDS: Final[Mapping[str, Word]] = {
    "item": lambda names, service, item: service.checks.get(item, item).rstrip("."),
    "step": lambda names, service, step: service.named(step),
    "code": _reason,
    "document": lambda names, service, name: names.papers.get(name, f"berkas {name}"),
    "documents": lambda names, service, count: f"{count} berkas",
    "characters": lambda names, service, count: f"{count} huruf",
    "rows": lambda names, service, count: f"{thousands(count)} baris",
    "full": lambda names, service, full: FILES[full],
    "format": lambda names, service, form: form.upper(),
    "filter": lambda names, service, asked: f"saringan: {asked}",
    "reason": lambda names, service, reason: f"sebab: {reason}",
    "what": lambda names, service, action: action_name(action).lower(),
    "to": lambda names, service, branch: f"ke {names.branch(branch)}",
    "of": lambda names, service, branch: f"dari {names.branch(branch)}",
    "officer": lambda names, service, officer: names.officer(officer),
    "before": lambda names, service, officer: f"sebelumnya {names.officer(officer)}",
    "role": lambda names, service, role: role_name(role),
    "was": lambda names, service, role: f"sebelumnya {role_name(role)}",
    "via": lambda names, service, name: f"lewat {channel(name)}",
    "by": lambda names, service, way: f"dengan {SIGN_INS.get(way, way)}",
    "added": _entries,
    "ended": lambda names, service, found: f"tidak berlaku lagi: {_entries(names, service, found)}",
}
"""How each detail of an entry is worded; one that is not here stands in the store only."""
