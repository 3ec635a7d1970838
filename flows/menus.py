"""The menus: their rows, what each leads to, and how a list of them is offered.

Participants know two menus, that of 2020 and that of 2024; a setting says which of them greets.
``flows.menus_file`` reads them.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from flows.spec import Flow, Source
from forms import cleaning
from forms.choices import Option
from forms.language import Words, words

MOST_ROWS: Final = 10
"""Rows of one list (ux.md 1.2)."""

LEADS: Final = ("items", "services", "service", "info", "does")
"""What a row may lead to: just one of them."""


class Item(msgspec.Struct, frozen=True):
    """One row, and the one thing that it leads to.

    That is a list of *items*, a list of *services* (their codes, or ``others``: those that the
    menu names nowhere else), a *service* with *answers* that are given with it (by the names of
    their states), an *info* (the key of its sentence after ``info.``), or what the chat *does*.
    A service without words of its own here is called as its flow file says.
    """

    label: Words = ""
    row: Words = ""
    note: Words = ""
    items: Mapping[str, "Item"] = {}
    services: tuple[str, ...] = ()
    service: str = ""
    answers: Mapping[str, str] = {}
    info: str = ""
    does: Literal["", "tiket", "petugas"] = ""


class Menu(msgspec.Struct, frozen=True):
    """A whole menu, and where its rows are known from."""

    source: Source
    items: Mapping[str, Item]


class Menus(msgspec.Struct, frozen=True):
    """All rows by name.

    *lists* has what stands in a list: names of rows, or codes of services. *above* is the list in
    which a list stands; a menu stands in none. *called* has the rows by their words, as typed.
    """

    flows: Mapping[str, Flow]
    items: Mapping[str, Item]
    lists: Mapping[str, tuple[str, ...]]
    above: Mapping[str, str]
    called: Mapping[str, str]

    def options(self, name: str, language: str) -> tuple[Option, ...]:
        """The rows of the list *name*; services that stand there by code have their letters."""
        return tuple(self._option(one, language) for one in self.lists[name])

    def title(self, name: str, language: str) -> str:
        """What a list is called in full."""
        item = self.items[name]
        return words(item.row or item.label, language)

    def by_letter(self, name: str) -> bool:
        """Whether a list has services under their letters."""
        return any(one not in self.items for one in self.lists[name])

    def meant(self, said: str) -> str:
        """The row that is called exactly so, in whichever menu; '' for none or several."""
        return self.called.get(" ".join(cleaning.words(said)), "")

    def _option(self, name: str, language: str) -> Option:
        item = self.items.get(name)
        if item is not None and item.label:
            label, row, note = item.label, item.row, item.note
        else:
            flow = self.flows[item.service if item else name]
            label, row, note = flow.title, flow.menu.row, flow.menu.note
        called, listed, told = (words(text, language) for text in (label, row, note))
        if item is not None:
            return Option(name, called, listed, told)
        return Option(name, called, f"{name}. {listed}", told, name)
