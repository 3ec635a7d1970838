"""Requests of this chat that are not done yet: noticed when somebody wants the same again."""

from collections.abc import Mapping
from typing import Final

from flows import ended
from flows.events import Desk
from flows.session import Session, Ticket
from flows.talk import Talk

KIND: Final = "once_more"

ENDS: Final = frozenset({"finished", "refused", "expired", "withdrawn"})
"""What ends a request."""
LOST: Final = frozenset({"expired", "withdrawn"})
"""What ends it so that nobody opens it again from the chat."""


def filed(session: Session, service: str, branch: str) -> None:
    """A request was filed; its ticket is not known before an officer does something with it."""
    session.open.append(Ticket("", service, branch))


def heard(talk: Talk, event: Desk) -> None:
    """Something was done with a request: it is open, or it is not any more."""
    session = talk.session
    known = [one for one in session.open if one.ticket == event.ticket]
    unnamed = [one for one in session.open if (one.ticket, one.service) == ("", event.service)]
    for one in (known or unnamed)[:1]:
        session.open.remove(one)
    ticket = Ticket(event.ticket, event.service, event.branch)
    if before := known[0] if known else ended.find(session, event.ticket):
        ticket.rated, ticket.reopened = before.rated, before.reopened
    session.ended = [one for one in session.ended if one.ticket != event.ticket]
    if event.action not in ENDS:
        session.open.append(ticket)
    elif event.action not in LOST:
        ended.keep(talk, ticket)
    if event.action == "reopened":
        ticket.reopened += not event.officer
        ticket.rated |= before is None  # it ended so long ago that nobody knows


def ask(talk: Talk, code: str, given: Mapping[str, str]) -> bool:
    """Tell how an open request of service *code* stands, and ask whether to file another.

    *given* are the answers to begin with. Whether there is such a request.
    """
    tickets = [one.ticket for one in talk.session.open if one.service == code]
    if not tickets:
        return False
    talk.tell_status(tickets[-1], code)
    values = {"judul": talk.title(code)}
    options = talk.buttons("satu_lagi", "menu")
    talk.put(KIND, "tiket.masih", options, values, state=code, value=dict(given))
    return True
