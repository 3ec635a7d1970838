"""Answers that need no form: whole, sourced, and said with the numbers of their rules."""

import pytest

from bot.config.settings import ROOT
from bot.texts.catalogue import Catalogue
from flows.information import INFORMATION, load
from flows.journey import Journeys

CATALOGUE = Catalogue.load(ROOT / "bot" / "texts", Journeys({}))

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
    assert answers["denda"].values() == {"persen": "5", "biaya": "Rp20.000.000"}


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
def test_every_answer_can_be_said(key: str) -> None:
    said = CATALOGUE.render(f"info.{key}", INFORMATION[key].values())

    assert said
    assert "{{" not in said
    assert INFORMATION[key].phrases
