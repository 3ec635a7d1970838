"""One request: its data (masked) beside its documents, conversation, actions and trail."""

from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace
from starlette.requests import Request as Asked
from starlette.responses import HTMLResponse, Response

from bot.console.actions import CODED, may_take, offered
from bot.console.badges import deadline
from bot.console.deps import Deps, ServiceWords
from bot.console.destinations import destinations
from bot.console.doors import page
from bot.console.gate import Visit
from bot.console.keys import sheet
from bot.console.papers import Paper, count, papers, trail_titles
from bot.console.report_file import FILES
from bot.console.trail_words import names_for
from bot.console.window_words import window_line
from bot.console.words import CORRECTED, render
from data.instants import to_us
from data.store import Tx
from services import (
    checklist,
    conversation,
    fencing,
    history,
    officers,
    presence,
    quick_replies,
    reach,
    requests,
    reveals,
    unsent,
    windows,
)
from services.blanks import dated
from services.correctable import correctable
from services.officers import Officer
from services.requests import Request


class Attempt(msgspec.Struct, frozen=True):
    """An action that is not done yet: why (*alert*), and what was typed, to be mended.

    *told* is said instead where nothing went wrong. *preview* are the messages that the
    participant would read; the form is then to be confirmed.
    """

    action: str = ""
    alert: str = ""
    told: str = ""
    fields: Mapping[str, str] = msgspec.field(default_factory=dict)
    preview: Sequence[str] = ()
    status: int = 409


NONE = Attempt(status=200)


async def ticket_page(
    deps: Deps,
    visit: Visit,
    number: str,
    *,
    attempt: Attempt = NONE,
    paper: int = 0,
    part: str = "tiket.html",
) -> Response:
    """The page, masked unless the officer has revealed it; or only a *part* of it, for a script.

    *paper* is the number of the document to show; for 0 the one that the form of *attempt* names.
    """
    paper = paper or count(attempt.fields.get("berkas", ""))
    now, officer = deps.clock.now(), visit.officer
    async with deps.store.read() as tx:
        request = await requests.for_officer(tx, officer, number)
        service = deps.services.get(request.service, ServiceWords(request.service, {}))
        shown = await _read(tx, deps, officer, request, service)
        full = await reveals.is_revealed(tx, officer, request, now=now)
    may, branch = offered(deps, officer, request, now), deps.branches[request.branch]
    hours = deps.calendar.explain(request.branch, now)
    until = request.lease_until if "tahan" in may and hours.open else None
    place = _place(shown["papers"], paper, open_first="balas" in may)
    takes = may_take(deps, officer, request.branch, now)
    html = render(
        part,
        keys=sheet(visit, _usable(may, shown, place, takes=bool(request.ended_at and takes))),
        swapped=False,
        visit=visit,
        deps=deps,
        attempt=attempt,
        may=may,
        may_take=takes,
        now=now,
        now_us=to_us(now),
        request=request,
        service=service,
        steps=correctable(service.steps, request),
        corrected=CORRECTED,
        branch=branch,
        due=deadline(
            request.branch,
            request.status,
            request.due_at,
            request.ended_at,
            now=now,
            calendar=deps.calendar,
            soon=deps.rules.soon,
        ),
        hours=hours,
        report=request.report if full else request.report_masked,
        full=full,
        file=FILES[full],
        look=reveals.ONE_LOOK // timedelta(minutes=1),
        mine=request.officer == officer.id,
        place=place,
        lease_until=until,
        destinations=destinations(deps, request.branch) if "pindah" in may else (),
        warn_before=deps.rules.warning // timedelta(microseconds=1),
        reasons={name: deps.reasons.of(verb, request.service) for name, verb in CODED.items()},
        blanks=blanks(deps, officer, request, service),
        **shown,
    )
    return HTMLResponse(html, attempt.status)


async def _read(
    tx: Tx, deps: Deps, officer: Officer, request: Request, service: ServiceWords
) -> dict[str, Any]:
    """What the page shows besides the request itself."""
    now = deps.clock.now()
    messages = await conversation.messages(tx, request)
    listed = await papers(tx, request, service, messages)
    trail = await tx.all("audit_of", object=request.number)
    papers_named = trail_titles((paper.title, paper.sha256) for paper in listed)
    names = replace(await names_for(tx, deps, ()), papers=papers_named)
    waiting = await unsent.waiting(tx, request)
    window = await windows.window_of(tx, request.chat)
    zone = deps.branches[request.branch].zone
    colleagues = await tx.all("officers_of_branch", branch=request.branch)
    return {
        "messages": messages,
        "papers": listed,
        "window": window_line(window, now, zone) if window else None,
        "trail": [(entry, names.about(entry)) for entry in trail],
        "holder": await officers.name_of(tx, request.officer),
        "seen": await fencing.seen_now(tx, request),
        "points": await checklist.of(tx, request),
        "others": await presence.others(tx, officer, request, now=now),
        "rating": await tx.one("rating_of", request=request.id),
        "waiting": waiting if waiting and waiting.officer == officer.id else None,
        "colleagues": [row for row in colleagues if row["id"] != request.officer],
        "lost_since": await reach.lost_since(tx, request.chat),
        "earlier": await history.earlier(tx, officer, request),
        "quick": [
            one
            for one in await quick_replies.of_branch(tx, request.branch)
            if not one.services or request.service in one.services
        ],
    }


def blanks(
    deps: Deps, officer: Officer, request: Request, service: ServiceWords
) -> Mapping[str, str]:
    """What fills the blanks of quick replies (`quick_replies.BLANKS`) for this request."""
    return {
        "nama": service.person(request.answers).partition(" +")[0],
        "tiket": request.number,
        "cabang": deps.branches[request.branch].name,
        "petugas": officer.name,
        **dated(deps.clock.now(), deps.branches[request.branch].zone),
    }


def _usable(
    may: Set[str], shown: Mapping[str, Any], place: int | None, *, takes: bool
) -> Mapping[str, object]:
    """The single keys that do something on this page (`bot.console.keys`)."""
    listed = shown["papers"]
    picture = place is not None and listed[place].is_picture
    return {
        "a": "ambil" in may,
        "n": takes,
        "b": "balas" in may,
        "c": "catatan" in may,
        "/": "balas" in may and shown["quick"],
        "s": "selesai" in may,
        "p": "pindah" in may,
        "u": shown["waiting"],
        ".": True,
        "r R": picture,
        "+ - 0": picture,
        "[ ]": place is not None and listed[1:],
    }


def _place(listed: Sequence[Paper], number: int, *, open_first: bool) -> int | None:
    """Which document is open: the one asked for, else the first for who holds the request."""
    if 1 <= number <= len(listed):
        return number - 1
    return 0 if open_first and listed else None


async def show(deps: Deps, visit: Visit, asked: Asked) -> Response:
    """The ticket; ``?berkas=`` opens a document, ``?ulang=`` the form that asks for one again."""
    number, wanted = asked.path_params["number"], asked.query_params
    again = wanted.get("ulang", "")
    asks = Attempt("perbaikan", fields={"langkah": again}, status=200)
    attempt = asks if again else NONE
    return await ticket_page(
        deps, visit, number, attempt=attempt, paper=count(wanted.get("berkas", ""))
    )


async def talk(deps: Deps, visit: Visit, asked: Asked) -> Response:
    """Only the conversation, for a page that is open while somebody writes."""
    number, paper = asked.path_params["number"], count(asked.query_params.get("berkas", ""))
    return await ticket_page(deps, visit, number, paper=paper, part="tiket_percakapan.html")


DOORS = (
    page("/tiket/{number}", show, needs="read"),
    page("/tiket/{number}/obrolan", talk, needs="read"),
)
