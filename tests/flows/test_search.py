"""Plain words in the menu lead to a service."""

import pytest

from bot.config.settings import ROOT
from flows.journey import Journeys
from flows.load import load_all
from flows.search import wanted
from tests.flows.world import Chat

JOURNEYS = Journeys(load_all(ROOT / "flows"))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("mau ganti faskes bu", "G"),
        ("FAKSES saya pindah", "G"),
        ("tolong pindah puskesmass", "G"),
        ("bayi saya baru lahir", "C"),
        ("nama saya salah di kartu", "E"),
        ("apa kabar", ""),
        ("", ""),
        ("x" * 9000, ""),
    ],
)
def test_a_service_is_found_by_its_phrases_in_any_order(said: str, code: str) -> None:
    assert wanted(said, JOURNEYS.flows) == code


def test_words_that_fit_several_services_choose_none() -> None:
    assert wanted("pindah faskes ubah data", JOURNEYS.flows) == ""


def test_a_phrase_in_the_menu_begins_its_service() -> None:
    chat = Chat(JOURNEYS)
    chat.say("halo")

    assert chat.say("mau ganti faskes") == ["persetujuan"]


@pytest.mark.parametrize("greeting", ["halo", "P", "Assalamualaikum, Bu", "selamat pagi min"])
def test_a_greeting_in_the_menu_is_greeted(greeting: str) -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say(greeting) == ["sapa.kembali", "menu.utama"]


def test_a_greeting_with_more_to_say_is_no_greeting() -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say("halo saya mau curhat") == ["menu.ulang"]
