"""The product in a real browser: chat and console, with JavaScript and without."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.officers import Officer
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.person import Person
from tests.browser.service_g import click_through, type_through
from tests.desk import DIMAS, RINA

pytestmark = pytest.mark.slow

SignIn = Callable[[Officer], Person]


def test_a_request_is_clicked_served_and_answered_live(
    live: Live, browser: OpenBrowser, officer: SignIn, photo: Path
) -> None:
    siti = browser()
    siti.open(f"{live.url}/chat")
    number = click_through(siti, photo)
    rina = officer(RINA)
    rina.sees(number)
    rina.open(f"{live.url}/admin/tiket/{number}")
    rina.click("Ambil")
    siti.sees("Rina K.")
    rina.fill("balasan", "Sedang kami proses, Bu.")
    rina.click("Kirim")
    siti.sees("Sedang kami proses, Bu.")
    siti.write("terima kasih nak")
    rina.sees("terima kasih nak")


def test_a_request_is_typed_on_a_page_without_scripts(
    live: Live, browser: OpenBrowser, photo: Path
) -> None:
    siti = browser(script=False)
    siti.open(f"{live.url}/chat")
    assert type_through(siti, photo).startswith("MND-G-")


def test_of_two_officers_who_claim_one_request_exactly_one_wins(
    live: Live, browser: OpenBrowser, officer: SignIn, photo: Path
) -> None:
    siti = browser()
    siti.open(f"{live.url}/chat")
    number = click_through(siti, photo)
    rina, dimas = officer(RINA), officer(DIMAS)
    for person in (rina, dimas):
        person.open(f"{live.url}/admin/tiket/{number}")
    dimas.stay_behind()
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    dimas.click("Ambil")
    dimas.sees("Rina K.")
    assert "Dipegang Anda" not in dimas.text


def test_no_page_asks_another_host_for_anything(
    live: Live, browser: OpenBrowser, officer: SignIn, photo: Path
) -> None:
    siti = browser()
    siti.open(f"{live.url}/chat")
    number = click_through(siti, photo)
    rina = officer(RINA)
    rina.open(f"{live.url}/admin/tiket/{number}")
    rina.sees(number)
    asked = siti.requested() | rina.requested()
    foreign = {url for url in asked if not url.startswith((live.url, "data:", "chrome"))}
    assert foreign == set()
    assert f"{live.url}/chat/peristiwa" in asked


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_its_window_and_bars_nobody(
    live: Live, browser: OpenBrowser, officer: SignIn, photo: Path, width: int
) -> None:
    siti = browser()
    siti.narrow(width)
    siti.open(f"{live.url}/chat")
    number = click_through(siti, photo)
    rina = officer(RINA)
    rina.narrow(width)
    assert_fits(siti, "chat")
    siti.click("A+")
    siti.click("A+")
    assert siti.overflow() == 0
    rina.open(f"{live.url}/admin/antrean")
    rina.sees(number)
    assert_fits(rina, "queue")
    rina.open(f"{live.url}/admin/tiket/{number}")
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    assert_fits(rina, "ticket")


def assert_fits(person: Person, page: str) -> None:
    assert person.overflow() == 0, f"{page} scrolls sideways"
    assert person.barriers() == [], page
    assert person.small_targets() == [], page


def test_the_page_around_the_chat_follows_its_language(browser: OpenBrowser, live: Live) -> None:
    person = browser()
    person.open(f"{live.url}/chat")
    person.sees("Selamat pagi")

    person.write("english")

    person.sees("Automatic JKN assistant")
