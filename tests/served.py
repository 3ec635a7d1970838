"""``python3 bot.py serve`` as a process of its own, and people who use it with plain browsers."""

import html
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from bot.config.settings import ROOT

SOON = 30.0
"""Seconds within which anything that is waited for must happen."""

FILES = ROOT / "tests" / "conversations" / "files"

FILING_E = (
    *("halo", "E", "setuju", "data saya", "bayar sendiri", "ya", "Siti Aminah"),
    *("7171014703569901", "07-03-1956", "nik", "7171014703569902", "tidak", "081200000142"),
    *("Kota Manado", "ya", FILES / "ktp.jpg", FILES / "kk.jpg", "lewati", "kirim"),
)
"""All that a participant types and sends to file a request of service E at KC-MANADO."""


class Served:
    """A serving process; its output is kept in files of *folder*, *after* closes its browsers."""

    def __init__(
        self,
        folder: Path,
        number: int,
        arguments: list[str],
        env: dict[str, str],
        after: ExitStack,
    ) -> None:
        self._after = after
        self.out = folder / f"out{number}.txt"
        self.err = folder / f"err{number}.txt"
        given = {
            "PATH": "/usr/bin:/bin",
            "CHIKA_WEB_SECRET": "only for tests, only for tests, only",
            "CHIKA_DOCUMENTS_FOLDER": str(folder / "documents"),
            "CHIKA_QUEUE_CLAIMS_OUTSIDE_HOURS": "true",
            **env,
        }
        with self.out.open("w") as out, self.err.open("w") as err:
            command = [
                sys.executable,
                "-c",
                "from bot.cli import main; main()",
                "serve",
                *arguments,
            ]
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=out, stderr=err)

    @property
    def told(self) -> str:
        return self.out.read_text()

    @property
    def complained(self) -> str:
        return self.err.read_text()

    def ready(self) -> "Served":
        """Wait until it says where it is."""
        wait_for(lambda: "Ctrl+C stops" in self.told or self.process.poll() is not None)
        assert self.process.poll() is None, self.complained
        return self

    @property
    def url(self) -> str:
        found = re.search(r"Chat +(http://localhost:\d+)/chat", self.told)
        assert found is not None, self.told
        return found[1]

    @property
    def link(self) -> str:
        """The one-time link, '' when none was printed."""
        found = re.search(r"(http\S+/admin/masuk\?kunci=\S+)", self.told)
        return found[1] if found else ""

    def browser(self, cookies: httpx.Cookies | None = None) -> "Browser":
        """A browser on the page of the chat; with *cookies* that of somebody who was here."""
        browser = Browser(self.url, cookies)
        self._after.callback(browser.client.close)
        return browser.open()

    def officer(self) -> "Officer":
        """The first admin's browser, signed in with the link that was printed."""
        officer = Officer(self.link)
        self._after.callback(officer.client.close)
        return officer

    def end(self, signal: int) -> int:
        """Send *signal* and wait for the exit code."""
        self.process.send_signal(signal)
        return self.process.wait(SOON)


@contextmanager
def serving(folder: Path) -> Iterator["Starts"]:
    """Start processes whose store is in *folder*; those that still live are ended."""
    with ExitStack() as after:
        starts = Starts(folder, after)
        try:
            yield starts
        finally:
            for served in starts.all:
                if served.process.poll() is None:
                    served.process.kill()
                    served.process.wait()


class Starts:
    """Starts serving processes."""

    def __init__(self, folder: Path, after: ExitStack) -> None:
        self._folder = folder
        self._after = after
        self.all: list[Served] = []

    def __call__(self, *arguments: str, store: str = "", **env: str) -> Served:
        url = store or f"sqlite:///{self._folder / 'chika.db'}"
        given = ["--store", url, *arguments]
        if "--port" not in arguments:
            given += ["--port", "0"]
        self.all.append(Served(self._folder, len(self.all), given, env, self._after))
        return self.all[-1]


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until *condition()* holds, at most `SOON`."""
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class Browser:
    """A browser without JavaScript on the page of the chat."""

    def __init__(self, url: str, cookies: httpx.Cookies | None) -> None:
        self.client = httpx.Client(
            base_url=url, follow_redirects=True, trust_env=False, cookies=cookies, timeout=SOON
        )
        self.page = ""

    def open(self) -> "Browser":
        """Load the page, and again while an answer is under way."""

        def settled() -> bool:
            self.page = self.client.get("/chat").text
            return "Sebentar…" not in self.page

        wait_for(settled)
        return self

    def say(self, *things: str | Path) -> "Browser":
        """Type or send one after the other, each when the answer to the one before is there."""
        for thing in things:
            [nonce, *_] = re.findall(r'name="nonce" value="([^"]+)"', self.page)
            if isinstance(thing, Path):
                sent = {"file": (thing.name, thing.read_bytes(), "image/jpeg")}
                self.client.post("/chat", data={"nonce": nonce}, files=sent)
            else:
                self.client.post("/chat", data={"nonce": nonce, "text": thing})
            self.open()
        return self

    @property
    def bubbles(self) -> list[str]:
        found = re.findall(r'<div class="b[^>]*>(.*?)</div>', self.page, re.DOTALL)
        return [html.unescape(re.sub(r"<[^>]+>", "", bubble)) for bubble in found]


class Officer:
    """A browser in the console."""

    def __init__(self, link: str) -> None:
        site, _, key = link.partition("/admin/masuk?kunci=")
        self.client = httpx.Client(
            base_url=site, follow_redirects=True, trust_env=False, timeout=SOON
        )
        assert self.client.get(f"/admin/masuk?kunci={key}").status_code == 200
        self.page = self.client.post("/admin/masuk", data={"kunci": key}).text

    def act(self, number: str, action: str, **fields: str) -> str:
        """Do something on the page of a ticket, with the form that stands there."""
        page = self.client.get(f"/admin/tiket/{number}").text
        tokens = {name: hidden(page, name)[0] for name in ("csrf", "dilihat")}
        assert re.search(f'action="/admin/tiket/{number}/{action}["#]', page), action
        answer = self.client.post(f"/admin/tiket/{number}/{action}", data={**tokens, **fields})
        assert answer.status_code == 200, answer.text
        return answer.text

    def tick_all(self, number: str) -> None:
        """Tick the whole checklist of a ticket."""
        for point in unticked(self.client.get(f"/admin/tiket/{number}").text):
            self.act(number, "periksa", periksa=point)


def unticked(page: str) -> list[str]:
    """The points of a checklist that can be ticked."""
    return re.findall(r'name="periksa" value="([^"]+)"', page)


def hidden(page: str, name: str) -> list[str]:
    """The values of a page's hidden fields *name*."""
    return re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', page)
