"""Small scripts for the tests of the replay: written to a folder, loaded, played."""

from pathlib import Path

from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.run import play
from bot.cli.scripts.script import Script, load
from bot.cli.scripts.stage import Theatre

FILES = Path(__file__).parents[1] / "conversations" / "files"
HEAD = "at: 2026-11-24T09:00+08:00\nbranch: KC-MANADO\nsteps:\n"
TO_REVIEW = """\
  - user: G
  - user: G
  - user: setuju
  - user: saya sendiri
  - user: ya
  - user: Siti Aminah
  - user: 7171014703569901
  - user: 7 maret 1956
  - user: "081200000142"
  - user: Puskesmas Sario
  - user: Manado
  - user: ya
  - user: Puskesmas Bahu
  - send: {photo: kk.jpg}
  - send: {photo: kartu.jpg}
"""
FILED = TO_REVIEW + "  - user: KIRIM\n"


def write(folder: Path, text: str, name: str = "s.yaml") -> Path:
    """A script file, with the invented documents beside it."""
    if not (folder / "files").exists():
        (folder / "files").symlink_to(FILES)
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def script(folder: Path, steps: str, head: str = HEAD) -> Script:
    """One script made of *steps*, each line indented by two."""
    [found] = load([write(folder, head + steps)])
    return found


async def outcome(house: Theatre, folder: Path, steps: str, channel: str = "engine") -> Outcome:
    """How such a script goes."""
    return await play(house, script(folder, steps), channel)


async def failure(house: Theatre, folder: Path, steps: str, channel: str = "engine") -> str:
    """The line at which such a script fails, and why; '' when it passes."""
    failed = (await outcome(house, folder, steps, channel)).failure
    if failed is None:
        return ""
    return f"{failed.place.line - HEAD.count(chr(10))}: {failed.problem.why}"
