"""What is written for people to read: every sentence of the files with its place and its kind."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from flows.parts import Parts
from flows.source import Source
from forms.language import LANGUAGES

LIMITS: Final[Mapping[str, int]] = {
    "button": 20,
    "menu row": 21,  # the channel puts the letter of the service before it
    "row": 24,
    "note": 72,
    "label": 32,
    "item": 60,
}
"""The longest text of the kinds that are shown in one piece (ux.md 1.2), in characters."""

KINDS: Final[Mapping[str, str]] = {
    "ask": "question",
    "more": "question",
    "hint": "hint",
    "help": "message",
    "again": "message",
    "say": "message",
    "label": "label",
    "more_label": "label",
    "yes": "button",
    "no": "button",
}
"""The settings of a step that people read, with their kinds."""

Path_ = tuple[str, ...]


class Sentence(msgspec.Struct, frozen=True):
    """One text.

    *kind* is ``message``, ``question``, ``hint``, ``legible``, ``words`` or a key of `LIMITS`.
    """

    file: str
    line: int
    key: str
    kind: str
    text: str
    language: str = "id"

    def problem(self, message: str) -> str:
        """``flows/g_x.yaml:12: steps.nik.ask: message``."""
        return f"{self.file}:{self.line}: {self.key}: {message}"


def shared(root: Path) -> Iterator[Sentence]:
    """The sentences of ``bot/texts``; the file name is the language."""
    for path in sorted((root / "bot" / "texts").glob("*.yaml")):
        source = _read(root, path)
        for key, text in source.mapping(source.data, ()).items():
            line = source.lines[(key,)]
            yield Sentence(source.file, line, key, "message", str(text), path.stem)


def templates(root: Path) -> Iterator[Sentence]:
    """The bodies of the message templates."""
    for path in sorted((root / "bot" / "texts" / "templates").glob("*.yaml")):
        source = _read(root, path)
        body = source.mapping(source.data, ()).get("body")
        yield from _texts(source, ("body",), "message", body)


def officers(root: Path) -> Iterator[Sentence]:
    """The sentences of the officers' bot; those under ``tombol.`` are its buttons."""
    source = _read(root, root / "bot" / "staff" / "words.yaml")
    for key, text in source.mapping(source.data, ()).items():
        kind = "button" if key.startswith("tombol.") else "message"
        yield Sentence(source.file, source.lines[(key,)], key, kind, str(text))


def buttons(root: Path) -> Iterator[Sentence]:
    """The conversation's own buttons."""
    source = _read(root, root / "flows" / "words.yaml")
    for language, known in source.mapping(source.data, ()).get("buttons", {}).items():
        for value, option in known.items():
            place = ("buttons", language, value)
            for sentence in _option(source, place, option, language):
                yield replace(sentence, key=sentence.key.replace(f".{language}.", ".", 1))


def menus(root: Path) -> Iterator[Sentence]:
    """The rows of the menus."""
    source = _read(root, root / "flows" / "menus.yaml")
    for name, menu in source.mapping(source.data, ()).items():
        yield from _rows(source, (name, "items"), menu.get("items", {}))


def _rows(source: Source, path: Path_, items: Mapping[str, Any]) -> Iterator[Sentence]:
    for name, item in items.items():
        yield from _option(source, (*path, name), item)
        yield from _rows(source, (*path, name, "items"), item.get("items", {}))


def flows(root: Path) -> Iterator[Sentence]:
    """The sentences of the flow files."""
    for source in _flow_files(root):
        data = source.mapping(source.data, ())
        menu = data.get("menu", {})
        yield from _texts(source, ("title",), "button", data.get("title"))
        yield from _texts(source, ("menu", "row"), "menu row", menu.get("row"))
        yield from _texts(source, ("menu", "note"), "note", menu.get("note"))
        opening = data.get("opening", {}).get("say")
        yield from _texts(source, ("opening", "say"), "message", opening)
        consent = data.get("consent", {}).get("data")
        yield from _texts(source, ("consent", "data"), "words", consent)
        for name, closing in data.get("closing", {}).items():
            yield from _texts(source, ("closing", name, "say"), "message", closing.get("say"))
        for name, paper in data.get("documents", {}).items():
            yield from _texts(source, ("documents", name, "name"), "item", paper.get("name"))
            yield from _texts(
                source, ("documents", name, "readable"), "item", paper.get("readable")
            )
        for n, item in enumerate(data.get("prepare", {}).get("items", ())):
            yield from _texts(source, ("prepare", "items", str(n)), "item", item)
        yield from _steps(source, ("steps",), data.get("steps", {}))


def promised(root: Path) -> dict[str, tuple[str, ...]]:
    """By file: the languages in which everything is said that stands there."""
    return {
        "flows/words.yaml": LANGUAGES,
        "flows/menus.yaml": LANGUAGES,
        "flows/information.yaml": LANGUAGES,
        **{
            source.file: tuple(source.mapping(source.data, ()).get("languages", ("id",)))
            for source in _flow_files(root)
        },
    }


def _flow_files(root: Path) -> Iterator[Source]:
    parts = Parts.read(root / "flows")
    for path in sorted((root / "flows").glob("*_*.yaml")):
        yield parts.put_into(_read(root, path))


def information(root: Path) -> Iterator[Sentence]:
    """The answers that need no form."""
    source = _read(root, root / "flows" / "information.yaml")
    for key, answer in source.mapping(source.data, ()).items():
        yield from _texts(source, (key, "title"), "button", answer.get("title"))
        yield from _texts(source, (key, "say"), "message", answer.get("say"))


def _steps(source: Source, path: Path_, steps: Mapping[str, Any]) -> Iterator[Sentence]:
    for name, step in steps.items():
        here = (*path, name)
        for key, kind in KINDS.items():
            yield from _texts(source, (*here, key), kind, step.get(key))
        for value, option in step.get("options", {}).items():
            yield from _option(source, (*here, "options", value), option)
        if paper := source.mapping(source.data, ()).get("documents", {}).get(step.get("document")):
            yield from _texts(source, (*here, "document"), "legible", paper.get("readable"))
        yield from _steps(source, (*here, "steps"), step.get("steps", {}))


def _option(
    source: Source, path: Path_, option: Mapping[str, Any], language: str = "id"
) -> Iterator[Sentence]:
    for key, kind in (("label", "button"), ("row", "row"), ("note", "note")):
        yield from _texts(source, (*path, key), kind, option.get(key), language)


def _texts(
    source: Source, path: Path_, kind: str, words: Any, language: str = "id"
) -> Iterator[Sentence]:
    if not words:
        return
    written = words if isinstance(words, dict) else {language: words}
    for spoken, text in written.items():
        line = source.line((*path, spoken))
        yield Sentence(source.file, line, ".".join(path), kind, str(text), spoken)


def _read(root: Path, path: Path) -> Source:
    return Source.read(path.relative_to(root).as_posix(), path.read_text("utf-8"))
