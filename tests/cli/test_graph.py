"""The pages of docs/flows: complete, printed one by one, and noticed when they are stale."""

import json
import shutil
from pathlib import Path

import pytest

from bot.cli import DONE, MISUSE, ROOT, main
from bot.cli.checks import graphs
from bot.cli.diagrams import FOLDER, pages
from flows.session import MOVES as PHASE_MOVES
from forms.language import words
from services.request_life import MOVES as LIFE_MOVES
from tests.declared import JOURNEYS


def copy_of(root: Path) -> Path:
    """A place with the flows and their pages, to change."""
    for part in ("flows", str(FOLDER)):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_the_pages_in_the_repository_are_fresh() -> None:
    assert graphs.check(ROOT) == []


def test_a_page_has_every_question_rule_document_result_and_move() -> None:
    made = pages(ROOT)

    for code, service in JOURNEYS.services.items():
        page = made[code]
        for state in service.states:
            assert f"| {state} |" in page, (code, state)
        for rule in service.flow.rules:
            assert f"| {rule} |" in page, (code, rule)
        for paper in service.flow.documents.values():
            assert words(paper.name) in page
        for trigger, source, dest in service.transitions:
            drawn = f"{source.replace('.', '__')} --> {dest.replace('.', '__')}"
            assert trigger != "next" or drawn in page, (code, drawn)


def test_session_and_request_are_drawn_whole() -> None:
    made = pages(ROOT)

    for trigger, source, dest in PHASE_MOVES:
        assert f"{source} --> {dest}: {trigger}" in made["session"]
    for verb, sources, target in LIFE_MOVES:
        for source in sources:
            assert f"{source} --> {target}: {verb}" in made["request"]


def test_a_changed_flow_makes_its_page_stale(tmp_path: Path) -> None:
    root = copy_of(tmp_path)
    file = next((root / "flows").glob("g_*.yaml"))
    file.write_text(file.read_text("utf-8").replace("id: Pindah faskes,", "id: Ganti faskes,"))

    assert "docs/flows/G.md is stale: python3 bot.py graph" in graphs.check(root)


def test_a_page_of_a_service_that_is_gone_is_left_over(tmp_path: Path) -> None:
    root = copy_of(tmp_path)
    (root / FOLDER / "Z.md").write_text("old")

    assert graphs.check(root) == ["docs/flows/Z.md is stale: python3 bot.py graph"]


def test_flows_that_cannot_be_read_are_told_instead(tmp_path: Path) -> None:
    root = copy_of(tmp_path)
    file = next((root / "flows").glob("g_*.yaml"))
    file.write_text(file.read_text("utf-8").replace("title:", "titel:", 1))

    told = graphs.check(root)

    assert told
    assert all(line.startswith("flows/g_") for line in told)


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["G"], DONE, "stateDiagram-v2"),
        (["g"], DONE, "# G: Pindah faskes"),
        (["session"], DONE, "consent --> filling: agree"),
        (["requst"], MISUSE, "no page requst"),
    ],
)
def test_one_page_is_printed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, word: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["graph", *arguments])

    told = capsys.readouterr()
    assert ended.value.code == code
    assert word in told.out + told.err


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["graph", "G", "--json"])

    assert list(json.loads(capsys.readouterr().out)) == ["G"]
