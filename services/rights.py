"""Rights: what each role may do. Which branches it may do it for is `services.officers`' matter.

Roles contain one another: officer, supervisor (head of a branch), region (kedeputian wilayah),
admin (head office). An auditor reads everything and touches nothing.
"""

from collections.abc import Mapping
from typing import Final, Literal

Right = Literal[
    "profile",
    "read",
    "serve",
    "reveal",
    "supervise",
    "measure",
    "export",
    "arrange",
    "see_officers",
    "manage_officers",
    "audit",
    "operate",
]
"""
- ``profile``: one's own account
- ``read``: the queue and its requests, masked
- ``serve``: claim, write, correct, finish, hand on
- ``reveal``: full numbers, and documents
- ``supervise``: claim while the branch is shut, act on what others hold, reopen
- ``measure``: dashboards and masked reports
- ``export``: reports with full numbers
- ``arrange``: the branch's hours, closures and quick replies
- ``see_officers``, ``manage_officers``: who works where; who may come in
- ``audit``: who did what
- ``operate``: the flows and the running system
"""

OFFICER: Final[frozenset[Right]] = frozenset(("profile", "read", "serve", "reveal"))
SUPERVISOR: Final = OFFICER | frozenset[Right](
    ("supervise", "measure", "export", "arrange", "see_officers", "audit")
)
REGION: Final = SUPERVISOR
ADMIN: Final = REGION | frozenset[Right](("manage_officers", "operate"))
AUDITOR: Final[frozenset[Right]] = frozenset(
    ("profile", "read", "measure", "see_officers", "audit")
)

RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    "officer": OFFICER,
    "supervisor": SUPERVISOR,
    "region": REGION,
    "admin": ADMIN,
    "auditor": AUDITOR,
}

STRICTEST: Final[Right] = "operate"
"""What a page needs that does not say what it needs."""
