"""What participants call the network of a chat."""

from typing import Final

from bot.texts.catalogue import Catalogue

ELSEWHERE: Final = "kanal.lain"
"""A network that has no name of its own for participants."""


def called(catalogue: Catalogue, network: str, language: str) -> str:
    """``halaman web`` of ``web``."""
    key, known = f"kanal.{network}", catalogue.keys()
    return catalogue.render(key if key in known else ELSEWHERE, {}, language)
