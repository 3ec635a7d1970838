"""Answers that come with the choice of a service: a row of a menu may have said them already."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows import asking, upgrade
from flows.session import Journey
from flows.talk import Talk

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def give(talk: Talk, journey: Journey, given: Mapping[str, str]) -> None:
    """Answer the questions of a journey that begins; what its form does not take is left out.

    *given* has values by the names of states. They stand in the review like every answer.
    """
    if not given:
        return
    at = talk.at(journey)
    for name, value in given.items():
        at.state = name
        state = at.service.states.get(name)
        if state is not None and upgrade.fits(state, at, value):
            asking.record(journey, state, at.item, value)
            journey.given.append(name)
