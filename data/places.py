"""Places and offices: provinces, regencies, branches, and which branch serves which regency."""

from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec


class Province(msgspec.Struct, frozen=True):
    """A province; *code* has two digits (Kemendagri)."""

    code: str
    name: str
    short_name: str


class Regency(msgspec.Struct, frozen=True, dict=True):
    """A kabupaten or kota; *code* has four digits, *name* is ``Kota Manado``."""

    code: str
    name: str

    @property
    def province(self) -> str:
        """The province's code."""
        return self.code[:2]

    @property
    def kind(self) -> str:
        """``kota`` or ``kabupaten``."""
        return self.name.split(" ", 1)[0].lower()

    @property
    def short_name(self) -> str:
        """The name alone: ``Manado``."""
        return self.name.split(" ", 1)[1].removeprefix("Administrasi ")

    @cached_property
    def label(self) -> str:
        """As a list shows it: ``Kab. Minahasa``, ``Kota Manado``."""
        return f"{'Kota' if self.kind == 'kota' else 'Kab.'} {self.short_name}"


class Branch(msgspec.Struct, frozen=True):
    """A branch office (Kantor Cabang): *id* is ``KC-MANADO``, *ticket_code* ``MND``.

    *province* and *seat* are the codes of the province and of the regency it stands in.
    """

    id: str
    name: str
    ticket_code: str
    province: str
    seat: str
    zone: ZoneInfo

    @property
    def city(self) -> str:
        """The name alone: ``Manado``."""
        return self.name.removeprefix("Kantor Cabang ")

    @property
    def short_name(self) -> str:
        """``KC Manado``."""
        return f"KC {self.city}"


class Region(msgspec.Struct, frozen=True):
    """A kedeputian wilayah: *id* is ``KW-10``, *seat* its city, *provinces* are codes."""

    id: str
    name: str
    seat: str
    provinces: tuple[str, ...]

    @property
    def label(self) -> str:
        """``Kedeputian Wilayah X (Manado)``."""
        return f"{self.name} ({self.seat})"


class Serving(msgspec.Struct, frozen=True):
    """The branch that is thought to serve a regency, and the second where that is unsure."""

    branch: str
    second_branch: str | None


class Alias(msgspec.Struct, frozen=True):
    """Another name people use for the regency (four digits) or province (two digits) *code*."""

    name: str
    code: str
