"""An account from the invitation to the second step, in a real browser."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from services import sign_in, staff, staff_links
from services.officers import Officer
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.person import Person
from tests.desk import ADMIN, RINA

pytestmark = pytest.mark.slow

SignIn = Callable[[Officer], Person]
PASSWORD = "Teduh-Sekali-7-Pohon"


def invitation(live: Live, officer: Officer) -> str:
    now = live.clock.now()
    token = live.do(lambda tx: staff.link(tx, staff.HOST, officer.id, now=now))
    return sign_in.invitation(live.url, token)


def link_a_telephone(live: Live, officer: Officer) -> None:
    now = live.clock.now()
    code = live.do(
        lambda tx: staff_links.make_code(tx, officer, now=now, lasts=timedelta(minutes=10))
    )
    live.do(lambda tx: staff_links.use_code(tx, "staff:5", code, now=now))


def looked_at(person: Person, address: str) -> None:
    """Nothing on the page is in anybody's way, on a desk and on a telephone."""
    for width in (1366, 360):
        person.narrow(width)
        person.open(address)
        assert (person.barriers(), person.overflow(), person.small_targets()) == ([], 0, []), (
            address
        )


def by_keyboard(person: Person, *keys: str) -> None:
    """Type into what has the focus."""
    for one in keys:
        person.driver.switch_to.active_element.send_keys(one)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_invited_then_in_by_password_and_code_with_the_keyboard_alone(
    live: Live, browser: OpenBrowser, script: bool
) -> None:
    person = browser(script=script)
    person.open(invitation(live, RINA))
    person.fill("sandi", PASSWORD)
    person.fill("ulangi", PASSWORD + Keys.ENTER)
    person.sees("Antrean")
    person.open(f"{live.url}/admin/profil/langkah-kedua")
    secret = person.driver.find_element(By.CLASS_NAME, "kunci").text.replace(" ", "")
    totp = pyotp.TOTP(secret)
    person.fill("sandi", PASSWORD)
    person.fill("kode", totp.at(int(live.clock.now().timestamp())) + Keys.ENTER)
    person.sees("Kode ini hanya tampil sekali")
    codes = [code.text for code in person.driver.find_elements(By.CSS_SELECTOR, ".cadangan code")]
    person.open(f"{live.url}/admin/profil")
    person.click("Keluar dari semua perangkat")
    person.sees("Masuk konsol cabang")
    by_keyboard(person, "rina" + Keys.TAB, PASSWORD + Keys.ENTER)
    person.sees("Langkah kedua")
    by_keyboard(person, codes[0].lower() + Keys.ENTER)
    person.sees("Antrean")


def test_a_password_can_be_looked_at(live: Live, browser: OpenBrowser) -> None:
    person = browser()
    person.open(f"{live.url}/admin/masuk")
    person.fill("sandi", PASSWORD)
    box = person.driver.find_element(By.ID, "sandi")
    assert box.get_attribute("type") == "password"
    person.click("Tampilkan")
    assert box.get_attribute("type") == "text"
    person.click("Sembunyikan")
    assert box.get_attribute("type") == "password"


def test_no_page_of_accounts_is_in_anybodys_way(
    live: Live, browser: OpenBrowser, officer: SignIn
) -> None:
    guest, admin = browser(), officer(ADMIN)
    for address in (f"{live.url}/admin/masuk", invitation(live, RINA)):
        looked_at(guest, address)
    looked_at(admin, f"{live.url}/admin/profil/telegram")
    link_a_telephone(live, ADMIN)
    for path in (
        *("profil", "profil/sandi", "profil/langkah-kedua", "profil/telegram"),
        *("pengguna", "pengguna/rina"),
    ):
        looked_at(admin, f"{live.url}/admin/{path}")
    admin.open(f"{live.url}/admin/pengguna")
    admin.click("Undang pengguna baru")
    assert admin.barriers() == []
    admin.open(f"{live.url}/admin/profil")
    admin.narrow(360)
    admin.click("Menu")
    assert admin.barriers() == []
    admin.click("Pengguna")
    admin.sees("Undang pengguna baru")
