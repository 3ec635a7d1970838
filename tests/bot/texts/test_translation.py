"""What is promised in a language must be said in it."""

from bot.texts.translation import of_files, of_shared
from bot.texts.uses import Use, Uses
from bot.texts.written import Sentence

INDONESIAN = Sentence("a.yaml", 3, "steps.nama.ask", "question", "Nama {{ x }}?")
ENGLISH = Sentence("a.yaml", 4, "steps.nama.ask", "question", "Name of {{ x }}?", "en")


def shared(*known: Sentence) -> dict[str, dict[str, Sentence]]:
    by_language: dict[str, dict[str, Sentence]] = {"id": {}, "en": {}}
    for one in known:
        by_language[one.language][one.key] = one
    return by_language


def test_a_service_says_everything_in_the_languages_that_it_promises() -> None:
    [problem] = of_files([INDONESIAN], {"a.yaml": ("id", "en")})

    assert problem == "a.yaml:3: steps.nama.ask: is not written in the language 'en'"
    assert not list(of_files([INDONESIAN, ENGLISH], {"a.yaml": ("id", "en")}))
    assert not list(of_files([INDONESIAN], {"a.yaml": ("id",)}))
    assert not list(of_files([INDONESIAN], {}))


def test_a_translation_names_the_same_values() -> None:
    other = Sentence("a.yaml", 4, "steps.nama.ask", "question", "Name?", "en")

    [problem] = of_files([INDONESIAN, other], {})
    [shared_problem] = of_shared(shared(INDONESIAN, other), ())

    assert "a.yaml:4" in problem and "names other values" in problem
    assert "names other values" in shared_problem


def test_a_shared_sentence_is_translated_unless_only_officers_read_it() -> None:
    [missing] = of_shared(shared(INDONESIAN), ())
    [extra] = of_shared(shared(ENGLISH), ())

    assert "is not written in the language 'en'" in missing
    assert not list(of_shared(shared(INDONESIAN), {INDONESIAN.key}))
    assert "there is no Indonesian sentence" in extra


def test_only_officers_read_what_nothing_but_a_refusal_says() -> None:
    said = (
        Use("x.py", 1, "petugas.a", frozenset(), "Refused"),
        Use("x.py", 2, "petugas.b", frozenset(), "Refused"),
        Use("x.py", 3, "petugas.b", frozenset(), "Say"),
    )

    assert Uses(said, frozenset(), frozenset()).refusals() == {"petugas.a"}
