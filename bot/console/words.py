"""How the console words things: templates, labels, and filters for times and sizes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.console.calendar_words import short_date
from data.instants import from_us
from forms import wording
from forms.printed import sections
from forms.wording import clock, day_name
from services.arrivals import Arrival
from services.hours_words import say_days, say_hours
from services.quick_replies import filled

HERE = Path(__file__).parent

WRITTEN: Mapping[str, str] = {
    "balas": "balasan",
    "catatan": "catatan",
    "perbaikan": "perbaikan",
    "selesai": "hasil",
    "tolak": "sebab",
    "pindah": "alasan_pindah",
    "serahkan": "alasan_serah",
    "buka-lagi": "alasan_buka",
}
"""The field with what the officer writes, for each action that has one."""


CORRECTED: Sequence[tuple[str, str, str]] = (
    ("langkah", "kode", "perbaikan"),
    ("langkah-2", "kode-2", "perbaikan-2"),
    ("langkah-3", "kode-3", "perbaikan-3"),
)
"""The fields of each part that is to be corrected: which it is, its coded reason, its words."""


def render(template: str, **values: Any) -> str:
    """A page; everything in *values* is escaped."""
    return _PAGES.get_template(template).render(values)


def report_lines(report: str) -> list[tuple[str, str]]:
    """Label and value of each line of a report; a heading has no value, a warning no label.

    Warnings come first: an officer should know them before the rest is read.
    """
    found = sorted(sections(report), key=lambda one: all(line.label for line in one.lines))
    return [
        told
        for one in found
        for told in ((one.heading, ""), *((line.label, line.value) for line in one.lines))
    ]


def moment(us: int, zone: ZoneInfo) -> str:
    """``20 Nov 10.31 WITA`` of microseconds since the epoch."""
    return wording.moment(from_us(us).astimezone(zone))


def sheet_moment(us: int, zone: ZoneInfo) -> str:
    """``2026-11-20 10:31 WITA``: as it sorts in a spreadsheet."""
    return f"{from_us(us).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def until(us: int, zone: ZoneInfo) -> str:
    """``10.31 WITA`` of microseconds since the epoch."""
    return clock(from_us(us).astimezone(zone))


def tomorrow(at: datetime, zone: ZoneInfo) -> str:
    """``2026-11-24``: the first day ahead, as a date field takes it."""
    return (at.astimezone(zone).date() + timedelta(days=1)).isoformat()


def opening(at: datetime) -> str:
    """``Senin 23 Nov 08.00 WITA``."""
    return f"{day_name(at.date())} {wording.moment(at)}"


def written(fields: Mapping[str, str]) -> list[str]:
    """What somebody wrote into a form; its other fields are choices."""
    names = dict.fromkeys((*WRITTEN.values(), *(words for _, _, words in CORRECTED)))
    return [fields[name] for name in names if fields.get(name)]


def further(fields: Mapping[str, str]) -> bool:
    """Whether anything is said of a second or third part that is to be corrected."""
    return any(fields.get(name) for part in CORRECTED[1:] for name in part)


def weight(size: int) -> str:
    """``48 KB`` of bytes."""
    return f"{max(1, round(size / 1000))} KB"


def channel(chat: str) -> str:
    """The channel's name of a chat id such as ``telegram:123``."""
    name = chat.partition(":")[0]
    return str({**CHANNELS, **_LABELS["officers_channels"]}.get(name, name))


def status(name: str) -> str:
    """What a status of a request is called."""
    return _LABELS["statuses"][name]


def arrived(arrival: Arrival) -> str:
    """How far a message came: ``Dibaca``, ``Gagal: peserta memblokir bot``."""
    state, reasons = str(_LABELS["arrivals"][arrival.state]), _LABELS["arrival_reasons"]
    known, _, detail = arrival.reason.partition(":")
    if arrival.state not in ("failed", "parked") or not known:
        return state
    why = reasons.get(known, reasons["other"])
    return f"{state}: {why}{f' ({reasons.get(detail, detail)})' if detail else ''}"


def mark(kind: str) -> str:
    """What lists say of a mark of an answer (`flows.asking.MARKS`), '' for one unknown."""
    return _LABELS["marks"].get(kind, "")


def score(given: int | None) -> str:
    """What a rating is called, '' for none."""
    return _LABELS["scores"].get(str(given), "")


def thousands(number: int) -> str:
    """``12.345``."""
    return f"{number:,}".replace(",", ".")


def minutes(count: int | None) -> str:
    """``1 jam 5 mnt`` of minutes, ``-`` of none."""
    if count is None:
        return "-"
    hours, rest = divmod(count, 60)
    if not hours:
        return f"{rest} mnt"
    return f"{thousands(hours)} jam {rest} mnt" if rest else f"{thousands(hours)} jam"


def actions() -> Mapping[str, str]:
    """What the audit calls its actions, by their names."""
    return _LABELS["actions"]


def action_name(action: str) -> str:
    """What the audit calls one of its actions."""
    return actions().get(action, action)


def role_name(role: str) -> str:
    """What a role is called."""
    return _LABELS["roles"].get(role, role)


def _labels() -> Mapping[str, Mapping[str, str]]:
    labels: Mapping[str, Mapping[str, str]] = yaml.load(
        (HERE / "labels.id.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return labels


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": moment,
        "opening": opening,
        "until": until,
        "tomorrow": tomorrow,
        "written": written,
        "further": further,
        "weight": weight,
        "filled": filled,
        "said": lambda action: _LABELS["unsent"][action],
        "channel": channel,
        "report_lines": report_lines,
        "status": status,
        "arrived": arrived,
        "score": score,
        "ribuan": thousands,
        "menit": minutes,
        "kanal": lambda state: _LABELS["channel_states"].get(state.partition(",")[0], state),
        "tanggal": wording.plain_date,
        "hari_tanggal": lambda day: f"{short_date(day)} {day.year}",
        "jam_buka": say_hours,
        "jam_minggu": say_days,
        "alert": lambda kind: _LABELS["alerts"][kind],
        "bahasa": lambda language: _LABELS["languages"][language],
        "text_size": lambda size: _LABELS["text_sizes"][size],
        "role": role_name,
        "author": lambda author: _LABELS["authors"][author],
        "actor": lambda actor: _LABELS["actors"].get(actor, actor),
        "action": action_name,
    }
    return environment


_LABELS = _labels()
CHANNELS = _LABELS["channels"]
"""Channels by the word before the colon of a chat, and what they are called."""
_PAGES = _environment()
