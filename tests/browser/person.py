"""Somebody with a Chromium: reads, types, clicks, and waits for what should appear."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 20
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Person:
    """One browser with a profile of its own."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)

    def sign_in(self, link: str) -> None:
        """Use an officer's *link*; what is opened before the queue is there may be lost again."""
        self.open(link)
        self.click("Masuk")
        self.sees("Antrean")

    @property
    def text(self) -> str:
        """Everything that can be read on the page."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def bubbles(self) -> list[str]:
        return [bubble.text for bubble in self.driver.find_elements(By.CSS_SELECTOR, "#log .b")]

    def sees(self, words: str) -> None:
        """Wait until *words* stand on the page."""
        self.until(lambda: words in self.text, f"{words!r} on the page")

    def is_told(self, words: str) -> None:
        """Wait until *words* stand in the newest bubble that is not one's own."""
        self.until(lambda: words in self.bubbles[-1], f"{words!r} in the last bubble")

    def until(self, holds: Callable[[], object], wanted: str) -> None:
        waiting = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05)
        try:
            waiting.until(lambda _: _settled(holds))
        except Exception:
            raise AssertionError(f"not seen: {wanted}; the page says:\n{self.text}") from None

    def click(self, label: str) -> None:
        """Click the button or link whose words begin with, or end with, *label*."""
        self.until(lambda: self._button(label), f"a button {label!r}")
        button = self._button(label)
        try:
            button.click()
        except ElementClickInterceptedException:  # below the box: scroll as a person does
            ActionChains(self.driver).scroll_by_amount(0, 400).perform()
            button.click()

    def write(self, text: str) -> None:
        """Type into the chat's box and send it by the button."""
        box = self.driver.find_element(By.ID, "tulis")
        box.clear()
        box.send_keys(text)
        self.driver.find_element(By.CSS_SELECTOR, "#kirim .utama").click()

    def choose_files(self, *files: Path) -> None:
        """Pick files; with the script they are sent at once."""
        chooser = self.driver.find_element(By.CSS_SELECTOR, "#kirim input[type=file]")
        chooser.send_keys("\n".join(map(str, files)))

    def fill(self, name: str, text: str) -> None:
        self.driver.find_element(By.ID, name).send_keys(text)

    def stay_behind(self) -> None:
        """Hear of nothing new: the page stays as it was drawn."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/peristiwa*"]})
        self.driver.refresh()

    def narrow(self, width: int, height: int = 740) -> None:
        """A telephone's window, which headless Chromium gives only by emulation."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def top(self) -> None:
        """Scroll to the top of the page."""
        self.driver.execute_script("window.scrollTo(0, 0)")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def barriers(self) -> list[str]:
        """What axe-core finds wrong for people with a disability, all its rules."""
        found = Axe().run(self.driver)["violations"]
        return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]

    def small_targets(self, least: int = 44) -> list[str]:
        """Buttons that a finger misses: less than *least* pixels high or wide."""
        buttons = self.driver.find_elements(By.CSS_SELECTOR, "button, summary, .berkas")
        return [
            f"{button.text or button.accessible_name} {size['width']}x{size['height']}"
            for button in buttons
            if button.is_displayed() and min((size := button.size).values()) < least
        ]

    def requested(self) -> set[str]:
        """Every address that this browser asked for since the last call."""
        urls = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.add(message["params"]["request"]["url"])
        return urls

    def _button(self, label: str) -> WebElement:
        return next(b for b in self._buttons() if _is(b.text, label))

    def _buttons(self) -> Sequence[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, "button, summary, a")


@contextmanager
def chromium(folder: Path, *, script: bool = True, **experimental: Any) -> Iterator[Person]:
    """A fresh browser with its profile in *folder*; without *script* pages run none."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (*QUIET, f"--user-data-dir={folder}", "--window-size=1280,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    if not script:
        blocked = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", blocked)
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    try:
        yield Person(driver)
    finally:
        driver.quit()


def _is(shown: str, label: str) -> bool:
    first = shown.split("\n", maxsplit=1)[0].strip()
    return first == label or first.endswith(f". {label}")


def _settled(holds: Callable[[], object]) -> object:
    """*holds*, and False while the page is just being replaced."""
    try:
        return holds()
    except (WebDriverException, StopIteration, IndexError):
        return False
