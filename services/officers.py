"""Officers: who they are, what they may do, and whose requests they may see."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from data.instants import to_us
from data.store import Row, Tx
from services import audit
from services.refusals import NotFound, Refused
from services.rights import RIGHTS, Right

ROLES = tuple(RIGHTS)
ALL_BRANCHES = ""
EVERYWHERE = "*"
"""In `Officer.scope`: every branch."""


class Officer(msgspec.Struct, frozen=True):
    """Somebody who works on requests.

    *id* is the login name, *branch* the id of the branch, `ALL_BRANCHES` for who has more than
    one. *region* and its *branches* are only of the role ``region``.
    """

    id: str
    name: str
    branch: str
    role: str = "officer"
    region: str = ""
    branches: frozenset[str] = frozenset()

    @property
    def scope(self) -> frozenset[str]:
        """The one rule of who sees what: ids of branches, or `EVERYWHERE`.

        The store keeps it in ``officer_branch``, which every statement asks that shows rows.
        """
        if self.role in ("admin", "auditor"):
            return frozenset((EVERYWHERE,))
        return self.branches if self.role == "region" else frozenset((self.branch,))

    @property
    def supervises(self) -> bool:
        """Whether the officer may claim while the branch is shut."""
        return self.may("supervise")

    def may(self, right: Right) -> bool:
        """Whether the officer's role has *right*."""
        return right in RIGHTS[self.role]

    def serves(self, branch: str) -> bool:
        """Whether *branch* is in the officer's scope."""
        return not self.scope.isdisjoint((branch, EVERYWHERE))


async def officer_of(tx: Tx, row: Row) -> Officer:
    """The officer of a row with ``id, name, branch, role, region``."""
    officer = Officer(**{part: row[part] for part in ("id", "name", "branch", "role", "region")})
    if officer.role != "region":
        return officer
    seen = await tx.all("officer_scope", id=officer.id)
    return replace(officer, branches=frozenset(one["branch"] for one in seen))


async def add(tx: Tx, officer: Officer, *, now: datetime, by: str = audit.SYSTEM) -> None:
    """Enrol *officer*; raises `Refused` for a login name that is taken, ValueError for a role
    or branch that cannot be. *by* is the login name of who does it."""
    check_place(officer)
    reserved = officer.id in (audit.SYSTEM, audit.PARTICIPANT)
    if reserved or await tx.one("officer_name", id=officer.id):
        raise Refused("petugas.nama_terpakai", id=officer.id)
    await tx.run(
        "officer_add",
        id=officer.id,
        name=officer.name,
        branch=officer.branch,
        region=officer.region,
        role=officer.role,
        now=to_us(now),
    )
    await keep_scope(tx, officer)
    await record(tx, officer, by, "officer_added", now, role=officer.role)


async def record(
    tx: Tx, officer: Officer, actor: str, action: str, now: datetime, **detail: str
) -> None:
    """Note in the audit what *actor* did to the account of *officer*."""
    await audit.note(
        tx,
        now=now,
        actor=actor,
        action=action,
        thing=officer.id,
        branch=officer.branch,
        **detail,
    )


def check_place(officer: Officer) -> None:
    """Raises ValueError unless role, branch and region fit each other."""
    if officer.role not in ROLES:
        raise ValueError(f"role {officer.role!r} is not one of {', '.join(ROLES)}")
    if (officer.branch != ALL_BRANCHES) != (officer.role in ("officer", "supervisor")):
        raise ValueError("officers and supervisors have exactly one branch, nobody else has")
    if (officer.region != "") != (officer.role == "region") or not officer.scope:
        raise ValueError("the role region, and no other, has a region with its branches")


async def keep_scope(tx: Tx, officer: Officer) -> None:
    """Write down whose rows *officer* may see."""
    await tx.run("officer_scope_clear", id=officer.id)
    for branch in sorted(officer.scope):
        await tx.run("officer_scope_add", id=officer.id, branch=branch)


async def follow_regions(tx: Tx, branches_of: Callable[[str], frozenset[str]]) -> None:
    """Give every officer of a region the branches it has now; due at each start."""
    for row in await tx.all("officer_regions"):
        officer = await officer_of(tx, row)
        branches = branches_of(officer.region)
        if branches != officer.branches:
            await keep_scope(tx, replace(officer, branches=branches))


async def find(tx: Tx, officer_id: str) -> Officer:
    """The officer with this login name; raises `NotFound` for unknown and disabled ones."""
    row = await tx.one("officer_by_id", id=officer_id)
    if row is None:
        raise NotFound("officer")
    return await officer_of(tx, row)


async def name_of(tx: Tx, officer_id: str) -> str:
    """The name to show for a login name, '' when there is none."""
    row = await tx.one("officer_name", id=officer_id)
    return str(row["name"]) if row else ""


def check(officer: Officer, right: Right, branch: str | None = None) -> None:
    """Raises `NotFound` unless *officer* has *right*, and *branch* (None: any) in his scope."""
    if not officer.may(right) or (branch is not None and not officer.serves(branch)):
        raise NotFound(right)
