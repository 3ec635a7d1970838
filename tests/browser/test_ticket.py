"""The ticket page in a real browser: all work on a request, by hand, by keys, without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from services import quick_replies
from services.officers import Officer
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.person import Person
from tests.browser.service_g import answer, click_through
from tests.desk import BENNY, RINA

pytestmark = pytest.mark.slow

SignIn = Callable[[Officer], Person]


@pytest.fixture
def siti(live: Live, browser: OpenBrowser) -> Person:
    """A participant who has the chat open."""
    person = browser()
    person.open(f"{live.url}/chat")
    return person


@pytest.fixture
def number(siti: Person, photo: Path) -> str:
    return click_through(siti, photo)


def pick(person: Person, box: str, value: str) -> None:
    Select(person.driver.find_element(By.ID, box)).select_by_value(value)


def click_in(person: Person, selector: str) -> None:
    button = person.driver.find_element(By.CSS_SELECTOR, selector)
    person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def turned(person: Person) -> str:
    picture = person.driver.find_element(By.CSS_SELECTOR, ".kanvas img")
    return str(picture.get_attribute("class"))


def loaded(person: Person) -> bool:
    script = "return document.querySelector('.kanvas img').naturalWidth > 0"
    return bool(person.driver.execute_script(script))


def tick_all(person: Person) -> None:
    """Tick everything on the checklist; with scripts the page stays."""

    def still_open() -> list[WebElement]:
        return person.driver.find_elements(By.CSS_SELECTOR, '.centang[aria-checked="false"]')

    while open_ := still_open():
        person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", open_[0])
        open_[0].click()
        left = len(open_) - 1
        person.until(lambda left=left: len(still_open()) == left, f"{left} open points")


def open_sheet(person: Person, action: str) -> None:
    """Open the form of an action unless it is open."""
    if not person.driver.find_elements(By.CSS_SELECTOR, f"#d-{action}[open]"):
        click_in(person, f"#d-{action} > summary")


def take_and_read(live: Live, person: Person, number: str) -> None:
    """Claim, look at a document and turn it; the turn is remembered."""
    person.open(f"{live.url}/admin/tiket/{number}")
    person.click("Ambil")
    person.sees("Dipegang Anda")
    person.until(lambda: loaded(person), "the picture")
    click_in(person, '.putaran [value="kanan"]')
    person.until(lambda: turned(person) == "putar-1", "a turned picture")
    person.driver.get(f"{live.url}/admin/tiket/{number}")
    assert turned(person) == "putar-1"


def reply_and_take_back(person: Person, siti: Person) -> None:
    """A slip is taken back, the right words arrive."""
    person.fill("balasan", "Salah ketik")
    person.click("Kirim")
    person.sees("Akan dikirim")
    person.click("Urungkan")
    person.sees("Peserta belum membaca apa pun.")
    box = person.driver.find_element(By.ID, "balasan")
    assert box.get_attribute("value") == "Salah ketik"
    box.clear()
    box.send_keys("Sedang kami proses, Bu.")
    person.click("Kirim")
    siti.sees("Sedang kami proses, Bu.")
    assert "Salah ketik" not in siti.text


def ask_again(person: Person, siti: Person) -> None:
    """Ask for two answers again, after reading the very words; the participant corrects both."""
    person.click("Minta perbaikan")
    pick(person, "langkah", "tgl_lahir:0")
    pick(person, "kode-perbaikan", "tidak_cocok")
    click_in(person, "#d-perbaikan .lagi > summary")
    pick(person, "langkah-2", "nama:0")
    pick(person, "kode-2", "kurang_lengkap")
    person.fill("perbaikan-2", "Tulis nama lengkap sesuai KTP.")
    click_in(person, "#d-perbaikan form > button")
    person.sees("Pesan yang akan dibaca peserta")
    shown = person.driver.find_element(By.CSS_SELECTOR, "blockquote").text
    click_in(person, "#pratinjau .utama")
    person.sees("Menunggu perbaikan dari peserta")
    siti.sees("Tanggal lahir: Isian berbeda dengan berkas.")
    siti.sees("Nama: Tulis nama lengkap sesuai KTP.")
    for line in filter(None, shown.splitlines()):
        assert line in siti.text
    answer(siti, "Tanggal lahir peserta?", "27-03-1956")
    answer(siti, "Nama lengkap peserta?", "Siti Aminah Wati")
    siti.sees("sudah kami terima")


def finish(person: Person, siti: Person, number: str) -> None:
    """Nothing is finished before it is checked; then the result is read by the participant."""
    person.click("Selesai")
    person.sees("Belum dicentang di daftar periksa")
    tick_all(person)
    open_sheet(person, "selesai")
    pick(person, "kode-selesai", "faskes_pindah")
    click_in(person, "#d-selesai form > button")
    person.sees("Pesan yang akan dibaca peserta")
    click_in(person, "#pratinjau .utama")
    person.sees("Akan dikirim")
    siti.sees(f"Tiket {number} selesai")
    siti.sees("Faskes baru berlaku mulai 1 ")


def test_a_request_is_served_from_claim_to_end(
    live: Live, officer: SignIn, siti: Person, number: str
) -> None:
    rina = officer(RINA)
    take_and_read(live, rina, number)
    reply_and_take_back(rina, siti)
    rina.open(f"{live.url}/admin/tiket/{number}")
    ask_again(rina, siti)
    rina.open(f"{live.url}/admin/tiket/{number}")
    finish(rina, siti, number)


def test_everything_works_without_scripts_at_360_pixels(
    live: Live, browser: OpenBrowser, siti: Person, number: str
) -> None:
    rina = browser(script=False)
    rina.narrow(360)
    rina.sign_in(live.sign_in_link(RINA))
    take_and_read(live, rina, number)
    assert (rina.overflow(), rina.small_targets()) == (0, [])
    reply_and_take_back(rina, siti)
    rina.open(f"{live.url}/admin/tiket/{number}")
    ask_again(rina, siti)
    rina.open(f"{live.url}/admin/tiket/{number}")
    finish(rina, siti, number)


def test_a_request_is_served_by_keys_alone(
    live: Live, officer: SignIn, siti: Person, number: str
) -> None:
    live.do(
        lambda tx: quick_replies.save(
            tx, BENNY, name="Sapa", body="Halo {nama}.", services=[], now=live.clock.now()
        )
    )
    rina = officer(RINA)
    rina.sees(number)

    def is_whole() -> bool:
        return rina.driver.execute_script("return document.readyState") == "complete"

    def press(*keys: str) -> None:
        for key in keys:
            rina.until(is_whole, "a whole page")
            rina.driver.switch_to.active_element.send_keys(key)

    def focused() -> str:
        return str(rina.driver.switch_to.active_element.get_attribute("id"))

    press("j", Keys.ENTER)
    rina.sees("Isian")
    press("a")
    rina.sees("Dipegang Anda")
    press("?")
    rina.sees("Pintasan papan tik")
    press(Keys.ESCAPE)
    rina.until(lambda: "Pintasan papan tik" not in rina.text, "no sheet")
    rina.until(lambda: loaded(rina), "the picture")
    press("r")
    rina.until(lambda: turned(rina) == "putar-1", "a turned picture")
    press("+", "]")
    rina.until(lambda: "2 dari 2" in rina.text, "the second document")
    press("[")
    rina.until(lambda: "1 dari 2" in rina.text, "the first document")
    press("/")
    press(Keys.ENTER)
    rina.until(lambda: focused() == "balasan", "the reply in its box")
    box = rina.driver.find_element(By.ID, "balasan")
    assert box.get_attribute("value") == "Halo Siti Aminah."
    press(Keys.TAB, Keys.ENTER)
    rina.sees("Akan dikirim")
    press("u")
    rina.sees("Peserta belum membaca apa pun.")
    press(" ?jka")
    assert str(box_value(rina)).endswith(" ?jka")
    press(Keys.ESCAPE)
    press("s")
    rina.until(lambda: focused() == "kode-selesai", "the reasons")
    press(Keys.ESCAPE)
    press("g", "a")
    rina.until(lambda: rina.driver.current_url.endswith("/admin/antrean"), "the queue")
    assert siti.bubbles


def box_value(person: Person) -> str:
    return str(person.driver.find_element(By.ID, "balasan").get_attribute("value"))


@pytest.mark.parametrize("width", [360, 1366])
def test_pages_of_a_ticket_fit_and_bar_nobody(
    live: Live, officer: SignIn, siti: Person, number: str, width: int
) -> None:
    rina, benny = officer(RINA), officer(BENNY)
    for person in (rina, benny):
        person.narrow(width)
    benny.open(f"{live.url}/admin/balasan")
    benny.click("Mulai dari 12 contoh")
    benny.sees("Nomor HP aktif")
    fits(benny, "quick replies")
    rina.open(f"{live.url}/admin/tiket/{number}")
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    fits(rina, "ticket")
    tick_all(rina)
    open_sheet(rina, "selesai")
    pick(rina, "kode-selesai", "sesuai")
    click_in(rina, "#d-selesai form > button")
    rina.sees("Pesan yang akan dibaca peserta")
    fits(rina, "preview")
    click_in(rina, "#pratinjau .utama")
    rina.sees("Akan dikirim")
    fits(rina, "what waits")
    rina.open(f"{live.url}/admin/kiriman")
    fits(rina, "the list of what waits")
    rina.open(f"{live.url}/admin/tiket/{number}")
    click_in(rina, ".daftar-berkas a")
    rina.click("Layar penuh")
    rina.sees("Tutup")
    fits(rina, "the whole window")
    assert siti.bubbles


def fits(person: Person, page: str) -> None:
    assert person.overflow() == 0, f"{page} scrolls sideways"
    assert person.barriers() == [], page
    assert person.small_targets() == [], page


def test_a_colleague_who_looks_is_seen_live(
    live: Live, officer: SignIn, siti: Person, number: str
) -> None:
    rina = officer(RINA)
    rina.open(f"{live.url}/admin/tiket/{number}")
    rina.sees("Isian")
    benny = officer(BENNY)
    benny.open(f"{live.url}/admin/tiket/{number}")
    benny.sees("Rina K. sedang melihat")
    rina.sees("Benny W. sedang melihat")
    assert siti.bubbles


def scroll(person: Person) -> int:
    return int(person.driver.execute_script("return Math.round(window.scrollY)"))


def test_a_tick_neither_loses_the_reply_nor_moves_the_page(
    live: Live, officer: SignIn, siti: Person, number: str
) -> None:
    rina = officer(RINA)
    rina.open(f"{live.url}/admin/tiket/{number}?berkas=2")
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    rina.sees("2 dari 2")
    rina.fill("balasan", "Setengah tulisan")
    rina.driver.execute_script("document.getElementById('d-selesai').open = true")
    rina.sees("Belum dicentang di daftar periksa")
    rina.driver.execute_script("window.stays = true; window.scrollTo(0, 0)")
    tick_all(rina)
    rina.until(lambda: "Belum dicentang" not in rina.text, "the gate open")

    assert rina.driver.execute_script("return window.stays")
    assert box_value(rina) == "Setengah tulisan"
    assert "2 dari 2" in rina.text
    assert "Memeriksa" in rina.text
    assert siti.bubbles


def test_without_scripts_a_tick_keeps_the_reply_and_the_document(
    live: Live, browser: OpenBrowser, siti: Person, number: str
) -> None:
    rina = browser(script=False)
    rina.sign_in(live.sign_in_link(RINA))
    rina.open(f"{live.url}/admin/tiket/{number}?berkas=2")
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    rina.fill("balasan", "Setengah tulisan")
    tick_all(rina)
    rina.sees("2 dari 2")

    assert box_value(rina) == "Setengah tulisan"
    assert scroll(rina) > 0
    assert siti.bubbles


def test_a_new_message_comes_in_live_and_never_under_the_hands_of_who_writes(
    live: Live, officer: SignIn, siti: Person, number: str
) -> None:
    rina = officer(RINA)
    rina.narrow(360)
    rina.open(f"{live.url}/admin/tiket/{number}")
    rina.click("Ambil")
    rina.sees("Dipegang Anda")
    siti.sees("sudah diambil petugas kami")
    rina.driver.execute_script("document.getElementById('j-jejak').scrollIntoView()")
    siti.write("Apakah sudah selesai?")
    rina.sees("Pesan baru dari peserta – lihat")
    rina.click("Pesan baru dari peserta – lihat")
    rina.until(lambda: notice(rina) == "", "no notice once it was in view")
    assert "Apakah sudah selesai?" in talk(rina)

    rina.fill("balasan", "Setengah tulisan")
    siti.write("Halo?")
    rina.sees("Pesan baru dari peserta – lihat")
    assert "Halo?" not in talk(rina)
    rina.click("Kirim")
    rina.sees("Ada tulisan baru sejak halaman ini dibuka.")
    assert "Halo?" in talk(rina)
    assert box_value(rina) == "Setengah tulisan"
    siti.write("Saya tunggu.")
    rina.sees("Pesan baru dari peserta – lihat")
    rina.click("Pesan baru dari peserta – lihat")
    rina.until(lambda: notice(rina) == "", "no notice once it was in view")
    assert box_value(rina) == "Setengah tulisan"
    rina.click("Kirim")
    siti.sees("Setengah tulisan")


def notice(person: Person) -> str:
    return person.driver.find_element(By.ID, "baru").text


def talk(person: Person) -> str:
    return person.driver.find_element(By.ID, "obrolan").text
