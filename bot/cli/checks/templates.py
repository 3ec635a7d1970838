"""Message templates keep the network's rules, and their sentences those of the voice."""

from pathlib import Path

from bot.texts import lint
from bot.texts.templates import read
from bot.texts.written import templates


def check(root: Path) -> list[str]:
    """What is wrong with the files of bot/texts/templates, each with its line."""
    folder = root / "bot" / "texts" / "templates"
    _, problems = read(folder)
    return [*map(str, problems), *lint.lint(list(templates(root)))]
