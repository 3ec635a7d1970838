"""Take the pictures of the documentation: ``python -m tests.browser.pictures [FOLDER]``.

The product is served here with invented people, and looked at with Chromium.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.browser.live import Live, live_product
from tests.browser.person import Person, chromium
from tests.browser.service_g import click_through
from tests.desk import RINA

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PHOTO = Path(__file__).parents[1] / "conversations" / "files" / "kk.jpg"
WIDE, NARROW = (1000, 760), (360, 740)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work, live_product(Path(work)) as live:
        with browser(Path(work) / "first", NARROW) as siti:
            siti.open(f"{live.url}/chat")
            number = click_through(siti, PHOTO)
            take(siti, folder / "chat-360.png")
        with browser(Path(work) / "second", WIDE) as budi:
            budi.open(f"{live.url}/chat")
            budi.sees("Selamat pagi")
            take(budi, folder / "chat.png")
            click_through(budi, PHOTO)
        for name, shape in (("console", WIDE), ("console-360", NARROW)):
            with browser(Path(work) / name, shape) as rina:
                rina.sign_in(live.sign_in_link(RINA))
                serve(live, rina, number, folder, narrow=shape == NARROW)


def serve(live: Live, rina: Person, number: str, folder: Path, *, narrow: bool) -> None:
    """Look at the queue, take a request and look at it."""
    rina.sees("MND-G-")
    take(rina, folder / ("console-360.png" if narrow else "console-queue.png"))
    if not narrow:
        rina.open(f"{live.url}/admin/tiket/{number}")
        rina.click("Ambil")
        rina.sees("Dipegang Anda")
        rina.fill("balasan", "Sedang kami proses, Bu.")
        rina.click("Kirim")
        rina.sees("Membalas peserta")
        rina.top()
        take(rina, folder / "console-ticket.png")


@contextmanager
def browser(profile: Path, shape: tuple[int, int]) -> Iterator[Person]:
    with chromium(profile) as person:
        person.narrow(*shape)
        yield person


def take(person: Person, path: Path) -> None:
    """Save what the window shows, in few colours."""
    person.driver.save_screenshot(str(path))
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
