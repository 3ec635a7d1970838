"""Where the open forms of a chat stand: for counts of people by question, never for a turn."""

from collections.abc import Iterator
from datetime import date

from flows.assets import Facts
from flows.journey import At, Journeys
from flows.session import FORM, Journey, Session


def standing(
    session: Session, journeys: Journeys, facts: Facts, today: date
) -> Iterator[tuple[str, str]]:
    """Service and state of the form that is open and of those put aside.

    One of a service that is gone stands nowhere.
    """
    if session.journey is not None and session.phase in FORM:
        yield from _standing(session.journey, journeys, facts, today)
    for journey in session.drafts.values():
        yield from _standing(journey, journeys, facts, today)


def _standing(
    journey: Journey, journeys: Journeys, facts: Facts, today: date
) -> Iterator[tuple[str, str]]:
    service = journeys.services.get(journey.service)
    if service is None:
        return
    at = At(service, journey.answers, today, facts)
    service.walk(at)
    yield journey.service, at.state
