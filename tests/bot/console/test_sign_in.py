"""Signing in to the console, and what a page may be asked for without it."""

from collections.abc import Callable

import pytest

from services import sign_in
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import RINA, Desk


async def test_a_link_signs_in_once_and_then_says_how_to_make_another(
    desk: Desk, browsers: Callable[[], Browser]
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    first, second = browsers(), browsers()

    seen = await first.get(f"/admin/masuk?kunci={token}")
    assert f'value="{token}"' in seen.text
    entered = await first.post("/admin/masuk", kunci=token)
    again = await second.post("/admin/masuk", kunci=token)

    assert (entered.status_code, entered.headers["location"]) == (303, "/admin/antrean")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert again.status_code == 403
    assert "set-cookie" not in again.headers
    assert "python3 bot.py admin link" in again.text


async def test_looking_at_a_link_does_not_use_it_up(
    desk: Desk, browsers: Callable[[], Browser]
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    for _ in range(2):
        await browsers().get(f"/admin/masuk?kunci={token}")

    assert (await browsers().post("/admin/masuk", kunci=token)).status_code == 303


PAGES = [
    "/admin/antrean",
    "/admin/antrean/isi",
    "/admin/tiket/MND-G-0001",
    "/admin/tiket/MND-G-0001/berkas/abc",
    "/admin/peristiwa",
]


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_shown_to_somebody_who_is_not_signed_in(
    desk: Desk, browsers: Callable[[], Browser], path: str
) -> None:
    await desk.file()
    answer = await browsers().get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/masuk")


async def test_signing_out_ends_the_session(signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    cookies = dict(browser.client.cookies)
    await browser.post("/admin/keluar")
    browser.client.cookies.update(cookies)

    assert (await browser.get("/admin/antrean")).headers["location"] == "/admin/masuk"


async def test_over_https_the_cookie_never_travels_in_the_open(
    desk: Desk, browsers: Callable[[], Browser]
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    browser = browsers()
    browser.client.base_url = "https://konsol.test"
    entered = await browser.post("/admin/masuk", kunci=token)

    assert "Secure" in entered.headers["set-cookie"]


async def test_every_page_has_the_strict_headers(signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    for path in ("/admin/antrean", "/admin/tiket/NONE", "/admin/masuk", "/admin/nowhere"):
        headers = (await browser.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
