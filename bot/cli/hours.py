"""``bot.py hours``: tell whether a branch is open at an instant, and why."""

import asyncio
import json as json_text
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from bot.cli import MISUSE
from bot.cli.calendars import shipped, stored
from bot.config import Config, load
from data.facts import Facts, load_facts
from data.opening import is_there
from data.table import nearest
from forms.wording import clock, long_date
from services.hours import Calendar, Explanation


@click.command
@click.option("--branch", required=True, help="A branch office, such as KC-MANADO.")
@click.argument(
    "at",
    default="",
    help="An instant with its offset, such as 2026-12-24T16:59:59+07:00. Without it: "
    "instants on stdin, one a line; on a terminal, now.",
)
@click.option("--json", is_flag=True, help="One JSON object a line.")
def command(branch: str, at: str, json: bool) -> None:
    """Explain each instant; a bad one is told on stderr and the rest still answered."""
    facts = load_facts()
    office = facts.branches.get(branch.upper())
    if office is None:
        click.echo(f"no branch {branch}{nearest(branch, facts.branches)}", err=True)
        raise SystemExit(MISUSE)
    calendar = asyncio.run(_calendar(load(), facts))
    tell = _as_json if json else _as_words
    if not json:
        click.echo(f"{office.name}: {calendar.weekly_hours(office.id)}")
    failed = False
    for place, text in _asked(at):
        try:
            click.echo(tell(calendar.explain(office.id, _instant(text))))
        except ValueError as error:
            click.echo(f"{place}{error}", err=True)
            failed = True
    if failed:
        raise SystemExit(MISUSE)


async def _calendar(config: Config, facts: Facts) -> Calendar:
    """The calendar that holds in the store; the shipped one while there is no store yet."""
    calendar = shipped(config, facts)
    if is_there(config.store.url):
        async with stored(config, calendar):
            pass
    return calendar


def _asked(at: str) -> Iterator[tuple[str, str]]:
    """Each instant's text, with the place it was written for an error to name."""
    if at:
        yield "", at
    elif sys.stdin.isatty():
        yield "", datetime.now(UTC).isoformat()
    else:
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if text := line.decode(errors="replace").strip():
                yield f"line {number}: ", text


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no instant; write 2026-12-24T16:59:59+07:00") from None
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no offset; add one: +07:00 WIB, +08:00 WITA, +09:00 WIT")
    return instant


def _as_json(answer: Explanation) -> str:
    closes = answer.closes_at
    return json_text.dumps(
        {
            "branch": answer.branch,
            "at": answer.at.isoformat(),
            "open": answer.open,
            "reason": answer.reason,
            "next_opening": answer.next_opening.isoformat(),
            "closes_at": closes.isoformat() if closes else None,
        },
        ensure_ascii=False,
    )


def _as_words(answer: Explanation) -> str:
    asked = _date_and_clock(answer.at)
    if answer.closes_at:
        return f"{asked}: buka, {answer.reason}; tutup pukul {clock(answer.closes_at)}"
    return f"{asked}: tutup, {answer.reason}; buka {_date_and_clock(answer.next_opening)}"


def _date_and_clock(at: datetime) -> str:
    return f"{long_date(at.date())} {clock(at)}"
