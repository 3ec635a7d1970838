"""The calendar for commands: as it is shipped, and as the store has it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.config import Config
from data.facts import Facts
from data.opening import open_store
from data.store import Store
from services import calendar_watch
from services.hours import Calendar, ordinary_week


def shipped(config: Config, facts: Facts) -> Calendar:
    """The calendar before anybody changed it."""
    hours = config.hours
    week = ordinary_week(hours.default_opens, hours.default_closes, hours.default_days)
    return Calendar(facts, week)


@asynccontextmanager
async def stored(config: Config, calendar: Calendar) -> AsyncIterator[Store]:
    """The open store; *calendar* follows it from here on."""
    store = open_store(config.store.url)
    await store.open()
    try:
        await calendar_watch.read(store, calendar)
        yield store
    finally:
        await store.close()
