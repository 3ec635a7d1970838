"""Opening hours in every spelling that officers use, and what is refused with its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.opening_hours import Interval
from services.hours_typed import read_hours
from services.hours_words import say_hours
from services.refusals import Refused

EIGHT_TO_FIVE = ((480, 1020),)
WITH_BREAK = ((480, 720), (780, 1020))


@pytest.mark.parametrize(
    "text",
    [
        *("8-17", "08.00-17.00", "8:00 - 17:00", "08.00 – 17.00", "0800-1700", "8 s/d 17"),
        *(
            "08.00 sampai 17.00",
            "8 hingga 17",
            "jam 8 - 17",
            "Pukul 08.00-17.00 WITA",
            " 8.00 sd 17",
        ),
        *("8-12, 12-17", "13-17 dan 8-13"),
    ],
)
def test_hours_are_read_in_every_spelling(text: str) -> None:
    assert read_hours(text) == EIGHT_TO_FIVE


@pytest.mark.parametrize(
    "text", ["8-12, 13-17", "08.00-12.00 dan 13.00-17.00", "13.00-17.00; 8-12", "8-12\n13-17"]
)
def test_several_intervals_come_in_order(text: str) -> None:
    assert read_hours(text) == WITH_BREAK


@pytest.mark.parametrize("text", ["", "  ", "-", "tutup", "Tutup", "LIBUR"])
def test_nothing_means_closed(text: str) -> None:
    assert read_hours(text) == ()


def test_a_day_may_last_until_midnight() -> None:
    assert read_hours("0-24.00") == ((0, 1440),)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("pagi", "kalender.jam"),
        ("8", "kalender.jam"),
        ("8-9-10", "kalender.jam"),
        ("25-26", "kalender.jam"),
        ("8.70-12", "kalender.jam"),
        ("17-8", "kalender.jam_terbalik"),
        ("8-8", "kalender.jam_terbalik"),
        ("8-12, 11-17", "kalender.jam_bertumpuk"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_words(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        read_hours(text)
    assert refused.value.key == key
    assert refused.value.values["text"]


@given(st.sets(st.integers(0, 1440), min_size=2, max_size=6))
def test_what_is_shown_can_be_typed_again(edges: set[int]) -> None:
    ordered = sorted(edges)
    intervals: tuple[Interval, ...] = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    assert read_hours(say_hours(intervals)) == intervals


@given(st.text(max_size=40))
def test_anything_typed_is_read_or_refused(text: str) -> None:
    try:
        intervals = read_hours(text)
    except Refused:
        return
    edges = [edge for interval in intervals for edge in interval]
    assert edges == sorted(set(edges))
