"""The lint of sentences: each rule catches what it is for."""

from pathlib import Path

import pytest

from bot.cli.checks import texts
from bot.texts.lint import check_keys, lint
from bot.texts.uses import Use, Uses, uses
from bot.texts.written import Sentence, buttons, flows, shared

ROOT = Path(__file__).parents[3]
SILENT = Uses((), frozenset(), frozenset())


def told(
    text: str, kind: str = "message", key: str = "sapa.baru", language: str = "id"
) -> list[str]:
    return lint([Sentence("a.yaml", 7, key, kind, text, language)])


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("button", "x" * 21, "21 characters, a button has at most 20"),
        ("menu row", "x" * 22, "at most 21"),
        ("row", "x" * 25, "at most 24"),
        ("note", "x" * 73, "at most 72"),
        ("label", "x" * 33, "at most 32"),
        ("item", "x" * 61, "at most 60"),
        ("message", "baris\n" * 11, "11 lines, at most 10"),
        ("message", "baris panjang.\n" * 4 + "x" * 1000, "characters, at most 1024"),
        ("message", "kata " * 16, "16 words in a sentence, at most 15: kata kata kata kata ..."),
        ("hint", "kata " * 16, "at most 15"),
        ("words", "kata, " * 16, "at most 15"),
        ("message", "Bapak/Ibu, sehat?\nHalo Bapak/Ibu.", "'Bapak/Ibu' once"),
        ("message", "Mohon tunggu.\nMohon sabar.", "'Mohon' once"),
        ("message", "Data tidak VALID.", "do not say 'VALID', say 'benar'"),
        ("message", "Klik di sini.", "say 'tekan'"),
        ("button", "Unggah foto", "say 'kirim'"),
        ("note", "Sesuai domisili", "say 'tempat tinggal sekarang'"),
        ("message", "Ini *penting sekali.", "a '*' stands alone"),
        ("message", "Satu.{% if x %} Dua.{% endif %}\nTiga.", "write '+%}'"),
        ("message", "Halo {{ nama", "not a template"),
        ("question", "satu dua tiga empat lima enam tujuh delapan sembilan?", "at most 8"),
        ("question", "Satu?\nDua.\nTiga.\nEmpat.", "5 lines with hint and number, at most 4"),
        ("question", "Apa?\n" + "x" * 150, "characters with hint and number, at most 160"),
    ],
)
def test_each_limit_is_told_with_its_place(kind: str, text: str, wanted: str) -> None:
    problems = told(text, kind, "steps.a.ask")

    assert len(problems) == 1, problems
    assert problems[0].startswith("a.yaml:7: steps.a.ask: ")
    assert wanted in problems[0]


@pytest.mark.parametrize("word", ["valid", "invalid", "error", "gagal", "input", "submit"])
def test_words_of_machines_are_banned(word: str) -> None:
    assert told(f"Data {word} sekali.")


@pytest.mark.parametrize("word", ["verifikasi", "domisili", "segmen", "surel", "unggah", "gawai"])
def test_words_of_offices_are_banned(word: str) -> None:
    assert told(f"Data {word} sekali.")


@pytest.mark.parametrize("word", ["invalid", "submit", "click", "verify", "digits", "required"])
def test_each_language_has_its_own_words_of_machines_and_offices(word: str) -> None:
    assert told(f"Your number {word} here.", language="en")
    assert told("Pindah domisili.", language="en") == []


def test_a_word_is_banned_only_as_a_word() -> None:
    assert told("Perbaiki kevalidan? Mengganti inputan? Segmentasi.") == []


def test_an_error_never_says_mohon() -> None:
    assert told("Please write again.", key="salah.nik", language="en") != []
    assert told("Please write again.", key="sapa.baru", language="en") == []
    assert told("Mohon tulis ulang.", key="salah.nik") != []
    assert told("Mohon tulis ulang.", key="sapa.baru") == []


def test_good_sentences_pass() -> None:
    assert told("*Baik.* {% if x %}Ada {{ x.y }}.{% else %}Tidak ada.{% endif %}") == []


def test_both_ways_of_a_condition_are_looked_at() -> None:
    assert "benar" in told("{% if x %}baik{% else %}valid{% endif %}")[0]
    assert "benar" in told("{% if x %}valid{% else %}baik{% endif %}")[0]


def test_a_list_counts_as_one_item() -> None:
    assert told("{% for x in y %}\n- {{ x }}\n{% endfor %}\nSelesai.") == []


def test_the_hint_counts_with_its_question() -> None:
    question = Sentence("a.yaml", 1, "steps.a.ask", "question", "Apa?")
    hint = Sentence("a.yaml", 2, "steps.a.hint", "hint", "Satu.\nDua.\nTiga.")
    other = Sentence("a.yaml", 3, "steps.b.hint", "hint", "Satu.\nDua.\nTiga.")

    assert lint([question, other]) == []
    assert "5 lines" in lint([question, hint])[0]


def test_all_problems_are_told_at_once() -> None:
    assert len(told("Data valid.\n" + "kata " * 20 + "\nKlik.")) == 3


def sentence(key: str, text: str = "Baik.", language: str = "id") -> Sentence:
    return Sentence("id.yaml", 1, key, "message", text, language)


def keys(*known: Sentence) -> dict[str, dict[str, Sentence]]:
    by_language: dict[str, dict[str, Sentence]] = {"id": {}}
    for one in known:
        by_language.setdefault(one.language, {})[one.key] = one
    return by_language


def test_a_sentence_that_nothing_says_is_told() -> None:
    [problem] = check_keys(keys(sentence("a.b")), {}, SILENT)

    assert "nothing in the code says" in problem
    assert check_keys(keys(sentence("a.b")), {"a.b": ()}, SILENT) == []
    assert check_keys(keys(sentence("a.b")), {}, Uses((), frozenset({"a.b"}), frozenset())) == []
    assert check_keys(keys(sentence("a.b")), {}, Uses((), frozenset(), frozenset({"a."}))) == []


def test_a_key_without_a_sentence_is_told() -> None:
    said = Uses((Use("x.py", 3, "a.b", frozenset()),), frozenset({"a.b"}), frozenset())

    assert check_keys(keys(), {}, said) == ["x.py:3: a.b: no such sentence"]
    assert "no such sentence" in check_keys(keys(), {"a.c": ()}, SILENT)[0]


def test_a_value_that_is_not_given_is_told() -> None:
    known = keys(sentence("a.b", "{{ x }} {{ y }}"))
    said = Uses((Use("x.py", 3, "a.b", frozenset({"x"})),), frozenset({"a.b"}), frozenset())

    assert "unknown value 'y'; it is given: x" in check_keys(known, {}, said)[0]
    assert "unknown value 'y'" in check_keys(known, {"a.b": ("x",)}, SILENT)[0]
    assert check_keys(known, {"a.b": ("x", "y")}, SILENT) == []


def test_a_value_must_be_given_at_every_place_that_says_the_sentence() -> None:
    known = keys(sentence("a.b", "{{ x }}"))
    both = (Use("x.py", 3, "a.b", frozenset({"x"})), Use("y.py", 4, "a.b", frozenset()))

    assert check_keys(known, {}, Uses(both, frozenset({"a.b"}), frozenset()))


def test_the_code_is_read_for_keys_and_values(tmp_path: Path) -> None:
    for package in ("flows", "forms", "services", "bot"):
        (tmp_path / package).mkdir()
    (tmp_path / "forms" / "a.py").write_text(
        'raise Invalid("salah.a", got=3)\n'
        'Unsure(1, "pasti.b", {"x": 1, "y": 2})\n'
        'Say("tiket.c", values)\n'
        'talk.say("nav.d")\n'
        'key = "salah.e"\n'
        'Say(f"status.{status}")\n'
        'open("berkas.f")\n'
    )

    found = uses(tmp_path)

    assert {(use.line, use.key, use.values) for use in found.said} == {
        (1, "salah.a", frozenset({"got"})),
        (2, "pasti.b", frozenset({"x", "y"})),
        (3, "tiket.c", None),
        (4, "nav.d", frozenset()),
    }
    assert found.mentions("salah.e")
    assert found.mentions("status.waiting")
    assert not found.mentions("salah.g")


def test_everything_that_people_read_is_looked_at() -> None:
    kinds = {one.kind for one in (*shared(ROOT), *buttons(ROOT), *flows(ROOT))}
    found = {(one.file, one.key) for one in (*shared(ROOT), *buttons(ROOT), *flows(ROOT))}

    assert {"message", "question", "hint", "words", "button", "menu row", "note"} <= kinds
    assert ("bot/texts/id.yaml", "sapa.baru") in found
    assert ("flows/words.yaml", "buttons.setuju.label") in found
    steps = "steps.perubahan.steps.atribut"
    assert ("flows/e_perubahan_identitas.yaml", f"{steps}.options.nama.label") in found
    assert ("flows/e_perubahan_identitas.yaml", f"{steps}.ask") in found


def test_the_sentences_of_this_project_keep_the_rules() -> None:
    assert texts.check(ROOT) == []
