"""Words in the languages that participants may read, and those that one of them reads."""

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
