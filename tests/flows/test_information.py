"""Answers that need no form: whole, sourced, and said with the numbers of their rules."""

import pytest
from msgspec.structs import asdict

from bot.config.settings import ROOT, Disputed
from bot.texts.catalogue import Catalogue
from flows.information import INFORMATION, load
from flows.journey import Journeys
from forms.language import LANGUAGES

CATALOGUE = Catalogue.load(ROOT / "bot" / "texts", Journeys({}), asdict(Disputed()))

ONE = """
denda:
  label: INFO.DENDA
  title: Denda
  say: "Denda {{ persen }}% dari {{ biaya }}."
  source: S3
  date: 2024-07-24
  rules:
    persen: {value: 5, unit: persen, source: S3, date: 2024-07-24}
    biaya: {value: 20000000, unit: rupiah, source: S3, date: 2024-07-24}
"""


def test_numbers_are_said_as_people_write_them() -> None:
    answers, problems = load("information.yaml", ONE)

    assert not problems
    assert answers["denda"].values() == {
        "persen": "5",
        "biaya": {"id": "Rp20.000.000", "en": "Rp20,000,000"},
    }


@pytest.mark.parametrize(
    ("was", "became", "told"),
    [
        ("label:", "lable:", "unknown key 'lable' (did you mean 'label'?)"),
        ("  source: S3\n", "", "denda: 'source' is missing"),
        ("value: 5", "value: lima", "value: Expected"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(was: str, became: str, told: str) -> None:
    _, problems = load("information.yaml", ONE.replace(was, became, 1))

    assert told in str(problems[0])
    assert str(problems[0]).startswith("information.yaml:")


@pytest.mark.parametrize("key", INFORMATION)
def test_every_answer_can_be_said_in_both_languages(key: str) -> None:
    values = INFORMATION[key].values()
    said = {CATALOGUE.render(f"info.{key}", values, language) for language in LANGUAGES}

    assert len(said) == len(LANGUAGES)
    assert not any("{" in text for text in said)
    assert INFORMATION[key].phrases


def test_money_is_written_as_the_language_of_the_chat_writes_it() -> None:
    said = CATALOGUE.render("info.iuran", INFORMATION["iuran"].values(), "en")

    assert "Class 1: Rp150,000" in said


@pytest.mark.parametrize(
    ("key", "setting", "when_set", "otherwise"),
    [
        ("rehab", "rehab_active_after_last", "cicilan terakhir", "cicilan pertama"),
        ("denda", "fine_on_every_stay", "setiap rawat inap", "rawat inap pertama"),
    ],
)
def test_what_sources_disagree_on_is_said_as_set(
    key: str, setting: str, when_set: str, otherwise: str
) -> None:
    for chosen, wanted, unwanted in ((True, when_set, otherwise), (False, otherwise, when_set)):
        disputed = asdict(Disputed()) | {setting: chosen}
        texts = Catalogue.load(ROOT / "bot" / "texts", Journeys({}), disputed)
        said = texts.render(f"info.{key}", INFORMATION[key].values())

        assert wanted in said
        assert unwanted not in said
