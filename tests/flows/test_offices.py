"""An office by the name of a town: asked in the menu, or simply written there."""

import pytest

from tests.flows.world import Chat, SmallFacts, Town

TOLD = {
    "kota": "Kota Manado",
    "cabang": "Manado",
    "jam": "Senin-Jumat, 08.00-17.00 WITA",
    "lain": "",
}


def test_the_row_asks_for_a_town_and_takes_the_answer() -> None:
    chat = Chat()
    chat.say("halo")
    assert chat.say("5") == ["info.lokasi"]

    assert chat.say("manado") == ["kantor.kota"]
    assert chat.says[0].values == TOLD
    assert len(chat.options) == 7, "the menu can go on being used"


def test_a_town_that_is_not_found_is_asked_for_again() -> None:
    chat = Chat()
    chat.say("halo", "5")

    assert chat.say("xyzzy") == ["kantor.tidak_ada"]
    assert chat.say("Manado") == ["kantor.kota"]


@pytest.mark.parametrize(
    ("said", "score", "told"),
    [
        ("menado", 82, "kantor.kota"),
        ("kota mandao", 82, "kantor.kota"),
        ("kantor mana", 70, "kantor.kota"),
        ("kantor mana", None, "kantor.tidak_ada"),
    ],
)
def test_a_name_with_a_slip_is_found_and_the_question_is_never_only_repeated(
    said: str, score: float | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    towns = [] if score is None else [Town("7171", "Kota Manado", score)]
    monkeypatch.setattr(SmallFacts, "find_regencies", lambda self, text: towns)
    chat = Chat()
    chat.say("halo", "5")

    assert chat.say(said) == [told]


def test_a_need_is_no_town_that_is_a_little_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = [Town("1901", "Kab. Bangka Barat", 79)]
    monkeypatch.setattr(SmallFacts, "find_regencies", lambda self, text: towns)
    chat = Chat()
    chat.say("halo", "5")

    assert chat.say("makasih ya") == ["obrolan.terima_kasih"]


def test_after_another_row_nobody_is_asked_for_a_town_any_more() -> None:
    chat = Chat()
    chat.say("halo", "5", "6")

    assert chat.say("xyzzy") == ["menu.ulang"]


@pytest.mark.parametrize("said", ["manado", "kantor bpjs di manado"])
def test_a_town_in_the_menu_is_enough(said: str) -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say(said) == ["kantor.kota"]


def test_another_need_than_a_town_is_heard_too() -> None:
    chat = Chat()
    chat.say("halo", "5")

    assert chat.say("g")[-1] == "persetujuan"
