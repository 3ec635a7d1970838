"""Canaries: made-up personal data that is easy to find again, in every shape a leak may give it."""

import base64
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

KEPT_FIGURES = 10
"""So many last figures of a number are as good as the number itself."""

CANARIES: Mapping[str, str] = {
    "name": "Zulaikha Kenariyanti",
    "name before": "Zulaika Kenariyante",
    "reporter": "Yohanis Kenaribatu",
    "nik": "7171014703569907",
    "nik of the reporter": "7171010101059908",
    "family card": "7171010101159909",
    "card": "0001234569907",
    "phone": "081277770142",
    "phone before": "081277770143",
    "email": "zulaikha.kenari@contoh.id",
    "address": "Jalan Burung Kenari 77",
    "file name": "ktp-kenariyanti.jpg",
    "inside a picture": "kenari di dalam gambar",
    "in a broken update": "kenari yang tidak terbaca",
    "reply": "balasan kenari petugas",
}


def shapes(value: str) -> Iterator[str]:
    """*value* as it may be written, in lower case; numbers also grouped, and their last figures."""
    written = {value}
    if value.isdecimal():
        written |= {mark.join(re.findall(".{1,4}", value)) for mark in " .-"}
        written |= {value[-KEPT_FIGURES:], value.lstrip("0")}
    for text in written:
        yield text.casefold()
        yield quote(text).casefold()
        yield quote_plus(text).casefold()
    # base64 of a longer text: three alignments, without the ends that neighbours change
    for before in range(3):
        coded = base64.b64encode(b"?" * before + value.encode()).decode()
        yield coded[4 if before else 0 : len(coded) // 4 * 4 - 4].casefold()


SHAPES = {name: tuple(set(shapes(value))) for name, value in CANARIES.items()}


def found_in(text: str | bytes) -> set[str]:
    """The names of the canaries that stand in *text* in any shape."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    text = text.casefold()
    return {name for name, looks in SHAPES.items() if any(look in text for look in looks)}
