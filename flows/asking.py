"""A question of a journey: how it is worded, what it offers, how its answer is read and kept."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import date
from functools import partial
from typing import Any, Final

from flows import papers
from flows.facts import Line
from flows.journey import At, State, is_skipped
from flows.moves import MORE
from flows.session import Journey
from flows.spec import Group, Step
from flows.talk import Talk
from forms.choices import Option
from forms.fields import Asking
from forms.language import LANGUAGES, Words, in_each, words
from forms.types.document import is_open, is_promised, is_unclear, pages
from forms.wording import plain_date, rupiah

YES: Final = "ya"
NO: Final = "tidak"


def asking_of(state: State, at: At) -> Asking:
    """What the field type may know when it reads or shows the answer of *state*."""
    return Asking(state.params, at.reach(), at.today, at.facts, at.language)


def value_at(state: State, at: At) -> Any:
    """The stored answer, None where there is none."""
    if state.is_more:
        another = at.item + 1 < len(at.answers.get(state.group_name, ()))
        return YES if another else at.answers.get(state.name)
    if state.group is not None:
        return at.item_of(state.group_name).get(state.entry.name)
    return at.answers.get(state.name)


def open_document(state: State, at: At) -> Any:
    """The document of this question to which more pages may come one by one, None without one."""
    if not state.is_photo:
        return None
    value = value_at(state, at)
    return value if is_open(value) else None


def shown(state: State, at: At) -> str:
    """The stored answer as the participant may see it; '' where nothing was filled in."""
    return _as_shown(state, at, value_at(state, at))


def _as_shown(state: State, at: At, value: Any) -> str:
    if value is None or is_skipped(value):
        return ""
    return state.field.show(value, asking_of(state, at))


def record(journey: Journey, state: State, item: int, value: Any) -> None:
    """Keep *value* as the answer of *state*; a yes to the loop question opens the next item."""
    answers = journey.answers
    if state.group is None:
        answers[state.name] = value
        return
    items = answers.setdefault(state.group_name, [])
    if state.is_more and value == YES:
        answers.pop(state.name, None)
        if item + 1 == len(items):
            items.append({})
    elif state.is_more:
        del items[item + 1 :]
        answers[state.name] = value
    else:
        items.extend({} for _ in range(item + 1 - len(items)))
        items[item][state.entry.name] = value


def keep(talk: Talk, journey: Journey, state: State, item: int, value: Any) -> None:
    """As `record`; a branch is from now on the one whose clock counts."""
    record(journey, state, item, value)
    if state.step is not None and state.step.type == "branch" and isinstance(value, str):
        talk.session.branch = value


def forget(journey: Journey, at: At, names: Iterable[str]) -> None:
    """Drop the answers to the steps *names* within reach of the present question."""
    group, inside, _ = at.state.partition(".")
    for name in names:
        if inside and name in at.item_of(group):
            del at.item_of(group)[name]
        else:
            journey.answers.pop(name, None)


def label(state: State, item: int, language: str = "id") -> str:
    """The name of an answer in lists, '' when it is not listed: ``Perubahan 2 · Nama``."""
    if state.is_more and isinstance(state.entry, Group):
        return words(state.entry.more_label or state.entry.more, language).rstrip("?")
    own = words(state.step.label, language) if state.step else ""
    if not own or state.group is None:
        return own
    group = words(state.group.label, language)
    return f"{group} {item + 1} · {own}" if group else own


def lines(talk: Talk, at: At, path: Iterable[tuple[str, int]]) -> list[tuple[Line, str, int]]:
    """The listed answers of a path: each line with its state and item."""
    found: list[tuple[Line, str, int]] = []
    for name, item in path:
        state = at.service.states[name]
        at.state, at.item = name, item
        value = value_at(state, at)
        title = label(state, item, talk.session.language)
        if title and not (state.is_more and value == YES):
            found.append((Line(len(found) + 1, title, _as_shown(state, at, value)), name, item))
    return found


def reported(at: At, path: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """The answers of a path in form order, without the loop questions."""
    report: dict[str, Any] = {}
    for name, item in path:
        state = at.service.states[name]
        at.item = item
        if state.group is None:
            report[name] = at.answers[name]
        elif not state.is_more:
            items = report.setdefault(state.group_name, [])
            items.extend({} for _ in range(item + 1 - len(items)))
            items[item][state.entry.name] = at.item_of(state.group_name)[state.entry.name]
    return report


def sentence(at: At, key: str) -> tuple[str, dict[str, Any]]:
    """The full key of a service's sentence and the values that it names, as they may be shown."""
    flow = at.service.flow
    named = flow.uses.get(key)
    return f"{flow.code}.{key}", {name: _said(at, name) for name in named} if named else {}


def lasting(at: At, key: str) -> tuple[str, dict[str, Words]]:
    """As `sentence`, in every language: for what is said again when the journey is gone."""
    said: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        here = copy(at)
        here.language = language
        full_key, said[language] = sentence(here, key)
    named = at.service.flow.uses.get(key, ())
    return full_key, {name: in_each(partial(_value, said, name)) for name in named}


def _value(said: Mapping[str, Mapping[str, str]], name: str, language: str) -> str:
    return said[language][name]


def question(at: At, number: str) -> tuple[str, dict[str, Any]]:
    """The wording of the present question; *number* is shown as ``Langkah 3``."""
    state = at.service.states[at.state]
    if value := open_document(state, at):
        title = label(state, at.item, at.language)
        return "foto.halaman", {"judul": title, "ada": len(pages(value))}
    key, values = sentence(at, f"step.{at.state}.ask")
    values.update(state.field.values(asking_of(state, at)))
    values["langkah"] = number
    if state.is_photo:
        values.update(_of_paper(state, at))
    return key, values


def _of_paper(state: State, at: At) -> dict[str, Any]:
    """What stands above and below a question for a document: its place, what must be legible."""
    place, count = papers.place(at)
    counted = {"berkas": place, "dari": count} if count > 1 else {"berkas": "", "dari": ""}
    return {**counted, "terbaca": papers.readable(at)}


def offered(talk: Talk, state: State, at: At) -> tuple[Option, ...]:
    """What can be picked: the options of the field, then to keep or to leave out."""
    return state.field.options(asking_of(state, at)) + ways_out(talk, state, at)


def ways_out(talk: Talk, state: State, at: At) -> tuple[Option, ...]:
    """Buttons to keep the old answer, to end a document, to promise one, to leave one out."""
    if open_document(state, at):
        return talk.buttons("SELESAI")
    ways = []
    if may_keep(talk, state, at):
        ways.append("TETAP")
    if state.is_photo and may_promise(talk, state, at):
        ways.append("MENYUSUL")
    if state.is_optional:
        ways.append("LEWATI")
    return talk.buttons(*ways) if ways else ()


def may_keep(talk: Talk, state: State, at: At) -> bool:
    """Whether TETAP keeps an earlier answer; one that an officer wants corrected is not kept."""
    return state.answered(at) and talk.session.phase != "correcting"


def may_promise(talk: Talk, state: State, at: At) -> bool:
    """Whether MENYUSUL promises the document; what an officer asks for is wanted now."""
    return papers.promise(state, at) is not None and talk.session.phase != "correcting"


def number_of(at: At, given: Iterable[str] = ()) -> str:
    """The place of the present question: one more than what was answered before it.

    *given* are the states whose answers came without a question; they do not count.
    """
    here, _, inner = at.state.partition(".")
    service, answers = at.service, at.answers
    sure, others = service.before[here]
    count = 1 + len(sure & answers.keys())
    for entry in others:
        if isinstance(entry, Group):
            count += _given(answers.get(entry.name, ()))
        elif entry.name in answers:
            count += service.states[entry.name].applies(at)
    if inner:
        count += _given(answers.get(here, [])[: at.item])
        names = [step.name for step in service.groups[here][0].steps]
        before = names if inner == MORE else names[: names.index(inner)]
        count += sum(name in at.item_of(here) for name in before)
    for name in given:
        count -= _is_before(at, name)
    return str(count)


def _is_before(at: At, name: str) -> bool:
    """Whether the state *name* applies, and comes before the present question."""
    states = at.service.states
    order, state = list(states), states.get(name)
    if state is None or not state.applies(at):
        return False
    again = at.item > 0 and state.group_name == states[at.state].group_name
    return again or order.index(name) < order.index(at.state)


def _given(items: Iterable[Mapping[str, Any]]) -> int:
    """Answers inside a group's items, each with its loop question."""
    return sum(len(item) + 1 for item in items)


MARKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "skipped": is_skipped,
    "later": is_promised,
    "unclear": is_unclear,
}


def marks(at: At, path: Iterable[tuple[str, int]]) -> list[str]:
    """What the officer must know of the answers of a path: ``skipped:nik``, ``later:foto_kk``."""
    found: dict[str, None] = {}
    for name, at.item in path:
        value = value_at(at.service.states[name], at)
        found |= {f"{mark}:{name}": None for mark, holds in MARKS.items() if holds(value)}
    return list(found)


def may_skip(state: State) -> bool:
    """Whether the third error may leave this question to the officer."""
    return not isinstance(state.entry, Step) or state.entry.skippable


def _said(at: At, name: str) -> str:
    """A value as a sentence names it: an answer as shown, a date in words, a number, money."""
    service = at.service
    found = service.steps.get(name)
    if found is not None:
        own = service.states[found]
        return shown(own, at) if own.applies(at) else ""
    value = at.value(name)
    if isinstance(value, date):
        return plain_date(value, at.language)
    if isinstance(value, bool):
        return YES if value else NO
    if value is not None and name in service.money:
        return rupiah(int(value), at.language)
    return "" if value is None else str(value)
