"""A small country for field types: a few places, branches and facilities, and a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

import forms.types  # noqa: F401  fills the registry
from forms.fields import FIELDS, Asking, Read, Reading

WITA = ZoneInfo("Asia/Makassar")
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    score: float = 100


@dataclass(frozen=True)
class Office:
    id: str
    name: str
    zone: ZoneInfo = WITA


REGENCIES = {
    "7171": "Kota Manado",
    "7102": "Kab. Minahasa",
    "7106": "Kab. Minahasa Utara",
    "3271": "Kota Bogor",
    "3201": "Kab. Bogor",
}
OFFICES = {
    "KC-MANADO": Office("KC-MANADO", "Kantor Cabang Manado"),
    "KC-TONDANO": Office("KC-TONDANO", "Kantor Cabang Tondano"),
    "KC-BOGOR": Office("KC-BOGOR", "Kantor Cabang Bogor"),
}
SERVING = {
    "7171": ["KC-MANADO"],
    "7102": ["KC-TONDANO"],
    "7106": ["KC-MANADO", "KC-TONDANO"],
    "3271": ["KC-BOGOR"],
    "3201": ["KC-BOGOR"],
}
FACILITIES = {"F001": "Puskesmas Sario", "F002": "Puskesmas Sario Lama", "F003": "Klinik Sehat"}


class Country:
    """`flows.assets.Facts` over the tables above; names match by their words."""

    def find_regencies(self, text: str) -> list[Place]:
        return _found(text, REGENCIES)[:10]

    def regency_name(self, code: str) -> str:
        return REGENCIES.get(code, "")

    def provinces(self) -> list[Place]:
        return [Place("71", "Sulawesi Utara"), Place("32", "Jawa Barat"), Place("94", "Papua")] + [
            Place(str(code), f"Provinsi {code}") for code in range(11, 31)
        ]

    def branches_in(self, province: str) -> list[Office]:
        seats = {"71": ["KC-MANADO", "KC-TONDANO"], "32": ["KC-BOGOR"] * 14}
        return [OFFICES[one] for one in seats.get(province, [])]

    def branches_for(self, regency: str) -> list[Office]:
        return [OFFICES[one] for one in SERVING.get(regency, [])]

    def branch(self, branch_id: str) -> Office | None:
        return OFFICES.get(branch_id)

    def hours_text(self, branch_id: str, day: date) -> str:
        return "Senin-Jumat, 08.00-17.00 WITA"

    def find_facilities(self, text: str, regency: str) -> list[Place]:
        return _found(text, FACILITIES)[:3]

    def facility_name(self, code: str) -> str:
        return FACILITIES.get(code, "")


def _found(text: str, names: dict[str, str]) -> list[Place]:
    wanted = text.lower()
    found = []
    for code, name in names.items():
        own = name.lower()
        if wanted in (own, own.partition(" ")[2]):
            found.append(Place(code, name))
        elif len(wanted) > 3 and wanted in own:
            found.append(Place(code, name, 80))
    return sorted(found, key=lambda place: -place.score)


def asking(type_name: str, answers: dict[str, Any] | None = None, **params: Any) -> Asking:
    """An `Asking` for a step of *type_name* with the settings *params*."""
    settings = msgspec.convert(params, FIELDS[type_name].Params, strict=False)
    return Asking(settings, answers or {}, TODAY, Country())


def read(
    type_name: str, reply: Any, answers: dict[str, Any] | None = None, **params: Any
) -> Reading:
    """What *reply* is read as."""
    return FIELDS[type_name].read(reply, asking(type_name, answers, **params))


def value(type_name: str, reply: Any, answers: dict[str, Any] | None = None, **params: Any) -> Any:
    """The value of *reply*, which must be understood without doubt."""
    reading = read(type_name, reply, answers, **params)
    assert isinstance(reading, Read), reading
    return reading.value
