"""The trail: who did what, searched by ticket, officer, action, branch and day."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.cells import Cell
from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.downloads import csv_file
from bot.console.gate import Visit
from bot.console.numbers import whole
from bot.console.period import Period, branch_asked, branches_of, period_of, zone_of
from bot.console.trail_words import Names, names_for
from bot.console.words import action_name, actions, moment, render
from data.store import Row
from services import trail
from services.trail import Search

DAYS: Final = 30
HEAD: Final = ("Nomor", "Waktu", "Cabang", "Petugas", "Nama", "Tindakan", "Tentang", "Rincian")
LONGEST: Final = 60
"""Characters of a ticket or a login name that is looked for."""


async def trail_page(deps: Deps, visit: Visit, request: Request) -> Response:
    """One page of what was found, the newest first."""
    search, period = _search(deps, visit, request.query_params)
    before = whole(request.query_params.get("sebelum", ""))
    async with deps.store.read() as tx:
        rows = await trail.find(tx, visit.officer, search, before=before, limit=trail.PAGE + 1)
        names = await names_for(tx, deps, rows)
    shown = rows[: trail.PAGE]
    asked = _asked(search, period)
    return HTMLResponse(
        render(
            "jejak.html",
            visit=visit,
            deps=deps,
            branch=deps.branches.get(visit.officer.branch),
            search=search,
            period=period,
            alert=period.alert,
            choices=branches_of(deps, visit.officer),
            actions=actions(),
            names=names,
            entries=[(row, zone_of(deps, row["branch"]), names.about(row)) for row in shown],
            older=urlencode({**asked, "sebelum": shown[-1]["id"]})
            if len(rows) > len(shown)
            else "",
            first=urlencode(asked) if before is not None else "",
            file=urlencode(asked),
        )
    )


async def trail_file(deps: Deps, visit: Visit, request: Request) -> Response:
    """All that was found as CSV; the audit has it in writing before the first byte."""
    search, period = _search(deps, visit, request.query_params)
    now = deps.clock.now()
    last = await deps.store.write(lambda tx: trail.take(tx, visit.officer, search, now=now))
    async with deps.store.read() as tx:
        names = await names_for(tx, deps, ())

    async def lines() -> AsyncIterator[Sequence[Cell]]:
        async for row in trail.entries(deps.store, visit.officer, search, last):
            yield _line(deps, names, row)

    return csv_file(f"jejak-{now.astimezone(period.zone):%Y%m%d}.csv", HEAD, lines())


def _search(deps: Deps, visit: Visit, asked: Mapping[str, str]) -> tuple[Search, Period]:
    branch = branch_asked(deps, visit.officer, asked, "audit")
    period = period_of(asked, zone_of(deps, branch), deps.clock.now(), days=DAYS)
    search = Search(
        since=period.since,
        until=period.until,
        branch=branch,
        thing=_typed(asked, "tiket"),
        actor=_typed(asked, "petugas"),
        action=_typed(asked, "tindakan"),
    )
    return search, period


def _typed(asked: Mapping[str, str], name: str) -> str:
    """What was typed; a ticket's number is written in capitals, a login name is not."""
    text = asked.get(name, "").strip().replace("\0", "")[:LONGEST]
    return text.upper() if name == "tiket" and "-" in text else text


def _asked(search: Search, period: Period) -> dict[str, str]:
    """The address of this search."""
    return {
        "cabang": search.branch,
        "tiket": search.thing,
        "petugas": search.actor,
        "tindakan": search.action,
        "dari": period.first.isoformat(),
        "sampai": period.last.isoformat(),
    }


def _line(deps: Deps, names: Names, row: Row) -> Sequence[Cell]:
    branch = deps.branches.get(row["branch"])
    return (
        row["id"],
        moment(row["at"], zone_of(deps, row["branch"])),
        branch.short_name if branch else row["branch"],
        row["actor"],
        row["name"],
        action_name(row["action"]),
        row["object"],
        names.about(row),
    )


DOORS = (
    page("/jejak", trail_page, needs="audit", menu="Jejak"),
    page("/jejak/unduh", trail_file, needs="audit"),
)
