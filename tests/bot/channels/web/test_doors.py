"""Who may write and read: cookies, origins, sizes, pace."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from itsdangerous import URLSafeSerializer

from bot.channels.web.pace import Pace
from bot.channels.web.routes import MOST_FIELDS, MOST_FILES
from tests.bot.channels.loopback import serving
from tests.bot.channels.web.site import Site, Ticking
from tests.bot.channels.web.test_page import heard


async def test_a_post_without_a_cookie_is_refused_in_clear_words(site: Site) -> None:
    answer = await site.visitor().say("halo")
    assert answer.status_code == 403
    assert answer.text.startswith("Obrolan ini perlu cookie.")


async def test_a_browser_without_cookies_still_gets_a_page(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    visitor.client.cookies.clear()
    assert (await visitor.say("halo")).status_code == 403
    assert (await visitor.open()).status_code == 200


async def test_a_forged_cookie_opens_a_chat_of_its_own(site: Site) -> None:
    victim, thief = site.visitor(), site.visitor()
    await victim.open()
    await victim.say("rahasia saya")
    name = victim.chat.removeprefix("web:")
    forged = URLSafeSerializer("another secret", salt="chat").dumps(name)
    thief.client.cookies.set("chika", str(forged))
    for path in ("/chat/isi", "/chat/peristiwa"):
        assert (await thief.client.get(path)).status_code == 403
    assert (await thief.say("halo")).status_code == 403
    thief.client.cookies.clear()
    thief.client.headers["Cookie"] = f"chika={forged}"
    page = await thief.open()
    assert page.status_code == 200
    assert "rahasia saya" not in page.text


async def test_two_visitors_never_see_each_other(site: Site) -> None:
    one, other = site.visitor(), site.visitor()
    await one.open()
    await other.open()
    await one.say("rahasia saya")
    await other.open()
    assert one.chat != other.chat
    assert "rahasia saya" not in other.page
    assert "rahasia saya" not in (await other.client.get("/chat/isi")).text


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(site: Site) -> None:
    page = await site.visitor().open()
    [cookie] = page.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/chat" in cookie


@pytest.mark.parametrize("origin", ["https://jahat.example", "null", "http://chat.example.jahat"])
async def test_a_post_from_another_site_is_refused(site: Site, origin: str) -> None:
    visitor = site.visitor()
    await visitor.open()
    assert (await visitor.say("halo", Origin=origin)).status_code == 403
    assert len(await heard(site, visitor.chat)) == 1


async def test_a_post_from_our_own_page_is_taken(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    assert (await visitor.say("halo", Origin="http://chat.example")).status_code == 200


async def test_a_post_that_hides_its_length_is_refused(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"text=halo"

    answer = await visitor.client.post("/chat", content=pieces())
    assert answer.status_code == 411


async def test_a_post_that_is_far_too_large_is_refused_unread(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    most = site.spool.max_bytes * MOST_FILES + MOST_FIELDS
    answer = await visitor.client.post(
        "/chat", content=b"x", headers={"Content-Length": str(most + 1)}
    )
    assert answer.status_code == 413
    assert "Kirim berkas satu per satu." in answer.text


async def test_a_post_that_is_no_form_is_refused(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    kind = "multipart/form-data; boundary=x"
    answer = await visitor.client.post("/chat", content=b"--y", headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert len(await heard(site, visitor.chat)) == 1


class TestPace:
    """Three posts at once, then one every two seconds."""

    @pytest.fixture
    def pace(self) -> Pace:
        return Pace(burst=3, per_second=0.5)

    async def test_too_fast_is_told_and_nothing_is_lost(self, site: Site) -> None:
        visitor, other = site.visitor(), site.visitor()
        await visitor.open()
        for number in range(3):
            assert (await visitor.say(f"pesan {number}")).status_code == 200
        answer = await visitor.say("yang keempat")
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "2"
        assert visitor.notice == "Terlalu cepat. Tunggu 2 detik, lalu kirim lagi."
        assert visitor.typed == "yang keempat"
        await other.open()
        assert (await other.say("halo")).status_code == 200
        site.clock.ahead(seconds=2)
        assert (await visitor.say(visitor.typed)).status_code == 200
        assert visitor.bubbles[-2] == "Anda: yang keempat"


def test_the_pace_forgets_who_came_longest_ago() -> None:
    pace, clock = Pace(burst=1, per_second=0.001, visitors=2), Ticking()
    assert [pace.seconds_to_wait(name, clock.now()) == 0 for name in "aab"] == [True, False, True]
    pace.seconds_to_wait("c", clock.now())
    assert pace.seconds_to_wait("c", clock.now()) > 0
    assert pace.seconds_to_wait("a", clock.now()) == 0


async def test_an_open_page_hears_of_every_answer(site: Site) -> None:
    async with serving(site.app) as url, httpx.AsyncClient(base_url=url) as browser:
        await browser.get("/chat")
        async with asyncio.timeout(20), browser.stream("GET", "/chat/peristiwa") as live:
            assert live.headers["content-type"].startswith("text/event-stream")
            lines = live.aiter_lines()
            await until(lines, "event: baru")
            await browser.post("/chat", data={"text": "1", "nonce": "abcdefgh1234"})
            await until(lines, "event: baru")
        assert "G. Pindah faskes" in (await browser.get("/chat/isi")).text


async def until(lines: AsyncIterator[str], wanted: str) -> None:
    """Read lines until one is *wanted*."""
    async for line in lines:
        if line == wanted:
            return
    raise AssertionError(f"the stream ended before {wanted}")
