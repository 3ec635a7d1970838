"""The page that links a telephone: a code that is shown once, alerts, and the end of the link."""

import html
import re

from msgspec.structs import force_setattr

from bot.console.deps import Deps
from services import staff_links
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import ADMIN, RINA, Desk

PAGE = "/admin/profil/telegram"


async def linked(desk: Desk, browser: Browser) -> None:
    answer = await browser.post(f"{PAGE}/kode")
    [code] = re.findall(r"<b>([A-Z0-9]{5}-[A-Z0-9]{5})</b>", answer.text)
    await desk.do(staff_links.use_code, "staff:5", code)


async def test_a_code_is_shown_once_and_links_the_telephone(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    answer = await browser.post(f"{PAGE}/kode")
    [code] = re.findall(r"<b>([A-Z0-9]{5}-[A-Z0-9]{5})</b>", answer.text)
    assert f"https://t.me/chika_petugas_bot?start={code.replace('-', '')}" in answer.text
    assert "berlaku sampai 10.10 WITA" in answer.text
    page = await browser.get(PAGE)
    assert code not in page.text
    assert "Buat kode" in page.text

    assert await desk.do(staff_links.use_code, "staff:5", code) == RINA
    assert "Tersambung sejak 23 Nov 10.00 WITA." in (await browser.get(PAGE)).text


async def test_alerts_are_switched_here_too(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    await linked(desk, browser)
    await browser.get(PAGE)
    answer = await browser.post(f"{PAGE}/kabar", kabar="deadline", nyala="tidak")
    assert answer.headers["location"] == f"{PAGE}?baru=kabar"
    shown = re.sub(r"<[^>]+>", "", html.unescape((await browser.get(PAGE)).text))
    assert "Tenggat: mati" in shown
    assert "Permintaan mendesak: menyala" in shown

    assert (await browser.post(f"{PAGE}/kabar", kabar="x", nyala="ya")).status_code == 404


async def test_head_office_begins_in_silence(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(ADMIN)
    await linked(desk, browser)
    assert (await browser.get(PAGE)).text.count("<b>mati</b>") == 3


async def test_the_link_is_ended_here(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    await linked(desk, browser)
    await browser.get(PAGE)
    await browser.post(f"{PAGE}/putus")
    assert "Buat kode" in (await browser.get(PAGE)).text
    assert (await desk.trail("rina"))[-1] == "telegram_unlinked"


async def test_without_a_bot_there_is_no_code(desk: Desk, signed_in: SignIn, deps: Deps) -> None:
    force_setattr(deps, "staff_bot", None)
    browser = await signed_in(RINA)
    assert "belum dinyalakan" in (await browser.get(PAGE)).text
    assert (await browser.post(f"{PAGE}/kode")).status_code == 303
    assert await desk.all("staff_link_of", officer="rina") == []
