"""The one place that builds store, services, runtime and channels from a configuration."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import asdict, replace

from bot.config import Config
from bot.config.settings import BRANCH_ZONE, ROOT
from bot.runtime import flood
from bot.runtime.acts import Acts
from bot.runtime.ports import Channel
from bot.runtime.preview import preview
from bot.runtime.runtime import Runtime, Tick
from bot.runtime.turns import Observe, World
from bot.staff.desk import Desk
from bot.staff.turn import CHANNEL, StaffTurn
from bot.texts.catalogue import Catalogue
from bot.texts.templates import Templates, load_templates
from data.facility_list import FULL_LIST
from data.instants import Clock, SystemClock
from data.opening import open_store
from data.store import Store
from flows.assets import Settings
from flows.journey import Journeys
from flows.load import load_all
from flows.menus import Menus
from flows.menus_file import load_menus
from forms.language import words
from forms.report import Forms
from services import calendar_watch, estimates, figures_keeping, leases, waiting
from services.account_rules import PATIENT, POLICIES, SHARED, Rules
from services.buckets import Rate
from services.documents import Documents
from services.documents import Rules as DocumentRules
from services.hours import ordinary_week
from services.officers import follow_regions
from services.reasons import Reasons
from services.reference import Reference, load_reference
from services.reports import Reports

CAPITAL_ZONE = "Asia/Jakarta"
"""The zone of the clock while no branch is known and the settings name none."""


class Product(msgspec.Struct, frozen=True):
    """Everything that is read from files once and never changes while the program runs."""

    config: Config
    journeys: Journeys
    menus: Menus
    reference: Reference
    catalogue: Catalogue
    rules: leases.Rules
    waits: estimates.Rules
    documents: Documents
    forms: Forms
    templates: Templates

    def warm(self, now: datetime) -> None:
        """Load what is loaded late, so that the first participant does not wait for it.

        Raises `forms.report.FormErrors` with every form that cannot be compiled.
        """
        self.reference.calendar.next_opening(next(iter(self.reference.branches)), now)
        self.journeys.router.understand("pindah puskesmas")
        self.catalogue.warm()
        self.forms.warm()

    def staff_desk(self, clock: Clock, world: World) -> Desk:
        """What the officers' bot is given."""
        flows = self.journeys.flows
        return Desk(
            clock=clock,
            calendar=self.reference.calendar,
            titles={code: flow.title for code, flow in flows.items()},
            steps={code: self.steps(code) for code in flows},
            checks={code: self.checks(code) for code in flows},
            numbers={code: self.numbers(code) for code in flows},
            reasons=Reasons.load(),
            rules=self.rules,
            preview=partial(preview, world),
            participants=self.catalogue,
            site=self.config.web.url,
        )

    def steps(self, code: str) -> dict[str, str]:
        """The label of each step of a service that officers may ask to correct."""
        questions = self.journeys.flows[code].questions()
        return {state: words(step.label) for state, step in questions if step.label}

    def checks(self, code: str) -> dict[str, str]:
        """What officers check before they finish a request of this service, in words."""
        return {name: point.say for name, point in self.journeys.flows[code].checklist.items()}

    def numbers(self, code: str) -> dict[str, str]:
        """The numbers of JKN that the words of a coded reason may name."""
        return {name: str(rule.value) for name, rule in self.journeys.flows[code].rules.items()}

    def world(self, observe: Observe) -> World:
        """What every turn shares."""
        reports = Reports(self.journeys, self.reference, self.forms)
        return World(
            journeys=self.journeys,
            menus=self.menus,
            facts=self.reference,
            settings=_settings(self.config),
            catalogue=self.catalogue,
            act=Acts(
                journeys=self.journeys,
                reference=self.reference,
                reports=reports,
                catalogue=self.catalogue,
                rules=self.rules,
                waits=self.waits,
            ),
            observe=observe,
            templates=self.templates,
        )


class App(msgspec.Struct, frozen=True):
    """A running product."""

    product: Product
    store: Store
    clock: Clock
    runtime: Runtime


def read_product(config: Config, flows: Path = ROOT / "flows") -> Product:
    """Read flows, texts and reference facts; raises their errors, each with every problem."""
    journeys = Journeys(load_all(flows))
    hours = config.hours
    week = ordinary_week(hours.default_opens, hours.default_closes, hours.default_days)
    return Product(
        config=config,
        journeys=journeys,
        menus=load_menus(flows, journeys),
        reference=load_reference(week, config.root / FULL_LIST),
        catalogue=Catalogue.load(ROOT / "bot" / "texts", journeys, asdict(config.disputed)),
        rules=leases.Rules(
            lease=timedelta(minutes=config.queue.lease_minutes),
            correction=timedelta(days=config.queue.correction_days),
            claims_outside_hours=config.queue.claims_outside_hours,
            notice=timedelta(minutes=config.queue.notice_minutes),
            reopen=timedelta(days=config.queue.reopen_days),
            reopen_times=config.queue.reopen_times,
            soon=timedelta(minutes=config.queue.soon_minutes),
            warning=timedelta(minutes=config.queue.lease_warning_minutes),
            undo=timedelta(seconds=config.queue.undo_seconds),
        ),
        waits=_waits(config),
        documents=Documents(
            config.documents.folder,
            DocumentRules(
                max_bytes=config.documents.max_bytes,
                max_pixels=config.documents.max_pixels,
                small_below=config.documents.small_below,
                dark_below=config.documents.dark_below,
                faint_below=config.documents.faint_below,
                blurred_below=config.documents.blurred_below,
            ),
        ),
        forms=Forms(ROOT / "forms"),
        templates=load_templates(),
    )


def build_runtime(
    product: Product,
    store: Store,
    channels: Sequence[Channel],
    clock: Clock,
    observe: Observe = lambda moves: None,
    ticks: Sequence[Tick] = (),
) -> Runtime:
    """The runtime over an open *store*, not yet started; *ticks* are further regular work."""
    settings = product.config.runtime
    world = product.world(observe)
    officers = StaffTurn(product.staff_desk(clock, world))
    calendar, rules = product.reference.calendar, product.rules

    async def keep_calendar() -> None:
        await calendar_watch.follow_and_mend(store, calendar, now=clock.now(), notice=rules.notice)

    async def tidy() -> None:
        now = clock.now()
        await store.write(lambda tx: leases.tidy(tx, now=now, calendar=calendar, rules=rules))

    looked = clock.now()

    async def tell_who_waits() -> None:
        nonlocal looked
        now = clock.now()
        if now - looked >= product.waits.look:
            looked = now
            await waiting.look(store, now=now, calendar=calendar, rules=product.waits)

    async def count() -> None:
        await figures_keeping.follow(store, calendar)

    return Runtime(
        store,
        replace(world, others={CHANNEL: officers}),
        channels,
        product.documents.check,
        clock,
        batch=settings.batch,
        attempts=settings.attempts,
        patience=timedelta(seconds=settings.fetch_timeout_seconds),
        limits=flood_rules(product.config),
        ticks=[keep_calendar, tidy, tell_who_waits, count, *ticks],
    )


@asynccontextmanager
async def running(
    product: Product,
    channels: Sequence[Channel] = (),
    clock: Clock | None = None,
    store: Store | None = None,
) -> AsyncIterator[App]:
    """A started product, stopped gracefully at the end."""
    clock = clock or SystemClock()
    store = store or open_store(product.config.store.url)
    await store.open()
    try:
        await prepare(product, store, clock)
        runtime = build_runtime(product, store, channels, clock)
        await runtime.start()
        keep_for_good()
        try:
            yield App(product, store, clock, runtime)
        finally:
            await runtime.stop()
    finally:
        await store.close()


def keep_for_good() -> None:
    """Spare what was loaded the search for garbage, which would take 50 ms each time.

    Flows, sentences and places stay for good. A turn leaves hardly any garbage in circles, so
    that young objects need not be looked through at every second one.
    """
    gc.freeze()
    gc.set_threshold(10_000)


def account_rules(config: Config) -> Rules:
    """What accounts need; a demonstration with invented data asks for neither password nor code."""
    accounts, demo = config.accounts, config.web.demo_ribbon
    longest = timedelta(minutes=accounts.longest_delay_minutes)
    return Rules(
        link=timedelta(hours=accounts.link_hours),
        session=timedelta(hours=accounts.session_hours),
        idle=timedelta(minutes=accounts.idle_minutes),
        policy=POLICIES[accounts.policy],
        own_password=not demo,
        second_step=frozenset() if demo else frozenset(accounts.second_step),
        account=replace(PATIENT, free=accounts.free_tries, longest=longest),
        address=replace(SHARED, longest=longest),
    )


def flood_rules(config: Config) -> flood.Rules:
    """How much a chat and a channel may send; a channel may send what comes in a minute at once."""
    minute, limits = timedelta(minutes=1), config.flood
    burst, many = limits.chat_burst, limits.channel_per_minute
    return flood.Rules(
        chat=Rate(burst, minute / limits.chat_per_minute) if burst else None,
        channel=Rate(many, minute / many) if many else None,
        notice=timedelta(minutes=limits.notice_minutes),
    )


async def prepare(product: Product, store: Store, clock: Clock) -> None:
    """Take the calendar over from the open *store*, and plan all deadlines anew by it.

    Hours, service levels and regions may have been edited since.
    """
    await store.write(partial(follow_regions, branches_of=product.reference.branches_of))
    now, calendar = clock.now(), product.reference.calendar
    await calendar_watch.read(store, calendar)
    await calendar_watch.plan(store, calendar, now=now)


def _waits(config: Config) -> estimates.Rules:
    waiting = config.waiting
    return estimates.Rules(
        sample=waiting.sample,
        history=timedelta(days=waiting.history_days),
        active=timedelta(minutes=waiting.active_minutes),
        sooner=waiting.sooner_percent / 100,
        later=waiting.later_percent / 100,
        step=timedelta(minutes=waiting.step_minutes),
        narrowest=timedelta(minutes=waiting.narrowest_minutes),
        near=waiting.near_place,
        moved=timedelta(minutes=waiting.moved_minutes),
        apart=timedelta(minutes=waiting.apart_minutes),
        look=timedelta(minutes=waiting.look_minutes),
    )


def _settings(config: Config) -> Settings:
    chat = config.chat
    zone = CAPITAL_ZONE if chat.greeting_zone == BRANCH_ZONE else chat.greeting_zone
    return Settings(
        menu=chat.menu,
        default_zone=ZoneInfo(zone),
        draft_days=chat.draft_days,
        reminder_after_minutes=chat.reminder_after_minutes,
        reminder_from=chat.reminder_from.isoformat("minutes"),
        reminder_until=chat.reminder_until.isoformat("minutes"),
        known_days=chat.known_days,
        rating_after_minutes=chat.rating_after_minutes,
        rating_within_hours=chat.rating_within_hours,
        reopen_days=config.queue.reopen_days,
        reopen_times=config.queue.reopen_times,
    )
