"""Rendering: the sentences of a turn become at most two messages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from bot.runtime.messages import Outbound
from flows.facts import Say

MERGE_LIMIT = 1024
"""Characters of one message that carries buttons (WhatsApp's limit, the tightest of all)."""

RenderText = Callable[[str, Mapping[str, Any], str], str]
"""The sentence of a key with its values, in a language."""

_ENCODE = msgspec.json.Encoder().encode


def messages(says: Iterable[Say], text_of: RenderText, language: str = "id") -> Sequence[Outbound]:
    """One message per turn, two at most: sentences are joined until one carries options.

    *text_of* gives the sentence of a key in the participant's *language*.
    """
    joined: list[Outbound] = []
    for say in says:
        text = text_of(say.key, say.values, language)
        message = Outbound(
            text=text,
            options=say.options,
            put=say.put,
            expects=say.expects,
            language=language,
        )
        if joined and _fits(joined[-1], message, full=len(joined) == 2):
            joined[-1] = _join(joined[-1], message)
        else:
            joined.append(message)
    return joined


def encode(message: Outbound) -> bytes:
    """A message as the outbox stores it."""
    return _ENCODE(message)


def _fits(first: Outbound, second: Outbound, *, full: bool) -> bool:
    return full or (not first.options and len(first.text) + len(second.text) + 2 <= MERGE_LIMIT)


def _join(first: Outbound, second: Outbound) -> Outbound:
    asking = first if first.put and not second.put else second
    return Outbound(
        text=f"{first.text}\n\n{second.text}",
        options=asking.options,
        put=asking.put,
        expects=asking.expects,
        language=asking.language,
    )
