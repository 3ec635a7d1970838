"""Officers: who they are and which branches they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.instants import to_us
from data.store import Tx
from services import audit
from services.refusals import NotFound, Refused

ROLES = ("officer", "supervisor", "admin")
ALL_BRANCHES = ""


@dataclass(frozen=True)
class Officer:
    """Somebody who works on requests.

    *id* is the login name, *branch* the id of the branch, `ALL_BRANCHES` for an admin.
    """

    id: str
    name: str
    branch: str
    role: str = "officer"

    @property
    def supervises(self) -> bool:
        """Whether the officer may claim while the branch is shut."""
        return self.role != "officer"

    def serves(self, branch: str) -> bool:
        """The one rule of who sees what: an officer's own branch, an admin's every branch."""
        return self.role == "admin" or self.branch == branch


def officer_of(row: Mapping[str, Any]) -> Officer:
    return Officer(id=row["id"], name=row["name"], branch=row["branch"], role=row["role"])


async def add(tx: Tx, officer: Officer, *, now: datetime) -> None:
    """Enrol *officer*; raises `Refused` for a login name that is taken, ValueError for a role
    or branch that cannot be."""
    if officer.role not in ROLES:
        raise ValueError(f"role {officer.role!r} is not one of {', '.join(ROLES)}")
    if (officer.branch == ALL_BRANCHES) != (officer.role == "admin"):
        raise ValueError("an admin has every branch, everybody else exactly one")
    if await tx.one("officer_name", id=officer.id):
        raise Refused("petugas.nama_terpakai", id=officer.id)
    await tx.run(
        "officer_add",
        id=officer.id,
        name=officer.name,
        branch=officer.branch,
        role=officer.role,
        now=to_us(now),
    )
    await audit.note(
        tx,
        now=now,
        actor=audit.SYSTEM,
        action="officer_added",
        thing=officer.id,
        branch=officer.branch,
        role=officer.role,
    )


async def find(tx: Tx, officer_id: str) -> Officer:
    """The officer with this login name; raises `NotFound` for unknown and disabled ones."""
    row = await tx.one("officer_by_id", id=officer_id)
    if row is None:
        raise NotFound("officer")
    return officer_of(row)


async def name_of(tx: Tx, officer_id: str) -> str:
    """The name to show for a login name, '' when there is none."""
    row = await tx.one("officer_name", id=officer_id)
    return str(row["name"]) if row else ""
