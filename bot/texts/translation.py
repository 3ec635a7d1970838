"""Whether everything is said in every language in which that was promised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.texts.lint import names
from bot.texts.written import Sentence

Place = tuple[str, str]
"""File and key."""


def of_files(sentences: Iterable[Sentence], promised: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What a file leaves untranslated of the languages that it promises."""
    by_place: dict[Place, dict[str, Sentence]] = {}
    for sentence in sentences:
        by_place.setdefault((sentence.file, sentence.key), {})[sentence.language] = sentence
    for (file, _), written in by_place.items():
        first = next(iter(written.values()))
        for language in promised.get(file, ()):
            if language not in written:
                yield first.problem(f"is not written in the language {language!r}")
        yield from _same_values(written)


def of_shared(
    texts: Mapping[str, Mapping[str, Sentence]], officers: Iterable[str]
) -> Iterator[str]:
    """What the shared *texts* (by language, by key) leave untranslated.

    *officers* are the keys that only officers read, in Indonesian.
    """
    known = texts["id"]
    wanted = known.keys() - set(officers)
    for language, translated in texts.items():
        if language == "id":
            continue
        for key in sorted(wanted - translated.keys()):
            yield known[key].problem(f"is not written in the language {language!r}")
        for key, sentence in translated.items():
            if key not in known:
                yield sentence.problem("there is no Indonesian sentence of this key")
            else:
                yield from _same_values({"id": known[key], language: sentence})


def _same_values(written: Mapping[str, Sentence]) -> Iterator[str]:
    known = written.get("id")
    for sentence in written.values():
        if known is not None and names(sentence.text) != names(known.text):
            yield sentence.problem("names other values than the Indonesian sentence")
