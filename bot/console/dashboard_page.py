"""The dashboard: a branch in some days and now, or all branches of who has several."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import charts, figure_tables
from bot.console.cells import Cell
from bot.console.deps import Deps
from bot.console.doors import page
from bot.console.downloads import csv_file
from bot.console.figure_tables import Table
from bot.console.gate import Visit
from bot.console.period import Period, branch_asked, branches_of, period_of, zone_of
from bot.console.words import minutes, render
from data.store import Tx
from forms.wording import DAYS, plain_date
from services import audit, figures, template_costs
from services.figure_sums import Line
from services.figures import Figures
from services.officers import Officer
from services.refusals import NotFound

DAYS_AT_FIRST: Final = 28
DAYS_OF_ALL: Final = 7
"""Of all branches at first: the middle of a hundred thousand waits takes most of a second."""
REFRESH: Final = 60
"""Seconds after which the wall is shown anew."""


async def dashboard(deps: Deps, visit: Visit, request: Request) -> Response:
    """The page, or with ``layar=1`` the wall: large, by itself, without anybody's name."""
    asked = request.query_params
    branch = branch_asked(deps, visit.officer, asked, "measure")
    wall = asked.get("layar") == "1"
    at = deps.clock.now()
    days = 1 if wall else _days(branch)
    period = period_of({} if wall else asked, zone_of(deps, branch), at, days=days)
    async with deps.store.read() as tx:
        values = await _values(deps, tx, visit.officer, branch, period)
        now = await figures.now(tx, visit.officer, branch, at)
        began = await figures.any_yet(tx, visit.officer)
    return HTMLResponse(
        render(
            "dinding.html" if wall else "dasbor.html",
            visit=visit,
            deps=deps,
            branch=deps.branches.get(branch) or deps.branches.get(visit.officer.branch),
            chosen=branch,
            period=period,
            alert=period.alert,
            choices=branches_of(deps, visit.officer),
            at=at,
            now=now,
            waiting=figure_tables.waiting(deps, now, period),
            began=began,
            **values,
        ),
        # a header, not a tag of the page: a wall is looked at, nobody reads on it for a minute
        headers={"Refresh": str(REFRESH)} if wall else None,
    )


async def figure_file(deps: Deps, visit: Visit, request: Request) -> Response:
    """One table of the dashboard as CSV; numbers only, noted all the same."""
    asked, officer, at = request.query_params, visit.officer, deps.clock.now()
    branch = branch_asked(deps, officer, asked, "measure")
    period = period_of(asked, zone_of(deps, branch), at, days=_days(branch))
    name = asked.get("tabel", "")
    async with deps.store.read() as tx:
        values = await _values(deps, tx, officer, branch, period)
        now = await figures.now(tx, officer, branch, at)
    tables: dict[str, Table] = {
        table.name: table
        for table in (*values["tables"].values(), figure_tables.waiting(deps, now, period))
    }
    if name not in tables:
        raise NotFound("table")

    async def note(tx: Tx) -> None:
        await audit.note(
            tx,
            now=at,
            actor=officer.id,
            action="figures_taken",
            thing=officer.id,
            branch=branch or officer.branch,
            filter=f"{name}, {period.first}/{period.last}",
            rows=len(tables[name].rows),
        )

    await deps.store.write(note)

    async def lines() -> AsyncIterator[Sequence[Cell]]:
        for row in tables[name].rows:
            yield row

    file = f"{name}-{branch.lower() or 'semua'}-{period.first}-{period.last}.csv"
    return csv_file(file, tables[name].head, lines())


async def _values(
    deps: Deps, tx: Tx, officer: Officer, branch: str, period: Period
) -> dict[str, Any]:
    """Tables by their names, and charts; those of a branch, or one line for each branch."""
    spent = await template_costs.costs(
        tx,
        officer,
        branch,
        since=period.since,
        until=period.until,
        zone=period.zone,
        prices=deps.prices,
    )
    templates = figure_tables.templates(deps, spent, by_branch=not branch)
    if not branch:
        found = await figures.of_branches(
            tx, officer, since=period.since, until=period.until, at=deps.clock.now()
        )
        branches = figure_tables.branches(deps, found)
        return {"tables": {table.name: table for table in (branches, templates)}, "branches": found}
    seen = await figures.of_branch(
        tx, officer, branch, since=period.since, until=period.until, zone=period.zone
    )
    names = {row["id"]: row["name"] for row in await tx.all("officer_names", branch=branch)}
    tables = (
        figure_tables.services(deps, seen),
        figure_tables.people(seen, names),
        figure_tables.hours(seen),
        figure_tables.at_hours(seen),
        figure_tables.days(seen, period),
        figure_tables.left(deps, seen),
        templates,
    )
    each_day = figure_tables.each_day(seen, period)
    return {
        "figures": seen,
        "branches": (),
        "tables": {table.name: table for table in tables},
        "by_service": _bars(deps, seen),
        "by_hour": charts.heat(seen.hours, DAYS["id"], "permintaan"),
        "by_day": charts.days(each_day, [plain_date(day) for day, _, _ in each_day]),
    }


def _days(branch: str) -> int:
    return DAYS_AT_FIRST if branch else DAYS_OF_ALL


def _bars(deps: Deps, seen: Figures) -> charts.Bars:
    return charts.bars(
        [
            (
                figure_tables.service_name(deps, line.name),
                line.wait.middle,
                line.wait.longest,
                _told(line),
            )
            for line in seen.services
        ]
    )


def _told(line: Line) -> str:
    if line.wait.middle is None or line.wait.longest is None:
        return "belum ada"
    return f"{minutes(line.wait.middle)} / {minutes(line.wait.longest)}"


DOORS = (
    page("/dasbor", dashboard, needs="measure", menu="Dasbor"),
    page("/dasbor/unduh", figure_file, needs="measure"),
)
