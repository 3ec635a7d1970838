"""Chats as this process left them: when they write again, the server need not be asked."""

from collections.abc import Iterable, Mapping

from data.store import Row

MOST = 4_096
"""Chats that are remembered, about a kilobyte each; who wrote longest ago is forgotten first."""

REST = 1_000_000
"""Microseconds without memory after a mistake, which costs the turns of a batch a second time."""


class Memory:
    """What ``prompt_heads`` would tell of chats, from the turns that were written last.

    Nothing of it is trusted: whoever changes a chat changes its mark, and the write is then undone.
    A chat is forgotten when something is done with it, and kept again as that leaves it.
    """

    def __init__(self) -> None:
        self._chats: dict[str, Row] = {}
        self._rests_until = 0

    def take(self, chats: Iterable[str], now: int) -> dict[str, Row]:
        """What is known of *chats*, unless something of theirs is due, which then goes first."""
        known = {chat: self._chats.pop(chat) for chat in chats if chat in self._chats}
        if now < self._rests_until:
            return {}
        return {
            chat: row
            for chat, row in known.items()
            if row["ready_at"] is None or row["ready_at"] > now
        }

    def forget(self, chats: Iterable[str]) -> None:
        """Something is done with *chats* that is not kept here."""
        for chat in chats:
            self._chats.pop(chat, None)

    def keep(self, chats: Mapping[str, Row]) -> None:
        """Remember *chats* as they were left."""
        self._chats |= chats
        while len(self._chats) > MOST:
            del self._chats[next(iter(self._chats))]

    def mistaken(self, now: int) -> None:
        """Somebody else serves the same chats: rest."""
        self._rests_until = now + REST
