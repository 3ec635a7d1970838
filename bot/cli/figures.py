"""How well messages with known labels were understood."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from flows.understanding.router import Understood

OUTSIDE = "OOS."
"""Labels that begin so are needs which another office serves."""


class Judged(msgspec.Struct, frozen=True):
    """The messages of one label, or all of them.

    Shares of 0 to 1: *first* whose intent was right, *second* whose intent or second was right,
    *wrong* that were answered wrongly without asking, *let_in* of those from *outside* that were
    taken for a need of ours. ``A+B`` is right with either.
    """

    label: str
    messages: int
    first: float
    second: float
    wrong: float
    outside: int
    let_in: float


def judged(understood: Iterable[tuple[str, Understood]]) -> list[Judged]:
    """The figures of every label, then of all messages together."""
    by_label: dict[str, list[tuple[str, Understood]]] = defaultdict(list)
    for label, found in understood:
        by_label[label].append((label, found))
    everything = [one for own in by_label.values() for one in own]
    rows = [_of(label, own) for label, own in sorted(by_label.items())]
    return [*rows, _of("all", everything)] if everything else []


def _of(name: str, own: list[tuple[str, Understood]]) -> Judged:
    right = [found.intent in label.split("+") for label, found in own]
    near = [found.second in label.split("+") for label, found in own]
    wrong = [
        found.decision == "answer" and not ok for ok, (_, found) in zip(right, own, strict=True)
    ]
    outside = [found for label, found in own if label.startswith(OUTSIDE)]
    taken = [f for f in outside if f.decision == "answer" and not f.intent.startswith(OUTSIDE)]
    return Judged(
        label=name,
        messages=len(own),
        first=sum(right) / len(own),
        second=sum(a or b for a, b in zip(right, near, strict=True)) / len(own),
        wrong=sum(wrong) / len(own),
        outside=len(outside),
        let_in=len(taken) / len(outside) if outside else 0.0,
    )
