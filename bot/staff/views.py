"""What an officer reads on the telephone: lists and requests, with every long number masked.

Two things are not: what officers wrote themselves and could not send, and the preview of what a
participant will read (`bot.staff.writing`).
"""

from collections.abc import Sequence
from typing import Final

from bot.runtime.messages import Outbound
from bot.staff.desk import Desk
from data.instants import to_us
from data.store import Row, Tx
from forms.choices import Option
from forms.printed import lines
from services import conversation, fencing, officers, requests, staff_links
from services.audit import mask
from services.conversation import Written
from services.fencing import Seen
from services.officers import Officer
from services.requests import Request

LISTED: Final = 8
"""Requests of one list."""

LAST_WORDS: Final = 3
"""Messages of a conversation; all of it is in the console."""

LONGEST_FORM: Final = 2400
LONGEST_WORDS: Final = 300
"""Characters of a form, and of one message: the whole still fits into one message of Telegram."""

HELD: Final = ("claimed", "needs_correction")


def message(text: str, *options: Option, above: str = "") -> Outbound:
    """A message with buttons below it; numbers that name somebody are masked, but not *above*."""
    return Outbound(text="\n\n".join(filter(None, (above, mask(text)))), options=options)


async def home(tx: Tx, desk: Desk, officer: Officer, *, above: str = "") -> Outbound:
    """How many wait, and where to go; *above* is said first."""
    values = await tx.one("staff_counts", viewer=officer.id, now=to_us(desk.now))
    assert values is not None  # counts always come back
    text = desk.word("beranda", salam=_greeting(desk, officer), name=officer.name, **values)
    buttons = [desk.button(verb) for verb in ("antrean", "saya", "berikutnya", "kabar", "putus")]
    return message("\n\n".join(filter(None, (above, text))), *buttons)


async def waiting(tx: Tx, desk: Desk, officer: Officer) -> Outbound:
    """What waits, in the order of the queue."""
    officers.check(officer, "read")
    rows = await tx.all("staff_waiting", viewer=officer.id, limit=LISTED)
    counts = await tx.one("staff_counts", viewer=officer.id, now=to_us(desk.now))
    more = counts["waiting"] - len(rows) if counts else 0
    text = desk.word("antrean", lines=_listed(desk, rows), more=more) if rows else ""
    options = [*_numbers(rows), *([desk.button("berikutnya")] if rows else ()), desk.button("saya")]
    return message(text or desk.word("antrean_kosong"), *options)


async def mine(tx: Tx, desk: Desk, officer: Officer) -> Outbound:
    """What the officer has in hand."""
    officers.check(officer, "read")
    rows = await tx.all("staff_mine", viewer=officer.id, limit=LISTED)
    text = desk.word("tugas", lines=_listed(desk, rows)) if rows else desk.word("tugas_kosong")
    return message(text, *_numbers(rows), desk.button("antrean"))


def several(desk: Desk, key: str, found: Sequence[Request]) -> Outbound:
    """The sentence *key* over the requests *found*, the first few of them as buttons."""
    rows = [
        {
            "number": one.number,
            "service": one.service,
            "branch": one.branch,
            "due_at": one.due_at,
            "priority": one.priority,
        }
        for one in found[:LISTED]
    ]
    text = desk.word(key, lines=_listed(desk, rows), more=len(found) - len(rows))
    return message(text, *_numbers(rows), desk.button("antrean"))


async def ticket(tx: Tx, desk: Desk, officer: Officer, number: str, *, above: str = "") -> Outbound:
    """One request with its form, last words and what can be done; *above* comes first as it is."""
    request = await requests.for_officer(tx, officer, number)
    messages = await conversation.messages(tx, request)
    documents = await tx.all("request_documents", request=request.id)
    head = desk.word(
        "tiket",
        number=number,
        title=desk.title(request.service),
        urgent=request.priority > 0,
        status=desk.word(f"status.{request.status}"),
        holder=await officers.name_of(tx, request.officer) if request.status in HELD else "",
        due=_due(desk, request.due_at, request.branch),
        branch=desk.calendar.branches[request.branch].name,
    )
    parts = [
        head,
        _form(desk, request),
        desk.word("berkas", count=len(documents)) if documents else "",
        _last_words(desk, request, messages),
        desk.word("konsol", address=f"{desk.site}/admin/tiket/{number}"),
    ]
    text = "\n\n".join(filter(None, parts))
    seen = await fencing.seen_now(tx, request)
    return message(text, *buttons(desk, officer, request, seen), above=above)


def buttons(desk: Desk, officer: Officer, request: Request, seen: Seen) -> list[Option]:
    """What *officer* can do with *request*, of which *seen* was shown."""
    number, fence = request.number, (request.number, seen)
    options = []
    if officer.may("serve") and request.status == "waiting":
        options.append(desk.button("ambil", number))
    if request.officer == officer.id and request.status in HELD:
        options.append(desk.button("balas", *fence))
    if request.officer == officer.id and request.status == "claimed":
        options += [desk.button("perbaikan", *fence), desk.button("selesai", *fence)]
    return [*options, desk.button("lihat", number), desk.button("antrean")]


async def alerts(tx: Tx, desk: Desk, officer: Officer) -> Outbound:
    """Which alerts are on, and a button for each."""
    link = await staff_links.link_of(tx, officer)
    silent = link.silent if link else frozenset()
    kinds = {kind: desk.word(f"jenis.{kind}") for kind in staff_links.KINDS}
    told = [
        desk.word("pemberitahuan_baris", kind=label, on=kind not in silent)
        for kind, label in kinds.items()
    ]
    options = [
        Option(f"kabar:{kind}:{int(kind in silent)}", label) for kind, label in kinds.items()
    ]
    return message(desk.word("pemberitahuan", lines=told), *options, desk.button("beranda"))


def _listed(desk: Desk, rows: Sequence[Row]) -> list[str]:
    return [
        desk.word(
            "baris",
            number=row["number"],
            title=desk.title(row["service"]),
            urgent=row["priority"] > 0,
            due=_due(desk, row["due_at"], row["branch"]),
        )
        for row in rows
    ]


def _numbers(rows: Sequence[Row]) -> list[Option]:
    return [Option(f"lihat:{row['number']}", row["number"]) for row in rows]


def _due(desk: Desk, due_at: int, branch: str) -> str:
    return desk.word("tenggat", late=due_at <= to_us(desk.now), at=desk.at(due_at, branch))


def _form(desk: Desk, request: Request) -> str:
    shown: list[str] = []
    room = LONGEST_FORM
    answers = [line for line in lines(request.report_masked) if line.value]
    for line in answers:
        text = f"{line.label}: {line.value}" if line.label else f"! {line.value}"
        room -= len(text)
        if room < 0:
            break
        shown.append(text)
    return desk.word("isi", lines=shown, cut=len(shown) < len(answers))


def _last_words(desk: Desk, request: Request, messages: Sequence[Written]) -> str:
    told = []
    for one in messages[-LAST_WORDS:]:
        who = one.name or desk.word(f"penulis.{one.author}")
        at = desk.at(one.at, request.branch)
        text = one.body if len(one.body) <= LONGEST_WORDS else f"{one.body[:LONGEST_WORDS]}…"
        key = "ucapan_berkas" if one.document else "ucapan"
        values = {"who": who, "at": at} | ({} if one.document else {"text": text})
        told.append(desk.word(key, **values))
    return desk.word("percakapan", lines=told) if told else ""


def _greeting(desk: Desk, officer: Officer) -> str:
    branch = officer.branch or next(iter(desk.calendar.branches))
    hour = desk.now.astimezone(desk.calendar.branches[branch].zone).hour
    wishes = ((4, "pagi"), (11, "siang"), (15, "sore"), (18, "malam"))
    return next((wish for start, wish in reversed(wishes) if hour >= start), "malam")
