"""What is said and what can be pressed: nothing undeclared, nothing unused, nothing too long."""

import re
from pathlib import Path

import pytest

from flows.sentences import SHARED
from flows.words import BUTTONS, EMERGENCY, buttons, is_emergency
from forms.choices import match

FLOWS = Path(__file__).parents[2] / "flows"
SOURCES = {
    path.name: path.read_text(encoding="utf-8")
    for path in FLOWS.glob("*.py")
    if path.name != "sentences.py"
}
PLAIN = "|".join(key for key in SHARED if "." not in key)
KEY = re.compile(rf'"([a-z]+\.[a-z_]+|{PLAIN})"')


def test_every_shared_sentence_is_said_somewhere() -> None:
    code = "\n".join(SOURCES.values())

    assert [key for key in SHARED if f'"{key}"' not in code] == []


def test_every_key_in_the_code_is_declared() -> None:
    said = {key for text in SOURCES.values() for key in KEY.findall(text) if "yaml" not in key}

    assert said - SHARED.keys() == set()


@pytest.mark.parametrize("language", sorted(BUTTONS))
def test_buttons_fit_on_a_button_and_in_a_row(language: str) -> None:
    for option in BUTTONS[language].values():
        assert 0 < len(option.label) <= 20
        assert len(option.row) <= 24


@pytest.mark.parametrize(
    "together",
    [
        ("setuju", "tolak", "rinci"),
        ("simpan", "hapus", "teruskan"),
        ("coba", "lewati", "bantu"),
        ("KIRIM", "UBAH", "SIMPAN"),
        ("baik", "cukup", "kurang"),
    ],
)
def test_each_button_is_picked_by_its_own_label(together: tuple[str, ...]) -> None:
    options = buttons("id", *together)

    assert [match(option.label, options) for option in options] == list(options)


def test_a_language_without_buttons_has_the_indonesian_ones() -> None:
    assert buttons("su", "setuju") == buttons("id", "setuju")


def test_an_emergency_word_counts_as_a_word_only() -> None:
    assert is_emergency("Ibu SESAK, tolong!")
    assert not is_emergency("Jalan Sesakan 5")
    assert all(is_emergency(word) for word in EMERGENCY)
