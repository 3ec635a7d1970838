"""Reports of many requests: chosen by day, branch and service, taken away as CSV or XLSX."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.cells import Cell
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import form, page
from bot.console.downloads import csv_file, xlsx_file
from bot.console.gate import Visit
from bot.console.period import Period, branch_asked, branches_of, period_of, zone_of
from bot.console.words import channel, render, score, sheet_moment, status
from data.store import Row
from forms.masking import mask
from services import audit, exports
from services.exports import Export, Wanted
from services.refusals import NotFound, Refused

DAYS: Final = 30
FORMATS: Final = {"csv": csv_file, "xlsx": xlsx_file}


class Line(msgspec.Struct, frozen=True):
    """A request on its way into a line; *full* shows whole numbers."""

    deps: Deps
    row: Row
    answers: Mapping[str, Any]
    full: bool

    @property
    def service(self) -> ServiceWords:
        code = self.row["service"]
        return self.deps.services.get(code, ServiceWords(code, {}))

    def text(self, text: str) -> str:
        """Words that somebody wrote: long numbers in them are covered."""
        return text if self.full else audit.mask(text)

    def number(self, step: str) -> str:
        """An identity number that the form asked for."""
        found = self.answers.get(step)
        if not isinstance(found, str):
            return ""
        return found if self.full else mask(found)

    def moment(self, us: int | None) -> str:
        return "" if us is None else sheet_moment(us, zone_of(self.deps, self.row["branch"]))

    @property
    def person(self) -> str:
        return self.text(self.service.person(self.answers))

    @property
    def branch(self) -> str:
        branch = self.deps.branches.get(self.row["branch"])
        return branch.short_name if branch else str(self.row["branch"])


class Column(msgspec.Struct, frozen=True):
    """A column: its title, what stands in it, and whether it is chosen at first."""

    title: str
    cell: Callable[[Line], Cell]
    usual: bool = True


COLUMNS: Final[Mapping[str, Column]] = {
    "nomor": Column("Nomor", lambda line: line.row["number"]),
    "layanan": Column("Layanan", lambda line: line.service.title),
    "cabang": Column("Cabang", lambda line: line.branch),
    "kanal": Column("Kanal", lambda line: channel(line.row["chat"])),
    "status": Column("Status", lambda line: status(line.row["status"])),
    "mendesak": Column("Mendesak", lambda line: "ya" if line.row["priority"] else "tidak"),
    "masuk": Column("Masuk (jam cabang)", lambda line: line.moment(line.row["filed_at"])),
    "diambil": Column("Diambil (jam cabang)", lambda line: line.moment(line.row["claimed_at"])),
    "berakhir": Column("Berakhir (jam cabang)", lambda line: line.moment(line.row["ended_at"])),
    "petugas": Column("Petugas", lambda line: line.row["name"]),
    "hasil": Column("Hasil", lambda line: line.text(line.row["outcome"] or line.row["reason"])),
    "nilai": Column("Nilai", lambda line: score(line.row["score"])),
    "peserta": Column("Peserta", lambda line: line.person, usual=False),
    "nik": Column("NIK", lambda line: line.number("nik"), usual=False),
    "hp": Column("Nomor HP", lambda line: line.number("hp"), usual=False),
    "formulir": Column(
        "Formulir",
        lambda line: line.row["report" if line.full else "report_masked"],
        usual=False,
    ),
}
"""Every column by the name that the page's address has for it."""


async def export_page(
    deps: Deps,
    visit: Visit,
    request: Request,
    *,
    asked: Mapping[str, str] | None = None,
    alert: str = "",
    status: int = 200,
) -> Response:
    """What is chosen, how many requests that are, and the buttons that take them away."""
    columns = ",".join(request.query_params.getlist("kolom"))
    fields = asked or {**request.query_params, "kolom": columns}
    wanted, period = _wanted(deps, visit, fields)
    async with deps.store.read() as tx:
        rows = await exports.count(tx, visit.officer, wanted)
    return HTMLResponse(
        render(
            "laporan.html",
            visit=visit,
            deps=deps,
            branch=deps.branches.get(visit.officer.branch),
            wanted=wanted,
            period=period,
            alert=alert or period.alert,
            choices=branches_of(deps, visit.officer),
            columns=COLUMNS,
            chosen=_columns(fields.get("kolom", "")),
            rows=rows,
            reason=fields.get("alasan", ""),
            wants_full=bool(fields.get("lengkap")),
            least=exports.SHORTEST_REASON,
        ),
        status,
    )


async def take_export(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """The file; the audit has filter, reason and number of rows before the first byte."""
    wanted, period = _wanted(deps, visit, fields)
    kind, now = fields.get("bentuk", ""), deps.clock.now()
    if kind not in FORMATS:
        raise NotFound("format")
    reason = fields.get("alasan", "") if fields.get("lengkap") else None
    try:
        taken = await deps.store.write(
            lambda tx: exports.take(tx, visit.officer, wanted, now=now, form=kind, reason=reason)
        )
    except Refused as refused:
        alert = deps.sentence(refused)
        return await export_page(deps, visit, request, asked=fields, alert=alert, status=409)
    chosen = _columns(fields.get("kolom", ""))
    lines = _lines(deps, visit, taken, chosen)
    name = f"laporan-{wanted.branch.lower() or 'semua'}-{now.astimezone(period.zone):%Y%m%d}.{kind}"
    return FORMATS[kind](name, [COLUMNS[one].title for one in chosen], lines)


async def _lines(
    deps: Deps, visit: Visit, taken: Export, chosen: Sequence[str]
) -> AsyncIterator[Sequence[Cell]]:
    async for row in exports.requests(deps.store, visit.officer, taken):
        line = Line(deps, row, msgspec.json.decode(row["answers"]), taken.full)
        yield [COLUMNS[name].cell(line) for name in chosen]


def _wanted(deps: Deps, visit: Visit, fields: Mapping[str, str]) -> tuple[Wanted, Period]:
    branch = branch_asked(deps, visit.officer, fields, "measure")
    period = period_of(fields, zone_of(deps, branch), deps.clock.now(), days=DAYS)
    service = fields.get("layanan", "")
    known = service if service in deps.services else ""
    return Wanted(period.since, period.until, branch, known), period


def _columns(text: str) -> Sequence[str]:
    """The columns that were chosen, in their own order; the usual ones where none was."""
    given = set(text.split(","))
    chosen = [name for name in COLUMNS if name in given]
    return chosen or [name for name, column in COLUMNS.items() if column.usual]


DOORS = (
    page("/laporan", export_page, needs="measure", menu="Laporan"),
    form("/laporan/unduh", take_export, needs="measure"),
)
