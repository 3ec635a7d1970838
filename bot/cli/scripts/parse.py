"""Reading a scripted conversation: YAML as plain text becomes steps.

They are explained in docs/scripts.md.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from bot.cli.scripts.drivers import DRIVERS
from bot.cli.scripts.steps import (
    Again,
    Bot,
    Clock,
    Expect,
    Include,
    Officer,
    Place,
    Press,
    Refused,
    Restart,
    Send,
    Silent,
    Thing,
    User,
    Written,
)
from bot.cli.scripts.words import (
    ACTIONS,
    DEFAULT_AT,
    FILE_KINDS,
    FILES,
    HEAD,
    MENUS,
    OFFICER_WORDS,
    REQUEST_WORDS,
    SENDABLE,
    STATE_WORDS,
    duration,
    instant,
    regular,
)
from bot.config.settings import MenuName
from flows.source import BOOLEANS, Source, nearest

Path_ = tuple[str, ...]


class Head(msgspec.Struct, frozen=True):
    """What a script says above its steps.

    *channels* is empty where every channel may run it, *needs* what only those have that it names;
    *menu* is None where the usual one greets.
    """

    name: str
    at: datetime
    branch: str = ""
    menu: MenuName | None = None
    channels: tuple[str, ...] = ()
    needs: str = ""
    strict: bool = False
    part: bool = False


@dataclass
class Parser:
    """One file's text as a script and its steps."""

    file: Path
    source: Source

    def head(self) -> Head:
        """What stands above the steps."""
        head = self.source.mapping(self.source.data, ())
        self.source.known(head, HEAD, ())
        if self.source.data is not None and "steps" not in head:
            self.source.refuse((), "'steps' is missing")
        channels = self._texts(head.get("channels", []), ("channels",))
        for n, name in enumerate(channels):
            if name not in DRIVERS:
                near = nearest(name, DRIVERS)
                self.source.refuse(("channels", str(n)), f"unknown channel {name!r}{near}")
        return Head(
            name=str(head.get("name", self.file.stem)),
            at=self._value(instant, head.get("at", DEFAULT_AT), ("at",)) or instant(DEFAULT_AT),
            branch=str(head.get("branch", "")),
            menu=self._menu(head.get("menu")),
            channels=channels,
            needs=str(head.get("needs", "")),
            strict=self._flag(head, "strict"),
            part=self._flag(head, "part"),
        )

    def steps(self) -> tuple[Written, ...]:
        """The steps that can be read; the others are among the problems."""
        data = self.source.data
        given = data.get("steps", []) if isinstance(data, dict) else []
        if not isinstance(given, list):
            self.source.refuse(("steps",), "steps: expected a list")
            return ()
        found = (self._step(one, ("steps", str(n))) for n, one in enumerate(given))
        return tuple(step for step in found if step is not None)

    def _step(self, given: Any, path: Path_) -> Written | None:
        word = self._word(given, path)
        if word is None:
            return None
        before = len(self.source.problems)
        place = Place(self.file, self.source.lines[*path, word], (*path, word))
        step = READERS[word](self, place, given[word])
        if "as" in given and isinstance(step, User | Press | Send | Again | Expect):
            step = replace(step, who=str(given["as"]))
        elif "as" in given:
            self.source.refuse((*path, "as"), f"'as' does not go with {word!r}")
        return None if len(self.source.problems) > before else step

    def _word(self, given: Any, path: Path_) -> str | None:
        """The step word, None where there is not just one that is known."""
        if not isinstance(given, dict):
            self.source.refuse(path, "a step is a word and its value, such as 'user: halo'")
            return None
        words = [word for word in given if word != "as"]
        if len(words) != 1:
            self.source.refuse(path, f"a step has one word; here are {', '.join(words) or 'none'}")
        elif words[0] not in READERS:
            near = nearest(words[0], READERS)
            self.source.refuse((*path, words[0]), f"unknown step {words[0]!r}{near}")
        else:
            return str(words[0])
        return None

    def user(self, place: Place, given: Any) -> Written:
        return User(place, self._text(given, place.path))

    def press(self, place: Place, given: Any) -> Written:
        return Press(place, self._text(given, place.path))

    def press_old(self, place: Place, given: Any) -> Written:
        return Press(place, self._text(given, place.path), old=True)

    def bot(self, place: Place, given: Any) -> Written:
        return Bot(place, self._patterns(given, place.path), isinstance(given, list))

    def refused(self, place: Place, given: Any) -> Written:
        return Refused(place, self._patterns(given, place.path))

    def silent(self, place: Place, given: Any) -> Written:
        self._true(given, place.path)
        return Silent(place)

    def restart(self, place: Place, given: Any) -> Written:
        self._true(given, place.path)
        return Restart(place)

    def again(self, place: Place, given: Any) -> Written:
        times = int(given) if str(given).isdecimal() else 0
        if not 1 <= times <= 9:
            self.source.refuse(place.path, "again: how many times, 1 to 9")
        return Again(place, times)

    def at(self, place: Place, given: Any) -> Written:
        return Clock(place, at=self._value(instant, given, place.path))

    def advance(self, place: Place, given: Any) -> Written:
        return Clock(place, by=self._value(duration, given, place.path) or timedelta())

    def include(self, place: Place, given: Any) -> Written:
        return Include(place, self._text(given, place.path))

    def expect(self, place: Place, given: Any) -> Written:
        wanted = self.source.mapping(given, place.path)
        self.source.known(wanted, STATE_WORDS, place.path)
        request = wanted.get("request")
        if isinstance(request, dict):
            self.source.known(request, REQUEST_WORDS, (*place.path, "request"))
        return Expect(place, wanted)

    def send(self, place: Place, given: Any) -> Written:
        several = isinstance(given, list)
        things = [
            self._thing(one, (*place.path, str(n)) if several else place.path)
            for n, one in enumerate(given if several else [given])
        ]
        return Send(place, tuple(one for one in things if one is not None))

    def _thing(self, given: Any, path: Path_) -> Thing | None:
        mapping = self.source.mapping(given, path)
        before = len(self.source.problems)
        self.source.known(mapping, (*SENDABLE, "of"), path)
        kinds = [kind for kind in mapping if kind in SENDABLE]
        if len(self.source.problems) > before:
            return None
        if len(kinds) != 1 or ("of" in mapping and kinds != ["contact"]):
            self.source.refuse(path, f"send one of {', '.join(SENDABLE)}; 'of' goes with contact")
            return None
        [kind] = kinds
        value = self._text(mapping[kind], (*path, kind))
        if kind in FILE_KINDS:
            file = self.file.parent / FILES / value
            if not file.is_file():
                near = nearest(value, [one.name for one in file.parent.glob("*")])
                self.source.refuse((*path, kind), f"no file {FILES}/{value}{near}")
            value = str(file.resolve())
        return Thing(kind, value, str(mapping.get("of", "")))

    def officer(self, place: Place, given: Any) -> Written:
        mapping = self.source.mapping(given, place.path)
        do = str(mapping.get("do", ""))
        if do not in ACTIONS:
            message = f"unknown action {do!r}{nearest(do, ACTIONS)}" if do else "'do' is missing"
            self.source.refuse((*place.path, "do"), message)
        needs = ACTIONS.get(do, ())
        self.source.known(mapping, (*OFFICER_WORDS, *needs), place.path)
        for word in ("name", *needs):
            if word not in mapping:
                self.source.refuse(place.path, f"{do}: {word!r} is missing")
        words = {key: str(value) for key, value in mapping.items() if key not in ("name", "do")}
        return Officer(place, str(mapping.get("name", "")), do, words)

    def _patterns(self, given: Any, path: Path_) -> tuple[str, ...]:
        several = isinstance(given, list)
        patterns = self._texts(given, path) if several else (self._text(given, path),)
        for n, pattern in enumerate(patterns or ("",)):
            here = (*path, str(n)) if several else path
            try:
                re.compile(regular(pattern))
            except re.error as error:
                self.source.refuse(here, f"not a regular expression: {error}")
            if not pattern.strip():
                self.source.refuse(here, "nothing is expected; 'silent: true' says so")
        return patterns

    def _text(self, given: Any, path: Path_) -> str:
        if isinstance(given, str):
            return given
        self.source.refuse(path, f"{path[-1]}: expected text")
        return ""

    def _texts(self, given: Any, path: Path_) -> tuple[str, ...]:
        if isinstance(given, list) and all(isinstance(one, str) for one in given):
            return tuple(given)
        self.source.refuse(path, f"{path[-1]}: expected a list of texts")
        return ()

    def _true(self, given: Any, path: Path_) -> None:
        if BOOLEANS.get(str(given).lower()) is not True:
            self.source.refuse(path, f"{path[-1]}: true is all it can be")

    def _menu(self, given: Any) -> MenuName | None:
        menu = next((name for name in MENUS if name == given), None)
        if given is not None and menu is None:
            self.source.refuse(("menu",), f"menu: {' or '.join(MENUS)}, not {given!r}")
        return menu

    def _flag(self, head: Mapping[str, Any], key: str) -> bool:
        given = str(head.get(key, "false")).lower()
        if given not in BOOLEANS:
            self.source.refuse((key,), f"{key}: true or false")
        return BOOLEANS.get(given, False)

    def _value(self, convert: Callable[[str], Any], given: Any, path: Path_) -> Any:
        try:
            return convert(given)
        except (TypeError, ValueError):
            self.source.refuse(path, f"{path[-1]}: {EXAMPLES[path[-1]]}, not {given!r}")
            return None


EXAMPLES: Final = {
    "at": "expected an instant with its offset, such as 2026-11-20T16:58+08:00",
    "advance": "expected a time span, such as 40m, 2h or 7d",
}

READERS: Final[Mapping[str, Callable[[Parser, Place, Any], Written]]] = {
    "user": Parser.user,
    "press": Parser.press,
    "press_old": Parser.press_old,
    "send": Parser.send,
    "again": Parser.again,
    "bot": Parser.bot,
    "silent": Parser.silent,
    "expect": Parser.expect,
    "restart": Parser.restart,
    "at": Parser.at,
    "advance": Parser.advance,
    "officer": Parser.officer,
    "refused": Parser.refused,
    "include": Parser.include,
}
"""The step words."""
