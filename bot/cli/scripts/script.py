"""Scripted conversations from files and folders, parts put in place, all mistakes at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bot.cli.scripts.parse import Head, Parser
from bot.cli.scripts.steps import Include, Officer, Send, Step, Written
from bot.cli.scripts.words import DEFAULT_AT, FILE_KINDS, FILES, instant
from flows.source import Problem, Source, nearest


class ScriptErrors(ValueError):
    """Scripts that cannot be run: *problems* with file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Script(msgspec.Struct, frozen=True):
    """One file with its parts in place; *uses* are the parts and files it needs."""

    file: Path
    head: Head
    steps: tuple[Step, ...]
    uses: frozenset[Path]


def load(paths: Iterable[Path]) -> list[Script]:
    """The scripts in files and folders, without parts; raises `ScriptErrors` for all of them.

    In a folder, a part that nobody includes and a file that nobody sends are mistakes too.
    """
    paths = list(paths)
    reader = _Reader()
    scripts = [reader.script(file) for file in _files(paths)]
    for folder in (path for path in paths if path.is_dir()):
        reader.refuse_unused(folder, scripts)
    if reader.problems:
        raise ScriptErrors(sorted(set(reader.problems)))
    return [script for script in scripts if not script.head.part]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


@dataclass
class _Reader:
    """Reads each file once and gathers the problems."""

    problems: list[Problem] = field(default_factory=list)
    files: dict[Path, tuple[Head, tuple[Written, ...]]] = field(default_factory=dict)

    def script(self, file: Path) -> Script:
        head, steps = self._file(file)
        uses: set[Path] = set()
        flat = tuple(self._flat(steps, (file,), uses))
        if not head.part and not head.branch and any(isinstance(s, Officer) for s in flat):
            self._refuse(file, 1, "officers act, but no 'branch' says where")
        return Script(file, head, flat, frozenset(uses))

    def refuse_unused(self, folder: Path, scripts: Iterable[Script]) -> None:
        """Refuse parts and files in *folder* that no script uses."""
        used: set[Path] = set()
        for script in scripts:
            if not script.head.part:
                used |= script.uses
        for script in scripts:
            if script.head.part and script.file.resolve() not in used:
                self._refuse(script.file, 1, "this part is never included")
        for file in sorted(folder.glob(f"**/{FILES}/*")):
            if file.resolve() not in used:
                self._refuse(file, 1, "this file is never sent")

    def _file(self, file: Path) -> tuple[Head, tuple[Written, ...]]:
        if file not in self.files:
            try:
                source = Source.read(str(file), file.read_text("utf-8"))
            except (OSError, UnicodeDecodeError):
                source = Source(str(file), data={"steps": []})
                source.refuse((), "cannot be read")
            if source.problems:
                self.files[file] = Head(file.stem, instant(DEFAULT_AT), part=True), ()
            else:
                parser = Parser(file, source)
                self.files[file] = parser.head(), parser.steps()
            self.problems += source.problems
        return self.files[file]

    def _flat(
        self, steps: Iterable[Written], trail: tuple[Path, ...], uses: set[Path]
    ) -> Iterator[Step]:
        for step in steps:
            if isinstance(step, Include):
                yield from self._part(step, trail, uses)
                continue
            if isinstance(step, Send):
                uses |= {Path(one.value) for one in step.things if one.kind in FILE_KINDS}
            yield step

    def _part(self, step: Include, trail: tuple[Path, ...], uses: set[Path]) -> Iterator[Step]:
        here = step.place.file
        file = here.parent / f"{step.part.removesuffix('.yaml')}.yaml"
        if not file.is_file():
            near = nearest(file.stem, [other.stem for other in here.parent.glob("*.yaml")])
            self._refuse(here, step.place.line, f"no part {file.name}{near}")
            return
        if file in trail:
            self._refuse(here, step.place.line, f"{file.name} includes itself")
            return
        uses.add(file.resolve())
        head, steps = self._file(file)
        if not head.part:
            message = f"{file.name} is a script of its own; a part says 'part: true'"
            self._refuse(here, step.place.line, message)
        yield from self._flat(steps, (*trail, file), uses)

    def _refuse(self, file: Path, line: int, message: str) -> None:
        self.problems.append(Problem(str(file), line, message))
