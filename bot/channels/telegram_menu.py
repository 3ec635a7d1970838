"""What Telegram shows of a bot beside its messages: the menu of commands, and a line about it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from aiogram.methods import SetMyCommands, SetMyShortDescription, TelegramMethod
from aiogram.types import BotCommand

from bot.texts.catalogue import Catalogue
from forms.reserved import ENGLISH

COMMANDS: Final = ("menu", "status", "lanjut", "bantuan", "batal", "bahasa", "privasi")
"""Reserved words that stand in the menu, in this order."""

NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {name: name for name in COMMANDS},
    "en": {
        name: next((said.lower() for said, word in ENGLISH.items() if word == name.upper()), name)
        for name in COMMANDS
    },
}
"""What each of them is called, by language."""


class Menu(msgspec.Struct, frozen=True):
    """What is shown to whose Telegram speaks *language*: (command, words), and the line."""

    language: str
    commands: Sequence[tuple[str, str]]
    about: str


def menus(catalogue: Catalogue) -> Sequence[Menu]:
    """The menu of each language; the first is for everybody whose language has none."""
    return [
        Menu(
            language,
            [(names[name], catalogue.render(f"perintah.{name}", {}, language)) for name in names],
            catalogue.render("perintah.tentang", {}, language),
        )
        for language, names in NAMES.items()
    ]


def introductions(menus: Sequence[Menu]) -> list[TelegramMethod[Any]]:
    """The requests that show *menus*."""
    asked: list[TelegramMethod[Any]] = []
    for place, menu in enumerate(menus):
        whose = menu.language if place else None
        commands = [BotCommand(command=name, description=words) for name, words in menu.commands]
        asked.append(SetMyCommands(commands=commands, language_code=whose))
        asked.append(SetMyShortDescription(short_description=menu.about, language_code=whose))
    return asked
