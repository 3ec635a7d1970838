"""A second need in the same chat: what is known is offered once, and answers what was asked before.

One question before the first one of the form; after it each known value is taken where its question
comes up and still takes it. Until then it waits in the journey, as it was shown.
"""

from collections.abc import Iterator
from typing import Any, Final

from flows import asking, upgrade
from flows.journey import At, State
from flows.known import PARTS
from flows.session import Journey, Put
from flows.talk import Talk
from forms.agreement import yes_or_no
from forms.choices import Option, chosen, not_offered
from forms.fields import Reply

KIND: Final = "known"

TAKEN: Final = {
    "sama": ("peserta", "kontak"),
    "lain": ("kontak",),
    "pakai": ("kontak",),
    "baru": (),
}
"""By the button: the parts of what is known that are used."""


def ask(talk: Talk, journey: Journey) -> bool:
    """Ask whom the request is for, unless that was asked before or nothing fits this form.

    Whether the question is on the table.
    """
    if journey.reuse is not None:
        return False
    shown = {part: ", ".join(_shown(talk, journey, names)) for part, names in PARTS.items()}
    if shown["peserta"]:
        buttons = ("sama", "lain", "baru") if shown["kontak"] else ("sama", "baru")
        talk.put(KIND, "kenal.peserta", talk.buttons(*buttons), shown)
    elif shown["kontak"]:
        values = {"kontak": shown["kontak"]}
        talk.put(KIND, "kenal.kontak", talk.buttons("pakai", "baru"), values)
    else:
        journey.reuse = {}
        return False
    return True


def reply(talk: Talk, journey: Journey, put: Put, said: Reply, picked: Option | None) -> bool:
    """Take what is to be used again; whether the reply decided it."""
    picked = chosen(said, picked, put.options)
    if picked is None and isinstance(said, str):
        picked = _agreed(said, put)
    if picked is None:
        talk.pose("salah.pilihan", not_offered(said, len(put.options)))
        return False
    known = talk.session.known
    names = [name for part in TAKEN[picked.value] for name in PARTS[part]]
    journey.reuse = {name: known[name] for name in names if name in known}
    return True


def fill(talk: Talk, journey: Journey, at: At) -> None:
    """Answer the questions that come up with what is to be used again, as far as it reaches."""
    waiting = journey.reuse
    while waiting and (state := at.service.states.get(at.state)) and _takes(waiting, at, state):
        asking.keep(talk, journey, state, at.item, waiting.pop(_name(state)))
        journey.given.append(state.name)
        talk.moves += at.service.onward(at)


def _takes(waiting: dict[str, Any], at: At, state: State) -> bool:
    """Whether *state* can be answered so. A branch goes with its place, so both or neither."""
    name = _name(state)
    if name not in waiting:
        return False
    if upgrade.fits(state, at, waiting[name]):
        return True
    del waiting[name]
    if name == "kota":
        waiting.pop("cabang", None)
    return False


def _name(state: State) -> str:
    return state.step.reuse if state.step is not None else ""


def _shown(talk: Talk, journey: Journey, names: tuple[str, ...]) -> Iterator[str]:
    """The known values of *names* that this form asks for, as they may be seen."""
    known = talk.session.known
    if known.keys().isdisjoint(names):
        return
    at = talk.at(journey)
    asked: dict[str, State] = {}
    for state in at.service.states.values():
        asked.setdefault(_name(state), state)
    for name in names:
        if name in known and name in asked and upgrade.fits(asked[name], at, known[name]):
            yield _seen(at, asked[name], known[name])


def _seen(at: At, state: State, value: Any) -> str:
    return state.field.show(value, asking.asking_of(state, at))


def _agreed(said: str, put: Put) -> Option | None:
    """The first button for a yes, the last one for a no, where there are two."""
    agreed = yes_or_no(said) if len(put.options) == 2 else None
    return None if agreed is None else put.options[0 if agreed else -1]
