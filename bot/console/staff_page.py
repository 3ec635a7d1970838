"""The officers: who works where; head office invites, moves and disables."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.answers import on_to
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit, is_secure
from bot.console.numbers import whole
from bot.console.places import place_name, placed, places, zone_of
from bot.console.words import render
from services import giving_back, officers, sign_in, staff
from services.officers import ROLES, Officer
from services.refusals import NotFound, Refused


async def staff_page(
    deps: Deps,
    visit: Visit,
    request: Request,
    *,
    alert: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The list, filtered by branch and words of the name; *typed* is an invitation to mend."""
    only, words = (request.query_params.get(name, "") for name in ("cabang", "cari"))
    if only:
        officers.check(visit.officer, "see_officers", only)
    async with deps.store.read() as tx:
        rows = await staff.seen(tx, visit.officer, branch=only, words=words)
    return _page(
        deps,
        visit,
        "pengguna.html",
        status,
        rows=[(row, _place(deps, row)) for row in rows],
        full=len(rows) == staff.LONGEST_LIST,
        only=only,
        words=words,
        own=_own(deps, visit),
        alert=alert,
        typed=typed or {},
    )


async def take_invitation(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Enrol an officer and show the link, this once."""
    now, rules = deps.clock.now(), deps.accounts
    officer = placed(
        deps,
        fields.get("nama_masuk", "").strip().casefold(),
        fields.get("nama", "").strip(),
        fields.get("peran", ""),
        fields.get("tempat", ""),
    )
    try:
        token = await deps.store.write(
            lambda tx: staff.invite(tx, visit.officer, officer, now=now, rules=rules)
        )
    except Refused as refused:
        alert = deps.sentence(refused)
        return await staff_page(deps, visit, request, alert=alert, typed=fields, status=409)
    return _link_page(deps, visit, request, officer, token)


async def officer_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """One officer, with what head office may do."""
    async with deps.store.read() as tx:
        officer, row = await staff.find(tx, visit.officer, request.path_params["id"])
    return _page(
        deps,
        visit,
        "petugas.html",
        status,
        officer=officer,
        row=row,
        place=place_name(deps, officer),
        done=request.query_params.get("baru", ""),
        given=whole(request.query_params.get("kembali", "")) or 0,
        alert=alert,
    )


async def take_link(deps: Deps, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
    """A new link for somebody who forgot the password."""
    who, now, rules = request.path_params["id"], deps.clock.now(), deps.accounts
    token = await deps.store.write(
        lambda tx: staff.link(tx, visit.officer, who, now=now, rules=rules)
    )
    async with deps.store.read() as tx:
        officer, _ = await staff.find(tx, visit.officer, who)
    return _link_page(deps, visit, request, officer, token)


async def closing_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """What closing an account leads to; nothing is closed yet."""
    async with deps.store.read() as tx:
        officer, row = await staff.find(tx, visit.officer, request.path_params["id"])
        held = await giving_back.in_hand(tx, officer)
    if row["disabled"]:
        return on_to(f"/admin/pengguna/{officer.id}")
    return _page(
        deps,
        visit,
        "petugas_tutup.html",
        status,
        officer=officer,
        held=[(one, deps.branches[one.branch].short_name) for one in held],
        corrections=sum(one.status == "needs_correction" for one in held),
        alert=alert,
    )


async def take_closing(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Close the account, and give back what the page has shown."""
    who, now, seen = request.path_params["id"], deps.clock.now(), fields.get("dipegang")
    if seen is None:
        async with deps.store.read() as tx:
            await staff.find(tx, visit.officer, who)
        return on_to(f"/admin/pengguna/{who}/tutup")
    try:
        given = await deps.store.write(
            lambda tx: staff.disable(tx, visit.officer, who, now=now, seen=seen.split())
        )
    except Refused as refused:
        return await closing_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    return _done(deps, who, "nonaktif", given)


async def take_change(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Carry out what the address names; what is refused comes back with the reason."""
    who, deed, now = request.path_params["id"], request.path_params["deed"], deps.clock.now()
    by = visit.officer
    changed = placed(
        deps, who, fields.get("nama", ""), fields.get("peran", ""), fields.get("tempat", "")
    )
    given = 0
    try:
        if deed == "pindah":
            given = await deps.store.write(lambda tx: staff.move(tx, by, changed, now=now))
        elif deed in DEEDS:
            await deps.store.write(lambda tx: DEEDS[deed](tx, by, who, now=now))
        else:
            raise NotFound("deed")
    except Refused as refused:
        return await officer_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    return _done(deps, who, deed, given)


DEEDS = {
    "aktif": staff.enable,
    "langkah-kedua": staff.reset_second_step,
}
CHANGES = ("pindah", *DEEDS)
"""The last part of the address of what is done to an officer."""


def _done(deps: Deps, who: str, deed: str, given: int) -> Response:
    """Back to the officer's page; *given* requests went back, whose participants are told."""
    if given:
        deps.wake()
    return on_to(f"/admin/pengguna/{who}?baru={deed}" + (f"&kembali={given}" if given else ""))


def _link_page(
    deps: Deps, visit: Visit, request: Request, officer: Officer, token: str
) -> Response:
    scheme = "https" if is_secure(deps, request) else "http"
    site = f"{scheme}://{request.headers.get('host', '')}"
    return _page(
        deps,
        visit,
        "tautan.html",
        officer=officer,
        place=place_name(deps, officer),
        link=sign_in.invitation(site, token),
        hours=int(deps.accounts.link.total_seconds() // 3600),
    )


def _page(deps: Deps, visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
    shared = {
        "visit": visit,
        "branch": deps.branches.get(visit.officer.branch),
        "zone": zone_of(deps, visit.officer),
        "manages": visit.officer.may("manage_officers"),
        "roles": ROLES,
        "places": places(deps),
    }
    return HTMLResponse(render(template, **(shared | values)), status)


def _place(deps: Deps, row: Mapping[str, Any]) -> str:
    return place_name(deps, Officer(row["id"], "", row["branch"], row["role"], row["region"]))


def _own(deps: Deps, visit: Visit) -> Mapping[str, str]:
    """The branches that the viewer may filter by; none for a single one."""
    own = {one.id: one.short_name for one in deps.branches.values() if visit.officer.serves(one.id)}
    return own if len(own) > 1 else {}


DOORS = (
    page("/pengguna", staff_page, needs="see_officers", menu="Pengguna"),
    form("/pengguna", take_invitation, needs="manage_officers"),
    page("/pengguna/{id}", officer_page, needs="see_officers"),
    form("/pengguna/{id}/tautan", take_link, needs="manage_officers"),
    page("/pengguna/{id}/tutup", closing_page, needs="manage_officers"),
    form("/pengguna/{id}/nonaktif", take_closing, needs="manage_officers"),
    form("/pengguna/{id}/{deed}", take_change, needs="manage_officers"),
)
