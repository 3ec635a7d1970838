"""The catalogue: every sentence by key and language, parsed at once, filled in microseconds."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    Environment,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.filters import do_lower
from jinja2.runtime import Context

from flows.information import INFORMATION
from flows.journey import PHOTO, Journeys
from flows.spec import DISPUTED
from forms import plain_yaml
from forms.filling import NAMED, named_only
from forms.language import Words, words
from forms.wording import clock, long_date, plain_date

BOLD: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
BOLD_ON, BOLD_OFF = "\x02", "\x03"

STEP_NUMBER: Final = "soal.langkah"
"""The sentence that stands above a question of a flow when its number is known."""

PAPER_NUMBER: Final = "soal.berkas"
"""The same above a question for a document, which are counted by themselves."""

LEGIBLE: Final = "soal.terbaca"
"""The sentence below a question for a document: what must be legible on it."""

AROUND: Final = (STEP_NUMBER, PAPER_NUMBER, LEGIBLE)
"""The sentences that the catalogue itself puts around questions."""

NOTHING: Final[Mapping[str, bool]] = {}

UNPRINTED: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})

STATEMENTS: Final = (nodes.Output, nodes.If, nodes.For)
"""What a sentence may do."""

Fill = Callable[[Mapping[str, Any]], str]
Parts = tuple[tuple[str, str], ...]
"""Sources whose lines stand one below the other in one sentence.

Each goes with the name of the value without which it is not said, '' for always.
"""


class Given(Context):
    """The values of a sentence. It asks nothing else of Jinja's context, whose making is dear."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.vars = {}
        self.parent = values


class TextErrors(ValueError):
    """Sentences that are no templates; *problems* names them all."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Catalogue:
    """All sentences. `render` never touches a file."""

    def __init__(
        self,
        sentences: Mapping[str, Mapping[str, str | Parts]],
        disputed: Mapping[str, bool] = NOTHING,
    ) -> None:
        """*sentences* are template sources: by language, then by key.

        Each may name *disputed*: rules on which sources disagree, as config.yaml decides.
        """
        self._known = {DISPUTED: disputed}
        problems: list[str] = []
        self._late: list[Callable[[], Template]] = []
        self._fills: dict[str, dict[str, Fill]] = {}
        for language, texts in sentences.items():
            fill = cache(partial(self._fill, environment(language), language))
            fills = self._fills[language] = {}
            for key, source in texts.items():
                try:
                    fills[key] = fill(source) if isinstance(source, str) else _lines(fill, source)
                except TemplateSyntaxError as error:
                    problems.append(f"{key} ({language}): {error.message}")
        if problems:
            raise TextErrors(problems)

    @classmethod
    def load(cls, shared: Path, flows: Journeys, disputed: Mapping[str, bool]) -> "Catalogue":
        """Read the shared sentences of the folder *shared* and those that the flows declare.

        Raises `TextErrors` where a sentence is not a template.
        """
        spoken = {path.stem: shared_sentences(path) for path in sorted(shared.glob("*.yaml"))}
        indonesian = spoken.setdefault("id", {})
        around = {language: _around(texts, indonesian) for language, texts in spoken.items()}
        sentences: dict[str, dict[str, str | Parts]] = {
            language: {**texts} for language, texts in spoken.items()
        }
        for code, flow in flows.flows.items():
            photos = {f"step.{state}.ask" for state, step in flow.questions() if step.type == PHOTO}
            for name, sentence in flow.sentences():
                for language, text in in_languages(sentence).items():
                    frame = around.get(language, around["id"])
                    sentences.setdefault(language, {})[f"{code}.{name}"] = (
                        _framed(text, frame, name in photos) if is_question(name) else text
                    )
        for key, answer in INFORMATION.items():
            for language, text in in_languages(answer.say).items():
                sentences.setdefault(language, {})[f"info.{key}"] = text
        return cls(sentences, disputed)

    def render(self, key: str, values: Mapping[str, Any], language: str = "id") -> str:
        """The sentence *key* filled with *values*; in Indonesian where it is not translated.

        Bold is marked by U+0002 and U+0003. Raises KeyError for an unknown key, and for a value in
        several languages that lacks Indonesian; `jinja2.UndefinedError` for a missing value.
        """
        fills = self._fills.get(language)
        if fills is None or key not in fills:
            fills = self._fills["id"]
        return fills[key](values)

    def every(self, key: str) -> Words:
        """A sentence without values in every language that has it."""
        return {language: fills[key]({}) for language, fills in self._fills.items() if key in fills}

    def keys(self) -> frozenset[str]:
        """Every key that has an Indonesian sentence."""
        return frozenset(self._fills["id"])

    def warm(self) -> None:
        """Compile what nobody has been told yet: a sentence is compiled when it is first said."""
        for template in self._late:
            template()

    def _fill(self, env: Environment, language: str, source: str) -> Fill:
        """What fills *source*; raises TemplateSyntaxError where it is not a template."""
        source = marked(source)
        if "{" not in source:
            return lambda values: source
        if named_only(source) is not None:
            return _named(source, language)
        _parse(env, source)

        @cache
        def template() -> Template:
            return env.from_string(source)

        def fill(values: Mapping[str, Any]) -> str:
            given = Given({**self._known, **values})
            return "".join(template().root_render_func(given)).strip("\n")

        self._late.append(template)
        return fill


def environment(language: str = "id") -> Environment:
    """The settings under which sentences are compiled, with the filters they may use.

    A value that is `Words` is said in *language*.
    """
    env = Environment(
        undefined=StrictUndefined,
        finalize=partial(shown, language),
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  plain text, which each channel escapes
    )
    env.filters = {
        "hari": partial(long_date, language=language),
        "jam": partial(clock, language=language),
        "lama": duration,
        "lower": do_lower,
    }
    return env


def shared_sentences(path: Path) -> dict[str, str]:
    """The sentences of one language file by key, as plain text."""
    found: dict[str, str] = plain_yaml.read(path)
    return found


def in_languages(sentence: Words) -> Mapping[str, str]:
    """A sentence of a flow file by language; one that is not translated is Indonesian."""
    return {"id": sentence} if isinstance(sentence, str) else sentence


def is_question(name: str) -> bool:
    """Whether *name* (without the code of the service) is the key of a question."""
    return name.startswith("step.") and name.endswith(".ask")


def shown(language: str, value: Any) -> Any:
    """A value as it stands in a sentence: dates in words, nothing that could act as markup."""
    if isinstance(value, str):
        return value if value.isprintable() else cleaned(value)
    if isinstance(value, dict):
        return shown(language, words(value, language))
    if isinstance(value, datetime):
        return f"{long_date(value, language)}, {clock(value, language)}"
    if isinstance(value, date):
        return plain_date(value, language)
    return value


def cleaned(text: str) -> str:
    """*text* without control, bidi and zero-width characters; line breaks stay."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in UNPRINTED)


def duration(seconds: int) -> str:
    """``12 detik``, ``3 menit`` or ``2 jam``: whole units, rounded down."""
    if seconds < 60:
        return f"{seconds} detik"
    return f"{seconds // 60} menit" if seconds < 3600 else f"{seconds // 3600} jam"


def marked(source: str) -> str:
    """The source of a sentence with `*bold*` turned into marks that no value can contain."""
    return BOLD.sub(f"{BOLD_ON}\\1{BOLD_OFF}", source.strip("\n"))


def _parse(env: Environment, source: str) -> None:
    """Refuse, in a fifth of the time, what compiling *source* would refuse.

    A sentence only names values and their parts: seen to here, it needs no sandbox later.
    """
    tree = env.parse(source)
    for node in tree.find_all((nodes.Stmt, nodes.Getattr, nodes.Getitem, nodes.Call)):
        names_part = isinstance(node, nodes.Getattr) and not node.attr.startswith("_")
        if not (names_part or isinstance(node, STATEMENTS)):
            raise TemplateSyntaxError("only values and their parts can be named", node.lineno)
    for one in tree.find_all((nodes.Filter, nodes.Test)):
        if one.name not in (env.filters if isinstance(one, nodes.Filter) else env.tests):
            kind = type(one).__name__.lower()
            raise TemplateSyntaxError(f"No {kind} named {one.name!r}.", one.lineno)


def _value(values: Mapping[str, Any], name: str) -> Any:
    """The value *name*; raises UndefinedError, as Jinja does, where it is missing."""
    try:
        return values[name]
    except KeyError:
        raise UndefinedError(f"{name!r} is undefined") from None


def _named(source: str, language: str) -> Fill:
    """What fills a *source* that only names values: it needs no template."""
    pieces = NAMED.split(source)
    names = pieces[1::2]

    def fill(values: Mapping[str, Any]) -> str:
        said = pieces.copy()
        said[1::2] = [str(shown(language, _value(values, name))) for name in names]
        return "".join(said).strip("\n")

    return fill


def _lines(fill: Callable[[str], Fill], parts: Parts) -> Fill:
    """A sentence of several parts; one that says nothing leaves no line."""
    fills = [(needed, fill(source)) for needed, source in parts if source]

    def lines(values: Mapping[str, Any]) -> str:
        said = [fill(values) for needed, fill in fills if not needed or _value(values, needed)]
        return "\n".join(filter(None, said))

    return lines


def _around(texts: Mapping[str, str], indonesian: Mapping[str, str]) -> Mapping[str, str]:
    """The sentences that stand around questions, in Indonesian where they are not translated."""
    return {key: texts.get(key) or indonesian.get(key, "") for key in AROUND}


def _framed(text: str, around: Mapping[str, str], photo: bool) -> Parts:
    """The question *text* below its number; one for a document also above what must be legible."""
    above = around[PAPER_NUMBER if photo else STEP_NUMBER]
    below = around[LEGIBLE] if photo else ""
    return ("langkah", above.rstrip()), ("", text.rstrip()), ("terbaca", below.rstrip())
