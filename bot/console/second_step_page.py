"""Taking up a second step: the QR code for the app, its first code, and the recovery codes."""

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import hashing
from bot.console.deps import Deps
from bot.console.doors import form, page
from bot.console.gate import Visit
from bot.console.words import render
from services import second_step, sign_in
from services.refusals import Refused


async def enrolment_page(
    deps: Deps, visit: Visit, request: Request, *, alert: str = "", status: int = 200
) -> Response:
    """The QR code and the same in letters; who has a second step already may change the phone."""
    secret = second_step.pending_secret(deps.secret, visit.session, visit.totp_secret)
    picture = segno.make(second_step.address(visit.officer, secret), error="m")
    shown = render(
        "langkah_kedua.html",
        visit=visit,
        branch=deps.branches.get(visit.officer.branch),
        picture=picture.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        needed=visit.officer.role in deps.accounts.second_step,
        alert=alert,
    )
    return HTMLResponse(shown, status)


async def take_enrolment(
    deps: Deps, visit: Visit, request: Request, fields: dict[str, str]
) -> Response:
    """Keep the second step once its first code fits, and show the recovery codes this once."""
    officer, now, rules = visit.officer, deps.clock.now(), deps.accounts
    secret = second_step.pending_secret(deps.secret, visit.session, visit.totp_secret)
    try:
        await deps.store.write(lambda tx: sign_in.admit_code(tx, officer, now=now, rules=rules))
        if visit.has_password and not await hashing.is_own(deps, officer, fields.get("sandi", "")):
            raise Refused("sandi.lama_salah")
        codes = await deps.store.write(
            lambda tx: second_step.enrol(tx, officer, secret, fields.get("kode", ""), now=now)
        )
        await deps.store.write(lambda tx: sign_in.proved(tx, officer))
    except Refused as refused:
        return await enrolment_page(deps, visit, request, alert=deps.sentence(refused), status=409)
    branch = deps.branches.get(officer.branch)
    return HTMLResponse(render("kode_cadangan.html", visit=visit, branch=branch, codes=codes))


DOORS = (
    page("/profil/langkah-kedua", enrolment_page, needs="profile", cures=True),
    form("/profil/langkah-kedua", take_enrolment, needs="profile", cures=True),
)
