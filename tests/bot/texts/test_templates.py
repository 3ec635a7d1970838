"""Message templates: what is shipped is sound, and each rule is told with its fix."""

from pathlib import Path

import pytest

from bot.cli.checks import templates as check
from bot.texts.templates import TemplateErrors, load_templates

ROOT = Path(__file__).parents[3]

GOOD = """\
name: jawaban_siap
category: utility
actions: [replied]
variables: [tiket, cabang]
body:
  id: "Ada jawaban untuk {{1}} dari {{2}} di sini."
  en: "There is an answer to {{1}} from {{2}} here."
"""


def told(folder: Path, text: str) -> str:
    (folder / "jawaban_siap.yaml").write_text(text, "utf-8")
    with pytest.raises(TemplateErrors) as caught:
        load_templates(folder)
    return str(caught.value)


def test_what_is_shipped_keeps_the_rules() -> None:
    assert check.check(ROOT) == []
    assert {"replied", "correction", "finished", "refused", "transferred"} <= {
        action for one in load_templates().by_name.values() for action in one.actions
    }


def test_a_template_is_filled_in_the_language_of_its_reader(tmp_path: Path) -> None:
    (tmp_path / "jawaban_siap.yaml").write_text(GOOD, "utf-8")
    template = load_templates(tmp_path).by_name["jawaban_siap"]
    values = {"tiket": "MND-G-0001", "cabang": "Manado"}

    assert template.text(values) == "Ada jawaban untuk MND-G-0001 dari Manado di sini."
    assert template.text(values, "en").startswith("There is an answer to MND-G-0001")
    assert template.language("jv") == "id"


@pytest.mark.parametrize(
    ("was", "became", "problem"),
    [
        ("name: jawaban_siap", "name: Jawaban-Siap", ":1: 'Jawaban-Siap': only small letters"),
        ("name: jawaban_siap", "name: lain", ":1: 'lain': call it 'jawaban_siap', as the file"),
        ("category: utility", "category: marketing", ":2: category: Invalid enum value"),
        ("[replied]", "[replied, menjawab]", ":3: no action 'menjawab'; there are claimed"),
        ("[tiket, cabang]", "[tiket, nik]", ":4: 'nik' may be somebody's data"),
        ("di sini.", "di sini." + "x" * 1024, ":6: 1067 characters, at most 1024"),
        ("Ada jawaban untuk {{1}}", "{{1}}", ":6: a variable stands at the beginning or the end"),
        (" di sini.", ".", ":6: a variable stands at the beginning or the end"),
        ("{{1}} dari {{2}}", "{{1}} {{2}}", ":6: two variables stand side by side"),
        ("dari {{2}}", "dari {{3}}", ":6: it has the variables [1, 3], `variables` asks for {{1}}"),
        ("  en:", "  fr:", ":5: no text in 'en'"),
        ("category", "kategori", ":2: unknown key 'kategori' (did you mean 'category'?)"),
        ("[tiket, cabang]", "[tiket", "not YAML"),
    ],
)
def test_each_mistake_is_told_with_its_line_and_its_fix(
    tmp_path: Path, was: str, became: str, problem: str
) -> None:
    assert was in GOOD
    assert problem in told(tmp_path, GOOD.replace(was, became, 1))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("cabang]", "nama]").replace("Ada jawaban untuk {{1}}", "{{1}}")

    assert len(told(tmp_path, text).splitlines()) == 2


def test_two_templates_for_one_action_are_refused(tmp_path: Path) -> None:
    (tmp_path / "lain.yaml").write_text(GOOD.replace("jawaban_siap", "lain"), "utf-8")

    assert "'replied' has a template already: jawaban_siap" in told(tmp_path, GOOD)
