"""The shape of messages: marks, parts, lines and columns."""

import re

import pytest
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


BOLD_ON_WHATSAPP = re.compile(r"(?<![^\W_])\*(?! )([^*\n]+)(?<! )\*(?![^\W_])")
"""How WhatsApp finds bold: marks beside the words of one line, with no letter outside them."""


@given(st.text(st.sampled_from("ab \n\x02\x03*_~`(1"), max_size=60))
def test_on_whatsapp_every_star_is_one_of_ours_and_bold(text: str) -> None:
    shown = layout.whatsapp(text)
    read = BOLD_ON_WHATSAPP.sub(r"\1", shown)
    assert "*" not in read
    asked = layout.marked(text, layout.unmarked, str)
    for mark, letter in layout.WHATSAPP_MARKS.items():
        read, asked = read.replace(letter, mark), asked.replace(letter, mark)
    assert read == asked


@given(st.text(st.sampled_from("ab \n\x02\x03*"), max_size=300))
def test_a_part_for_whatsapp_is_no_longer_when_it_is_marked(text: str) -> None:
    for part in layout.parts(layout.bold_by_line(text), 40):
        assert len(layout.whatsapp(part)) <= 40


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nama: \x02Siti\x03.", "Nama: *Siti*."),
        ("\x02Tiket MND-G-0034 \x03besok", "*Tiket MND-G-0034* besok"),
        ("\x02dua\nbaris\x03", "*dua*\n*baris*"),
        ("a\x02b\x03", "ab"),
        ("*x*", "\u2217x\u2217"),
        ("_x_ ~y~ `z`", "\uff3fx_ \u223cy~ \u02cbz\u02cb"),
        ("t.me/bot?start=kc_manado_G ~kira 5", "t.me/bot?start=kc_manado_G ~kira 5"),
    ],
)
def test_whatsapp_shows_our_bold_and_no_mark_of_data(text: str, shown: str) -> None:
    assert layout.whatsapp(text) == shown


def test_a_network_without_bold_shows_the_words() -> None:
    assert layout.plain("Nama: \x02Siti\x03 *x*") == "Nama: Siti *x*"


@given(TEXTS, st.integers(10, 40))
def test_the_last_part_can_be_smaller(text: str, last: int) -> None:
    whole = layout.parts(text, 40, last=last)
    assert len(whole[-1]) <= last
    assert all(len(part) <= 40 for part in whole)
    gap = str.maketrans("", "", " \n")
    again = "".join(shown(part)[0] for part in whole)
    assert again.translate(gap) == shown(text)[0].translate(gap)


def test_the_last_part_begins_with_a_paragraph_where_it_can() -> None:
    text = "Satu dua.\n\nTiga empat lima?\n1. Ya"
    assert layout.parts(text, 40, last=28) == ["Satu dua.", "Tiga empat lima?\n1. Ya"]
