"""What a correction changed, as the officer reads it."""

from forms.report import Rendered
from services.changes import changes


def report(*lines: str, masked: tuple[str, ...] = ()) -> Rendered:
    return Rendered("\n".join(lines), "\n".join(masked or lines))


def test_only_lines_that_changed_are_told_whatever_their_number_and_width() -> None:
    before = report("FORMULIR", " 1. Nama : Siti Amina", " 2. HP   : 0812")
    after = report("FORMULIR", " 1. Nama      : Siti Aminah", " 3. HP        : 0812")

    assert changes(before, after) == ["Nama: Siti Amina → Siti Aminah"]
    assert changes(before, before) == []


def test_a_number_changed_is_told_masked_even_where_the_masks_are_alike() -> None:
    before = report("1. NIK : 7171010101809901", masked=("1. NIK : ••••9901",))
    after = report("1. NIK : 7171014101809901", masked=("1. NIK : ••••9901",))

    assert changes(before, after) == ["NIK: ••••9901 → ••••9901"]


def test_a_line_that_came_or_went_has_a_dash_on_the_other_side() -> None:
    before, after = report("Nomor : MND-G-0001", "1. Surat : 1 foto"), report("Nomor : MND-G-0001")

    assert changes(before, after) == ["Surat: 1 foto → -"]
    assert changes(after, before) == ["Surat: - → 1 foto"]
