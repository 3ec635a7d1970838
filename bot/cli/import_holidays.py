"""``bot.py import holidays``: take national days and joint leave of a decree into the calendar."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import click

from bot.cli import FAILED
from bot.cli.calendars import shipped, stored
from bot.config import load
from bot.console import calendar_words
from data.facts import load_facts
from data.instants import SystemClock
from data.opening_hours import EVERYWHERE, HolidayChange, read_decree
from data.table import Problems
from services import audit, calendar_changes
from services.calendar_entries import Edit, Entry
from services.hours import Calendar
from services.national_days import ESTIMATE, KINDS
from services.officers import ALL_BRANCHES, Officer

WHO = Officer(audit.SYSTEM, "Sistem", ALL_BRANCHES, "admin")
"""Who changes the calendar here: somebody at the server, whose name nobody knows."""


@click.command
@click.argument(
    "file",
    type=click.Path(path_type=Path),
    help="UTF-8 CSV with the columns date (2027-12-24), kind (public, joint, none), name.",
)
@click.option("--save", is_flag=True, help="Change the calendar; without it only show.")
@click.option(
    "--complete",
    is_flag=True,
    help="The file has every day off of its years: strike the others.",
)
@click.option(
    "--reason",
    default="",
    help="Number and date of the decree.",
    show_default="the file's name",
)
def command(file: Path, save: bool, complete: bool, reason: str) -> None:
    """Show what the decree changes from today on, and change it with --save, all or nothing."""
    problems = Problems()
    decree = read_decree(file, problems)
    for problem in problems.found:
        click.echo(problem, err=True)
    if problems.found:
        click.echo(f"{file.name}: {len(problems.found)} problems; nothing was changed", err=True)
        raise SystemExit(FAILED)
    for line in asyncio.run(_take(decree, save, complete, reason or file.name)):
        click.echo(line)


async def _take(
    decree: Mapping[date, HolidayChange], save: bool, complete: bool, reason: str
) -> list[str]:
    """What is told of the change."""
    config, now = load(), SystemClock().now()
    calendar = shipped(config, load_facts())
    async with stored(config, calendar) as store:
        entries = tuple(_entries(calendar, decree, now.date(), complete))
        edit = Edit(EVERYWHERE, reason, add=entries)
        async with store.read() as tx:
            found = await calendar_changes.consequence(tx, WHO, edit, now=now, calendar=calendar)
        lines = list(calendar_words.told(found, calendar, now))
        lines += _still_reckoned(found.after, {day.year for day in decree})
        if not entries:
            return [*lines, "The calendar says so already; nothing was changed."]
        if not save:
            return [*lines, "Nothing was changed yet; add --save."]
        await store.write(
            lambda tx: calendar_changes.change(
                tx,
                WHO,
                edit,
                stamp=found.stamp,
                now=now,
                calendar=calendar,
                notice=timedelta(minutes=config.queue.notice_minutes),
            )
        )
    return [*lines, f"Saved: {len(entries)} days."]


def _entries(
    calendar: Calendar, decree: Mapping[date, HolidayChange], today: date, complete: bool
) -> Iterator[Entry]:
    """Entries for the days ahead on which the calendar says something else than the decree."""
    for day, change in sorted(decree.items()):
        held = calendar.holidays(day.year).get(day, "")
        same = held.startswith(KINDS[change.kind]) if change.kind in KINDS else not held
        if day >= today and (not same or ESTIMATE in held):
            yield _entry(day, change.kind, change.name)
    for year in sorted({day.year for day in decree} if complete else ()):
        for day, name in calendar.holidays(year).items():
            if day >= today and day not in decree:
                yield _entry(day, "none", name.replace(ESTIMATE, "").strip())


def _entry(day: date, kind: str, name: str) -> Entry:
    return Entry(EVERYWHERE, "holiday", day, day, name=name, holiday=kind)


def _still_reckoned(calendar: Calendar, years: set[int]) -> Iterator[str]:
    """Days that are still only reckoned with, although there is a decree for their year."""
    for year in sorted(years):
        for day, name in calendar.holidays(year).items():
            if ESTIMATE in name:
                yield f"{day}: {name} is not in the file; strike it with kind none or --complete"
