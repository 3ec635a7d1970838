"""Laws of the calendar for any hours, any days off and any instant, in the three zones."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from data.facts import load_facts
from data.opening_hours import EVERYWHERE, HoursRule, Interval
from services.calendar_entries import Entries, Entry
from services.hours import Calendar

FACTS = load_facts()
START = datetime(2026, 1, 1, tzinfo=UTC)
BRANCHES = st.sampled_from(["KC-MEDAN", "KC-MANADO", "KC-JAYAPURA"])
INSTANTS = st.integers(0, 300 * 86_400_000).map(lambda ms: START + timedelta(milliseconds=ms))
DAYS = st.integers(0, 320).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Up to three intervals in order, with at least a minute between them."""
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def exceptions(draw: st.DrawFn) -> HoursRule:
    first = draw(DAYS)
    return HoursRule(
        where=draw(st.sampled_from(["*", "71", "12", "KC-MANADO", "KC-JAYAPURA"])),
        first=first,
        last=first + timedelta(days=draw(st.integers(0, 20))),
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        intervals=draw(st.just(()) | intervals()),
        on_holidays=draw(st.booleans()),
        reason="uji",
    )


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """What people might enter of any place and day; a week is open on some day."""
    first, place = draw(DAYS), draw(st.sampled_from([EVERYWHERE, "KC-MANADO", "KC-JAYAPURA"]))
    last = first + timedelta(days=draw(st.integers(0, 20)))
    hours = (draw(intervals()), *(draw(st.just(()) | intervals()) for _ in range(6)))
    match draw(st.sampled_from(["week", "special", "closed", "open", "holiday", "zone"])):
        case "week":
            return Entry(place, "week", first, hours=hours)
        case "special":
            return Entry(place, "special", first, last, hours, "khusus")
        case "closed":
            return Entry(place, "closed", first, last, name="tutup")
        case "open":
            flag = draw(st.booleans())
            return Entry(place, "open", first, first, hours[:1], "buka", on_holidays=flag)
        case "holiday":
            kind = draw(st.sampled_from(["public", "joint", "none"]))
            return Entry(EVERYWHERE, "holiday", first, first, name="hari", holiday=kind)
        case _:
            zone = draw(st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]))
            return Entry("KC-MANADO", "zone", first, zone=zone)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A week with at least one open day, exceptions, national holidays, and what people entered."""
    week = HoursRule(
        where="*",
        first=date.min,
        last=date.max,
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        intervals=draw(intervals()),
        on_holidays=False,
        reason="",
    )
    rules = tuple(draw(st.lists(exceptions(), max_size=4)))
    holidays = draw(st.dictionaries(DAYS, st.just("libur nasional: uji"), max_size=15))
    made = dict(enumerate(draw(st.lists(entries(), max_size=5)), start=1))
    facts = replace(FACTS, hours=rules)
    return Calendar(facts, week, lambda year: holidays, Entries(held=made))


@settings(deadline=None)
@given(calendars(), BRANCHES, INSTANTS)
def test_the_next_opening_is_the_first_open_instant_from_now(
    calendar: Calendar, branch: str, at: datetime
) -> None:
    opening = calendar.next_opening(branch, at)
    assert opening >= at
    assert calendar.is_open(branch, opening)
    assert (opening == at) is calendar.is_open(branch, at)
    gap = opening - at
    if gap:
        assert not any(calendar.is_open(branch, at + gap * part / 200) for part in range(200))
        assert not calendar.is_open(branch, opening - timedelta(microseconds=1))


@settings(deadline=None)
@given(calendars(), BRANCHES, INSTANTS)
def test_asking_again_at_the_opening_gives_the_opening(
    calendar: Calendar, branch: str, at: datetime
) -> None:
    opening = calendar.next_opening(branch, at)
    assert calendar.next_opening(branch, opening) == opening


@settings(deadline=None)
@given(calendars(), BRANCHES, INSTANTS, INSTANTS)
def test_a_later_instant_never_opens_earlier(
    calendar: Calendar, branch: str, one: datetime, other: datetime
) -> None:
    first, second = sorted((one, other))
    assert calendar.next_opening(branch, first) <= calendar.next_opening(branch, second)


@settings(deadline=None)
@given(calendars(), BRANCHES, st.lists(INSTANTS, min_size=3, max_size=3))
def test_open_time_adds_up(calendar: Calendar, branch: str, instants: list[datetime]) -> None:
    first, middle, last = sorted(instants)
    parts = calendar.open_time(branch, first, middle) + calendar.open_time(branch, middle, last)
    whole = calendar.open_time(branch, first, last)
    assert parts == whole
    assert timedelta() <= whole <= last - first


@settings(deadline=None)
@given(calendars(), BRANCHES, INSTANTS)
def test_until_it_closes_every_moment_counts_and_until_it_opens_none(
    calendar: Calendar, branch: str, at: datetime
) -> None:
    closes = calendar.closes_at(branch, at)
    if closes is None:
        opening = calendar.next_opening(branch, at)
        assert calendar.open_time(branch, at, opening) == timedelta()
    else:
        assert closes > at
        assert calendar.open_time(branch, at, closes) == closes - at


@settings(deadline=None)
@given(calendars(), BRANCHES, INSTANTS)
def test_an_explanation_agrees_with_the_single_answers(
    calendar: Calendar, branch: str, at: datetime
) -> None:
    answer = calendar.explain(branch, at)
    assert answer.at == at
    assert answer.open is calendar.is_open(branch, at)
    assert answer.open is (answer.closes_at is not None)
    assert answer.next_opening == calendar.next_opening(branch, at)
    assert answer.open is answer.reason.startswith("dalam jam layanan")
    zone = calendar.branches[branch].zone
    assert answer.at.tzinfo is answer.next_opening.tzinfo is zone
