"""Identities: who writes, on a network that names one person in several ways.

A chat is ``<channel>:<random>``; no name stands in it, and no telephone number is ever its key.
The names, ``<kind>:<value>``, are aliases that may be added and may pass to somebody else
(recycled numbers). WhatsApp names people by
business-scoped ids since April 2026, and may leave the number out.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from data.instants import to_us
from data.store import Tx


async def chat_of(tx: Tx, channel: str, names: Sequence[str], *, now: datetime) -> str:
    """The chat of whoever has these *names* (one or two), the firmest first; made where unknown.

    The firmest name decides. The other one counts only where nobody has the first: it then brings
    its identity along, unless that one has a name of the first one's kind already, which makes it
    somebody else who had the name before.
    """
    first, second = names[0], names[-1]
    await _alone(tx, channel, names)
    rows = await tx.all("identity_known", channel=channel, first=first, second=second)
    owners = {row["external"]: row for row in rows}
    found = owners.get(first)
    if found is None and second in owners:
        owner = owners[second]
        kind = first.partition(":")[0] + ":"
        others = (row["external"] for row in rows if row["id"] == owner["id"])
        found = None if any(name.startswith(kind) for name in others) else owner
    if found is None:
        chat = f"{channel}:{secrets.token_hex(8)}"
        added = await tx.one("identity_add", channel=channel, chat=chat, now=to_us(now))
        assert added is not None
        found = {"id": added["id"], "chat": chat}
    for name in dict.fromkeys(names):
        if name not in owners or owners[name]["id"] != found["id"]:
            await tx.run(
                "identity_alias_put",
                channel=channel,
                external=name,
                identity=found["id"],
                now=to_us(now),
            )
    return str(found["chat"])


async def renamed(
    tx: Tx, channel: str, before: Sequence[str], after: Sequence[str], *, now: datetime
) -> None:
    """Whoever has a name of *before* has those of *after* as well; nothing where nobody has.

    Who wrote under the firmest new name already stays whoever that made them: moving the name would
    leave that chat without anybody to answer to.
    """
    await _alone(tx, channel, [*before, *after])
    known = await tx.all("identity_known", channel=channel, first=before[0], second=before[-1])
    owner = next((row["id"] for name in before for row in known if row["external"] == name), None)
    taken = await tx.all("identity_known", channel=channel, first=after[0], second=after[0])
    if owner is None or any(row["id"] != owner for row in taken if _is_firm(after[0])):
        return
    for name in after:
        await tx.run(
            "identity_alias_put", channel=channel, external=name, identity=owner, now=to_us(now)
        )


async def _alone(tx: Tx, channel: str, names: Sequence[str]) -> None:
    """Nobody else makes out who has any of *names* until the transaction ends."""
    for name in sorted(set(names)):
        await tx.one("identity_alone", name=f"{channel}:{name}")


def _is_firm(name: str) -> bool:
    """Whether a name never passes to somebody else; a telephone number does."""
    return not name.startswith("wa:")


async def names_of(tx: Tx, chat: str) -> Sequence[str]:
    """The names of whoever writes in *chat*, the newest first; none for an unknown chat."""
    return [row["external"] for row in await tx.all("identity_names", chat=chat)]


async def heard(tx: Tx, chat: str, at: datetime) -> None:
    """Somebody wrote in *chat* at *at*, by the clock of the network."""
    await tx.run("identity_heard", chat=chat, at=to_us(at))
