"""``menus.yaml`` read and checked against the services: everything wrong with it is said at once.

Rows have names, which links use too (``?start=kc_manado_kuliah``): they stay what they are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flows import given
from flows.information import INFORMATION
from flows.journey import Journeys
from flows.load import FlowErrors
from flows.menus import LEADS, MOST_ROWS, Item, Menu, Menus
from flows.source import Source, nearest
from forms import cleaning
from forms.language import LANGUAGES, words

FILE: Final = "menus.yaml"

OTHERS: Final = "others"

NAME: Final = re.compile(r"[a-z][a-z0-9-]*")

Path_ = tuple[str, ...]


def load_menus(folder: Path, journeys: Journeys) -> Menus:
    """The menus of *folder*; raises `flows.load.FlowErrors`."""
    source = Source.read(FILE, (folder / FILE).read_text("utf-8"))
    menus = read_menus(source, journeys)
    if source.problems:
        raise FlowErrors(source.problems)
    return menus


def read_menus(source: Source, journeys: Journeys) -> Menus:
    """The menus that *source* declares; its problems gather there."""
    reading = _Reading(source, journeys)
    for name, data in source.mapping(source.data, ()).items():
        menu = source.fill(Menu, data, (name,))
        if menu is not None:
            reading.menu(name, menu)
    return Menus(journeys.flows, reading.items, reading.lists, reading.above, reading.called)


@dataclass
class _Reading:
    """What has been read so far: see `Menus`."""

    source: Source
    journeys: Journeys
    items: dict[str, Item] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)

    def menu(self, name: str, menu: Menu) -> None:
        """Read a whole menu."""
        named = {code for item in _all(menu.items) for code in (item.service, *item.services)}
        others = tuple(code for code in self.journeys.flows if code not in named)
        # one row is kept for a correction that waits
        self._list(name, menu.items, (name, "items"), others, MOST_ROWS - 1)

    def _list(
        self,
        name: str,
        items: Mapping[str, Item],
        path: Path_,
        others: tuple[str, ...],
        most: int = MOST_ROWS,
    ) -> None:
        for own, item in items.items():
            self._item(own, item, (*path, own), others)
            if item.items or item.services:
                self.above[own] = name
        # a list in which nothing is left is not offered
        self._rows(name, [own for own in items if self.lists.get(own) != ()], path, most)

    def _item(self, name: str, item: Item, path: Path_, others: tuple[str, ...]) -> None:
        if not NAME.fullmatch(name):
            self.source.refuse(path, f"{name!r} cannot be the name of a row")
        if sum(bool(getattr(item, key)) for key in LEADS) != 1:
            self.source.refuse(path, f"{name}: a row leads to just one of {', '.join(LEADS)}")
        if not item.label and not item.service:
            self.source.refuse(path, f"{name}: 'label' is missing")
        if name in self.lists or self.items.setdefault(name, item) != item:
            self.source.refuse(path, f"{name!r} is the name of another row")
        self._call(name, item)
        if item.items:
            self._list(name, item.items, (*path, "items"), others)
        elif item.services:
            self._services(name, item.services, (*path, "services"), others)
        elif item.service:
            self._service(item.service, (*path, "service"))
        elif item.info and item.info not in INFORMATION:
            near = nearest(item.info, INFORMATION)
            self.source.refuse((*path, "info"), f"unknown answer {item.info!r}{near}")
        if item.answers and not item.service:
            self.source.refuse((*path, "answers"), f"{name}: answers are given with a service")
        elif item.service in self.journeys.flows:
            flow = self.journeys.flows[item.service]
            given.check(self.source, flow, item.answers, (*path, "answers"))

    def _rows(self, name: str, rows: list[str], path: Path_, most: int = MOST_ROWS) -> None:
        self.lists[name] = tuple(rows)
        if len(rows) > most:
            self.source.refuse(path, f"{name}: {len(rows)} rows, at most {most} fit here")

    def _call(self, name: str, item: Item) -> None:
        """Let the row be found by its words, unless another is called so too."""
        texts = [text for text in (item.label, item.row) if text]
        for text in (words(text, language) for text in texts for language in LANGUAGES):
            said = " ".join(cleaning.words(text))
            if self.called.setdefault(said, name) != name:
                self.called[said] = ""

    def _services(
        self, name: str, codes: tuple[str, ...], path: Path_, others: tuple[str, ...]
    ) -> None:
        rows: list[str] = []
        for n, code in enumerate(codes):
            if code == OTHERS:
                rows += others
            elif self._service(code, (*path, str(n))):
                rows.append(code)
        self._rows(name, rows, path)

    def _service(self, code: str, path: Path_) -> bool:
        flows = self.journeys.flows
        if code not in flows:
            self.source.refuse(path, f"unknown service {code!r}{nearest(code, flows)}")
        return code in flows


def _all(items: Mapping[str, Item]) -> Iterator[Item]:
    for item in items.values():
        yield item
        yield from _all(item.items)
