"""What the Graph API's refusals mean for the outbox.

By their codes alone: Meta's own sentences change, and may quote what somebody wrote. Sources: Meta,
WhatsApp error codes; Messenger Platform common error codes; Graph API error handling (2026).
"""

from collections.abc import Mapping
from typing import Any

from bot.channels.posting import DOWN
from bot.runtime.ports import Failing, Throttled, Uncertain, Unreachable

PAUSE_CROWDED = 30.0
"""Seconds before the next try when we write more than our account may."""

PAUSE_PAIR = 6.0
"""Seconds before the next try when we write more to one person than we may (131056)."""

PAUSE_REPAIR = 60.0
"""Seconds before the next try when token, rights or account must be repaired by somebody."""

FAILING = frozenset({1, 2, 1200, 131000, 131016, 133004})
"""Codes by which Meta says that it is failing itself, and that the same may be tried again."""

WAITS: Mapping[int, float] = {
    **dict.fromkeys((4, 17, 32, 341, 613, 80006, 80007, 130429, 131048, 131057), PAUSE_CROWDED),
    131056: PAUSE_PAIR,
    **dict.fromkeys((0, 3, 10, 33, 102, 190, 368, 131005, 131031, 131037, 131042), PAUSE_REPAIR),
    **dict.fromkeys((131045, 133010), PAUSE_REPAIR),
    **dict.fromkeys(range(200, 300), PAUSE_REPAIR),
}
"""Codes after which the same message is tried again, with the seconds to wait."""

WINDOW_CLOSED = "window_closed"
"""The reason of `Unreachable` when only a message template may be sent."""

REFUSED = "refused"
"""The reason of `Unreachable` for whatever has no other."""

REASONS: Mapping[int, str] = {
    470: WINDOW_CLOSED,
    131047: WINDOW_CLOSED,
    551: "blocked",
    131050: "blocked",
    131021: "own_number",
    131026: "undeliverable",
    131030: "not_on_test_list",
    130472: "experiment",
    130497: "country",
    131049: "held_back",
}
"""Codes of messages that will never arrive; all others are `REFUSED`."""

SUBCODES: Mapping[int, str] = {
    2018278: WINDOW_CLOSED,
    1545041: "blocked",
    2018108: "blocked",
    2018001: "unknown_person",
    2018109: "attachment",
}
"""Subcodes that say more than their code does (Messenger)."""

TEMPLATES = range(132000, 132100)
"""Codes of a message template that is not as it was approved: ``template_132001`` and so on."""

NO_SUCH_OBJECT = 33
"""The subcode of 100 for an id in the address that the token cannot see: our own account."""


def meaning(status: int, answer: Any) -> Exception:
    """Which exception of the channel port an answer with HTTP *status* other than 2xx is.

    *answer* is its JSON, None where it was none.
    """
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        meant = of_codes(error["code"], error.get("error_subcode"))
        unlisted = isinstance(meant, Unreachable) and meant.reason == REFUSED
        if unlisted and error.get("is_transient") is True:
            return Failing()
        if not unlisted or status < 500:
            return meant
    if status == 429:
        return Throttled(PAUSE_CROWDED)
    if status in (401, 403, 404):
        return Throttled(PAUSE_REPAIR)
    if status in DOWN:
        return Failing()
    return Uncertain() if status >= 500 else Unreachable(REFUSED)


def of_codes(code: int, subcode: Any = None) -> Throttled | Failing | Unreachable:
    """What an error with *code* and *subcode* means; a webhook tells of them too."""
    if subcode in SUBCODES:
        return Unreachable(SUBCODES[subcode])
    if code == 100 and subcode == NO_SUCH_OBJECT:
        return Throttled(PAUSE_REPAIR)
    if code in FAILING:
        return Failing()
    if code in WAITS:
        return Throttled(WAITS[code])
    if code in TEMPLATES:
        return Unreachable(f"template_{code}")
    return Unreachable(REASONS.get(code, REFUSED))
