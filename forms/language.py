"""Words in the languages that participants may read, and those that one of them reads."""

from collections.abc import Callable
from typing import Final, Literal, get_args

Language = Literal["id", "en"]
"""The languages of participants by their code; what is not translated is Indonesian."""

LANGUAGES: Final[tuple[str, ...]] = get_args(Language)

Words = str | dict[str, str]
"""Words in Indonesian, or in several languages by their code (``id`` among them)."""


def words(sentence: Words, language: str = "id") -> str:
    """The sentence in *language*, in Indonesian where it was not translated or is for officers."""
    if isinstance(sentence, str):
        return sentence
    return sentence.get(language) or sentence["id"]


def in_each(say: Callable[[str], str]) -> Words:
    """What *say* makes of each language by its code; the one text where all are alike."""
    said = {language: say(language) for language in LANGUAGES}
    return said if len(set(said.values())) > 1 else said["id"]
