"""Sentences that only name values are told from those that take a parser."""

import pytest
from jinja2 import Environment, meta

from forms.filling import named_only


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Halo.", set()),
        ("Tiket {{ tiket }} di {{ cabang_2 }}.\n{{ tiket }}", {"tiket", "cabang_2"}),
    ],
)
def test_the_values_of_a_sentence_are_those_that_jinja_finds(text: str, names: set[str]) -> None:
    assert named_only(text) == names
    assert meta.find_undeclared_variables(Environment(autoescape=True).parse(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        *("{{ x|jam }}", "{{ x.y }}", "{{ _x }}", "{{ x }", "{{x}}", "{{ x y }}", "{{ 1 }}"),
        *("{% if x %}ya{% endif %}", "{# x #}", "{ {{ x }}", "{{ x }} }}", "{{{ x }}}"),
        *("{{ not }}", "{{ true }}", "{{ none }}", "{{ if }}"),
    ],
)
def test_whatever_may_do_more_takes_a_parser(text: str) -> None:
    assert named_only(text) is None
