"""Dashboard, reports, trail, flows and system in a real browser: for everybody, at every width."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from selenium.webdriver.common.by import By

from bot.cli.seed import fill
from bot.config import Config, StoreUrl
from tests.browser.conftest import OpenBrowser
from tests.browser.live import FRIDAY_TEN, Live, live_product
from tests.desk import ADMIN, BENNY, MANADO

pytestmark = pytest.mark.slow

PAGES = {
    "/admin/dasbor": "Waktu tunggu per layanan",
    "/admin/dasbor?layar=1": "Menunggu per layanan",
    "/admin/laporan": "Unduh XLSX",
    "/admin/jejak": "Terbaru di atas",
}
"""What a head of a branch opens, and what must be seen there."""
OFFICE = {
    "/admin/dasbor": "Per cabang",
    "/admin/alur?layanan=G": "sedang mengisi",
    "/admin/sistem": "Proses yang mengirim",
}
"""What head office opens besides."""


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with weeks of a branch that end when the product is served."""
    folder = tmp_path_factory.mktemp("weeks")
    config, replace = Config(root=folder), msgspec.structs.replace
    config = replace(
        config,
        store=replace(config.store, url=StoreUrl(f"sqlite:///{folder / 'chika.db'}")),
        documents=replace(config.documents, folder=folder / "documents"),
    )
    asyncio.run(fill(config, [MANADO], 40, 7, FRIDAY_TEN, force=False))
    return folder


@pytest.fixture(scope="module")
def full(weeks: Path) -> Iterator[Live]:
    with live_product(weeks) as live:
        yield live


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_every_page_of_figures_is_for_everybody(
    full: Live, browser: OpenBrowser, script: bool
) -> None:
    for officer, pages in ((BENNY, PAGES), (ADMIN, OFFICE)):
        person = browser(script=script)
        person.sign_in(full.sign_in_link(officer))
        for width in (1366, 360):
            person.narrow(width)
            for page, seen in pages.items():
                person.open(full.url + page)
                person.sees(seen)
                if not script:
                    continue
                assert person.barriers() == [], (page, width)
                assert person.overflow() <= 0, (page, width)
                assert person.small_targets() == [], (page, width)


def test_a_file_is_chosen_and_the_reason_is_asked(full: Live, browser: OpenBrowser) -> None:
    benny = browser()
    benny.sign_in(full.sign_in_link(BENNY))
    benny.open(f"{full.url}/admin/laporan?dari=2026-10-25&sampai=2026-11-20&kolom=nomor&kolom=nik")
    benny.sees("permintaan, masuk 25 Oktober 2026 sampai 20 November 2026")
    benny.click("Dengan nomor lengkap")
    box = benny.driver.find_element(By.ID, "alasan")
    box.send_keys("Diminta pusat")
    benny.driver.execute_script("arguments[0].removeAttribute('minlength')", box)
    box.clear()
    box.send_keys("x")
    benny.click("Unduh CSV lengkap")
    benny.sees("Tulis alasannya")
    assert benny.driver.find_element(By.ID, "alasan").get_attribute("value") == "x"


def test_a_ticket_is_followed_from_the_trail(full: Live, browser: OpenBrowser) -> None:
    benny = browser()
    benny.sign_in(full.sign_in_link(BENNY))
    benny.open(f"{full.url}/admin/jejak")
    benny.fill("tiket", "mnd-g-0001")
    benny.click("Cari")
    benny.sees("Permintaan masuk")
    benny.click("MND-G-0001")
    benny.sees("Pindah faskes")
