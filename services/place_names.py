"""Typed place names: what a text may name, before anything is looked up.

A text has several readings: ``kota baru`` is the town Kota Baru and also Baru with the kind kota,
``minahasa utara sulut`` is a name followed by a province. All of them are tried.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

import msgspec

KINDS = {
    **dict.fromkeys(("kab", "kabupaten", "kb"), "kabupaten"),
    **dict.fromkeys(("kota", "kotamadya", "kotamadia", "kodya", "kodia", "kt"), "kota"),
}
FILLERS = frozenset(
    ("saya", "aku", "tinggal", "di", "dari", "daerah", "wilayah", "domisili", "sekarang")
)
NO_PART_OF_A_NAME = frozenset(("administrasi", "adm", "provinsi", "propinsi", "prov", "prop"))


class Reading(msgspec.Struct, frozen=True):
    """One way to read a text: a name as `compact` writes it, perhaps a kind and a province."""

    name: str
    kind: str = ""
    province: str = ""


def words(text: str, shortened: Mapping[str, str]) -> list[str]:
    """Lower-case words without accents and punctuation; *shortened* ones are written out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return [shortened.get(word, word) for word in found if word not in NO_PART_OF_A_NAME]


def without_fillers(parts: list[str]) -> list[str]:
    """``saya tinggal di bogor`` without what leads up to the name."""
    start = 0
    while start < len(parts) - 1 and parts[start] in FILLERS:
        start += 1
    return parts[start:]


def compact(parts: Collection[str]) -> str:
    """The words run together, so that ``Toli-Toli`` and ``tolitoli`` are one."""
    return "".join(parts)


def readings(parts: list[str], provinces: Mapping[str, str]) -> Iterator[Reading]:
    """Every reading of *parts*; *provinces* maps compact province names to codes."""
    yield from _with_kind(parts, "")
    if compact(parts) in provinces:
        return
    for cut in range(1, len(parts)):
        province = provinces.get(compact(parts[cut:]))
        if province:
            yield from _with_kind(parts[:cut], province)


def _with_kind(parts: list[str], province: str) -> Iterator[Reading]:
    yield Reading(compact(parts), "", province)
    if len(parts) > 1 and parts[0] in KINDS:
        yield Reading(compact(parts[1:]), KINDS[parts[0]], province)
    if len(parts) > 1 and parts[-1] in KINDS:
        yield Reading(compact(parts[:-1]), KINDS[parts[-1]], province)
