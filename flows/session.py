"""What is remembered of one chat between turns, and the phases it moves through."""

from datetime import datetime
from typing import Any, Final

import msgspec

from flows.journey import Move
from flows.machines import Shared
from forms.choices import Option


class Put(msgspec.Struct, omit_defaults=True):
    """The question on the table.

    *serial* counts the questions of this chat. *kind* says what is asked, *state* and *item* which
    question of the journey it belongs to, elsewhere *state* is the list or the service. *value* is
    what an answer needs: what a yes would keep, the answers to begin with, the list to go back to,
    the two needs that may be meant. *key* and *values* are the sentence where no flow has it.
    *warned*: an emergency was noticed here already.
    """

    serial: int
    kind: str
    at: datetime
    state: str = ""
    item: int = 0
    options: tuple[Option, ...] = ()
    value: Any = None
    key: str = ""
    values: dict[str, Any] = {}
    warned: bool = False


class Journey(msgspec.Struct, omit_defaults=True):
    """One participant's way through one service.

    *digest* is that of the flow when it was last seen, *submission* names the report that this
    journey may become. *state* is where it stands, '' when only its answers tell. *tries* counts
    refused replies by question. *reuse* has what is still to be used again of earlier requests, by
    the names of ``flows.spec.REUSED``; None until that was decided. *album* is that of the last
    accepted document, which answered *album_state* (item *album_item*). *stale* is set while
    answers of an older form wait to be walked through anew. *given* are the states that were
    answered without a question, of a group for its first item.
    """

    service: str
    digest: str
    submission: str
    touched: datetime
    answers: dict[str, Any] = {}
    given: list[str] = []
    state: str = ""
    item: int = 0
    tries: dict[str, int] = {}
    reuse: dict[str, Any] | None = None
    editing: bool = False
    reminded: bool = False
    album: str = ""
    album_state: str = ""
    album_item: int = 0
    album_full: bool = False
    stale: bool = False


class Correction(msgspec.Struct, omit_defaults=True):
    """Answers of a filed request that an officer asked to correct.

    The journey stands at the one that is asked, and *text* says why. *more* are asked after it:
    why, by ``state:item``. *given* are the states that were answered before.
    """

    ticket: str
    journey: Journey
    text: str = ""
    more: dict[str, str] = {}
    given: list[str] = []


class Ticket(msgspec.Struct, omit_defaults=True):
    """A filed request: still open, served by an officer, ended, or to be rated.

    *ended* is when it did, *rated* that its participant was asked how it was served, *reopened* how
    often the participant had it opened again.
    """

    ticket: str
    service: str
    branch: str = ""
    ended: datetime | None = None
    rated: bool = False
    reopened: int = 0


class Session(msgspec.Struct, omit_defaults=True):
    """Everything about one chat between two turns; JSON in the store.

    *serials* is the last serial given to a question, *journeys* counts the journeys begun,
    *filed* is the serial of the review that was last sent. *known* is what earlier requests said,
    by the names of ``flows.spec.REUSED``. *drafts* are the parked forms by service, the one that
    was named last at the end. *open* are the requests that are not done, a ticket ''
    as long as no officer was heard of it; *ended* are those that ended lately, the last one last.
    *album* is that of the last picture which no album of a form took. *linked* is the branch that
    a link named for the next form. *elsewhere* is the network of the chat where the requests of
    this one go on. *edit_told* and *crowd_told* are when it was last said that
    changed messages are not read, and that no group is served.
    """

    phase: str = "menu"
    met: bool = False
    language: str = "id"
    branch: str = ""
    serials: int = 0
    journeys: int = 0
    filed: int = 0
    put: Put | None = None
    journey: Journey | None = None
    drafts: dict[str, Journey] = {}
    corrections: list[Correction] = []
    serving: list[Ticket] = []
    open: list[Ticket] = []
    ended: list[Ticket] = []
    known: dict[str, Any] = {}
    rating: Ticket | None = None
    timers: list[str] = []
    album: str = ""
    linked: str = ""
    elsewhere: str = ""
    blocked: bool = False
    edit_told: datetime | None = None
    crowd_told: datetime | None = None


ENCODER: Final = msgspec.json.Encoder()
DECODER: Final[msgspec.json.Decoder[Session]] = msgspec.json.Decoder(Session)

PHASES: Final = ("menu", "consent", "filling", "review", "correcting", "serving", "rating")
FORM: Final = ("filling", "review")
"""Phases in which a form is open that is worth keeping."""

MOVES: Final[tuple[tuple[str, str, str], ...]] = (
    ("choose", "menu", "consent"),
    ("agree", "consent", "filling"),
    ("refuse", "consent", "menu"),
    ("resume", "menu", "filling"),
    ("complete", "filling", "review"),
    ("change", "review", "filling"),
    ("file", "review", "menu"),
    ("conclude", "filling", "menu"),
    *(("leave", phase, "menu") for phase in PHASES if phase != "menu"),
    ("serve", "menu", "serving"),
    ("correct", "menu", "correcting"),
    ("correct", "serving", "correcting"),
    ("corrected", "correcting", "menu"),
    ("rate", "menu", "rating"),
    ("rated", "rating", "menu"),
)
"""Every move between phases as (trigger, source, dest); all others are refused."""

MACHINE: Final = Shared("session", PHASES, "phase")
MACHINE.add_transitions([list(move) for move in MOVES])


def shift(session: Session, trigger: str) -> Move:
    """Move the session to another phase; raises `transitions.MachineError` if not listed."""
    source = session.phase
    MACHINE.events[trigger].trigger(session)
    return Move("session", trigger, source, session.phase)
