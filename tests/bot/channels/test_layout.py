"""The shape of messages: marks, parts, lines and columns."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels import layout
from forms.choices import Option

TEXTS = st.text(st.sampled_from("ab \n\x02\x03<&👍"), max_size=300)


def shown(text: str) -> tuple[str, str]:
    """(what is read, one letter a letter: B bold, p plain)"""
    kinds = layout.marked(text, lambda run: "p" * len(run), lambda run: run.replace("p", "B"))
    return layout.marked(text, str, str), kinds


@given(TEXTS)
def test_a_text_in_parts_reads_as_the_whole(text: str) -> None:
    whole = layout.parts(text, 40)
    assert all(len(part) <= 40 for part in whole)
    gap = str.maketrans("", "", " \n")
    words, kinds = shown(text)
    told = [(word, kind) for word, kind in zip(words, kinds, strict=True) if word not in " \n"]
    again = [shown(part) for part in whole]
    assert "".join(part for part, _ in again).translate(gap) == words.translate(gap)
    assert told == [
        (word, kind)
        for part, part_kinds in again
        for word, kind in zip(part, part_kinds, strict=True)
        if word not in " \n"
    ]


@given(TEXTS)
def test_every_part_closes_the_bold_that_it_opens(text: str) -> None:
    for part in layout.parts(text, 40)[:-1]:
        assert part.rfind(layout.BOLD_ON) <= part.rfind(layout.BOLD_OFF)


def test_a_text_is_cut_between_words_where_it_can_be() -> None:
    assert layout.parts("satu dua tiga empat lima", 14) == ["satu dua", "tiga empat", "lima"]


def test_a_text_without_any_gap_is_cut_anyway() -> None:
    assert "".join(layout.parts("x" * 100, 14)) == "x" * 100


def test_bold_that_is_never_closed_ends_with_the_text() -> None:
    assert layout.marked("a\x02b", str, lambda run: f"<b>{run}</b>") == "a<b>b</b>"


def test_controls_and_bidi_marks_are_not_shown() -> None:
    assert layout.unmarked("a\x00\x1b[1m\u202eb\u200bc\ud800\nd") == "a[1mbc\nd"


def test_half_a_letter_becomes_a_question_mark() -> None:
    assert layout.typed("a\ud83d") == "a?"


def test_few_short_options_share_a_line() -> None:
    options = [Option("y", "Ya, benar"), Option("u", "Ubah"), Option("0", "Kembali", key="0")]
    assert layout.numbered(options) == ["1. Ya, benar  2. Ubah  0. Kembali"]


def test_many_options_have_a_line_each_and_keep_their_letters() -> None:
    options = [Option(c, c, row=f"Layanan {c}", key=c) for c in "ABCD"]
    assert layout.numbered(options) == [f"{c}. Layanan {c}" for c in "ABCD"]


def test_a_letter_that_the_row_already_has_is_not_said_twice() -> None:
    rows = [Option(c, c, row=f"{c}. Layanan {c}", key=c) for c in "ABCD"]
    assert layout.numbered(rows)[0] == "A. Layanan A"


def test_no_options_give_no_line() -> None:
    assert layout.numbered([]) == []


def test_short_labels_stand_in_pairs_and_one_long_label_makes_a_column() -> None:
    short = [Option(c, f"Pilihan {c}") for c in "abc"]
    assert [len(row) for row in layout.columns(short)] == [2, 1]
    assert [len(row) for row in layout.columns([*short, Option("d", "x" * 16)])] == [1, 1, 1, 1]
