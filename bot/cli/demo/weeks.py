"""Weeks of a branch: people file at all hours, officers serve them while it is open.

Everything goes through the verbs of `services` and the turns of the runtime, at the instant at
which it happens, so that trail, conversation, deadlines and figures tell one story. What happens is
drawn from one `Random`: the same seed plays the same weeks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from bot.bootstrap import Product, build_runtime
from bot.cli.demo.agenda import Agenda, SetClock
from bot.cli.demo.chats import Chats
from bot.cli.demo.officers import LATEST, Officers
from bot.cli.demo.papers import papers
from bot.cli.demo.play import Cast, Play
from bot.cli.demo.sayings import load_sayings
from data.places import Branch
from data.store import Store
from services import figures_keeping
from services.officers import Officer

LENGTH: Final = timedelta(days=28)
WAITING: Final = 0.07
"""The share of the requests that is filed too late to be taken."""
LEFT: Final = 0.3
"""Forms that are begun and never sent, for each one that is."""
WEEKDAYS: Final = (10, 10, 9, 9, 8, 4, 3)
HOURS: Final = (1, 0, 0, 0, 1, 2, 4, 8, 14, 16, 14, 10, 8, 9, 9, 8, 6, 5, 5, 6, 7, 6, 4, 2)
"""How many people write, by day of the week and by hour."""

INVENTED: Final = "web:contoh-"
"""How the chats of invented people begin. Pages that nobody has open: nothing is ever sent."""


def chats_of(branch: Branch, seed: int) -> str:
    """How the chats of one branch and one *seed* begin."""
    return f"{INVENTED}{branch.ticket_code.lower()}-{seed}-"


async def play_weeks(
    product: Product,
    store: Store,
    branch: Branch,
    officers: Sequence[Officer],
    *,
    requests: int,
    seed: int,
    end: datetime,
) -> None:
    """Play `LENGTH` of *branch* up to *end*, in which so many *requests* are filed."""
    near = [one for one in product.reference.branches_in(branch.province) if one != branch]
    cast = Cast(
        branch=branch,
        elsewhere=near[0] if near else next(iter(product.reference.branches.values())),
        officers=officers,
        sayings=load_sayings(),
        papers=await papers(product.documents),
    )
    clock = SetClock(end - LENGTH)
    world = product.world(lambda moves: None)
    play = Play(
        product=product,
        store=store,
        world=world,
        cast=cast,
        chance=Random(f"{seed}/{branch.id}"),
        clock=clock,
        agenda=Agenda(store, clock, end),
        chats=Chats(store, world, build_runtime(product, store, [], clock), clock),
        end=end,
    )
    desk, services = Officers(play), list(product.journeys.services)
    prefix = chats_of(branch, seed)
    for n, at in enumerate(_arrivals(play, requests), 1):
        service, leaves = services[n % len(services)], n > requests
        play.agenda.at(at, partial(desk.visitors.begins, f"{prefix}{n:04}", service, leaves))
    desk.begin()
    await play.agenda.play(play.chats.settle)
    await figures_keeping.follow(store, product.reference.calendar)


def _arrivals(play: Play, count: int) -> list[datetime]:
    """When people begin: first those who will send, the last of them shortly before the end."""
    late = max(1, round(count * WAITING))
    until = play.end - LATEST
    early = [_moment(play, until) for _ in range(count - late)]
    spare = LATEST - timedelta(minutes=20)  # a form takes a while
    last = [until + spare * play.chance.random() for _ in range(late)]
    left = [_moment(play, play.end) for _ in range(round(count * LEFT))]
    return [*sorted(early), *sorted(last), *left]


def _moment(play: Play, before: datetime) -> datetime:
    """Some instant of the weeks at which people write."""
    zone, chance, start = play.cast.branch.zone, play.chance, play.end - LENGTH
    while True:
        day = (start + timedelta(days=chance.randrange(LENGTH.days + 1))).astimezone(zone)
        [hour] = chance.choices(range(24), HOURS)
        at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
        if start < at < before and chance.random() * max(WEEKDAYS) < WEEKDAYS[at.weekday()]:
            return at.astimezone(play.end.tzinfo)
