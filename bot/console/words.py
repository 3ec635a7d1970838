"""How the console words things: templates, labels, and filters for times and sizes."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data.instants import from_us
from forms.wording import MONTHS, clock, day_name
from services.refusals import Refused

HERE = Path(__file__).parent

_LINE = re.compile(r"(?:\d+\. +)?(?P<label>.+?) +: (?P<value>.*)")
"""A line of a report form: ``2. Nama     : Siti``."""


def render(template: str, **values: Any) -> str:
    """A page; everything in *values* is escaped."""
    return _PAGES.get_template(template).render(values)


def sentence(refused: Refused) -> str:
    """A refusal as plain text; raises KeyError for one that has no words yet."""
    return _REFUSALS[refused.key].render(refused.values)


def report_lines(report: str) -> list[tuple[str, str]]:
    """Label and value of each line of a report; a heading has no value, a warning no label."""
    lines = (line.strip() for line in report.splitlines() if line.strip())
    return [_report_line(line) for line in lines]


def _report_line(line: str) -> tuple[str, str]:
    if line.startswith("! "):
        return "", line[2:]
    match = _LINE.fullmatch(line)
    return (match["label"], match["value"]) if match else (line, "")


def moment(us: int, zone: ZoneInfo) -> str:
    """``20 Nov 10.31`` of microseconds since the epoch."""
    at = from_us(us).astimezone(zone)
    return f"{at.day} {MONTHS[at.month - 1][:3]} {at:%H.%M}"


def opening(at: datetime) -> str:
    """``Senin 23 Nov 08.00 WITA``."""
    return f"{day_name(at.date())} {at.day} {MONTHS[at.month - 1][:3]} {clock(at)}"


def ago(seconds: int) -> str:
    """``12 detik lalu``, ``3 menit lalu``, ``2 jam lalu``."""
    if seconds < 60:
        return f"{seconds} detik lalu"
    if seconds < 3600:
        return f"{seconds // 60} menit lalu"
    return f"{seconds // 3600} jam lalu"


def weight(size: int) -> str:
    """``48 KB`` of bytes."""
    return f"{max(1, round(size / 1000))} KB"


def channel(chat: str) -> str:
    """The channel's name of a chat id such as ``telegram:123``."""
    name = chat.partition(":")[0]
    return str(_LABELS["channels"].get(name, name))


def _labels() -> Mapping[str, Mapping[str, str]]:
    labels: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        (HERE / "labels.id.yaml").read_text(encoding="utf-8")
    )
    return labels


def _environment(*, escaping: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=escaping,  # noqa: S701  a sentence is escaped by the page that shows it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": moment,
        "opening": opening,
        "ago": ago,
        "weight": weight,
        "channel": channel,
        "report_lines": report_lines,
        "status": lambda status: _LABELS["statuses"][status],
        "role": lambda role: _LABELS["roles"][role],
        "author": lambda author: _LABELS["authors"][author],
        "action": lambda action: _LABELS["actions"].get(action, action),
    }
    return environment


_LABELS = _labels()
_PAGES = _environment(escaping=True)
_SENTENCES = _environment(escaping=False)
_REFUSALS = {key: _SENTENCES.from_string(text) for key, text in _LABELS["refusals"].items()}
