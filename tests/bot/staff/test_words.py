"""The sentences of the officers' bot: all are said, and none is missing."""

import re

import pytest

from bot.config.settings import ROOT
from bot.staff.desk import WORDS
from bot.texts.catalogue import shared_sentences

CODE = "".join(path.read_text("utf-8") for path in (ROOT / "bot" / "staff").glob("*.py"))
KEYS = sorted(shared_sentences(WORDS))


@pytest.mark.parametrize("key", KEYS)
def test_every_sentence_is_said(key: str) -> None:
    stem, _, name = key.rpartition(".")
    words = set(re.findall(r'"(\w+)"', CODE))
    if stem:
        assert f'f"{stem}.{{' in CODE or f'"{key}"' in CODE
        return
    verb, _, part = key.rpartition("_")
    assert key in words or (verb in words and f"_{part}" in CODE), name


def test_every_sentence_that_is_said_is_there() -> None:
    for key in re.findall(r'\bword\("([\w.]+)"', CODE):
        assert key in KEYS, key
