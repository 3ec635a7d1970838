"""Somebody who reads English is offered, shown and understood in English."""

from datetime import date
from typing import Any

import msgspec
import pytest

from forms.choices import Option
from forms.fields import FIELDS, Invalid, Offer, Read, Unsure
from forms.language import LANGUAGES, words
from forms.types import place
from tests.forms.asked import asking, value


def english(type_name: str, answers: dict[str, Any] | None = None, **params: Any) -> Any:
    own = asking(type_name, answers, **params)
    return own.__class__(own.params, own.answers, own.today, own.facts, "en")


def labels(options: tuple[Option, ...]) -> list[str]:
    return [option.label for option in options]


def test_buttons_that_belong_to_no_place_are_translated() -> None:
    regency, branch = FIELDS["regency"], FIELDS["branch"]

    assert labels(regency.options(english("regency"))) == ["Choose a province"]
    found = regency.read("bogor", english("regency"))
    assert isinstance(found, Offer)
    assert labels(found.options)[-2:] == ["None of these", "Choose a province"]
    own = english("branch", {"kota": "7171"}, **{"from": "kota"})
    assert labels(branch.options(own)) == ["Yes, right", "Change"]
    assert branch.read("yes", own) == Read("KC-MANADO")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_fits(language: str) -> None:
    named = {
        key: own for key, own in vars(place).items() if isinstance(own, dict) and key.isupper()
    }

    assert len(named) == 8
    assert all(0 < len(words(own, language)) <= 20 for own in named.values())


def test_dates_and_money_are_written_out_in_english() -> None:
    own = english("date")

    assert FIELDS["date"].show("1956-03-27", own) == "27 March 1956"
    unsure = FIELDS["date"].read("27/3/56", own)
    assert isinstance(unsure, Unsure)
    assert words(unsure.values["date"], "en") == "27 March 1956"
    with pytest.raises(Invalid) as refused:
        FIELDS["date"].read("30 february 1990", own)
    assert refused.value.values == {"text": "30 February"}
    assert FIELDS["money"].show(4_500_000, english("money")) == "Rp4,500,000"


def test_options_of_a_choice_are_those_of_the_language() -> None:
    options = {"anak": {"label": {"id": "Anak", "en": "Child"}}, "sim": {"label": "SIM"}}
    own = english("choice", options=options)

    assert labels(FIELDS["choice"].options(own)) == ["Child", "SIM"]
    assert FIELDS["choice"].read("child", own) == Read("anak")
    assert FIELDS["choice"].show("anak", own) == "Child"
    assert labels(FIELDS["yes_no"].options(english("yes_no"))) == ["Yes", "No"]


def test_an_option_may_not_mean_another_one_in_any_language() -> None:
    options = {"anak": {"label": {"id": "Anak", "en": "Child"}}, "child": {"label": "Bayi"}}

    with pytest.raises(msgspec.ValidationError):
        asking("choice", options=options)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("March 27, 1956", date(1956, 3, 27)),
        ("27th of March 1956", date(1956, 3, 27)),
        ("born on 1st august 1990", date(1990, 8, 1)),
        ("2 december 1990", date(1990, 12, 2)),
    ],
)
def test_dates_are_read_as_english_people_write_them(text: str, day: date) -> None:
    assert value("date", text) == day.isoformat()


def test_numbers_and_agreement_are_understood() -> None:
    assert value("money", "4 million") == 4_000_000
    assert value("yes_no", "correct") == "ya"
    assert value("yes_no", "not right") == "tidak"
    assert value("choice", "two", options={"a": {"label": "X"}, "b": {"label": "Y"}}) == "b"
