"""What a request can be found by: names, ticket numbers, the last digits of NIK and card."""

import pytest

from bot.bootstrap import Product
from services import finding


@pytest.fixture
def product() -> Product:
    from bot.bootstrap import read_product
    from bot.config import load

    return read_product(load(environ={}))


def test_names_are_found_by_each_of_their_words_and_numbers_by_their_end(
    product: Product,
) -> None:
    service = product.journeys.services["G"]
    answers = {
        "nama": "Siti Nur'aini",
        "nik": "7171015708909901",
        "no_kk": "7171010101010002",
        "anggota": [{"nama_anggota": "Budi", "nik_anggota": "7171015708900003"}],
    }
    found = finding.terms(service, answers)

    assert {"siti nur aini", "aini"} <= found
    assert "9901" in found
    assert not [term for term in found if len(term) > 4 and term.isdecimal()]
    assert "0002" not in found  # the family card is not looked for


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("  ", ""),
        ("MND-G-34", "mnd g 0034"),
        ("34", "0034"),
        ("7171 0157 0890 9901", "9901"),
        ("  SITI   Nur'aini ", "siti nur aini"),
    ],
)
def test_what_is_typed_is_read_as_it_was_kept(typed: str, expected: str) -> None:
    assert finding.sought(typed) == expected
