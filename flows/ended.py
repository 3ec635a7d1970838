"""Requests of this chat that ended lately: which of them the participant may open again.

`services.reopening` decides; here is only what is worth offering. The button carries its ticket, so
that it works below a result long after newer questions.
"""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from flows.session import Session, Ticket
from flows.talk import Talk
from forms.choices import Option

PREFIX: Final = "buka:"
"""How the value of the button begins; the ticket follows."""


def keep(talk: Talk, ticket: Ticket) -> None:
    """The request *ticket* ended now; what ended too long ago is forgotten."""
    session = talk.session
    session.ended = [one for one in session.ended if _is_lately(talk, one)]
    session.ended.append(replace(ticket, ended=talk.assets.now))


def find(session: Session, ticket: str) -> Ticket | None:
    """What is known of *ticket*, None unless it ended lately."""
    return next((one for one in session.ended if one.ticket == ticket), None)


def is_for_officers(talk: Talk, ticket: Ticket) -> bool:
    """Whether only an officer opens requests of this service again."""
    flow = talk.assets.journeys.flows.get(ticket.service)
    return flow is None or not flow.reopen


def way_back(talk: Talk, ticket: str) -> tuple[Option, ...]:
    """The button that opens *ticket* again, nothing where it would be refused."""
    known = find(talk.session, ticket)
    if (
        known is None
        or is_for_officers(talk, known)
        or not _is_lately(talk, known)
        or known.reopened >= talk.assets.settings.reopen_times
    ):
        return ()
    return tuple(replace(one, value=f"{PREFIX}{ticket}") for one in talk.buttons("buka_lagi"))


def _is_lately(talk: Talk, ticket: Ticket) -> bool:
    ended = ticket.ended or talk.assets.now
    return talk.assets.now < ended + timedelta(days=talk.assets.settings.reopen_days)
