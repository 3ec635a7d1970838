"""The pages of docs/flows show the machines as they are declared now."""

from pathlib import Path

from bot.cli.diagrams import FOLDER, pages
from flows.load import FlowErrors


def check(root: Path) -> list[str]:
    """The pages that are stale, missing or left over."""
    try:
        made = pages(root)
    except FlowErrors as errors:
        return [f"flows/{problem}" for problem in errors.problems]
    there = {file.stem: file.read_text("utf-8") for file in (root / FOLDER).glob("*.md")}
    stale = [name for name in sorted({*made, *there}) if made.get(name) != there.get(name)]
    return [f"{FOLDER}/{name}.md is stale: python3 bot.py graph" for name in stale]
