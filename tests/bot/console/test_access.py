"""Who gets what from the console: every route, against everybody who may ask."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from msgspec.structs import force_setattr, replace
from starlette.routing import BaseRoute, Mount, Route

from bot.console.actions import ACTIONS
from bot.console.app import DOORS, console_routes
from bot.console.calendar_forms import OF_A_BRANCH
from bot.console.deps import Deps
from bot.console.gate import COOKIE
from bot.console.staff_page import CHANGES
from forms.fields import Document
from services import sign_in, staff
from services.account_rules import ORDINARY
from services.officers import Officer
from services.queue import Attached
from services.rights import Right
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import (
    ADMIN,
    ANDI,
    BENNY,
    FACTS,
    HENKY,
    IDA,
    MANADO,
    NIK,
    RINA,
    SARI,
    TIO,
    TONDANO,
    WATI,
    Desk,
)
from tests.scope import take_scope_away

NUMBER = "MND-G-0001"
PICTURE = Document("a" * 64, "image/jpeg", 5, "ktp.jpg")
BRANCHES = {"MND": MANADO, "TND": TONDANO, "MKS": FACTS.branches["KC-MAKASSAR"]}
"""One request waits in each: the own branch, another of the same region, another region."""
COLLEAGUES = {"MND": "dimas", "TND": "sari", "MKS": "andi"}
"""Whose account is asked for in each."""
MANADO_STAFF = (RINA, BENNY, WATI, ADMIN, TIO)
OTHERS = (SARI, HENKY, ANDI, IDA)
EVERYBODY = (*MANADO_STAFF, *OTHERS)
ALL_ROLES = [pytest.param(officer, id=f"{officer.role}-{officer.id}") for officer in EVERYBODY]
FORM = {
    "dilihat": "0.0",  # what a page shows of a request that was just filed
    "cabang": "KC-MANADO",
    "balasan": "Baik.",
    "catatan": "Cek.",
    "langkah": "nik:0",
    "perbaikan": "Kurang jelas",
    "kode": "sesuai",
    "rekan": "dimas",
    "alasan_serah": "Tolong",
    "arah": "kanan",
    "berkas": "1",
    "hasil": "Sudah.",
    "sebab": "Belum waktunya",
    "alasan_pindah": "Alamat",
    "alasan_buka": "Keliru",
    "bentuk": "csv",
    "kunci": "bukan tautan",
    "nama": "Lia Contoh",
    "nama_masuk": "lia.baru",
    "peran": "officer",
    "tempat": "KC-MANADO",
    "huruf": "large",
    "sandi": "Teduh-Sekali-7-Pohon",
    "ulangi": "Teduh-Sekali-7-Pohon",
}

TO_SIGN_IN = "303 /admin/masuk"
OPEN_TO_ALL = {
    "GET /masuk": "200",
    "POST /masuk": "403",
    "GET /masuk/kode": TO_SIGN_IN,
    "POST /masuk/kode": TO_SIGN_IN,
    "GET /undangan": "403",
    "POST /undangan": "403",
    "GET /static": "200",
}
"""What answers without a session: the sign-in page, an unknown key, and style sheets."""

PAGES = {
    "GET /": "303 /admin/antrean",
    "GET /antrean": "200",
    "GET /antrean/isi": "200",
    "GET /tiket/{number}": "200",
    "GET /tiket/{number}/obrolan": "200",
    "GET /tiket/{number}/berkas/{sha256}": "200",
    "GET /tiket/{number}/berkas/{n}/layar": "200",
    "GET /kiriman": "200",
    "GET /balasan": "200",
    "GET /tiket/{number}/formulir/{variant}": "200",
    "GET /dasbor": "200",
    "GET /dasbor/unduh": "200",
    "GET /laporan": "200",
    "GET /alur": "200",
    "GET /sistem": "200",
    "GET /jejak": "200",
    "GET /jejak/unduh": "200",
    "GET /cabang": "200",
    "GET /cabang/{place}": "200",
    "GET /pengguna": "200",
    "GET /pengguna/{id}": "200",
    "GET /pengguna/{id}/tutup": "200",
    "GET /profil": "200",
    "GET /profil/sandi": "200",
    "GET /profil/langkah-kedua": "200",
    "GET /profil/telegram": "200",
}
FORMS = {
    "POST /antrean/berikutnya": f"303 /admin/tiket/{NUMBER}",
    "POST /tiket/{number}/lihat": f"303 /admin/tiket/{NUMBER}?berkas=1",
    "POST /tiket/{number}/ambil": f"303 /admin/tiket/{NUMBER}?berkas=1",
    "POST /tiket/{number}/catatan": f"303 /admin/tiket/{NUMBER}?berkas=1#akhir",
    "POST /tiket/{number}/hadir": "200",
    "POST /tiket/{number}/berkas/{sha256}/putar": (f"303 /admin/tiket/{NUMBER}?berkas=1#j-berkas"),
    # what only the holder may do, or only with a request that has ended
    **{
        f"POST /tiket/{{number}}/{action}": "409"
        for action in (
            *("balas", "perbaikan", "selesai", "tolak", "lepas", "buka-lagi"),
            *("serahkan", "tahan", "periksa", "urungkan"),
        )
    },
    "POST /tiket/{number}/pindah": "409",  # to the branch where it is already
    "POST /laporan/unduh": "200",
    "POST /balasan": "409",  # without a name
    # an empty form is refused; national days are not a branch's
    **{f"POST /cabang/{{place}}/{name}": "409" for name in OF_A_BRANCH},
    "POST /cabang/{place}/libur": "404",
    "POST /pengguna": "200",
    "POST /pengguna/{id}/tautan": "200",
    "POST /pengguna/{id}/nonaktif": "303 /admin/pengguna/dimas/tutup",  # asks first
    **{
        f"POST /pengguna/{{id}}/{deed}": f"303 /admin/pengguna/dimas?baru={deed}"
        for deed in CHANGES
    },
    "POST /profil/tampilan": "303 /admin/profil?baru=tampilan",
    "POST /profil/sandi": "303 /admin/profil?baru=sandi",
    "POST /profil/langkah-kedua": "409",  # the code is wrong
    "POST /profil/telegram/kode": "200",
    "POST /profil/telegram/kabar": "404",  # nothing is linked
    "POST /profil/telegram/putus": "303 /admin/profil/telegram?baru=putus",
    "POST /profil/keluar-semua": TO_SIGN_IN,
    "POST /keluar": TO_SIGN_IN,
}
LIVE = {"GET /peristiwa": "stream"}
"""Its own test, because it does not end."""

ELSEWHERE = {
    way: {**PAGES, **FORMS}[way]
    for way in (
        *("GET /kiriman", "GET /balasan", "GET /cabang"),
        "POST /balasan",
    )
}
"""What belongs to no branch. Everything else of another branch is not there."""

NOT_THERE = "404"


def declared(deps: Deps) -> Iterator[str]:
    """Every way into the console, as ``METHOD /path``, from the router itself."""
    [mount] = console_routes(deps)
    assert isinstance(mount, Mount)
    for route in mount.routes:
        yield from ways(route)


def ways(route: BaseRoute) -> Iterator[str]:
    if isinstance(route, Mount):
        yield f"GET {route.path}"
        return
    assert isinstance(route, Route), f"what is {route}?"
    for method in sorted((route.methods or set()) - {"HEAD"}):
        yield from (f"{method} {path}" for path in named(route.path))


def named(path: str) -> Iterator[str]:
    """A path with each name that its last part may have."""
    for part, names in {"{action}": ACTIONS, "{deed}": CHANGES}.items():
        if part in path:
            yield from (path.replace(part, name) for name in names)
            return
    yield path


def needed() -> Mapping[str, Right]:
    """The right that each way needs, from the doors themselves."""
    found: dict[str, Right] = {}
    for door in DOORS:
        method = "GET" if door.show else "POST"
        for path in named(door.path):
            found.setdefault(f"{method} {path}", door.needs)
    return found


def expected(officer: Officer, way: str, branch: str = "KC-MANADO") -> str:
    """What *officer* gets who goes *way* to a thing of *branch*."""
    if not officer.may(needed()[way]):
        return NOT_THERE
    if way == "GET /" and not officer.may("serve"):
        return "303 /admin/jejak"
    if officer.serves(branch) or needed()[way] == "profile":
        return {**PAGES, **FORMS}[way]
    return ELSEWHERE.get(way, NOT_THERE)


def test_the_matrix_has_every_route(deps: Deps) -> None:
    assert set(declared(deps)) == {*OPEN_TO_ALL, *PAGES, *FORMS, *LIVE}
    assert set(needed()) == {*PAGES, *FORMS, *LIVE}


@pytest.fixture(autouse=True)
async def filed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / PICTURE.sha256).write_bytes(b"bytes")
    for branch in BRANCHES.values():
        await desk.file(branch=branch, documents=[Attached("foto_kk", 1, PICTURE)])


def disable(folder: Path) -> None:
    """Take Rina's access away."""
    with closing(sqlite3.connect(folder / "desk.db")) as connection, connection:
        connection.execute("UPDATE officer SET disabled = 1 WHERE id = ?", [RINA.id])


async def asked(browser: Browser, way: str, number: str = NUMBER, **headers: str) -> httpx.Response:
    method, _, path = way.partition(" ")
    path = "/admin" + path.format(
        number=number,
        place=branch_of(number),
        id=COLLEAGUES.get(number.partition("-")[0], "hantu"),
        sha256=PICTURE.sha256,
        variant="tersamar",
        n="1",
    )
    if path == "/admin/static":
        path += "/konsol.css"
    if method == "POST":
        data = {"csrf": browser.token, **FORM, "cabang": branch_of(number)}
        return await browser.client.post(path, data=data, headers=headers)
    params = {"cabang": branch_of(number), "tabel": "menunggu"}
    return await browser.client.get(path, params=params, headers=headers)


def branch_of(number: str) -> str:
    branch = BRANCHES.get(number.partition("-")[0])
    return branch.id if branch else "KC-TIDAK-ADA"


def told(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.headers.get('location', '')}".strip()


async def answers(browser: Browser, ways: Iterable[str], **headers: str) -> dict[str, str]:
    """What each way leads to; signing out comes last."""
    last = sorted(ways, key=lambda way: "keluar" in way)
    return {way: told(await asked(browser, way, **headers)) for way in last}


@pytest.mark.parametrize("cookie", ["", "made up", "' OR 1=1 --"])
async def test_nobody_gets_in_without_a_session(
    browsers: Callable[[], Browser], desk: Desk, cookie: str
) -> None:
    browser = browsers()
    browser.client.headers["Cookie"] = f'{COOKIE}="{cookie}"' if cookie else "x=y"
    ways = [*PAGES, *FORMS, *LIVE]

    assert await answers(browser, ways) == dict.fromkeys(ways, TO_SIGN_IN)
    assert await desk.trail(NUMBER) == ["filed"]


@pytest.mark.parametrize("way", OPEN_TO_ALL)
async def test_the_door_itself_is_open(browsers: Callable[[], Browser], way: str) -> None:
    answer = await asked(browsers(), way)

    assert told(answer) == OPEN_TO_ALL[way]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("way", [*PAGES, *FORMS])
@pytest.mark.parametrize("officer", MANADO_STAFF, ids=lambda officer: officer.role)
async def test_in_the_own_branch_everybody_gets_what_the_role_may(
    signed_in: SignIn, way: str, officer: Officer
) -> None:
    assert told(await asked(await signed_in(officer), way)) == expected(officer, way)


def names_a_thing(way: str) -> bool:
    return any(part in way for part in ("{number}", "{id}", "{place}"))


@pytest.mark.parametrize("officer", ALL_ROLES)
@pytest.mark.parametrize("ticket", [*BRANCHES, "XYZ"])
async def test_what_is_not_the_officers_is_not_there(
    signed_in: SignIn, desk: Desk, officer: Officer, ticket: str
) -> None:
    """Every officer, every way, a request of every branch and one that nobody has."""
    number, browser = f"{ticket}-G-0001", await signed_in(officer)
    branch = branch_of(number)
    refused = {
        way
        for way in (*PAGES, *FORMS)
        if (names_a_thing(way) if ticket == "XYZ" else expected(officer, way, branch) == NOT_THERE)
    }
    answers = {way: await asked(browser, way, number) for way in sorted(refused)}

    assert {way: told(answer) for way, answer in answers.items()} == dict.fromkeys(refused, "404")
    assert not any(NIK in answer.text or "Siti" in answer.text for answer in answers.values())
    for one in BRANCHES:
        assert await desk.trail(f"{one}-G-0001") == ["filed"]


@pytest.mark.parametrize("officer", OTHERS, ids=lambda officer: officer.id)
async def test_the_matrix_notices_when_the_scope_is_taken_away(
    signed_in: SignIn, desk: Desk, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await signed_in(officer)
    ways = [way for way in PAGES if expected(officer, way) == NOT_THERE]
    assert ways
    take_scope_away(desk.store, monkeypatch)

    seen = {way: told(await asked(browser, way)) for way in ways}
    assert NOT_THERE not in {seen[way] for way in ways if officer.may(needed()[way])}


async def test_the_matrix_notices_when_rights_are_taken_away(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await signed_in(TIO)
    document = "GET /tiket/{number}/berkas/{sha256}"
    assert told(await asked(browser, document)) == expected(TIO, document) == NOT_THERE
    monkeypatch.setattr("services.officers.Officer.may", lambda self, right: True)

    assert told(await asked(browser, document)) == PAGES[document]


async def test_a_disabled_officer_is_out_at_once(
    signed_in: SignIn, desk: Desk, tmp_path: Path
) -> None:
    browser, ways = await signed_in(RINA), [*PAGES, *FORMS, *LIVE]
    disable(tmp_path)

    assert await answers(browser, ways) == dict.fromkeys(ways, TO_SIGN_IN)
    assert await desk.trail(NUMBER) == ["filed"]


@pytest.mark.parametrize("end", ["signed out", "too long", "idle", "moved"])
async def test_a_session_that_has_ended_opens_nothing(
    signed_in: SignIn, desk: Desk, deps: Deps, end: str
) -> None:
    force_setattr(deps, "accounts", ORDINARY)
    browser, ways = await signed_in(RINA), [*PAGES, *FORMS]
    cookies, token = dict(browser.client.cookies), browser.token
    if end == "signed out":
        await browser.post("/admin/keluar")
    elif end == "moved":
        await desk.do(staff.move, ADMIN, replace(RINA, branch="KC-TONDANO"))
    else:
        desk.clock.at += ORDINARY.session if end == "too long" else ORDINARY.idle
    browser.client.cookies.update(cookies)
    browser.token = token

    assert await answers(browser, ways) == dict.fromkeys(ways, TO_SIGN_IN)
    assert await desk.trail(NUMBER) == ["filed"]


async def test_a_disabled_officer_cannot_use_a_link(
    browsers: Callable[[], Browser], desk: Desk, tmp_path: Path
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    disable(tmp_path)
    answer = await browsers().client.post("/admin/masuk", data={"kunci": token})

    assert answer.status_code in {403, 404}
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["https://jahat.test", "null", "http://konsol.test.jahat.test"])
async def test_no_form_is_taken_from_another_site(
    signed_in: SignIn, desk: Desk, origin: str
) -> None:
    browser = await signed_in(ADMIN)

    assert await answers(browser, FORMS, Origin=origin) == dict.fromkeys(FORMS, "403")
    assert await desk.trail(NUMBER) == ["filed"]
    assert (await browser.get("/admin/antrean")).status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_no_form_is_taken_without_the_token_of_its_page(
    signed_in: SignIn, desk: Desk, token: str
) -> None:
    browser = await signed_in(ADMIN)
    browser.token = token

    assert await answers(browser, FORMS) == dict.fromkeys(FORMS, "403")
    assert await desk.trail(NUMBER) == ["filed"]


async def test_signing_in_gives_a_session_that_nobody_could_have_planted(
    browsers: Callable[[], Browser], desk: Desk
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    browser = browsers()
    browser.client.cookies.set(COOKIE, "planted", path="/admin")
    answer = await browser.client.post("/admin/masuk", data={"kunci": token})

    [cookie] = answer.headers.get_list("set-cookie")
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "Path=/admin" in cookie


async def test_another_site_cannot_sign_somebody_in(
    browsers: Callable[[], Browser], desk: Desk
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    answer = await browsers().client.post(
        "/admin/masuk", data={"kunci": token}, headers={"Origin": "https://jahat.test"}
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


HOSTILE_PATHS = [
    "/admin/static/../app.py",
    "/admin/static/%2e%2e/app.py",
    "/admin/static/..%2f..%2fconfig.yaml",
    "/admin/static//etc/passwd",
    f"/admin/tiket/{NUMBER}/berkas/..%2f..%2fchika.db",
    f"/admin/tiket/{NUMBER}/berkas/{'A' * 64}",
    "/admin/tiket/%00",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
async def test_no_path_leads_out_of_the_console(signed_in: SignIn, path: str) -> None:
    answer = await (await signed_in(ADMIN)).client.get(path)

    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "body",
    [b"kunci=" + b"x" * 200_000, b"&".join(b"a%d=b" % n for n in range(500))],
    ids=["a long field", "many fields"],
)
async def test_a_form_that_is_far_too_large_is_refused(
    browsers: Callable[[], Browser], body: bytes
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await browsers().client.post("/admin/masuk", content=body, headers=kind)

    assert answer.status_code == 400
