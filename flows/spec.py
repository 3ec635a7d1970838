"""What a service declares: the grammar of a flow file as structs. ``flows.load`` fills them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import msgspec

from forms.language import Language, Words, words

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""The day, month or year of which a fact is: ``2024-07-24``, ``2024-07`` or ``2025``."""

When = dict[str, Any]
"""Conditions by name, all of which must hold: a text, a list of texts, or a comparison."""


DISPUTED: Final = "disputed"
"""What every sentence may name besides its own values: rules on which sources disagree, as set."""

REUSED: Final[Mapping[str, str]] = {
    "nama_pelapor": "name",
    "nama": "name",
    "nik": "nik",
    "tgl_lahir": "date",
    "kk": "kk",
    "kartu": "card",
    "hp": "phone",
    "email": "email",
    "kota": "regency",
    "cabang": "branch",
}
"""What may be known from one request to the next, with the field type of its answers."""


class Source(msgspec.Struct, frozen=True):
    """Where a fact comes from (a key of docs/domain.md) and of which day it is."""

    key: str
    date: Day
    note: str = ""


class Menu(msgspec.Struct, frozen=True):
    """The place of a service in the menu; *row* at most 21 characters, *note* at most 72."""

    order: int
    row: Words
    note: Words = ""


class Rule(msgspec.Struct, frozen=True):
    """A number of JKN: days, months, years or rupiah."""

    value: int | float
    source: str
    date: Day
    unit: str = ""
    note: str = ""
    verified: bool = True


class Paper(msgspec.Struct, frozen=True):
    """A document that a photo step may ask for; *readable* says what must be legible on it."""

    name: Words
    source: str
    date: Day
    readable: Words = ""
    note: str = ""
    verified: bool = True


class Consent(msgspec.Struct, frozen=True):
    """Which kinds of data the consent text names."""

    data: Words


class Prepare(msgspec.Struct, frozen=True):
    """What to have at hand before the first question, and how many minutes it takes."""

    minutes: int
    items: tuple[Words, ...]


class Flag(msgspec.Struct, frozen=True):
    """Something the officer must look at when the condition holds for the filed answers.

    An *urgent* one puts the request before all others of its branch that are not. *row* are the few
    words that lists of requests have for it; '' for what holds for most requests of the service.
    """

    when: When
    say: str
    urgent: bool = False
    row: str = ""


class Check(msgspec.Struct, frozen=True):
    """A point that the officer checks before a request is finished, where the condition holds.

    *of* are the states of the answers and documents that it is about: when one of them is corrected
    it is checked anew. *source* is where a rule says so.
    """

    say: str
    of: tuple[str, ...] = ()
    when: When = {}
    source: Source | None = None


class Step(msgspec.Struct, frozen=True):
    """One question. *params* are the settings of its field type.

    *was* is an earlier name, under which answers may still be stored. *reuse* names what the answer
    is known as when somebody begins another service (one of `REUSED`), '' when it is not kept.
    """

    name: str
    type: str
    ask: Words
    hint: Words = ""
    help: Words = ""
    again: Words = ""
    label: Words = ""
    when: When = {}
    optional: bool = False
    skippable: bool = True
    was: str = ""
    reuse: str = ""
    params: Any = None


class Group(msgspec.Struct, frozen=True):
    """Questions asked once per item; *more* asks whether there is another item."""

    name: str
    more: Words
    steps: tuple[Step, ...]
    min: int = 1
    max: int = 20
    label: Words = ""
    more_label: Words = ""
    when: When = {}


class Result(msgspec.Struct, frozen=True):
    """Where a journey ends early: *result* is referral, not_yet or not_eligible.

    *next* are the codes of services that are offered with the advice.
    """

    name: str
    result: str
    say: Words
    source: Source
    when: When = {}
    next: tuple[str, ...] = ()


Entry = Step | Group | Result


class Closing(msgspec.Struct, frozen=True):
    """What is said below the ticket when the condition holds for the filed answers."""

    when: When
    say: Words
    source: Source


class Case(msgspec.Struct, frozen=True):
    """A sub-case that plain words may name: its search *phrases*, and the *answers* they give.

    The answers are options of choices, by the names of their steps. *label* names it in the figures
    of the understanding where that is not ``<code>.<name>``.
    """

    phrases: tuple[str, ...]
    label: str = ""
    answers: Mapping[str, str] = {}


class Opening(msgspec.Struct, frozen=True):
    """What is said before consent is asked for, where *when* holds for what was given by then."""

    say: Words
    when: When = {}


class Flow(msgspec.Struct, frozen=True):
    """A service as its file declares it.

    The first *closing* that applies is said below the ticket.
    *label* names it in the figures of the understanding where that is not the code.
    *rate* says whether its participant is asked how it was served, *reopen* whether the participant
    may have an ended request opened again; otherwise only an officer may.
    *languages* are those in which everything is said to the participant. *digest* changes whenever
    the steps do; *uses* lists the values that each sentence names.
    """

    code: str
    title: Words
    menu: Menu
    source: Source
    label: str = ""
    phrases: tuple[str, ...] = ()
    cases: Mapping[str, Case] = {}
    languages: tuple[Language, ...] = ("id",)
    opening: Opening | None = None
    rules: Mapping[str, Rule] = {}
    documents: Mapping[str, Paper] = {}
    consent: Consent = Consent("")
    prepare: Prepare = Prepare(5, ())
    derive: Mapping[str, Mapping[str, Any]] = {}
    flags: Mapping[str, Flag] = {}
    checklist: Mapping[str, Check] = {}
    closing: Mapping[str, Closing] = {}
    rate: bool = True
    reopen: bool = True
    report: str = ""
    steps: tuple[Entry, ...] = ()
    digest: str = ""
    uses: Mapping[str, tuple[str, ...]] = {}

    def questions(self) -> Iterator[tuple[str, Step]]:
        """Every question with the name of its state, without the loop questions."""
        for entry in self.steps:
            if isinstance(entry, Step):
                yield entry.name, entry
            elif isinstance(entry, Group):
                for step in entry.steps:
                    yield f"{entry.name}.{step.name}", step

    @property
    def branch_step(self) -> str:
        """The name of the step whose answer is the branch that serves the request."""
        return next((name for name, step in self.questions() if step.type == "branch"), "")

    def sentences(self) -> Iterator[tuple[str, Words]]:
        """Every sentence of this service with its key after the code, such as ``step.nik.ask``."""
        if self.opening:
            yield "opening", self.opening.say
        for state, step in self.questions():
            yield f"step.{state}.ask", _lines(step.ask, step.hint)
            for part in ("help", "again"):
                if sentence := getattr(step, part):
                    yield f"step.{state}.{part}", sentence
        for entry in self.steps:
            if isinstance(entry, Group):
                yield f"step.{entry.name}.more.ask", entry.more
            elif isinstance(entry, Result):
                yield f"result.{entry.name}", entry.say
        for name, closing in self.closing.items():
            yield f"closing.{name}", closing.say


def _lines(ask: Words, hint: Words) -> Words:
    """The question with its hint below, in every language that either has."""
    if not hint:
        return ask
    if isinstance(ask, str) and isinstance(hint, str):
        return f"{ask.rstrip()}\n{hint}"
    languages = {key for part in (ask, hint) if isinstance(part, dict) for key in part}
    return {
        language: f"{words(ask, language).rstrip()}\n{words(hint, language)}"
        for language in sorted(languages | {"id"})
    }
