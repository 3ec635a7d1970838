"""Drivers: how a script's participants reach one channel, and what they see there."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from bot.cli.scripts.drivers.port import Driver

DRIVERS: Final[Mapping[str, str]] = {
    "engine": "Engine",
    "terminal": "TerminalPeople",
    "telegram": "TelegramPeople",
    "whatsapp": "WhatsAppPeople",
    "web": "WebPeople",
    "messenger": "MessengerPeople",
}
"""The class of each driver; its module has the name of the channel."""


def driver(channel: str) -> Driver:
    """A fresh driver, with nobody in the chat yet. Telegram's imports its library only here."""
    module = import_module(f"bot.cli.scripts.drivers.{channel}")
    found: Driver = getattr(module, DRIVERS[channel])()
    return found
