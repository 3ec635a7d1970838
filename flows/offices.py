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
NEAR: Final = 80
"""From here on a name is that of a town with a slip or two, and no other need: 100 is exact."""
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
    if not tell(talk, said, least=0):
        _lay(talk)
        talk.pose("kantor.tidak_ada", {"text": excerpt(said)})


def tell(talk: Talk, said: str, *, least: float = EXACT) -> bool:
    """Tell who serves the town *said*; False where no name of one is like it, from *least* on."""
    towns = _towns(talk, said, least)
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


def _towns(talk: Talk, said: str, least: float) -> Sequence[Place]:
    found = [town for town in talk.assets.facts.find_regencies(said) if town.score >= least]
    exact = [town for town in found if town.score >= EXACT]
    return (exact or found)[:MOST]


def _told(talk: Talk, town: Place) -> dict[str, Any]:
    facts = talk.assets.facts
    first, *other = facts.branches_for(town.code)
    return {
        "kota": town.name,
        "cabang": first.name,
        "jam": facts.hours_text(first.id, talk.today),
        "lain": other[0].name if other else "",
    }
