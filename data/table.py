"""Editable CSV tables: rows that know their line, and every problem collected before it is told."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import msgspec


class TableError(ValueError):
    """Data files cannot be used; *problems* are lines of ``file:line: what is wrong; the fix``."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass
class Problems:
    """What is wrong with the data files read so far."""

    found: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int, what: str) -> None:
        """Note *what* is wrong in *line*, or in the whole file when *line* is 0."""
        place = f"{path.name}:{line}" if line else path.name
        self.found.append(f"{place}: {what}")

    def raise_any(self) -> None:
        """Raise `TableError` with everything that was found, if anything was."""
        if self.found:
            raise TableError(self.found)


class Row(msgspec.Struct, frozen=True):
    """One line of a table; a cell is text without surrounding spaces."""

    path: Path
    line: int
    cells: dict[str, str]
    problems: Problems

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, what: str) -> None:
        """Note that this line cannot be used as it is."""
        self.problems.add(self.path, self.line, what)


def read_rows(
    path: Path,
    columns: Sequence[str],
    problems: Problems,
    may_be_empty: Sequence[str] = (),
    also_called: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """The rows of a UTF-8 CSV file whose header names at least *columns*.

    *also_called* maps other accepted column names to ours. Lines that cannot be used are noted in
    *problems* and left out.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = _numbered(path, file, problems)
            header = [name.strip() for name in next(lines, (1, []))[1]]
            names = [(also_called or {}).get(name, name) for name in header]
            missing = [column for column in columns if column not in names]
            if missing:
                wanted = f"the columns are {', '.join(columns)}"
                problems.add(path, 1, f"no column {', '.join(missing)}; {wanted}")
                return
            needed = [column for column in columns if column not in may_be_empty]
            for line, values in lines:
                cells = _cells(names, values)
                if not cells:
                    what = f"{len(values)} cells where the header has {len(names)}"
                    problems.add(path, line, f"{what}; put a cell that holds a comma in quotes")
                elif empty := [column for column in needed if not cells[column]]:
                    problems.add(path, line, f"{', '.join(empty)} is empty; fill it in")
                else:
                    yield Row(path, line, cells, problems)
    except FileNotFoundError:
        problems.add(path, 0, "the file is missing")
    except IsADirectoryError:
        problems.add(path, 0, "this is a folder; name a CSV file")
    except UnicodeDecodeError:
        problems.add(path, 0, "the file is not UTF-8; save it as CSV UTF-8")


def _cells(names: list[str], values: list[str]) -> dict[str, str]:
    if len(names) != len(values):
        return {}
    return {name: value.strip() for name, value in zip(names, values, strict=True)}


def _numbered(
    path: Path, file: Iterable[str], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """CSV records with the number of the line each begins on; blank lines are left out."""
    reader = csv.reader(file, strict=True)
    line = 1
    try:
        for values in reader:
            if any(values):
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(path, line, f"not CSV ({error}); check the quotes")


def nearest(word: str, words: Iterable[str]) -> str:
    """``; did you mean X?`` for the known word that looks most like *word*, '' when none does."""
    spelled = {known.casefold(): known for known in words}
    close = get_close_matches(word.casefold(), spelled, n=1, cutoff=0.6)
    return f"; did you mean {spelled[close[0]]}?" if close else ""
