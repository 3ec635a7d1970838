"""Options as buttons, lists and numbered lines: whatever is asked, everything can be picked."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.button_data import LONGEST_DATA, read_data, write_data
from bot.channels.layout import marked, numbered, unmarked
from bot.channels.offer import Form, choices, columns, offer
from bot.runtime.messages import Outbound
from forms.choices import Option, match, pressed

BUTTONS = Form("buttons", most=3, title=20, body=1024, seen=3)
LIST = Form("list", most=10, title=24, note=72, body=1024, rows=True)
CHIPS = Form("chips", most=13, title=20, body=2000, seen=3)
FORMS = (BUTTONS, LIST, CHIPS)

PLACES = st.text(st.sampled_from("ab KC\x02\n"), min_size=1, max_size=40)
LETTERS = st.sampled_from(["", "", "G", "TETAP"])


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """Options with names that may be the same, long or blank; values and keys are their own."""
    count = draw(st.integers(0, 15))
    keys = draw(st.lists(LETTERS, min_size=count, max_size=count))
    return tuple(
        Option(
            value=f"v{n}" + draw(st.sampled_from(["", "é" * 40])),
            label=draw(PLACES),
            row=draw(st.just("") | PLACES),
            note=draw(st.just("") | st.text(max_size=90)),
            key=key if keys.index(key) == n else "",
        )
        for n, key in enumerate(keys)
    )


MESSAGES = st.builds(
    Outbound,
    text=st.text(st.sampled_from("ab \n\x02\x03"), max_size=3000),
    options=options(),
    put=st.integers(0, 10**9 - 1),
)


@given(MESSAGES, st.lists(st.sampled_from(FORMS), max_size=3))
def test_limits_hold_titles_differ_and_each_button_brings_its_option(
    message: Outbound, forms: list[Form]
) -> None:
    offered = offer(message, forms, 2000)
    assert all(len(text) <= 2000 for text in offered.texts)
    form = offered.form
    if form is None:
        assert not offered.choices
        return
    assert len(offered.texts[-1]) <= form.body
    assert len(offered.choices) == len(message.options) <= form.most
    titles = [one.title.casefold() for one in offered.choices]
    assert len(set(titles)) == len(titles)
    assert all(title.strip() and len(title) <= form.title for title in titles)
    for option, one in zip(message.options, offered.choices, strict=True):
        assert len(one.note) <= form.note
        assert len(one.data.encode()) <= LONGEST_DATA
        value, put = read_data(one.data)
        assert (pressed(value, message.options), put) == (option, message.put)


@given(MESSAGES, st.lists(st.sampled_from(FORMS), max_size=3))
def test_what_is_not_in_sight_is_numbered_and_its_number_picks_it(
    message: Outbound, forms: list[Form]
) -> None:
    offered = offer(message, forms, 2000)
    told = "\n".join(offered.texts)
    in_sight = offered.form is not None and len(message.options) <= offered.form.seen
    for n, option in enumerate(message.options, 1):
        assert match(str(n), message.options) == option
        assert match(option.key or str(n), message.options) == option
    if message.options and not in_sight:
        listed = marked("\n".join(numbered(message.options)), unmarked, str).split()
        assert marked(told, unmarked, str).split()[-len(listed) :] == listed


def ask(*labels: str, **more: str) -> Outbound:
    return Outbound("Pilih.", tuple(Option(label, label, **more) for label in labels), 4, "choice")


def test_three_short_options_are_buttons_and_the_text_does_not_repeat_them() -> None:
    offered = offer(ask("Ya, benar", "Ubah", "Kembali"), (BUTTONS, LIST))
    assert offered.form == BUTTONS
    assert offered.texts == ["Pilih."]
    assert [one.data for one in offered.choices] == ["4|Ya, benar", "4|Ubah", "4|Kembali"]


def test_four_options_are_a_list_whose_rows_the_text_numbers() -> None:
    offered = offer(ask("Satu", "Dua", "Tiga", "Empat", note="Catatan"), (BUTTONS, LIST))
    assert offered.form == LIST
    assert offered.texts == ["Pilih.\n1. Satu\n2. Dua\n3. Tiga\n4. Empat"]
    assert offered.choices[0].note == "Catatan"


def test_a_note_that_is_the_row_itself_is_not_said_twice() -> None:
    place = Option("1701", "Kab. Bengkulu Selat…", "Kab. Bengkulu Selatan", "Kab. Bengkulu Selatan")
    [first] = choices(Outbound("Yang mana?", (place,)), LIST)
    assert (first.title, first.note) == (place.row, "")


def test_a_label_too_long_for_a_button_makes_a_list() -> None:
    offered = offer(ask("Cek status kepesertaan", "Ubah"), (BUTTONS, LIST))
    assert offered.form == LIST
    assert [one.title for one in offered.choices] == ["Cek status kepesertaan", "Ubah"]


def test_a_label_too_long_for_everything_is_cut_numbered_and_told_whole() -> None:
    long = "Rumah Sakit Umum Daerah Kota Manado"
    offered = offer(ask(long, f"{long} Utara"), (BUTTONS, LIST))
    assert offered.texts == [f"Pilih.\n1. {long}\n2. {long} Utara"]
    assert [one.title for one in offered.choices] == [
        "1. Rumah Sakit Umum…",
        "2. Rumah Sakit Umum…",
    ]
    [first, _] = choices(ask(long, "Ubah"), LIST)
    assert first.note == long


def test_more_options_than_anything_holds_are_numbered_lines() -> None:
    offered = offer(ask(*(f"Pilihan {n}" for n in range(14))), FORMS)
    assert offered.form is None
    assert offered.texts[0].endswith("\n14. Pilihan 13")


def test_a_text_that_lists_its_options_is_not_numbered_again() -> None:
    message = Outbound("1. Ya\n2. Tidak", ask("Ya", "Tidak").options, listed=True)
    assert offer(message, ()).texts == ["1. Ya\n2. Tidak"]


def test_a_long_question_hangs_its_buttons_under_its_last_paragraph() -> None:
    message = Outbound("kata " * 300 + "\n\nSudah \x02benar\x03?", ask("Ya", "Ubah").options)
    offered = offer(message, (BUTTONS, LIST))
    assert offered.texts[-1] == "Sudah \x02benar\x03?"


def test_a_place_among_the_options_stands_for_a_value_that_is_too_long() -> None:
    long = Option("é" * 40, "Puskesmas Bahu")
    data = write_data(long, 2, 7)
    assert data == "7|#2"
    assert pressed("#2", [Option("a", "A"), long]) == long
    assert pressed("#3", [Option("a", "A"), long]) is None


def test_short_titles_stand_in_pairs_and_one_long_title_makes_a_column() -> None:
    short = [f"Pilihan {letter}" for letter in "abc"]
    assert [len(row) for row in columns(choices(ask(*short)))] == [2, 1]
    assert [len(row) for row in columns(choices(ask(*short, "x" * 16)))] == [1, 1, 1, 1]
