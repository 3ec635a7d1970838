"""What a service asks of those who file, by its filings: counted, judged, and as a row of a table.

The median is that over distinct paths: which questions a filed request went through, counted once
however many scripts file so. Scripts must cover every state and nearly every move, so no branch of
a form is left out; and unlike in a list of all combinations, a rare extra question does not count
a thousand times because it goes with everything else. Nobody knows yet how often each is taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median_high, median_low
from typing import Final

import msgspec

from bot.cli.scripts.filings import Filing, Path
from bot.cli.scripts.limits import Limits
from flows.journey import Service
from forms.fields import FIELDS

TYPED: Final = ("text", "contact")
"""What a field type expects where there is nothing to press instead (`forms.fields.Field`)."""

HEADING: Final = (
    "   paths  typed  at most  a member  with them  longest  choices  documents  messages  at most"
)
"""Above the rows: typed questions without the members of a family, of one, and with all."""


class Measure(msgspec.Struct, frozen=True):
    """One distinct path: how many questions of each kind, and the fewest messages it took."""

    typed: int
    members: Sequence[int]
    choices: int
    documents: int
    said: int

    @property
    def all_typed(self) -> int:
        return self.typed + sum(self.members)

    @property
    def questions(self) -> int:
        return self.all_typed + self.choices + self.documents


def measure(service: Service, found: Iterable[Filing], limits: Limits) -> list[Measure]:
    """The distinct paths among *found*."""
    least: dict[Path, int] = {}
    for filing in found:
        least[filing.path] = min(filing.said, least.get(filing.path, filing.said))
    apart = service.flow.code in limits.families
    return [_measure(service, path, said, apart) for path, said in least.items()]


def too_much(code: str, measures: Sequence[Measure], limits: Limits) -> Iterator[str]:
    """What is over the limits on the path in the middle."""
    if not measures:
        yield "no script files a request"
        return
    typed, most = median_high(one.typed for one in measures), limits.typed_of(code)
    if typed > most:
        yield f"{typed} typed questions on the median path, at most {most} are wanted"
    members = [count for one in measures for count in one.members]
    if members and median_high(members) > (most := limits.families[code].member):
        yield f"{median_high(members)} typed questions for a member, at most {most} are wanted"
    # the lower middle: a script that errs on purpose says more than its path needs
    over = median_low(_over(one, limits) for one in measures)
    if over > 0:
        yield f"{over} messages more on the median path than its questions allow"


def row(code: str, measures: Sequence[Measure], limits: Limits) -> str:
    """The figures of a service, below `HEADING`."""
    members = [count for one in measures for count in one.members]
    spoken = sorted(measures, key=lambda one: _over(one, limits))[(len(measures) - 1) // 2]
    return (
        f"{code:2} {len(measures):5}"
        f"{median_high(one.typed for one in measures):7}{limits.typed_of(code):9}"
        f"{median_high(members) if members else '-':>10}"
        f"{median_high(one.all_typed for one in measures):11}"
        f"{max(one.all_typed for one in measures):9}"
        f"{median_high(one.choices for one in measures):9}"
        f"{median_high(one.documents for one in measures):11}"
        f"{spoken.said:10}{limits.messages_for(spoken.questions):9}"
    )


def _over(measured: Measure, limits: Limits) -> int:
    return measured.said - limits.messages_for(measured.questions)


def _measure(service: Service, path: Path, said: int, apart: bool) -> Measure:
    """*apart* tells whether the questions of a group are those of a member of the family."""
    typed = choices = documents = 0
    members: dict[tuple[str, int], int] = {}
    for name, item in path:
        state = service.states[name]
        expects = FIELDS[state.step.type].expects if state.step else "choice"
        member = (state.group_name, item)
        if apart and state.group is not None:
            members.setdefault(member, 0)
        if expects == "photo":
            documents += 1
        elif expects not in TYPED:
            choices += 1
        elif member in members:
            members[member] += 1
        else:
            typed += 1
    return Measure(typed, list(members.values()), choices, documents, said)
