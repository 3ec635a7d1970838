"""Text, names, telephone, email and money."""

import pytest

from forms.cleaning import excerpt
from forms.fields import FIELDS, ContactCard, Document, Invalid
from tests.forms.asked import asking, read, value


@pytest.mark.parametrize(
    ("kind", "reply", "params", "key"),
    [
        ("text", "", {}, "salah.kosong"),
        ("text", " \n\t ", {}, "salah.kosong"),
        ("text", "🙂🙏", {}, "salah.kosong"),
        ("text", "\u200b\u202e", {}, "salah.kosong"),
        ("text", "abcd", {"max": 3}, "salah.terlalu_panjang"),
        ("text", "ab", {"min": "3"}, "salah.terlalu_pendek"),
        ("text", "a" * 50_000, {}, "salah.terlalu_panjang"),
        ("text", "12a45678", {"digits": "yes"}, "salah.angka_saja"),
        ("text", Document("0" * 64, "image/jpeg", 1), {}, "salah.perlu_tulisan"),
        ("text", 7, {}, "salah.perlu_tulisan"),
        ("name", "S", {}, "salah.nama"),
        ("name", "Siti 2", {}, "salah.nama_angka"),
        ("name", "iya bu", {}, "salah.nama_jawaban"),
        ("name", "tidak", {}, "salah.nama_jawaban"),
        ("name", "Siti & Budi", {}, "salah.nama"),
        ("name", "A" * 61, {}, "salah.terlalu_panjang"),
        ("phone", "0431-123456", {}, "salah.hp"),
        ("phone", "08123", {}, "salah.hp"),
        ("phone", "+65 8123 4567", {}, "salah.hp"),
        ("phone", "nanti saja", {}, "salah.hp"),
        ("phone", "7171 0112 0390 9909", {}, "salah.hp_identitas"),
        ("phone", "8171011203909909", {}, "salah.hp_identitas"),
        ("phone", "0812-3456 / 0813-4567", {}, "salah.hp"),
        ("phone", ContactCard("+6281200000142", own=False), {}, "salah.kontak_orang_lain"),
        ("email", "budi", {}, "salah.email"),
        ("email", "budi@contoh", {}, "salah.email"),
        ("email", "@contoh.id", {}, "salah.email"),
        ("email", "b..u@contoh.id", {}, "salah.email"),
        ("email", "budi@con toh..id", {}, "salah.email"),
        ("email", "budi@-contoh.id", {}, "salah.email"),
        ("email", "a@b@contoh.id", {}, "salah.email"),
        ("money", "banyak", {}, "salah.uang"),
        ("money", "4 jutaan", {}, "salah.uang"),
        ("money", "1.5", {}, "salah.uang"),
        ("money", "1.23.456", {}, "salah.uang"),
        ("money", "-5000", {}, "salah.uang"),
        ("money", True, {}, "salah.perlu_tulisan"),
        ("money", "999", {"min": 1000}, "salah.uang_kurang"),
        ("money", "2 juta", {"max": 1_000_000}, "salah.uang_lebih"),
        ("money", "9" * 60, {}, "salah.uang_lebih"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_cause(kind, reply, params, key):
    with pytest.raises(Invalid) as refused:
        read(kind, reply, **params)

    assert refused.value.key == key


@pytest.mark.parametrize(
    ("reply", "repeated"),
    [
        ("7171 0112 0390 9909", "•••• •••• •••• 9909"),
        ("0001234567890", "•••••••••7890"),
        ("nik saya 7171-0112-0390-9909 bu", "nik saya ••••-••••-••••-9909 bu"),
        ("7171/0112/0390/9909", "••••/••••/••••/9909"),
        ("7171 – 0112 – 0390 – 9909", "•••• – •••• – •••• – 9909"),
        ("(7171)(0112)(0390)(9909)", "(••••)(••••)(••••)(9909)"),
        ("7171_0112_0390_9909", "••••_••••_••••_9909"),
        ("12345678901234567890" * 3, "•" * 39 + "…"),
        ("0812 3456 789", "0812 3456 789"),
        ("12-03-1990", "12-03-1990"),
    ],
)
def test_an_identity_number_is_never_repeated_whole(reply, repeated):
    assert excerpt(reply) == repeated
    with pytest.raises(Invalid) as refused:
        read("email", reply)
    assert refused.value.values == {"text": repeated}


def test_a_text_that_is_too_long_is_told_by_how_much():
    with pytest.raises(Invalid) as refused:
        read("text", "a" * 50_000, max=200)

    assert refused.value.values == {"limit": 200, "got": 50_000}


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("  Jl.  Batal\nno. 5 ", "Jl. Batal no. 5"),
        ("a\u202eb\u200bc\x02d", "abcd"),
        ("Cafe\u0301", "Café"),
        ("sakit 🤒 sekali", "sakit 🤒 sekali"),
    ],
)
def test_text_is_kept_without_what_nobody_can_see(reply, kept):
    assert value("text", reply) == kept


def test_an_account_number_is_kept_as_figures():
    assert value("text", "1234-5678 90", digits="yes", min=8, max=20) == "1234567890"


def test_an_account_number_is_covered_where_it_is_shown_and_whole_in_the_report():
    asked = asking("text", digits="yes", masked="yes")
    assert FIELDS["text"].show("1234567890", asked) == "••••••7890"
    assert FIELDS["text"].full("1234567890", asked) == "1234567890"
    assert FIELDS["text"].show("Bidan Ani", asking("text")) == "Bidan Ani"


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("siti aminah", "siti aminah"),
        ("  SITI   AMINAH ", "SITI AMINAH"),
        ("Ma’ruf D'Souza-Lim", "Ma'ruf D'Souza-Lim"),
        ("By. Ny. Siti", "By. Ny. Siti"),
        ("I Gusti Ngurah Rai", "I Gusti Ngurah Rai"),
        ("José", "José"),
        ("Menuk", "Menuk"),
        ("Si\u200bti", "Siti"),
    ],
)
def test_a_name_is_kept_as_typed(reply, kept):
    assert value("name", reply) == kept


@pytest.mark.parametrize(
    "reply",
    [
        "081200000142",
        "0812-0000-0142",
        "0812 0000 0142",
        "(0812) 0000.0142",
        "+62 812-0000-0142",
        "+62 (0)812 0000 0142",
        "6281200000142",
        "006281200000142",
        "81200000142",
        "WA: 0812 0000 0142",
        "https://wa.me/6281200000142",
        ContactCard("6281200000142", own=True),
    ],
)
def test_a_mobile_number_in_any_spelling(reply):
    assert value("phone", reply) == "+6281200000142"


def test_a_mobile_number_is_shown_as_it_is_dialled_at_home():
    field, asked = FIELDS["phone"], asking("phone")

    assert field.show("+6281200000142", asked) == "0812-0000-0142"
    assert field.show("+628120000014", asked) == "0812-0000-014"
    assert field.full("+6281200000142", asked) == "+6281200000142"


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("budi@contoh.id", "budi@contoh.id"),
        (" Budi.S+jkn@Contoh.CO.ID ", "Budi.S+jkn@contoh.co.id"),
        ("mailto:budi@contoh.id", "budi@contoh.id"),
        ("budi @contoh.id.", "budi@contoh.id"),
    ],
)
def test_an_email_address_is_kept_tidy(reply, kept):
    assert value("email", reply) == kept


@pytest.mark.parametrize(
    ("reply", "rupiah"),
    [
        ("Rp4.500.000", 4_500_000),
        ("Rp 4.500.000,-", 4_500_000),
        ("Rp. 4.500.000", 4_500_000),
        ("4.500.000,00", 4_500_000),
        ("4,500,000.00", 4_500_000),
        ("4500000", 4_500_000),
        ("4,5 juta", 4_500_000),
        ("4.5jt", 4_500_000),
        ("4 juta 500 ribu", 4_500_000),
        ("4500 rb", 4_500_000),
        ("4.500 ribu", 4_500_000),
        ("1,250 juta", 1_250_000),
        ("1.500", 1_500),
        ("500rb", 500_000),
        ("1,2 miliar", 1_200_000_000),
        ("0", 0),
        (4_500_000, 4_500_000),
    ],
)
def test_an_amount_of_money_in_any_spelling(reply, rupiah):
    assert value("money", reply) == rupiah


def test_money_is_shown_with_dots():
    assert FIELDS["money"].show(4_500_000, asking("money")) == "Rp4.500.000"
