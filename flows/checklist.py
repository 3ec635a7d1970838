"""The checklist of a filed request: which points of its service apply to its answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.assets import Facts
from flows.journey import At, Service
from flows.moves import REVIEW


def points(
    service: Service, answers: Mapping[str, Any], today: date, facts: Facts
) -> tuple[str, ...]:
    """The names of the points that an officer checks for *answers*, in the order of the file."""
    at = At(service, dict(answers), today, facts, REVIEW)
    return tuple(name for name, holds in service.checks.items() if holds(at))


def about(service: Service, state: str) -> tuple[str, ...]:
    """The points that a correction of *state* makes to be checked anew."""
    checklist = service.flow.checklist
    return tuple(name for name, point in checklist.items() if state in point.of)
