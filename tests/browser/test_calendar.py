"""The calendar in a real browser: on a telephone, without scripts, and for everybody."""

import pytest
from selenium.webdriver.common.by import By

from services.officers import Officer
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.person import Person
from tests.desk import ADMIN, BENNY

pytestmark = pytest.mark.slow

WIDTHS = (1366, 360)
PAGE = "/admin/cabang/KC-MANADO"


def enter(person: Person, live: Live, officer: Officer, page: str) -> None:
    person.sign_in(live.sign_in_link(officer))
    person.open(live.url + page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_head_closes_a_day_and_takes_it_back_on_a_telephone(
    live: Live, browser: OpenBrowser, script: bool
) -> None:
    benny = browser(script=script)
    benny.narrow(360)
    enter(benny, live, BENNY, PAGE)
    benny.click("Tambah hari tutup")
    benny.fill("tutup-dari", "11242026")
    benny.fill("tutup-alasan", "Perbaikan listrik")
    benny.driver.find_element(By.CSS_SELECTOR, "#tutup form button").click()
    benny.sees("Selasa 24 Nov jadi tutup.")
    benny.click("Ubah lagi")
    benny.sees("Kalender KC Manado")
    benny.driver.find_element(By.CSS_SELECTOR, "#tutup form button").click()
    benny.sees("belum disimpan")
    benny.click("Simpan")
    benny.sees("Tersimpan.")
    benny.sees("Selasa 24 Nov 2026")

    benny.click("Batalkan")
    number = benny.driver.find_element(By.NAME, "isian").get_attribute("value")
    benny.fill(f"batal-{number}", "salah tanggal")
    benny.driver.find_element(By.CSS_SELECTOR, f"#batal-{number}-isi button").click()
    benny.sees("Selasa 24 Nov jadi buka 08.00-17.00.")
    benny.click("Simpan")
    benny.sees("Tidak ada penutupan.")


@pytest.mark.parametrize("width", WIDTHS)
def test_nobody_is_shut_out_and_nothing_overflows(
    live: Live, browser: OpenBrowser, width: int
) -> None:
    person = browser()
    person.narrow(width)
    enter(person, live, ADMIN, "/admin/cabang?cari=a")
    looks(person, width)
    for page in ("/admin/cabang/nasional", PAGE):
        person.open(live.url + page)
        looks(person, width)
    person.click("Ubah jam mingguan")
    person.driver.find_element(By.ID, "minggu-jam_0").send_keys("x")
    person.driver.find_element(By.CSS_SELECTOR, "#minggu form button").click()
    person.sees("belum bisa dibaca")
    looks(person, width)
    person.click("Ubah zona waktu")
    person.fill("zona-alasan", "salah")
    person.driver.find_element(By.CSS_SELECTOR, "#zona form button").click()
    person.sees("belum disimpan")
    looks(person, width)


def looks(person: Person, width: int) -> None:
    assert person.barriers() == []
    assert person.overflow() == 0
    if width < 400:
        assert person.small_targets() == []
