"""The settings themselves: sections, keys, types and defaults."""

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct
from msgspec.structs import fields

ROOT = Path(__file__).resolve().parents[2]
TELEGRAM = "https://api.telegram.org"
GRAPH = "https://graph.facebook.com"
BRANCH_ZONE = "branch"


class ConfigError(ValueError):
    """The settings cannot be used; *problems* has one line for each mistake, never a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret(str):
    """A value from the environment that shows itself nowhere by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class StoreUrl(str):
    """The address of a store; what it shows has no password."""

    __slots__ = ()

    @property
    def shown(self) -> str:
        return re.sub(r"(://[^/@:]*):[^/@]*@", r"\1:***@", self)

    def __repr__(self) -> str:
        return repr(self.shown)


class ZoneName(str):
    """A zone of the IANA database, or ``branch``: the zone of the participant's branch."""

    __slots__ = ()


Day = Literal["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"]
Role = Literal["officer", "supervisor", "region", "admin", "auditor"]
Count = Annotated[int, Meta(ge=1)]
Percent = Annotated[int, Meta(ge=0, le=90)]
MenuName = Literal["2020", "2024"]


class Store(Struct, frozen=True):
    url: StoreUrl = StoreUrl("sqlite:///var/chika.db")


class Web(Struct, frozen=True):
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    base_url: str = ""
    demo_ribbon: bool = True
    allow_insecure: bool = False
    secret: Secret | None = None

    @property
    def url(self) -> str:
        """Where people open the pages, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://localhost:{self.port}"


class Telegram(Struct, frozen=True):
    mode: Literal["polling", "webhook"] = "polling"
    api_url: str = TELEGRAM
    webhook_path: str = "/telegram"
    token: Secret | None = None
    secret: Secret | None = None

    @property
    def enabled(self) -> bool:
        return self.token is not None


class Messenger(Struct, frozen=True):
    page_id: str = ""
    api_url: str = GRAPH
    webhook_path: str = "/messenger"
    token: Secret | None = None
    app_secret: Secret | None = None
    verify_token: Secret | None = None

    @property
    def enabled(self) -> bool:
        return self.token is not None


class Staff(Struct, frozen=True):
    api_url: str = TELEGRAM
    name: str = ""
    code_minutes: Count = 10
    near_minutes: Count = 60
    token: Secret | None = None

    @property
    def enabled(self) -> bool:
        return self.token is not None


class Bridge(Struct, frozen=True):
    callback_url: str = ""
    secret: Secret | None = None

    @property
    def enabled(self) -> bool:
        return self.secret is not None


class Waha(Struct, frozen=True):
    url: str = ""
    session: str = "default"
    secret: Secret | None = None
    api_key: Secret | None = None

    @property
    def enabled(self) -> bool:
        return self.secret is not None


class WhatsApp(Struct, frozen=True):
    phone_number_id: str = ""
    account_id: str = ""
    api_url: str = GRAPH
    version: str = "v24.0"
    webhook_path: str = "/whatsapp"
    token: Secret | None = None
    app_secret: Secret | None = None
    verify_token: Secret | None = None

    @property
    def enabled(self) -> bool:
        return self.token is not None


class Hours(Struct, frozen=True):
    default_opens: time = time(8)
    default_closes: time = time(17)
    default_days: tuple[Day, ...] = ("senin", "selasa", "rabu", "kamis", "jumat")
    source: str = "S3"
    as_of: date = date(2024, 7, 24)


class Disputed(Struct, frozen=True):
    rehab_active_after_last: bool = True
    fine_on_every_stay: bool = True


class Chat(Struct, frozen=True):
    menu: MenuName = "2020"
    greeting_zone: ZoneName = ZoneName(BRANCH_ZONE)
    draft_days: Count = 7
    reminder_after_minutes: Count = 120
    reminder_from: time = time(8)
    reminder_until: time = time(20)
    known_days: Annotated[int, Meta(ge=0)] = 30
    rating_after_minutes: Count = 10
    rating_within_hours: Count = 24


class Documents(Struct, frozen=True):
    max_bytes: Annotated[int, Meta(ge=1, le=20_000_000)] = 10_000_000
    max_pixels: Count = 25_000_000
    small_below: Annotated[int, Meta(ge=0)] = 400
    dark_below: Annotated[int, Meta(ge=0, le=255)] = 45
    faint_below: Annotated[int, Meta(ge=0, le=255)] = 25
    blurred_below: Annotated[float, Meta(ge=0, le=1)] = 0.12
    folder: Path = Path("var/documents")


class Queue(Struct, frozen=True):
    lease_minutes: Count = 15
    correction_days: Count = 7
    soon_minutes: Count = 60
    claims_outside_hours: bool = False
    notice_minutes: Count = 2
    reopen_days: Annotated[int, Meta(ge=0)] = 14
    reopen_times: Count = 2
    lease_warning_minutes: Count = 3
    undo_seconds: Annotated[int, Meta(ge=0, le=60)] = 10


class Waiting(Struct, frozen=True):
    sample: Count = 20
    history_days: Count = 90
    active_minutes: Count = 30
    sooner_percent: Percent = 20
    later_percent: Percent = 30
    step_minutes: Count = 10
    narrowest_minutes: Count = 20
    near_place: Count = 2
    moved_minutes: Count = 30
    apart_minutes: Count = 20
    look_minutes: Count = 1


class Accounts(Struct, frozen=True):
    policy: Literal["bssn", "asvs"] = "bssn"
    second_step: tuple[Role, ...] = ("supervisor", "region", "admin", "auditor")
    session_hours: Count = 12
    idle_minutes: Count = 60
    link_hours: Count = 24
    free_tries: Count = 5
    longest_delay_minutes: Count = 15


class Runtime(Struct, frozen=True):
    batch: Annotated[int, Meta(ge=1, le=1000)] = 64
    fetch_timeout_seconds: Count = 60
    attempts: Count = 3


class Flood(Struct, frozen=True):
    chat_burst: Annotated[int, Meta(ge=0)] = 60
    chat_per_minute: Annotated[int, Meta(ge=1, le=6000)] = 30
    channel_per_minute: Annotated[int, Meta(ge=0, le=6_000_000)] = 60_000
    notice_minutes: Count = 10


class Log(Struct, frozen=True):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "text"


class Config(Struct, frozen=True):
    """Every setting, converted and checked; ``Config()`` has the defaults.

    *root* is the folder of config.yaml; after `load` no path depends on the working directory.
    """

    store: Store = Store()
    web: Web = Web()
    telegram: Telegram = Telegram()
    messenger: Messenger = Messenger()
    whatsapp: WhatsApp = WhatsApp()
    staff: Staff = Staff()
    bridge: Bridge = Bridge()
    waha: Waha = Waha()
    hours: Hours = Hours()
    disputed: Disputed = Disputed()
    chat: Chat = Chat()
    documents: Documents = Documents()
    queue: Queue = Queue()
    waiting: Waiting = Waiting()
    accounts: Accounts = Accounts()
    runtime: Runtime = Runtime()
    flood: Flood = Flood()
    log: Log = Log()
    root: Path = ROOT


Key = tuple[str, str]
KINDS: dict[Key, Any] = {
    (section.name, field.name): field.type
    for section in fields(Config)
    if isinstance(section.type, type) and issubclass(section.type, Struct)
    for field in fields(section.type)
}
SECTIONS = tuple(dict.fromkeys(section for section, _ in KINDS))
SECRETS = {key for key, kind in KINDS.items() if Secret in get_args(kind)}


def secrets_of(config: Config) -> list[Secret]:
    """Every secret that is set."""
    return [
        value
        for section, name in sorted(SECRETS)
        if (value := getattr(getattr(config, section), name))
    ]


def variable(key: Key) -> str:
    """The environment variable of a key: ``CHIKA_WEB_PORT``."""
    return "CHIKA_" + "_".join(key).upper()


VARIABLES = {variable(key): key for key in KINDS}
