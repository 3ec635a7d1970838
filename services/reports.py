"""Reports: the answers of a request as labelled entries, rendered with the service's form."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from data.places import Branch
from flows.asking import asking_of, label
from flows.assets import Facts
from flows.journey import At, Journeys, Service, State, is_skipped
from flows.spec import Group
from forms.fields import Document
from forms.language import words
from forms.masking import mask
from forms.report import Entry, Forms, Rendered, Report
from services.queue import Attached

MARKED = {
    "skipped": "Belum dijawab",
    "later": "Menyusul",
    "unclear": "Foto kurang jelas",
}
"""What the marks of answers (`flows.asking.MARKS`) tell the officer."""

COVERED = {"phone"}
"""Field types that participants read whole, and officers only once they asked for everything."""

SPOKEN = {"en": "Inggris"}
"""What officers call the languages that are not theirs."""


class Reports:
    """Renders reports of every service."""

    def __init__(self, journeys: Journeys, facts: Facts, forms: Forms) -> None:
        self._journeys = journeys
        self._facts = facts
        self._forms = forms

    def render(
        self,
        service: str,
        answers: Mapping[str, Any],
        *,
        number: str,
        branch: Branch,
        now: datetime,
        flags: Sequence[str],
    ) -> Rendered:
        """Both variants of the report of *answers*, as filed by a participant of *branch*."""
        local = now.astimezone(branch.zone)
        flow = self._journeys.flows[service]
        return self._forms.render(
            flow.report,
            Report(
                service=service,
                title=words(flow.title),
                branch=branch.name,
                filed=local,
                entries=list(self.entries(service, answers, local.date())),
                flags=[self._sentence(service, flag) for flag in flags],
                number=number,
            ),
        )

    def _sentence(self, service: str, flag: str) -> str:
        """What a flag tells the officer: the mark of an answer, or what the flow says.

        It is the flag's name where the flow has changed since and no longer knows it.
        """
        compiled = self._journeys.services[service]
        mark, marked, name = flag.partition(":")
        if mark == "language":
            return f"Pelapor membaca bahasa {SPOKEN[name]}."
        if not marked:
            declared = compiled.flow.flags.get(flag)
            return declared.say.strip() if declared else flag
        state = compiled.states.get(name)
        if state is None:
            return flag
        return f"{MARKED[mark]}: {label(state, 0).rpartition(' · ')[2]}."

    def entries(self, service: str, answers: Mapping[str, Any], today: date) -> Iterator[Entry]:
        """The labelled answers in form order; what has no label is for the machine only."""
        compiled = self._journeys.services[service]
        at = At(compiled, dict(answers), today, self._facts)
        for entry in compiled.flow.steps:
            if isinstance(entry, Group):
                for item, given in enumerate(answers.get(entry.name, ())):
                    for step in entry.steps:
                        if step.name in given:
                            state = compiled.states[f"{entry.name}.{step.name}"]
                            yield from _entry(at, state, item, given[step.name])
            elif entry.name in answers:
                yield from _entry(at, compiled.states[entry.name], 0, answers[entry.name])


def documents(service: Service, answers: Mapping[str, Any]) -> list[Attached]:
    """The documents among *answers*, by step, each page numbered from 1."""
    found = []
    for state in service.states.values():
        if state.step is None or state.step.type != "photo":
            continue
        name = state.entry.name
        holders = answers.get(state.group_name, ()) if state.group else (answers,)
        pages = [page for holder in holders for page in _pages(holder.get(name))]
        found += [Attached(state.name, n, page) for n, page in enumerate(pages, 1)]
    return found


def _entry(at: At, state: State, item: int, value: Any) -> Iterator[Entry]:
    at.state, at.item = state.name, item
    title = label(state, item)
    if not title:
        return
    number = item + 1 if state.group else 0
    if is_skipped(value) or value is None:
        yield Entry(state.entry.name, title, "", "", number)
        return
    field, asking = state.field, asking_of(state, at)
    shown = field.show(value, asking)
    masked = mask(shown) if field.name in COVERED else shown
    yield Entry(state.entry.name, title, masked, field.full(value, asking), number)


def _pages(value: Any) -> list[Document]:
    return msgspec.convert(value, list[Document]) if isinstance(value, list) else []
