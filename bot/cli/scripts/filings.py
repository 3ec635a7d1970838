"""What a played script filed: the questions behind each request, and how much was said for it."""

import re
from collections import Counter

import msgspec

from bot.cli.scripts.stage import Stage
from data.instants import from_us
from flows.asking import NO
from flows.journey import At
from flows.moves import REVIEW
from services import requests
from services.refusals import NotFound

TICKET = re.compile(r"\b[A-Z]{3}-[A-Z]{1,2}-\d{4,}\b")

Path = tuple[tuple[str, int], ...]
"""The answered questions of a form in their order: state and item."""


class Filing(msgspec.Struct, frozen=True):
    """One request. *said* are the bot's messages up to the confirmation, from the one before on."""

    service: str
    path: Path
    said: int


async def filings(stage: Stage) -> list[Filing]:
    """The requests of everybody on *stage*, in the order in which they were confirmed."""
    found: dict[str, Filing] = {}
    said: Counter[str] = Counter()
    for message in stage.driver.phones.said:
        said[message.chat] += 1
        for number in TICKET.findall(message.text):
            if number not in found and (filing := await _filing(stage, number, said[message.chat])):
                found[number] = filing
                said[message.chat] = 0
    return list(found.values())


async def _filing(stage: Stage, number: str, said: int) -> Filing | None:
    """None where there is no such request, or where the form would ask for more by now.

    A request does not keep the answers to loop questions; the last one was always no.
    """
    reference = stage.product.reference
    async with stage.store.read() as tx:
        try:
            request = await requests.by_number(tx, number)
        except NotFound:
            return None
    service = stage.product.journeys.services[request.service]
    filed = from_us(request.filed_at).astimezone(reference.branches[request.branch].zone)
    loops = {name: NO for name, state in service.states.items() if state.is_more}
    at = At(service, {**request.answers, **loops}, filed.date(), reference)
    path = tuple(service.walk(at))
    return Filing(request.service, path, said) if at.state == REVIEW else None
