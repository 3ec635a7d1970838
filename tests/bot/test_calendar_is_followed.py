"""A running process sees a change that another one made, at its next beat and without a restart."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from bot.bootstrap import build_runtime, read_product
from bot.config import Config
from data.sqlite import SqliteStore
from services import calendar_changes
from services.calendar_entries import Edit, Entry
from tests.desk import BENNY, CALENDAR, MONDAY_TEN, SetClock, enrol

TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


async def test_a_running_process_follows_at_its_next_beat(tmp_path: Path) -> None:
    config = Config(root=tmp_path)
    documents = msgspec.structs.replace(config.documents, folder=tmp_path / "documents")
    product = read_product(msgspec.structs.replace(config, documents=documents))
    other = SqliteStore(tmp_path / "chika.db")
    await other.open()
    await other.write(lambda tx: enrol(tx, MONDAY_TEN))
    store, calendar = SqliteStore(tmp_path / "chika.db"), product.reference.calendar
    await store.open()
    runtime = build_runtime(product, store, [], SetClock())
    entry = Entry("KC-MANADO", "closed", date(2026, 11, 24), date(2026, 11, 24), name="x")
    await other.write(
        lambda tx: calendar_changes.change(
            tx,
            BENNY,
            Edit("KC-MANADO", "x", add=(entry,)),
            stamp="0.0",
            now=MONDAY_TEN,
            calendar=CALENDAR,
            notice=timedelta(),
        )
    )

    assert calendar.is_open("KC-MANADO", TUESDAY)
    await runtime.tidy()
    assert not calendar.is_open("KC-MANADO", TUESDAY)
    await store.close()
    await other.close()
