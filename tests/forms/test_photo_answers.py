"""Pictures of a document as an answer."""

import msgspec
import pytest

from forms.fields import FIELDS, Document, Invalid, Read
from forms.types.document import is_open, is_unclear, pages
from tests.forms.asked import asking, read, value

PAGES = [Document(str(n) * 64, "image/jpeg", 1000 + n, f"{n}.jpg", "a") for n in range(8)]


def test_a_picture_is_the_first_page():
    stored = value("photo", PAGES[0], document="kk")

    assert msgspec.convert(stored, list[Document]) == [PAGES[0]]
    assert msgspec.json.decode(msgspec.json.encode(stored)) == stored
    assert value("photo", stored, document="kk") == stored


def test_pages_are_added_up_to_the_limit_and_the_same_one_once():
    asked = asking("photo", document="kk")
    photo = FIELDS["photo"]
    kept = value("photo", PAGES[0], document="kk")

    for page in PAGES[1:5]:
        kept = photo.more(kept, page, asked).value

    assert photo.more(kept, PAGES[4], asked) == Read(kept)
    assert photo.show(kept, asked) == "5 foto"
    with pytest.raises(Invalid) as refused:
        photo.more(kept, PAGES[5], asked)
    assert (refused.value.key, refused.value.values) == (
        "salah.foto_banyak",
        {"document": "kk", "limit": 5},
    )


def test_a_document_of_three_pages_is_open_until_the_third():
    asked = asking("photo", document="kk", pages="3")
    photo = FIELDS["photo"]
    one = value("photo", PAGES[0], document="kk", pages="3")

    two = photo.more(one, PAGES[1], asked).value
    three = photo.more(two, PAGES[2], asked).value

    assert (is_open(one), is_open(two), is_open(three)) == (True, True, False)
    assert [len(pages(stored)) for stored in (one, two, three)] == [1, 2, 3]
    for stored in (one, two, three):
        assert photo.read(stored, asked) == Read(stored)


def test_a_document_may_have_more_pages_than_any_other_when_its_step_asks_for_them():
    asked = asking("photo", document="kk", pages="8")
    kept = value("photo", PAGES[0], document="kk", pages="8")

    for page in PAGES[1:]:
        kept = FIELDS["photo"].more(kept, page, asked).value

    assert FIELDS["photo"].show(kept, asked) == "8 foto"


def test_a_pdf_has_all_its_pages():
    scan = Document("f" * 64, "application/pdf", 9000, "kk.pdf")

    stored = value("photo", scan, document="kk", pages="3")

    assert not is_open(stored)
    assert FIELDS["photo"].show(stored, asking("photo", document="kk")) == "1 PDF"


def test_an_unclear_page_is_told():
    stored = value("photo", msgspec.structs.replace(PAGES[0], doubt="blurred"), document="kk")

    assert is_unclear(stored)
    assert FIELDS["photo"].show(stored, asking("photo", document="kk")) == "1 foto (kurang jelas)"


@pytest.mark.parametrize(
    ("day", "told"),
    [("", "menyusul"), ("2026-12-22", "menyusul, paling lambat 22 Desember 2026")],
)
def test_a_promise_is_a_value_where_the_step_allows_it(day, told):
    promise = {"later": day}
    asked = asking("photo", document="kk", later="yes")

    assert FIELDS["photo"].read(promise, asked) == Read(promise)
    assert FIELDS["photo"].show(promise, asked) == told
    assert pages(promise) == []
    with pytest.raises(Invalid):
        read("photo", promise, document="kk")


@pytest.mark.parametrize("reply", ["sudah saya kirim", "", [], [{"sha256": 1}], ["x"], 3, {}])
def test_anything_else_is_told_which_document_is_wanted(reply):
    with pytest.raises(Invalid) as refused:
        read("photo", reply, document="kk")

    assert (refused.value.key, refused.value.values) == ("salah.foto_perlu", {"document": "kk"})
