"""Pictures of a document as an answer."""

import msgspec
import pytest

from forms.fields import FIELDS, Document, Invalid, Read
from tests.forms.asked import asking, read, value

PAGES = [Document(str(n) * 64, "image/jpeg", 1000 + n, f"{n}.jpg", "a") for n in range(8)]


def test_a_picture_is_the_first_page():
    stored = value("photo", PAGES[0], document="kk")

    assert msgspec.convert(stored, list[Document]) == [PAGES[0]]
    assert msgspec.json.decode(msgspec.json.encode(stored)) == stored
    assert value("photo", stored, document="kk") == stored


def test_pages_are_added_up_to_the_limit_and_the_same_one_once():
    asked = asking("photo", document="kk", max_pages="2")
    photo = FIELDS["photo"]
    one = value("photo", PAGES[0], document="kk")

    two = photo.more(one, PAGES[1], asked)

    assert isinstance(two, Read)
    assert photo.more(two.value, PAGES[1], asked) == two
    assert photo.show(two.value, asked) == "2 foto"
    with pytest.raises(Invalid) as refused:
        photo.more(two.value, PAGES[2], asked)
    assert (refused.value.key, refused.value.values) == (
        "salah.foto_banyak",
        {"document": "kk", "limit": 2},
    )


@pytest.mark.parametrize("reply", ["sudah saya kirim", "", [], [{"sha256": 1}], ["x"], 3, {}])
def test_anything_else_is_told_which_document_is_wanted(reply):
    with pytest.raises(Invalid) as refused:
        read("photo", reply, document="kk")

    assert (refused.value.key, refused.value.values) == ("salah.foto_perlu", {"document": "kk"})
