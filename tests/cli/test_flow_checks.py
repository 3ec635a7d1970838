"""The checks of the flows as machines: dead ends, results without a script, too many questions."""

from pathlib import Path

import pytest

from bot.cli.checks import dead_ends, questions
from bot.cli.scripts.filings import Filing, filings
from bot.cli.scripts.limits import Family, Limits, Messages, load_limits
from bot.cli.scripts.measures import Measure, measure, too_much
from bot.cli.scripts.run import played
from bot.cli.scripts.stage import Theatre
from bot.config.settings import ROOT
from flows.journey import Move
from flows.spec import Source
from tests.cli.scripts_help import FILED, script
from tests.declared import JOURNEYS

LIMITS = Limits(Source("OWN", "2026"), 3, {"C": Family(2, 1)}, Messages(each=2, more=4))


def test_no_service_has_a_dead_end() -> None:
    assert dead_ends.check(ROOT) == []


def test_a_question_that_leads_nowhere_or_is_never_asked_is_named() -> None:
    names = ["a", "b", "c", "d", "end"]
    moves = [("a", "b"), ("b", "end"), ("a", "c"), ("d", "end")]

    assert list(dead_ends.stuck(names, ["end"], moves)) == [
        "c: nothing leads on from here to the review or a result",
        "d: nothing leads here",
    ]
    assert list(dead_ends.stuck(names, ["end"], [*moves, ("c", "d")])) == []


def test_two_questions_that_only_lead_to_each_other_are_a_dead_end() -> None:
    moves = [("a", "b"), ("b", "a"), ("a", "end"), ("a", "c"), ("c", "d"), ("d", "c")]

    assert [text[0] for text in dead_ends.stuck(["a", "b", "c", "d", "end"], ["end"], moves)] == [
        "c",
        "d",
    ]


@pytest.mark.parametrize(
    ("code", "measures", "told"),
    [
        ("G", [Measure(3, [], 9, 9, 46)], []),
        ("G", [Measure(4, [], 0, 0, 5)], ["4 typed questions on the median path, at most 3"]),
        ("G", [Measure(9, [], 0, 0, 5), *[Measure(3, [], 0, 0, 5)] * 2], []),
        ("G", [Measure(1, [], 1, 1, 11)], ["1 messages more on the median path"]),
        ("C", [Measure(2, [1, 1], 0, 0, 5)], []),
        ("C", [Measure(3, [], 0, 0, 5)], ["3 typed questions on the median path, at most 2"]),
        ("C", [Measure(0, [2], 0, 0, 5)], ["2 typed questions for a member, at most 1"]),
        ("G", [], ["no script files a request"]),
    ],
)
def test_what_is_over_a_limit_is_named(code: str, measures: list[Measure], told: list[str]) -> None:
    found = list(too_much(code, measures, LIMITS))

    assert [text[: len(start)] for text, start in zip(found, told, strict=True)] == told


def test_typed_answers_choices_documents_and_members_are_counted_apart() -> None:
    path = (("siapa", 0), ("nama", 0), ("anggota.nama_anggota", 0), ("anggota.more", 0))
    service = JOURNEYS.services["G"]
    found = [Filing("G", (*path, ("foto_kk", 0)), 9), Filing("G", (*path, ("foto_kk", 0)), 8)]
    of_families = Limits(LIMITS.source, 3, {"G": Family(2, 1)}, LIMITS.messages)

    assert measure(service, found, LIMITS) == [Measure(2, [], 2, 1, 8)]
    assert measure(service, found, of_families) == [Measure(1, [1], 2, 1, 8)]


def test_a_result_that_no_script_reaches_is_named() -> None:
    results = [
        name for name in JOURNEYS.services["G"].states if JOURNEYS.services["G"].is_result(name)
    ]
    moves = [Move("G", "next", "alasan", name) for name in results[1:]]

    found = [text for text in questions.unreached(JOURNEYS, moves) if text.startswith("G:")]

    assert found == [f"G: no script reaches the result {results[0]}"]


async def test_a_filing_has_its_questions_and_its_messages(house: Theatre, tmp_path: Path) -> None:
    async with played(house, script(tmp_path, FILED + "  - user: status\n"), "engine") as (
        went,
        stage,
    ):
        found = await filings(stage)

    confirmed = next(n for n, one in enumerate(went.spoken) if "MND-G-0001" in one.text)
    assert [one.service for one in found] == ["G"]
    assert found[0].said == sum(one.who == "bot" for one in went.spoken[: confirmed + 1])
    assert found[0].path[0] == ("siapa", 0)
    assert {name for name, _ in found[0].path} > {"nama", "nik", "faskes_baru", "foto_kk", "cabang"}


def test_the_limits_name_their_source() -> None:
    assert f"| {load_limits().source.key} |" in (ROOT / "docs" / "domain.md").read_text("utf-8")
