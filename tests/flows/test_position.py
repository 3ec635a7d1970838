"""The machine stands where the answers say: at the first question that applies and is open."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flows.journey import At, Service
from flows.moves import REVIEW
from flows.spec import Group, Result
from tests.flows.world import CHANGES, MOVE, SmallFacts, flow

SERVICES = {"G": Service(flow(MOVE)), "E": Service(flow(CHANGES))}
TODAY = date(2026, 11, 20)


def questions(service: Service, at: At) -> Iterator[tuple[str, int]]:
    """All questions that apply, in form order: what a person would read off the paper."""
    for entry in service.flow.steps:
        at.state, at.item = entry.name, 0
        first = f"{entry.name}.{entry.steps[0].name}" if isinstance(entry, Group) else entry.name
        holds = service.states[first].applies(at) if not isinstance(entry, Group) else True
        if not holds:
            continue
        if not isinstance(entry, Group):
            yield entry.name, 0
            continue
        for item in range(max(len(at.answers.get(entry.name, [])), 1)):
            for step in entry.steps:
                name = f"{entry.name}.{step.name}"
                at.state, at.item = name, item
                if service.states[name].applies(at):
                    yield name, item
            if item + 1 < entry.max:
                yield f"{entry.name}.more", item


def position(service: Service, at: At) -> tuple[str, int]:
    """The oracle: the first question that applies and has no answer."""
    for name, item in questions(service, at):
        at.state, at.item = name, item
        state = service.states[name]
        if isinstance(state.entry, Result) or not state.answered(at):
            return name, item
    return REVIEW, 0


FULL = {
    "G": {
        "alasan": st.sampled_from(["dinas", "biasa"]),
        "sejak": st.sampled_from(["2026-01-01", "2026-11-01"]),
        "nama": st.just("Siti"),
        "nik": st.just("7171012703569901"),
        "lahir": st.sampled_from(["1956-03-27", "1956-03-28"]),
        "cek": st.just("benar"),
        "surel": st.sampled_from([None, "siti@contoh.id"]),
        "kota": st.sampled_from(["7171", {"skipped": True}]),
        "kantor": st.just("KC-MANADO"),
        "foto": st.just([{}]),
    }
}
ITEMS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "apa": st.sampled_from(["nama", "hp", {"skipped": True}]),
            "nama_baru": st.just("Budi"),
            "hp_baru": st.just("+6281200000142"),
        },
    ),
    max_size=3,
)
ANSWERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "G": st.fixed_dictionaries({}, optional=FULL["G"]),
    "E": st.fixed_dictionaries(
        {},
        optional={
            "nama": st.just("Siti"),
            "ubah": ITEMS,
            "ubah.more": st.just("tidak"),
            "kota": st.just("7171"),
            "kantor": st.just("KC-MANADO"),
        },
    ),
}


@given(
    st.sampled_from(sorted(SERVICES)).flatmap(lambda code: st.tuples(st.just(code), ANSWERS[code]))
)
def test_the_walk_ends_at_the_first_applicable_unanswered_question(
    drawn: tuple[str, dict[str, Any]],
) -> None:
    code, answers = drawn
    service = SERVICES[code]
    at = At(service, answers, TODAY, SmallFacts())

    service.walk(at)

    assert (at.state, at.item) == position(service, At(service, answers, TODAY, SmallFacts()))


@given(ANSWERS["G"])
def test_one_next_from_the_last_answer_leads_where_the_whole_walk_leads(
    answers: dict[str, Any],
) -> None:
    service = SERVICES["G"]
    walked = At(service, answers, TODAY, SmallFacts())
    path = service.walk(walked)
    stepped = At(service, answers, TODAY, SmallFacts(), *(path[-1] if path else ()))

    moves = service.onward(stepped)

    assert (stepped.state, stepped.item) == (walked.state, walked.item)
    assert len(moves) == min(len(path), 1)


def test_the_compiled_moves_are_exactly_those_that_can_happen() -> None:
    moves = [move for move in SERVICES["G"].transitions if move[0] == "next"]

    assert moves == [
        ("next", "alasan", "sejak"),
        ("next", "alasan", "nama"),
        ("next", "sejak", "mobile"),
        ("next", "sejak", "nama"),
        ("next", "nama", "nik"),
        ("next", "nik", "lahir"),
        ("next", "lahir", "cek"),
        ("next", "lahir", "surel"),
        ("next", "cek", "surel"),
        ("next", "surel", "kota"),
        ("next", "kota", "kantor"),
        ("next", "kantor", "foto"),
        ("next", "foto", "review"),
    ]


def test_a_group_loops_through_its_own_question_and_leaves_when_it_is_full() -> None:
    moves = {move[1:] for move in SERVICES["E"].transitions if move[0] == "next"}

    assert ("ubah.more", "ubah.apa") in moves
    assert ("ubah.more", "kota") in moves
    assert ("ubah.hp_baru", "ubah.more") in moves
    assert ("ubah.hp_baru", "kota") in moves


def test_every_question_can_be_edited_and_no_result() -> None:
    edits = {move for move in SERVICES["G"].transitions if move[0] != "next"}

    asked = [name for name in SERVICES["G"].states if name != "mobile"]
    assert edits == {(f"edit_{name}", "review", name) for name in asked}


def test_an_answer_to_a_question_that_an_edit_has_closed_counts_as_none() -> None:
    answers = {"alasan": "dinas", "sejak": "2026-01-01"}
    at = At(SERVICES["G"], answers, date(2026, 11, 24), SmallFacts())

    assert (at.value("sejak"), at.value("bulan")) == (None, None)
    answers["alasan"] = "biasa"
    assert (at.value("sejak"), at.value("bulan")) == ("2026-01-01", 10)


PHOTO_OF_A_NEW_NAME = CHANGES.replace(
    "  kota: {type: regency",
    "  foto: {type: photo, document: kk, when: {ubah.apa: nama}, ask: Kirim foto KK.}\n"
    "  kota: {type: regency",
).replace(
    "steps:\n  nama:", "documents: {kk: {name: KK, source: FAQ, date: 2025}}\nsteps:\n  nama:"
)


def test_a_condition_on_a_group_holds_for_any_of_its_items() -> None:
    service = Service(flow(PHOTO_OF_A_NEW_NAME))
    renamed = {"apa": "nama", "nama_baru": "Siti"}
    called = {"apa": "hp", "hp_baru": "+6281200000142"}

    def asked(*items: dict[str, str]) -> bool:
        answers = {"nama": "Siti", "ubah": list(items), "ubah.more": "tidak"}
        at = At(service, answers, TODAY, SmallFacts())
        service.walk(at)
        return at.state == "foto"

    assert asked(renamed)
    assert asked(called, renamed)
    assert not asked(called, called)


def test_what_a_closed_question_of_an_item_was_answered_does_not_count() -> None:
    service = Service(flow(PHOTO_OF_A_NEW_NAME))
    items = [{"apa": "hp", "nama_baru": "Siti"}, {"apa": "nama", "nama_baru": "Ani"}]
    at = At(service, {"ubah": items}, TODAY, SmallFacts())

    assert at.value("ubah.nama_baru") == ["Ani"]
    assert at.value("ubah.hp_baru") == []
