"""Which question lies on the table of a chat, as the store knows it."""

from collections.abc import Awaitable, Callable

import msgspec

from data.store import Store

OnTable = Callable[[str], Awaitable[int]]
"""The serial of the question that the next answer of a chat meets, 0 for none."""


class _Put(msgspec.Struct):
    serial: int = 0


class _Session(msgspec.Struct):
    """As much of `flows.session.Session` as is asked for here."""

    put: _Put | None = None


_DECODE = msgspec.json.Decoder(_Session).decode


async def on_table(store: Store, chat: str) -> int:
    """`OnTable`. A process that has just started knows it as well as one that asked itself."""
    async with store.read() as tx:
        row = await tx.one("session_of", chat=chat)
    put = _DECODE(row["session"]).put if row and row["session"] else None
    return put.serial if put else 0


async def unknown(chat: str) -> int:
    """`OnTable` where nobody can tell."""
    return 0
