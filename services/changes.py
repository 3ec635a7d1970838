"""What a correction changed: the lines of a report that read differently before and after."""

import re
from collections.abc import Mapping, Sequence

from forms.report import Rendered

_LINE = re.compile(r"\s*(?:\d+\. )?(?P<label>.+?)\s+: (?P<value>.*)")


def changes(before: Rendered, after: Rendered) -> Sequence[str]:
    """``Nama: Siti Amina → Siti Aminah`` for each line that changed, masked as in the reports.

    A line that only one of the reports has reads ``-`` in the other.
    """
    old, new = _lines(before), _lines(after)
    none = ("", "-")
    return [
        f"{label}: {old.get(label, none)[1]} → {new.get(label, none)[1]}"
        for label in {**new, **old}
        if old.get(label, none)[0] != new.get(label, none)[0]
    ]


def _lines(report: Rendered) -> Mapping[str, tuple[str, str]]:
    """The full and the masked value of each label."""
    full, masked = report.full.splitlines(), report.masked.splitlines()
    found = {}
    for whole, hidden in zip(full, masked, strict=True):
        one, other = _LINE.fullmatch(whole), _LINE.fullmatch(hidden)
        if one and other:
            found[one["label"]] = (one["value"], other["value"])
    return found
