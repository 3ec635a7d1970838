"""A batch of turns in one PostgreSQL transaction: one question, then one statement for all."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import asyncpg
import msgspec

from data.postgres_memory import Memory
from data.postgres_tx import COLLISION, PostgresTx, TurnTx
from data.statements import Statements
from data.store import (
    Head,
    NewEvent,
    Outgoing,
    Overtaken,
    Row,
    StoreBusy,
    TurnFailure,
    TurnReport,
    TurnWrites,
    Tx,
)
from data.turning import Terms, channel_of, keep_failure, merged


class Ran(msgspec.Struct, frozen=True):
    """A turn that went well; what it leaves behind is still to be written.

    *came* is its event where that is not stored yet, *is_new* tells that its chat is not, either.
    *mark* tells a chat that is not held from what it may have become.
    """

    head: Head
    seq: int
    writes: TurnWrites
    came: NewEvent | None = None
    is_new: bool = False
    mark: int | None = None

    @property
    def due(self) -> int | None:
        """When the first of the timers that it set is due."""
        timers = self.writes.timers
        return min(timer.due_at for timer in timers) if timers else None


class Refused(Exception):
    """The common write broke a constraint; *heads* are to be tried one by one."""

    def __init__(self, heads: Sequence[Head], error: asyncpg.PostgresError) -> None:
        super().__init__(len(heads))
        self.heads = heads
        self.error = error


async def run_turns(
    connection: Any, statements: Statements, terms: Terms, memory: Memory
) -> TurnReport:
    """Run the turns of *terms* in the open transaction of *connection*; *memory* forgets the chats.

    Chats whose head waits for a file are put to rest. Raises `Refused`.
    """
    tx = PostgresTx(connection, statements)
    rows = await tx.all("turn_heads", now=terms.now, limit=terms.limit, chat=terms.chat)
    memory.forget(row["chat"] for row in rows)
    ran: list[Ran] = []
    failures: list[TurnFailure] = []
    for row in rows:
        if row["status"] != "new":
            await tx.run("turn_settle", chat=row["chat"], now=terms.now)
            continue
        head = terms.head(row)
        turn_tx = TurnTx(connection, statements, guarded=True)
        try:
            terms.check(head)
            writes = await terms.run(turn_tx, head)
            await turn_tx.keep()
        except (StoreBusy, *COLLISION):
            raise
        except Exception as error:
            await turn_tx.undo()
            failures.append(await keep_failure(tx, terms, head, error))
        else:
            ran.append(Ran(head, row["out_seq"], writes))
    reports = []
    if ran:
        if await tx.run("turns_done", events=[turn.head.event for turn in ran]) < len(ran):
            raise Overtaken
        try:
            _, rows = await write(tx, ran, terms)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Refused([turn.head for turn in ran], error) from error
        reports = report(rows, ran)
    due = await tx.one("next_due")
    return merged([*reports, TurnReport(failures=failures, due=due["due_at"] if due else None)])


async def write(
    tx: Tx, ran: Sequence[Ran], terms: Terms, ended: Sequence[Row] = (), *, held: bool = True
) -> tuple[Row, Sequence[Row]]:
    """Write what turns leave behind, and how sending *ended*, in one statement.

    Its first row, and the messages that are handed over. Raises `Overtaken`, with nothing
    written, when a chat is not as it was.
    """
    values, besides = _written(ran, terms, ended, held), _written_besides(ran)
    try:
        if any(besides.values()) or not all(turn.came for turn in ran):
            told, *rows = await tx.all("turn_write", **values, **besides)
        else:
            told, *rows = await tx.all("prompt_write", **values)
    except asyncpg.DivisionByZeroError as error:
        raise Overtaken from error
    return told, rows


class _Bytes:
    """Many pieces as one value: of an array each element costs asyncpg more than this."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> int:
        """Where *piece* stands, from 1, as SQL counts."""
        at = self._size + 1
        self._pieces.append(piece)
        self._size += len(piece)
        return at

    def whole(self) -> bytes:
        return b"".join(self._pieces)


class _Left(msgspec.Struct):
    """A turn as ``turn_put`` is given it, with the places of its session and of what came."""

    chat: str
    event: int
    said: int
    due_at: int | None
    channel: str
    provider_id: str | None
    received_at: int
    rank: int | None
    is_new: bool
    mark: int | None
    session_at: int
    session_size: int
    body_at: int
    body_size: int


class _Said(msgspec.Struct):
    """A message as ``turn_put`` is given it, with the place of its body."""

    chat: str
    seq: int
    event: int
    n: int
    owner: str
    body_at: int
    body_size: int


def _written(ran: Sequence[Ran], terms: Terms, ended: Sequence[Row], held: bool) -> dict[str, Any]:
    """What ``prompt_write`` is given. A chat that is *held* cannot have become another one."""
    pieces = _Bytes()
    turns = [_left(turn, held, pieces) for turn in ran]
    messages = [said for turn in ran for said in _said(turn, terms, pieces)]
    return {
        "now": terms.now,
        "turns": _json(turns),
        "messages": _json(messages),
        "bytes": pieces.whole(),
        "rows": _json(ended),
    }


def _left(turn: Ran, held: bool, pieces: _Bytes) -> _Left:
    head, came = turn.head, turn.came
    session, body = turn.writes.session, head.body if came else b""
    return _Left(
        chat=head.chat,
        event=head.event,
        said=len(turn.writes.outbox),
        due_at=turn.due,
        channel=head.channel,
        provider_id=came.provider_id if came else None,
        received_at=head.received_at,
        rank=came.rank if came else None,
        is_new=turn.is_new,
        mark=None if held else turn.mark,
        session_at=pieces.add(session),
        session_size=len(session),
        body_at=pieces.add(body),
        body_size=len(body),
    )


def _said(turn: Ran, terms: Terms, pieces: _Bytes) -> list[_Said]:
    chat, event = turn.head.chat, turn.head.event
    owner = terms.owner(chat)
    return [
        _Said(chat, turn.seq + 1 + n, event, n, owner, pieces.add(body), len(body))
        for n, body in enumerate(turn.writes.outbox)
    ]


def _written_besides(ran: Sequence[Ran]) -> dict[str, Any]:
    """What ``turn_write`` is given besides."""
    agreed = [(turn, consent) for turn in ran for consent in turn.writes.consents]
    timers = {
        f"{turn.head.chat}:{timer.kind}": (turn.head.chat, timer)
        for turn in ran
        for timer in turn.writes.timers
    }
    dropped = [f"{turn.head.chat}:{kind}" for turn in ran for kind in turn.writes.dropped_timers]
    return {
        "by_chats": [turn.head.chat for turn, _ in agreed],
        "by_events": [turn.head.event for turn, _ in agreed],
        "services": [consent.service for _, consent in agreed],
        "keys": [consent.key for _, consent in agreed],
        "texts": [consent.text_sha256 for _, consent in agreed],
        "ats": [consent.at for _, consent in agreed],
        # one that is dropped and set is set
        "dropped": [name for name in dropped if name not in timers],
        "timers": list(timers),
        "timer_chats": [chat for chat, _ in timers.values()],
        "timer_bodies": [timer.body for _, timer in timers.values()],
        "timer_dues": [timer.due_at for _, timer in timers.values()],
    }


def _json(rows: Sequence[Any]) -> str:
    return msgspec.json.encode(rows).decode()


def report(rows: Sequence[Row], ran: Sequence[Ran]) -> list[TurnReport]:
    """What became of each turn, from the *rows* of messages that were handed over.

    What was ahead of them and still being sent has the place -1.
    """
    by_event: dict[int, list[Row]] = {}
    for row in rows:
        by_event.setdefault(row["event"], []).append(row)
    reports = []
    for turn in ran:
        chat, outbox = turn.head.chat, turn.writes.outbox
        handed, ahead = [], 0
        for row in sorted(by_event.get(turn.head.event, ()), key=itemgetter("n")):
            number, n = row["id"], row["n"]
            if n >= 0:
                handed.append(Outgoing(number, chat, channel_of(chat), outbox[n], 1, ahead))
            ahead = number
        waiting = len(outbox) - len(handed)
        behind = [chat] if waiting else []
        reports.append(TurnReport(1, (), waiting, handed, behind, turn.due))
    return reports


def left(ran: Sequence[Ran], told: Row) -> dict[str, Row]:
    """The chats as the turns left them, as ``prompt_heads`` would tell; *told* is of the write.

    All are said to be due when the first of them is: too early for some, too late for none.
    """
    return {
        turn.head.chat: {
            "session": turn.writes.session,
            "version": turn.head.version + 1,
            "out_seq": turn.seq + len(turn.writes.outbox),
            "ready_at": told["ready_at"],
            "mark": told["mark"],
            "is_new": False,
            "event": number,
        }
        for turn, number in zip(ran, told["numbers"], strict=True)
    }
