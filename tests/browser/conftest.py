"""Browsers and the product they look at."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.officers import Officer
from tests.browser.live import Live, live_product
from tests.browser.person import Person, chromium
from tests.conftest import Require

OpenBrowser = Callable[..., Person]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with live_product(tmp_path) as live:
        yield live


@pytest.fixture
def browser(require: Require, tmp_path: Path) -> Iterator[OpenBrowser]:
    """Opens browsers, each with a profile of its own."""
    found = shutil.which("chromium") and shutil.which("chromedriver")
    require("chromium", found, "chromium and chromedriver are not installed")
    with ExitStack() as opened:
        numbers = iter(range(99))

        def open_browser(*, script: bool = True) -> Person:
            profile = tmp_path / f"profile{next(numbers)}"
            return opened.enter_context(chromium(profile, script=script))

        yield open_browser


@pytest.fixture
def officer(browser: OpenBrowser, live: Live) -> Callable[[Officer], Person]:
    """A browser in which an officer has signed in."""

    def sign(who: Officer) -> Person:
        person = browser()
        person.sign_in(live.sign_in_link(who))
        return person

    return sign


@pytest.fixture(scope="session")
def photo() -> Path:
    """An invented family card."""
    return Path(__file__).parents[1] / "conversations" / "files" / "kk.jpg"
