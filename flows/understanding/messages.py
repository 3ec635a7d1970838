"""Labelled messages, ``messages.csv``: in what words people tell each need."""

import csv
from pathlib import Path


def read_messages() -> list[tuple[str, str]]:
    """Label and text of each; ``A+B`` where both are wanted."""
    path = Path(__file__).with_name("messages.csv")
    with path.open(encoding="utf-8", newline="") as rows:
        return [(row["label"], row["text"]) for row in csv.DictReader(rows)]
