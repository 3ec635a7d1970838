"""The queue page in a real browser: live, on a telephone, by keyboard, without scripts."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic

import pytest
from selenium.webdriver.common.by import By

from services import queue
from services.officers import Officer
from services.tickets import Ticket
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.person import Person
from tests.desk import CALENDAR, DIMAS, MANADO, RINA, RULES, rendered

pytestmark = pytest.mark.slow

SignIn = Callable[[Officer], Person]

PLACE = "return document.activeElement.getBoundingClientRect().top"
"""Where on the screen the button with the focus stands."""

BUSY = 5
"""Seconds within which two browsers on a busy machine show what came; the benchmark takes time."""


def file(live: Live, n: int, *, urgent: bool = False, ago: timedelta = timedelta()) -> Ticket:
    return live.do(
        partial(
            queue.file,
            submission=f"web:{n}/1",
            chat=f"web:{n}",
            service="GJC"[n % 3],
            digest="d",
            branch=MANADO,
            answers={"nama": f"Siti Contoh {n}", "nik": "7171015708909901"},
            report=rendered,
            now=live.clock.now() - ago,
            calendar=CALENDAR,
            urgent=urgent,
            flags=("dirawat",) if urgent else (),
            found_by=("9901",),
        )
    )


def test_a_new_request_is_seen_within_a_second_and_focus_and_scroll_stay(
    live: Live, officer: SignIn
) -> None:
    numbers = [file(live, n).number for n in range(30)]
    pages = [officer(RINA), officer(DIMAS)]
    for page in pages:
        page.sees("30 menunggu")
        page.driver.execute_script(f"document.getElementById('a-{numbers[20]}').focus()")
    places = [page.driver.execute_script(PLACE) for page in pages]

    began = monotonic()
    number = file(live, 99).number
    for page in pages:
        page.until(lambda page=page: page.driver.find_element(By.ID, f"r-{number}"), number)
    took = monotonic() - began

    assert took < BUSY
    for page, place in zip(pages, places, strict=True):
        assert page.driver.title.startswith("(31) Antrean")
        assert page.driver.switch_to.active_element.get_attribute("id") == f"a-{numbers[20]}"
        assert page.driver.execute_script(PLACE) == place


def test_who_loses_a_claim_reads_who_won_in_the_row(live: Live, officer: SignIn) -> None:
    number = file(live, 1).number
    dimas = officer(DIMAS)
    dimas.stay_behind()
    dimas.sees(number)
    live.do(
        partial(
            queue.claim,
            officer=RINA,
            number=number,
            now=live.clock.now(),
            calendar=CALENDAR,
            rules=RULES,
        )
    )
    dimas.click("Ambil")
    dimas.until(
        lambda: "sudah diambil Rina K." in dimas.driver.find_element(By.ID, f"r-{number}").text,
        "the winner in the row",
    )
    assert "sudah diambil Rina K." in dimas.driver.find_element(By.ID, "kabar").text
    assert dimas.driver.current_url.startswith(f"{live.url}/admin/antrean")


def test_taking_a_request_from_the_list_opens_it(live: Live, officer: SignIn) -> None:
    number = file(live, 1).number
    rina = officer(RINA)
    rina.sees(number)
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    assert number in rina.driver.current_url


def test_a_lost_connection_is_told_after_a_moment_and_found_again(
    live: Live, officer: SignIn
) -> None:
    rina = officer(RINA)
    rina.sees("0 menunggu")
    network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    rina.driver.execute_cdp_cmd("Network.enable", {})
    rina.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **network})
    rina.sees("Sambungan terputus. Menyambung lagi…")
    number = file(live, 1).number
    rina.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **network})
    rina.sees("1 menunggu")
    rina.sees(number)
    assert "terputus" not in rina.text


@pytest.mark.parametrize("width", [1366, 1024, 720, 360, 320])
def test_the_page_has_no_barriers_and_fits(live: Live, officer: SignIn, width: int) -> None:
    for n in range(4):
        file(live, n, urgent=n == 1, ago=timedelta(hours=n))
    rina = officer(RINA)
    rina.narrow(width, 768)
    rina.open(f"{live.url}/admin/antrean?cari=9901&kanal=web")

    assert rina.overflow() <= 0
    assert rina.barriers() == []
    assert rina.small_targets() == []


def test_without_scripts_everything_but_liveness_works(live: Live, browser: OpenBrowser) -> None:
    number = file(live, 1).number
    rina = browser(script=False)
    rina.sign_in(live.sign_in_link(RINA))
    rina.fill("cari", "9901")
    rina.click("Cari")
    rina.sees(number)
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
