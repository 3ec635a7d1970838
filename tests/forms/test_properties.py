"""For every field type: what was read reads back the same, and nothing a person sends hurts."""

import time
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms.agreement import yes_or_no
from forms.choices import Option, match
from forms.cleaning import clean, excerpt, fold, words
from forms.fields import FIELDS, ContactCard, Document, Invalid, Offer, Read, Unsure
from forms.reserved import nearly_reserved, reserved
from tests.forms.asked import asking

ASKED = {
    "text": asking("text"),
    "name": asking("name"),
    "nik": asking("nik"),
    "kk": asking("kk"),
    "card": asking("card"),
    "date": asking("date"),
    "phone": asking("phone"),
    "email": asking("email"),
    "passport": asking("passport"),
    "money": asking("money"),
    "choice": asking(
        "choice",
        options={"dinas": {"label": "Tugas dinas"}, "lain": {"label": "Alasan lain"}},
    ),
    "yes_no": asking("yes_no"),
    "regency": asking("regency"),
    "branch": asking("branch", {"kota": "7171"}, **{"from": "kota"}),
    "facility": asking("facility", {"kota": "7171"}, regency="kota"),
    "photo": asking("photo", document="ktp"),
}

FIGURES = st.text("0123456789OolI .-/", max_size=40)
DATES = st.builds(
    "{:02d}{}{}{}{}".format,
    st.integers(0, 40),
    st.sampled_from(["-", "/", " ", ""]),
    st.sampled_from(["1", "02", "12", "13", "maret", "nopember", "agt", "xyz"]),
    st.sampled_from(["-", "/", " ", ""]),
    st.integers(0, 2100),
)
MONEY = st.builds(
    "Rp{}{}".format, st.text("0123456789.,", max_size=20), st.sampled_from([" jt", ""])
)
PLACES = st.sampled_from(
    ["manado", "bogor", "hasa utar", "page:1", "page:x", "prov:71", "prov:94", "prov:32:2", "none"]
) | st.sampled_from(["branch:KC-MANADO", "7171", "KC-BOGOR", "puskesmas", "=Klinik", "=", "F001"])
TEXTS = st.one_of(st.text(max_size=200), FIGURES, DATES, MONEY, PLACES, st.emails())
DOCUMENTS = st.builds(Document, st.text(max_size=5), st.just("image/jpeg"), st.integers(0, 9))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
).filter(lambda value: isinstance(value, int | list | dict))
REPLIES: st.SearchStrategy[Any] = st.one_of(
    TEXTS, DOCUMENTS, st.builds(ContactCard, TEXTS, st.booleans()), JSON
)

NASTY = [
    "a" * 50_000,
    "1" * 50_000,
    "1." * 25_000,
    "1 " * 25_000,
    "0 jt" * 12_500,
    "27 maret " * 5_000,
    "🙂" * 50_000,
    "\x00" * 50_000,
    "\u202e" * 50_000,
    "a" + "\u0301\u0316" * 25_000,
    "a." * 25_000 + "@" + "b." * 25_000,
    "\ufdfa" * 50_000,
    "o" * 50_000,
    " " * 50_000,
    "\ud800" * 9,
    "𝟐" * 50_000,
    "ya " * 16_000,
]


def test_every_field_type_is_tried_here():
    assert ASKED.keys() == FIELDS.keys()


@pytest.mark.parametrize("kind", ASKED)
@settings(max_examples=150, deadline=None)
@given(reply=REPLIES)
@example(reply="")
@example(reply={"skipped": True})
def test_a_value_reads_back_unchanged_and_can_be_shown(kind, reply):
    field, asked = FIELDS[kind], ASKED[kind]
    try:
        reading = field.read(reply, asked)
    except Invalid:
        return
    if isinstance(reading, Offer):
        assert reading.options
        return
    value = reading.value

    assert field.read(value, asked) == Read(value)
    assert msgspec.json.decode(msgspec.json.encode(value)) == value
    assert field.show(value, asked)
    assert field.full(value, asked)


@pytest.mark.parametrize("kind", ASKED)
@settings(max_examples=60, deadline=None)
@given(reply=TEXTS)
def test_every_offered_option_can_be_picked(kind, reply):
    field, asked = FIELDS[kind], ASKED[kind]
    try:
        reading = field.read(reply, asked)
    except Invalid:
        return
    offered = reading.options if isinstance(reading, Offer) else field.options(asked)
    for option in offered:
        assert match(option.value, offered) == option
        try:
            assert isinstance(field.read(option.value, asked), Read | Unsure | Offer)
        except Invalid as refused:
            assert refused.key == "salah.provinsi_tanpa_kantor"


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("reply", NASTY, ids=[ascii(text[:4]) for text in NASTY])
def test_fifty_thousand_characters_cost_little(kind, reply):
    started = time.process_time()
    try:
        FIELDS[kind].read(reply, ASKED[kind])
    except Invalid as refused:
        assert all(len(str(value)) <= 200 for value in refused.values.values())
    spent = time.process_time() - started

    assert spent < 0.25


@pytest.mark.parametrize("reply", NASTY, ids=[ascii(text[:4]) for text in NASTY])
def test_matching_long_replies_costs_little(reply):
    started = time.process_time()
    options = tuple(Option(str(n), f"Pilihan nomor {n}") for n in range(10))
    match(reply, options), yes_or_no(reply), reserved(reply), nearly_reserved(reply)
    spent = time.process_time() - started

    assert spent < 0.25


@given(text=st.text())
@settings(max_examples=300, deadline=None)
def test_cleaning_is_settled_after_once_and_leaves_nothing_unseen(text):
    once = clean(text)

    assert clean(once) == once
    assert fold(fold(text)) == fold(text)
    assert not set(once) & set("\x00\x02\x03\u200b\u202e\n\t")
    assert len(excerpt(text)) <= 40
    assert excerpt(excerpt(text)) == excerpt(text)
    assert all(word == word.strip() and word for word in words(text))


@given(text=st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_matched(text):
    assert yes_or_no(text) in (True, False, None)
    assert reserved(text) in (None, nearly_reserved(text))
    assert match(text, ()) is None
