"""The product as a program that may be killed: one process reads everything, each life is a fork.

Orders come as lines of JSON on standard input; for each, two lines go out: the process id of the
new life, and how it ended. The provider's side of the world is kept in two files: ``acked``, how
many updates it may forget, and ``told``, a line for every message that reached it.
"""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

import bot.runtime.turns as turning
from bot.bootstrap import App, Product, read_product, running
from bot.config import load
from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive
from bot.runtime.render import encode
from data.opening import open_store
from data.statements import Statement, Statements
from data.store import StoreBusy
from tests.desk import SetClock
from tests.torture.faults import ACKNOWLEDGES_FIRST, FAULTS
from tests.torture.meta import MetaProvider
from tests.torture.points import Killer, die, plant, plant_in_migrations
from tests.torture.script import CHANNEL, PDF, life_begins, update

FLOWS = Path(__file__).resolve().parents[2] / "benchmarks" / "flows"
NETWORK = 0.002
"""Seconds that a provider takes, so that messages are in flight when a life ends."""
LONGEST = 60.0
"""Seconds after which a life that does not come to its end is given up."""
UNFINISHED = 3
LOOK = 0.01
WAITING = Statement(
    "torture_waiting",
    """SELECT 1 AS waiting
        WHERE EXISTS (SELECT 1 FROM event
                       WHERE status IN ('fetching', 'new') AND channel <> 'timer')
           OR EXISTS (SELECT 1 FROM outbox WHERE status IN ('pending', 'sending'))""",
    (),
)


class Order(msgspec.Struct, frozen=True):
    """A life: its *number*, up to which update it works, and how it is to end.

    The provider hands over *batch* updates at a time, by *network*. The turns of the updates
    *poison* and *broken* kill or raise. *careful* turns are taken one by one at the start,
    *patience* is how many seconds the life may take.
    """

    number: int
    limit: int
    point: str = ""
    arrival: int = 0
    fault: str = ""
    batch: int = 8
    network: str = CHANNEL
    poison: int = -1
    broken: int = -1
    careful: int = turning.CAREFUL_TURNS
    patience: float = LONGEST


class Place(msgspec.Struct, frozen=True):
    """Where the world is: the store's address, and the folder of the provider's files."""

    store: str
    folder: str


class Provider:
    """A channel whose provider delivers everything again that was not acknowledged."""

    name = CHANNEL

    def __init__(self, place: Place, order: Order, killer: Killer) -> None:
        self._acked = os.open(Path(place.folder) / "acked", os.O_RDWR | os.O_CREAT, 0o600)
        self._told = os.open(
            Path(place.folder) / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
        )
        self._order = order
        self._killer = killer
        self.delivered = asyncio.Event()

    async def run(self, receive: Receive) -> None:
        """Hand over what is not acknowledged, a few updates at a time."""
        order, now = self._order, life_begins(self._order.number)
        done = int(os.pread(self._acked, 20, 0) or b"0")
        while done < order.limit:
            events = [update(n, now) for n in range(done, min(done + order.batch, order.limit))]
            if order.fault == ACKNOWLEDGES_FIRST:
                self._acknowledge(done + len(events))
            with suppress(StoreBusy):
                await receive(events)
                self._killer.at("before the acknowledgement")
                done += len(events)
                self._acknowledge(done)
                self._killer.at("acknowledged")
        self.delivered.set()

    async def send(self, chat: str, message: Outbound) -> str:
        await asyncio.sleep(NETWORK)
        line = f"{self._order.number}\t{chat}\t{encode(replace(message, id=0)).decode()}\n"
        os.write(self._told, line.encode())
        self._killer.at("provider called")
        return "ref"

    async def fetch(self, media: str) -> Media:
        await asyncio.sleep(NETWORK)
        self._killer.at("fetching")
        return PDF

    def _acknowledge(self, done: int) -> None:
        os.pwrite(self._acked, b"%020d" % done, 0)


def main() -> None:
    place = msgspec.json.decode(sys.argv[1], type=Place)
    logging.disable(logging.CRITICAL)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
    )
    product = product_in(Path(place.folder))
    for line in sys.stdin:
        order = msgspec.json.decode(line, type=Order)
        pid = os.fork()
        if pid == 0:
            os._exit(live(product, place, order))
        tell(pid)
        _, status = os.waitpid(pid, 0)
        tell(os.waitstatus_to_exitcode(status))


def tell(number: int) -> None:
    """One line to the parent."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def product_in(folder: Path) -> Product:
    """The product with the benchmark's service; documents are kept in *folder*."""
    config = load(environ={})
    documents = msgspec.structs.replace(config.documents, folder=folder / "documents")
    return read_product(msgspec.structs.replace(config, documents=documents), FLOWS)


def live(product: Product, place: Place, order: Order) -> int:
    """One life; its exit code, 0 when everything is done or it was asked to stop."""
    try:
        asyncio.run(asyncio.wait_for(_live(product, place, order), order.patience))
    except TimeoutError:
        return UNFINISHED
    return 0


async def _live(product: Product, place: Place, order: Order) -> None:
    store: Any = FAULTS.get(order.fault, open_store)(place.store)
    store._statements = Statements({**store._statements, WAITING.name: WAITING})
    killer = Killer(order.point, order.arrival)
    plant(killer, store)
    plant_in_migrations(killer)
    spoil(order)
    clock, stop = SetClock(life_begins(order.number)), asyncio.Event()
    provider: Any = Provider(place, order, killer)
    if order.network != CHANNEL:
        provider = MetaProvider(place.folder, order, killer, store, clock)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running(product, [provider], clock, store) as app:
        ended = [
            asyncio.create_task(work)
            for work in (stop.wait(), _everything_done(app, provider), app.runtime.watch())
        ]
        await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.cancel()


def spoil(order: Order) -> None:
    """Let the turns of *poison* and *broken* kill or raise, and the first be taken with care."""
    module: Any = turning
    module.CAREFUL_TURNS = order.careful
    turn = module.turn

    def spoiled(session: Any, event: Any, assets: Any) -> Any:
        text = getattr(event, "text", "")
        if text == f"Jawaban nomor {order.poison}":
            die()
        if text == f"Jawaban nomor {order.broken}":
            raise ValueError("this turn is broken")
        return turn(session, event, assets)

    module.turn = spoiled


async def _everything_done(app: App, provider: Any) -> None:
    await provider.delivered.wait()
    while await _waiting(app):  # noqa: ASYNC110 - another process could be the one that works
        await asyncio.sleep(LOOK)


async def _waiting(app: App) -> bool:
    with suppress(StoreBusy):
        async with app.store.read() as tx:
            return await tx.one(WAITING.name) is not None
    return True


if __name__ == "__main__":
    main()
