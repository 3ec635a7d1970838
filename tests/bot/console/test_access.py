"""Who gets what from the console: every route, against everybody who may ask."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from bot.console.actions import ACTIONS
from bot.console.app import console_routes
from bot.console.deps import Deps
from bot.console.gate import COOKIE
from forms.fields import Document
from services import sign_in
from services.officers import Officer
from services.queue import Attached
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import ADMIN, BENNY, NIK, RINA, SARI, Desk

NUMBER = "MND-G-0001"
PICTURE = Document("a" * 64, "image/jpeg", 5, "ktp.jpg")
FORM = {
    "cabang": "KC-MANADO",
    "balasan": "Baik.",
    "catatan": "Cek.",
    "langkah": "nik:0",
    "perbaikan": "Kurang jelas",
    "hasil": "Sudah.",
    "sebab": "Belum waktunya",
    "alasan_pindah": "Alamat",
    "alasan_buka": "Keliru",
    "kunci": "bukan tautan",
}

TO_SIGN_IN = "303 /admin/masuk"
OPEN_TO_ALL = {"GET /masuk": "200", "POST /masuk": "403", "GET /static": "200"}
"""What answers without a session: the sign-in page, an unknown key, and style sheets."""

PAGES = {
    "GET /": "303 /admin/antrean",
    "GET /antrean": "200",
    "GET /antrean/isi": "200",
    "GET /tiket/{number}": "200",
    "GET /tiket/{number}/berkas/{sha256}": "200",
    "GET /tiket/{number}/formulir/{variant}": "200",
}
FORMS = {
    "POST /antrean/berikutnya": f"303 /admin/tiket/{NUMBER}",
    "POST /tiket/{number}/lihat": f"303 /admin/tiket/{NUMBER}",
    "POST /tiket/{number}/ambil": f"303 /admin/tiket/{NUMBER}",
    "POST /tiket/{number}/catatan": f"303 /admin/tiket/{NUMBER}",
    # what only the holder may do, or only with a request that has ended
    **{
        f"POST /tiket/{{number}}/{action}": "409"
        for action in ("balas", "perbaikan", "selesai", "tolak", "lepas", "buka-lagi")
    },
    "POST /tiket/{number}/pindah": "409",  # to the branch where it is already
    "POST /keluar": TO_SIGN_IN,
}
LIVE = {"GET /peristiwa": "stream"}
"""Its own test, because it does not end."""

ELSEWHERE = {
    "GET /": PAGES["GET /"],
    "POST /keluar": TO_SIGN_IN,
    **dict.fromkeys(("GET /antrean", "GET /antrean/isi"), "404"),
}
"""What an officer of another branch gets that asks for this one; everything else is not there."""


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
        if "{action}" in route.path:
            yield from (f"{method} {route.path.replace('{action}', name)}" for name in ACTIONS)
        else:
            yield f"{method} {route.path}"


def test_the_matrix_has_every_route(deps: Deps) -> None:
    assert set(declared(deps)) == {*OPEN_TO_ALL, *PAGES, *FORMS, *LIVE}


@pytest.fixture(autouse=True)
async def filed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / PICTURE.sha256).write_bytes(b"bytes")
    await desk.file(documents=[Attached("foto_kk", 1, PICTURE)])


def disable(folder: Path) -> None:
    """Take Rina's access away."""
    with closing(sqlite3.connect(folder / "desk.db")) as connection, connection:
        connection.execute("UPDATE officer SET disabled = 1 WHERE id = ?", [RINA.id])


async def asked(browser: Browser, way: str, **headers: str) -> httpx.Response:
    method, _, path = way.partition(" ")
    path = "/admin" + path.format(number=NUMBER, sha256=PICTURE.sha256, variant="tersamar")
    if path == "/admin/static":
        path += "/konsol.css"
    if method == "POST":
        data = {"csrf": browser.token, **FORM}
        return await browser.client.post(path, data=data, headers=headers)
    return await browser.client.get(path, params={"cabang": "KC-MANADO"}, headers=headers)


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


@pytest.mark.parametrize(("way", "expected"), OPEN_TO_ALL.items())
async def test_the_door_itself_is_open(
    browsers: Callable[[], Browser], way: str, expected: str
) -> None:
    answer = await asked(browsers(), way)

    assert told(answer) == expected
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("way", "expected"), [*PAGES.items(), *FORMS.items()])
@pytest.mark.parametrize("officer", [RINA, BENNY, ADMIN], ids=lambda officer: officer.role)
async def test_who_serves_the_branch_gets_everything(
    signed_in: SignIn, way: str, expected: str, officer: Officer
) -> None:
    assert told(await asked(await signed_in(officer), way)) == expected


async def test_another_branch_gets_nothing(signed_in: SignIn, desk: Desk) -> None:
    browser, ways = await signed_in(SARI), [*PAGES, *FORMS]
    texts = [(await asked(browser, way)).text for way in ways if "keluar" not in way]

    assert await answers(browser, ways) == dict.fromkeys(ways, "404") | ELSEWHERE
    assert not any(NIK in text or "Siti" in text for text in texts)
    assert await desk.trail(NUMBER) == ["filed"]


async def test_a_disabled_officer_is_out_at_once(
    signed_in: SignIn, desk: Desk, tmp_path: Path
) -> None:
    browser, ways = await signed_in(RINA), [*PAGES, *FORMS, *LIVE]
    disable(tmp_path)

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
    browser = await signed_in(RINA)

    assert await answers(browser, FORMS, Origin=origin) == dict.fromkeys(FORMS, "403")
    assert await desk.trail(NUMBER) == ["filed"]
    assert (await browser.get("/admin/antrean")).status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_no_form_is_taken_without_the_token_of_its_page(
    signed_in: SignIn, desk: Desk, token: str
) -> None:
    browser = await signed_in(RINA)
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
