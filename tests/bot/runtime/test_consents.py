"""What is kept of a consent."""

import hashlib
from datetime import UTC, datetime

import pytest

from bot.runtime.consents import proof
from bot.texts.catalogue import Catalogue
from data.instants import to_us
from flows.facts import Consented

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Do you agree, Siti?"), ("id", "Setuju, Siti?")]
)
def test_the_fingerprint_is_of_the_language_that_was_read(language: str, text: str) -> None:
    english = "Do you agree, {{ nama }}?"
    catalogue = Catalogue({"id": {"tanya": "Setuju, {{ nama }}?"}, "en": {"tanya": english}})

    kept = proof(Consented("G", "tanya", {"nama": "Siti"}), catalogue, language, AT)

    assert kept.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (kept.service, kept.key, kept.at) == ("G", "tanya", to_us(AT))
