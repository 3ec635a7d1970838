"""The documentation names everything there is; run as a module, it writes the generated pages."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.cli import reference
from bot.config.settings import KINDS, variable

COMMANDS = ("python3 bot.py\n", "python3 bot.py test\n")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
CHANNEL = re.compile(r'^CHANNEL = "(\w+)"$', re.MULTILINE)


def check(root: Path) -> list[str]:
    """What is stale, unnamed, or links to nothing."""
    return [*_stale(root), *_readme(root), *_settings(root), *_channels(root), *_links(root)]


def _stale(root: Path) -> Iterator[str]:
    for path, text in reference.pages(root).items():
        place = root / path
        if not place.is_file() or place.read_text("utf-8") != text:
            yield f"{path}: stale; write it with python3 -m bot.cli.checks.docs"


def _readme(root: Path) -> Iterator[str]:
    readme = (root / "README.md").read_text("utf-8")
    for command in COMMANDS:
        if command not in readme:
            yield f"README.md: does not show the command {command.strip()}"


def _settings(root: Path) -> Iterator[str]:
    """Every setting is on its page, which is made from config.yaml and its comments."""
    page = reference.pages(root)["docs/settings.md"]
    for key in KINDS:
        if f"`{variable(key)}`" not in page:
            yield f"config.yaml: {'.'.join(key)} has no line with a default and a comment"


def _channels(root: Path) -> Iterator[str]:
    """Every channel, by the name under which its chats are stored, is on the map."""
    text = (root / "docs" / "architecture.md").read_text("utf-8")
    for module in sorted((root / "bot" / "channels").rglob("*.py")):
        for name in CHANNEL.findall(module.read_text("utf-8")):
            if f"`{name}`" not in text:
                yield f"docs/architecture.md: does not name the channel `{name}`"


def _links(root: Path) -> Iterator[str]:
    """Links between files lead somewhere."""
    for page in (*root.glob("*.md"), *sorted((root / "docs").rglob("*.md"))):
        for target in LINK.findall(page.read_text("utf-8")):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(root)}: links to {target}, which is not there"


if __name__ == "__main__":
    for made, text in reference.pages(Path.cwd()).items():
        Path(made).write_text(text, "utf-8")
