"""What a correction changed: the lines of a report that read differently before and after."""

from collections.abc import Mapping, Sequence

from forms.printed import lines
from forms.report import Rendered


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
    pairs = zip(lines(report.full), lines(report.masked), strict=True)
    return {
        whole.label: (whole.value, hidden.value)
        for whole, hidden in pairs
        if whole.label and whole.value
    }
