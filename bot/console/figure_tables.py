"""The tables of the dashboard: the same rows on the page, below each chart, and as CSV."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from bot.console.cells import Cell
from bot.console.deps import Deps
from bot.console.period import Period
from bot.console.state_names import state_name
from bot.console.words import moment
from forms.wording import DAYS, plain_date
from services.figure_sums import Line, Spread
from services.figures import Branch, Figures, Now
from services.template_costs import Cost

WEEK = DAYS["id"]


class Table(msgspec.Struct, frozen=True):
    """*name* is what the address calls it."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def figures(self) -> Sequence[bool]:
        """Which columns hold figures: those that do in the first row."""
        first = self.rows[0] if self.rows else ()
        return [not isinstance(cell, str) for cell in first] or [False for _ in self.head]


MEASURES = (
    *("Berakhir", "Selesai", "Belum bisa", "Perbaikan diminta"),
    *("Tunggu, nilai tengah (menit)", "Tunggu, 90 persen"),
    *("Jawaban pertama, nilai tengah", "Jawaban pertama, 90 persen"),
    *("Pengerjaan, nilai tengah", "Pengerjaan, 90 persen"),
    *("Baik", "Cukup", "Kurang"),
)


def service_name(deps: Deps, code: str) -> str:
    """``G. Pindah faskes``."""
    known = deps.services.get(code)
    return f"{code}. {known.title}" if known else code


def services(deps: Deps, figures: Figures) -> Table:
    rows = [(service_name(deps, line.name), *_measured(line)) for line in figures.services]
    total = ("Semua layanan", *_measured(figures.total))
    return Table("layanan", "Per layanan", ("Layanan", *MEASURES), [*rows, total])


def people(figures: Figures, names: Mapping[str, str]) -> Table:
    """Each officer's own figures, with those of the whole branch to compare them with."""
    rows = [(names.get(line.name, line.name), *_measured(line)) for line in figures.officers]
    total = ("Seluruh cabang", *_measured(figures.total))
    return Table("petugas", "Per petugas", ("Petugas", *MEASURES), [total, *rows])


def hours(figures: Figures) -> Table:
    head = ("Jam", *WEEK)
    rows: list[Sequence[Cell]] = [
        (f"{hour:02}.00", *(figures.hours[day][hour] for day in range(7)))
        for hour in range(24)
        if any(figures.hours[day][hour] for day in range(7))
    ]
    return Table("jam", "Permintaan masuk menurut hari dan jam", head, rows)


def at_hours(figures: Figures) -> Table:
    """How those were served who wrote at some hour of the day."""
    rows = [(f"{line.name}.00", *_measured(line)) for line in figures.at_hours]
    return Table("jam-masuk", "Menurut jam masuk", ("Jam masuk", *MEASURES), rows)


def each_day(figures: Figures, period: Period) -> Sequence[tuple[date, int, int]]:
    """Every day of the period with what was filed and what ended."""
    count = (period.last - period.first).days + 1
    all_days = (period.first + timedelta(days=n) for n in range(count))
    return [(day, figures.filed.get(day, 0), figures.ended.get(day, 0)) for day in all_days]


def days(figures: Figures, period: Period) -> Table:
    rows = [(plain_date(day), filed, ended) for day, filed, ended in each_day(figures, period)]
    return Table("hari", "Masuk dan berakhir tiap hari", ("Hari", "Masuk", "Berakhir"), rows)


def waiting(deps: Deps, now: Now, period: Period) -> Table:
    rows = [
        (
            service_name(deps, one.service),
            one.waiting,
            one.late,
            moment(one.oldest, period.zone),
        )
        for one in now.waiting
    ]
    head = ("Layanan", "Menunggu", "Lewat batas", "Tertua sejak")
    return Table("menunggu", "Menunggu sekarang", head, rows)


def left(deps: Deps, figures: Figures) -> Table:
    """At which questions forms were left; the question by its label, as officers know it."""
    rows = []
    for one in figures.left:
        label = state_name(deps.services.get(one.service), one.step)
        rows.append((service_name(deps, one.service), label, one.expired, one.cancelled))
    head = ("Layanan", "Berhenti di pertanyaan", "Tidak dilanjutkan", "Dibatalkan")
    return Table("berhenti", "Formulir yang tidak dikirim", head, rows)


def branches(deps: Deps, found: Sequence[Branch]) -> Table:
    rows = [
        (
            deps.branches[one.branch].short_name if one.branch in deps.branches else one.branch,
            *(one.waiting, one.late, one.held, one.ended, one.done, one.refused),
            *(one.wait, one.wait_longest, one.handling),
        )
        for one in found
    ]
    head = (
        *("Cabang", "Menunggu", "Lewat batas", "Dikerjakan", "Berakhir", "Selesai", "Belum bisa"),
        *("Tunggu, nilai tengah (menit)", "Tunggu, 90 persen", "Pengerjaan, nilai tengah"),
    )
    return Table("cabang", "Per cabang", head, rows)


def templates(deps: Deps, found: Sequence[Cost], *, by_branch: bool) -> Table:
    """Message templates: by day, or where several branches are shown by branch."""
    lines: dict[str, list[Cost]] = {}
    for one in found:
        known = deps.branches.get(one.branch)
        branch = known.short_name if known else one.branch or "-"
        lines.setdefault(branch if by_branch else plain_date(one.day), []).append(one)
    rows = [(name, *_cost(costs)) for name, costs in lines.items()]
    head = ("Cabang" if by_branch else "Hari", "Terkirim", "Tidak sampai", "Biaya (Rp)", "USD")
    return Table("templat", "Templat pesan dan biayanya", head, rows)


def _cost(costs: Sequence[Cost]) -> Sequence[Cell]:
    rupiah, usd = sum(one.rupiah for one in costs), sum(one.usd for one in costs)
    sent, failed = sum(one.sent for one in costs), sum(one.failed for one in costs)
    known = not any(one.unpriced for one in costs)
    return (sent, failed, round(rupiah) if known else None, f"{usd:.2f}" if known else None)


def _measured(line: Line) -> Sequence[Cell]:
    spreads: Sequence[Spread] = (line.wait, line.response, line.handling)
    return (
        *(line.ended, line.done, line.refused, line.corrections),
        *(cell for one in spreads for cell in (one.middle, one.longest)),
        *(line.scores.get(score, 0) for score in (3, 2, 1)),
    )
