"""Chats as this process left them: when they write again, the server need not be asked."""

from collections.abc import Iterable, Mapping

from data.store import Row

MOST = 4_096
"""Chats that are remembered, about a kilobyte each; who wrote longest ago is forgotten first."""

LONG = 600_000_000
"""Microseconds that a chat is remembered.

Lists in the order of events may show its next one as long ago as its last.
"""

REST = 1_000_000
"""Microseconds without memory after a mistake, which costs the turns of a batch a second time.

Where other workers serve the same chats there would be one in each batch.
"""


class Memory:
    """What ``prompt_heads`` would tell of chats, from the turns that were written last.

    Nothing of it is trusted: whoever changes a chat changes its mark, and the write is then undone.
    A chat is forgotten when something is done with it, and kept again as that leaves it.
    """

    def __init__(self) -> None:
        self._chats: dict[str, tuple[int, Row]] = {}
        self._mistaken: int | None = None

    def take(self, chats: Iterable[str], now: int) -> dict[str, Row]:
        """What is known of *chats*, unless something of theirs is due, which then goes first."""
        known = {chat: self._chats.pop(chat) for chat in chats if chat in self._chats}
        if self._mistaken is not None and abs(now - self._mistaken) < REST:
            return {}
        return {
            chat: row
            for chat, (kept, row) in known.items()
            if abs(now - kept) < LONG and (row["ready_at"] is None or row["ready_at"] > now)
        }

    def keep(self, chats: Mapping[str, Row], now: int) -> None:
        """Remember *chats* as they were left."""
        for chat, row in chats.items():
            self._chats[chat] = (now, row)
        while len(self._chats) > MOST:
            del self._chats[next(iter(self._chats))]

    def forget(self, chats: Iterable[str]) -> None:
        """Something is done with *chats* that is not kept here."""
        for chat in chats:
            self._chats.pop(chat, None)

    def mistaken(self, now: int) -> None:
        """A chat was not as it was remembered."""
        self._mistaken = now
