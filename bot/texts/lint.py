"""The rules of the voice (ux.md 1.3, 1.4): short, kind, plain; and no sentence without a use."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from jinja2 import TemplateError, meta
from jinja2.runtime import Undefined

from bot.texts.catalogue import AROUND, BOLD, environment
from bot.texts.plain import SAY_INSTEAD
from bot.texts.uses import Use, Uses
from bot.texts.written import LIMITS, Sentence
from flows.spec import DISPUTED

MOST_LINES: Final = 10
MOST_CHARACTERS: Final = 1024
MOST_WORDS: Final = 15
QUESTION_WORDS: Final = 8
QUESTION_LINES: Final = 4
QUESTION_CHARACTERS: Final = 160
STEP_LINE: Final = "Langkah 12\n"
"""What stands above a question."""
IS_LEGIBLE: Final = " harus terbaca."
"""What stands behind the name of what must be legible on a document."""

BANNED: Final = {
    language: re.compile(rf"\b({'|'.join(banned)})\b", re.IGNORECASE)
    for language, banned in SAY_INSTEAD.items()
}
COURTESY: Final = {"id": "Mohon", "en": "Please"}
"""By language: the word of courtesy that wears off."""

SWALLOWED: Final = re.compile(r"[a-z0-9][.?!][A-Z][a-z]")
"""Two sentences without a space: a line break after a tag of the template goes with the tag."""

ENDS: Final = re.compile(r"(?<=[.?!;:])\s+")
WORD: Final = re.compile(r"[\w•'’/.,-]*\w[\w•'’/.,-]*")


def lint(sentences: Sequence[Sentence]) -> list[str]:
    """Everything that is wrong with the sentences themselves."""
    return [*_each(sentences), *_questions(sentences)]


def check_keys(
    texts: Mapping[str, Mapping[str, Sentence]],
    declared: Mapping[str, Sequence[str]],
    uses: Uses,
) -> list[str]:
    """Whether the shared *texts* (by language, by key) and what the code says are one.

    *declared* are the keys of the conversation with the values it gives.
    """
    known = texts["id"]
    problems = [
        sentence.problem("nothing in the code says this sentence")
        for key, sentence in known.items()
        if key not in declared and key not in AROUND and not uses.mentions(key)
    ]
    problems += [
        f"flows/sentences.py:1: {key}: no such sentence in bot/texts/id.yaml"
        for key in declared
        if key not in known
    ]
    for use in uses.said:
        if use.key not in known:
            problems.append(f"{use.file}:{use.line}: {use.key}: no such sentence")
    for key, sentence in known.items():
        problems += _values(sentence, given_to(key, declared, uses.said))
    return problems


def given_to(
    key: str, declared: Mapping[str, Sequence[str]], said: Iterable[Use]
) -> frozenset[str] | None:
    """The values that a sentence may name: those that every use of it gives; None if unknown."""
    given = [use.values for use in said if use.key == key]
    if key in declared:
        given.append(frozenset(declared[key]))
    sure = [values for values in given if values is not None]
    return frozenset.intersection(*sure) if sure else None


def names(text: str) -> frozenset[str]:
    """The values of its own that a sentence names; empty where it is not a template."""
    try:
        return frozenset(meta.find_undeclared_variables(environment().parse(text))) - {DISPUTED}
    except TemplateError:
        return frozenset()


def variants(text: str) -> list[str]:
    """The sentence as it may look: with every condition met, and with none."""
    return list(dict.fromkeys(_sampled(text, truth) for truth in (True, False)))


def sentences_of(text: str) -> Iterator[list[str]]:
    """The words of each sentence; a line break ends one."""
    for line in text.splitlines():
        for sentence in ENDS.split(line):
            if words := WORD.findall(sentence):
                yield words


def _each(sentences: Iterable[Sentence]) -> Iterator[str]:
    for sentence in sentences:
        try:
            shapes = variants(sentence.text)
        except TemplateError as error:
            yield sentence.problem(f"not a template: {error.message}")
            continue
        found = (message for shape in shapes for message in _of_kind(sentence, shape))
        for message in dict.fromkeys(found):
            yield sentence.problem(message)


def _of_kind(sentence: Sentence, shape: str) -> Iterator[str]:
    limit = LIMITS.get(sentence.kind)
    if limit is not None and len(shape) > limit:
        yield f"{len(shape)} characters, a {sentence.kind} has at most {limit}"
    instead = SAY_INSTEAD[sentence.language]
    for match in BANNED[sentence.language].finditer(shape):
        yield f"do not say {match[0]!r}, say {instead[match[0].lower()]!r}"
    if SWALLOWED.search(shape):
        yield "no space between two sentences: write '+%}' where a line ends with a tag"
    if "*" in BOLD.sub("", shape):
        yield "a '*' stands alone: bold is *so*"
    most = QUESTION_WORDS if sentence.kind == "question" else MOST_WORDS
    for words in sentences_of(shape):
        if len(words) > most:
            yield f"{len(words)} words in a sentence, at most {most}: {' '.join(words[:4])} ..."
    if sentence.kind == "message":
        yield from _tone(sentence, shape)


def _tone(sentence: Sentence, shape: str) -> Iterator[str]:
    if len(shape.splitlines()) > MOST_LINES:
        yield f"{len(shape.splitlines())} lines, at most {MOST_LINES}"
    if len(shape) > MOST_CHARACTERS:
        yield f"{len(shape)} characters, at most {MOST_CHARACTERS}"
    if shape.count("Bapak/Ibu") > 1:
        yield "'Bapak/Ibu' once a message is enough"
    courtesy = COURTESY[sentence.language]
    courtesies = len(re.findall(rf"\b{courtesy}\b", shape, re.IGNORECASE))
    if courtesies > 1:
        yield f"{courtesy!r} once a message is enough"
    if courtesies and sentence.key.startswith("salah."):
        yield f"no {courtesy!r} in an error: say the cause and the fix"


def _questions(sentences: Iterable[Sentence]) -> Iterator[str]:
    """A question and its hint are one message, with the number of the step above.

    Below a question for a document stands what must be legible.
    """
    hints = {(s.file, s.key, s.language): s.text for s in sentences if s.kind == "hint"}
    legible = {(s.file, s.key, s.language): s.text for s in sentences if s.kind == "legible"}
    for sentence in sentences:
        if sentence.kind != "question":
            continue
        hint = (sentence.file, sentence.key.removesuffix("ask") + "hint", sentence.language)
        paper = (sentence.file, sentence.key.removesuffix("ask") + "document", sentence.language)
        whole = f"{sentence.text.rstrip()}\n{hints.get(hint, '')}"
        if paper in legible:
            whole = f"{whole.rstrip()}\n{legible[paper]}{IS_LEGIBLE}"
        try:
            shapes = [STEP_LINE + shape for shape in variants(whole)]
        except TemplateError:
            continue  # told for the sentence itself
        lines = max(len(shape.splitlines()) for shape in shapes)
        length = max(map(len, shapes))
        if lines > QUESTION_LINES:
            yield sentence.problem(f"{lines} lines with hint and number, at most {QUESTION_LINES}")
        if length > QUESTION_CHARACTERS:
            told = f"{length} characters with hint and number, at most {QUESTION_CHARACTERS}"
            yield sentence.problem(told)


def _values(sentence: Sentence, given: frozenset[str] | None) -> Iterator[str]:
    if given is not None:
        for name in sorted(names(sentence.text) - given):
            has = ", ".join(sorted(given)) or "none"
            yield sentence.problem(f"unknown value {name!r}; it is given: {has}")


class _Sample(Undefined):
    """Stands for any value: one word, one item of a list, true or false as wanted."""

    truth = True

    def __str__(self) -> str:
        return "contohcontoh"

    def __bool__(self) -> bool:
        return self.truth

    def __iter__(self) -> Iterator[Any]:
        yield type(self)()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)()


class _FalseSample(_Sample):
    truth = False


def _sampled(text: str, truth: bool) -> str:
    env = environment()
    env.undefined = _Sample if truth else _FalseSample
    env.finalize = str
    for name in ("hari", "jam", "lama"):
        env.filters[name] = str
    return env.from_string(text).render().strip("\n")
