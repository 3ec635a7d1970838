"""A typed reply picks an option by number, words or a near spelling; never by chance."""

import msgspec
import pytest

from forms.agreement import has_none, yes_or_no
from forms.choices import Option, match, not_offered
from forms.fields import FIELDS, Invalid
from forms.reserved import RESERVED, nearly_reserved, reserved
from tests.forms.asked import asking, read, value

OPTIONS = (
    Option("dinas", "Tugas dinas", key="A"),
    Option("pindah", "Pindah rumah", row="B. Pindah rumah"),
    Option("kuliah", "Kuliah"),
    Option("menu", "Menu utama", key="0"),
)


YES = (
    "iya|y|mau|sdh punya|udah|Ya"
    "|betul|bener|ok|oke|sip|nggih|inggih|leres|muhun|Iyaaa|ya benar|OK kak|Ya, benar!"
)
NO = (
    "tidak|tdk|tidak mau|blm punya|gak|ga|nggak"
    "|bukan|salah|mboten|henteu|Tidak benar|belum|gaaak|ga kak|bukan min"
)


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2.",
        " 2 ",
        "(2)",
        "no 2",
        "No. 2",
        "nomor dua",
        "nomor 2",
        "dua",
        "DUA",
        "yang kedua",
        "pilih yang ke-2",
        "2️⃣",
        "02",
        "２",
        "pindah",
        "Pindah rumah",
        "PINDAH RUMAH!",
        "b. pindah rumah",
        "pndah rumah",
        "pindah rumha",
        "pindah rumah aja kak",
        "pndah rumah sy",
        "yang 2 aja",
    ],
)
def test_the_second_option_is_picked(text):
    picked = match(text, OPTIONS)

    assert picked is OPTIONS[1]


@pytest.mark.parametrize(("text", "value"), [("a", "dinas"), ("A.", "dinas"), ("0", "menu")])
def test_the_key_of_an_option_may_be_typed(text, value):
    picked = match(text, OPTIONS)

    assert picked
    assert picked.value == value


@pytest.mark.parametrize(
    "text", ["5", "99", "", "2 3", "2a", "-", "🙂", "batal", "pindah", "x" * 500, "00", "rumah"]
)
def test_nothing_is_picked_without_reason(text):
    options = tuple(msgspec.structs.replace(one, value=f"v-{one.value}") for one in OPTIONS)

    assert match(text, options) is None


def test_a_slip_that_two_options_could_mean_picks_neither():
    options = (Option("x", "Kelas satu"), Option("y", "Kelas dua"), Option("z", "Kelas dia"))

    assert match("kelas dwa", options) is None
    assert match("kelas dua", options) is options[1]


def test_a_slip_never_changes_a_figure():
    options = (Option("i", "Kelas 1"), Option("iii", "Anak 33"))

    assert match("kelas 2", options) is None
    assert match("klas 1", options) is options[0]


def test_a_short_label_forgives_one_slip_only():
    options = (Option("alamat", "Alamat"), Option("nama", "Nama"))

    assert match("alamta", options) is options[0]
    assert match("agama", options) is None


def test_short_labels_are_not_guessed():
    assert match("ibi", (Option("i", "Ibu"), Option("a", "Ayah"))) is None


@pytest.mark.parametrize("text", ["participant", "The participant", "the particpant"])
def test_the_article_of_an_english_label_need_not_be_typed(text):
    options = (Option("sendiri", "The participant"), Option("keluarga", "The family"))

    assert match(text, options) is options[0]


@pytest.mark.parametrize("text", [*YES.split("|"), "sudah benar bu", "iya iya"])
def test_yes_in_many_words(text):
    assert yes_or_no(text) is True


@pytest.mark.parametrize("text", [*NO.split("|"), "tidak ada"])
def test_no_in_many_words(text):
    assert yes_or_no(text) is False


@pytest.mark.parametrize("text", ["", "tidak salah", "ya tidak", "mungkin", "pak", "1", "y" * 99])
def test_neither_yes_nor_no(text):
    assert yes_or_no(text) is None


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("tidak ada", True),
        ("Ndak ada bu", True),
        ("belum punya", True),
        ("ga tau", True),
        ("tidak", True),
        ("ada", False),
        ("tidak, nomornya 0812", False),
        ("x" * 500, False),
    ],
)
def test_nothing_to_answer_with_is_said_in_many_ways(text, none):
    assert has_none(text) is none


@pytest.mark.parametrize("word", RESERVED)
def test_a_reserved_word_is_one_in_any_case_and_punctuation(word):
    assert reserved(word.lower()) == reserved(f" {word}! ") == reserved(f"/{word}") == word


@pytest.mark.parametrize("text", ["Menuk", "Jl. Batal", "0812", "menu utama", "", "00", "M E N U"])
def test_an_answer_that_only_looks_like_a_reserved_word_stays_an_answer(text):
    assert reserved(text) is None


def test_commands_of_telegram_count():
    assert reserved("/menu@ChikaContohBot") == "MENU"
    assert reserved("/batal") == "BATAL"
    assert reserved("/start") is None


@pytest.mark.parametrize(
    ("text", "word"),
    [("menuu", "MENU"), ("btal", "BATAL"), ("bantaun", "BANTUAN"), ("menu", "MENU"), ("2", None)],
)
def test_slips_in_reserved_words_are_forgiven_only_where_asked_for(text, word):
    assert nearly_reserved(text) == word


def test_the_chosen_name_is_the_value_and_the_label_is_shown():
    options = {"dinas": {"label": "Tugas dinas"}, "lain": {"label": {"id": "Lain", "en": "Other"}}}

    assert value("choice", "no 1", options=options) == "dinas"
    assert value("choice", "lain", options=options) == "lain"
    assert FIELDS["choice"].show("lain", asking("choice", options=options)) == "Lain"


def test_an_answer_that_is_no_option_any_more_is_shown_as_it_was_kept() -> None:
    options = {"lain": {"label": "Lain"}}

    assert FIELDS["choice"].show("pasangan", asking("choice", options=options)) == "pasangan"


def test_a_choice_outside_the_list_says_how_long_the_list_is():
    with pytest.raises(Invalid) as refused:
        read("choice", "8", options={"a": {"label": "Satu saja"}})

    assert refused.value.key == "salah.pilihan"
    assert refused.value.values == {"reply": "8", "nomor": "", "sampai": 1}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("7171014703569901", {"reply": "", "nomor": "ya"}),
        ("nik saya 7171 0147 0356 9901", {"reply": "", "nomor": "ya"}),
        ("entahlah", {"reply": "entahlah", "nomor": ""}),
        ("x" * 200, {"reply": "x" * 39 + "…", "nomor": ""}),
        (None, {"reply": "", "nomor": ""}),
    ],
)
def test_what_was_sent_instead_of_a_choice_is_named_but_never_a_long_number(said, told):
    assert not_offered(said, 3) == {**told, "sampai": 3}


@pytest.mark.parametrize("name", ["2", "dua", "kelas_dua"])
def test_an_option_whose_name_means_another_one_is_refused_at_load(name):
    first, second = {"label": "Kelas satu"}, {"label": "Kelas dua"}

    assert asking("choice", options={"x": first, name: second}).params.options
    with pytest.raises(msgspec.ValidationError):
        asking("choice", options={name: first, "x": second})


def test_other_words_pick_an_option_too_with_a_slip_but_never_two():
    options = {
        "negara": {"label": "PNS, TNI, atau Polri", "also": ["pns", "pegawai negeri"]},
        "swasta": {"label": "Perusahaan", "also": ["kantor"]},
    }

    assert value("choice", "PNS", options=options) == "negara"
    assert value("choice", "pegawai negri", options=options) == "negara"
    assert value("choice", "kantr", options=options) == "swasta"
    with pytest.raises(Invalid):
        read("choice", "pegawai", options=options)
    options["swasta"]["also"] = ["pns"]
    with pytest.raises(msgspec.ValidationError, match="'pns' may mean another one"):
        asking("choice", options=options)


def test_what_another_item_of_the_group_has_is_not_offered_again():
    options = {name: {"label": name.title()} for name in ("nama", "alamat", "email")}
    answers = {"ubah": [{"data": "nama"}, {"data": "email"}], "data": "email"}
    asked = asking("choice", answers, options=options, unique="ubah.data")

    assert [one.value for one in FIELDS["choice"].options(asked)] == ["alamat", "email"]


def test_yes_and_no_are_stored_in_words_that_conditions_can_name():
    assert value("yes_no", "nggih") == "ya"
    assert value("yes_no", "2") == "tidak"
    assert value("yes_no", "Sudah pernah", yes="Sudah pernah", no="Belum pernah") == "ya"
    assert FIELDS["yes_no"].show("tidak", asking("yes_no", no="Belum")) == "Belum"
