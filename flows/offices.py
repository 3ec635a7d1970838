"""The office that serves a town: asked for in the menu, told from the reference facts."""

from collections.abc import Sequence
from typing import Any, Final

from flows import questions
from flows.assets import Place
from flows.information import INFORMATION
from flows.talk import Talk
from forms.cleaning import excerpt

ANSWER: Final = "lokasi"
"""The answer of ``information.yaml`` that asks for a town."""
EXACT: Final = 100
MOST: Final = 3
"""Towns told at once, where a name may mean several."""


def ask(talk: Talk) -> None:
    """Ask for the town; the menu stays on the table and can be used instead."""
    _lay(talk)
    talk.pose(f"info.{ANSWER}", INFORMATION[ANSWER].values())


def _lay(talk: Talk) -> None:
    if (put := talk.session.put) is not None and put.kind == "menu":
        put.value = ANSWER


def was_asked(talk: Talk) -> bool:
    """Whether the last question was for a town; it is answered by what comes now."""
    put = talk.session.put
    asked = put is not None and put.kind == "menu" and put.value == ANSWER
    if put is not None and asked:
        put.value = None
    return asked


def tell_asked(talk: Talk, said: str) -> None:
    """Tell who serves the town *said*, or ask again."""
    if towns := _towns(talk, said, sure=False):
        _tell(talk, towns)
    else:
        _lay(talk)
        talk.pose("kantor.tidak_ada", {"text": excerpt(said)})


def tell(talk: Talk, said: str) -> bool:
    """Tell who serves the town *said*; False where it is the name of none."""
    towns = _towns(talk, said, sure=True)
    if towns:
        _tell(talk, towns)
    return bool(towns)


def _tell(talk: Talk, towns: Sequence[Place]) -> None:
    *others, last = [_told(talk, town) for town in towns]
    for values in others:
        talk.say("kantor.kota", **values)
    put = talk.session.put
    if put is not None and put.kind == "menu":
        talk.pose("kantor.kota", last)
    else:
        talk.say("kantor.kota", **last)
        questions.main_menu(talk)


def _towns(talk: Talk, said: str, *, sure: bool) -> Sequence[Place]:
    found = talk.assets.facts.find_regencies(said)
    exact = [town for town in found if town.score >= EXACT]
    return (exact if exact or sure else found)[:MOST]


def _told(talk: Talk, town: Place) -> dict[str, Any]:
    facts = talk.assets.facts
    first, *other = facts.branches_for(town.code)
    return {
        "kota": town.name,
        "cabang": first.name,
        "jam": facts.hours_text(first.id, talk.today),
        "lain": other[0].name if other else "",
    }
