"""How a written value becomes a typed one, and what to say when it does not."""

from collections.abc import Collection
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from zoneinfo import available_timezones

import msgspec

from bot.config.settings import BRANCH_ZONE, Secret, StoreUrl, ZoneName

Written = str | list[str]


def convert(kind: Any, value: Written) -> Any:
    """The value in its type; raises ValueError when it has no such form."""
    if get_origin(kind) is tuple:
        return _convert_list(kind, value)
    if isinstance(value, list):
        raise ValueError("one value, not a list")
    if Secret in get_args(kind):
        return Secret(value)
    if kind in OWN_TYPES:
        return OWN_TYPES[kind](value)
    return msgspec.convert(value, kind, strict=False)


def refusal(kind: Any, value: Written) -> str:
    """Why *value* is not taken, what was probably meant and what is allowed."""
    if kind is StoreUrl:
        return f"is refused. Allowed: {allowed(kind)}"  # its text may hold a password
    shown = ", ".join(value) if isinstance(value, list) else value
    choices: Collection[str] = get_args(kind) if get_origin(kind) is Literal else ()
    near = get_close_matches(shown, _zones() if kind is ZoneName else choices, 1)
    return f'"{shown[:60]}" is refused{_hint(near)} Allowed: {allowed(kind)}'


def allowed(kind: Any) -> str:
    """The values of a type in words."""
    if get_origin(kind) is Literal:
        return ", ".join(get_args(kind))
    if get_origin(kind) is tuple:
        return "a list, each once, of " + allowed(get_args(kind)[0])
    if get_origin(kind) is Annotated:
        limits = get_args(kind)[1]
        upper = " or more" if limits.le is None else f" to {limits.le}"
        return f"a whole number, {limits.ge}{upper}"
    return ALLOWED.get(kind, "one line of text")


def nearest(word: str, known: Collection[str]) -> str:
    """The end of a sentence about an unknown word."""
    near = get_close_matches(word, known, 1)
    return f"{_hint(near)} Allowed: {', '.join(known)}"


def _hint(near: list[str]) -> str:
    return f"; did you mean {near[0]}?" if near else "."


def _convert_list(kind: Any, value: Written) -> Any:
    items = value if isinstance(value, list) else [part.strip() for part in value.split(",")]
    if len(set(items)) < len(items) or not any(items):
        raise ValueError("empty, or one stands twice")
    return msgspec.convert(items, kind)


def _time(value: str) -> time:
    return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 (a clock on a wall)


def _zone(value: str) -> ZoneName:
    if value != BRANCH_ZONE and value not in _zones():
        raise ValueError("no such zone")
    return ZoneName(value)


def _folder(value: str) -> Path:
    if not value:
        raise ValueError("no folder")
    return Path(value)


def _store_url(value: str) -> StoreUrl:
    engine, sign, rest = value.partition("://")
    if not sign or not rest.strip("/") or engine not in {"sqlite", "postgresql"}:
        raise ValueError("no such store")
    if engine == "sqlite" and not rest.startswith("/"):
        raise ValueError("sqlite has three slashes")
    return StoreUrl(value)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


OWN_TYPES: dict[Any, Any] = {
    time: _time,
    ZoneName: _zone,
    Path: _folder,
    StoreUrl: _store_url,
}
ALLOWED: dict[Any, str] = {
    bool: "true, false",
    time: 'a time in quotes, "00:00" to "23:59"',
    date: 'a date in quotes, "2024-07-24"',
    ZoneName: "branch, Asia/Jakarta, Asia/Makassar, Asia/Jayapura or another IANA zone",
    Path: "the path of a folder",
    StoreUrl: "sqlite:///FILE, postgresql://USER@HOST:PORT/DATABASE",
}
