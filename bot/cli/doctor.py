"""``doctor``: what runs where: environment, settings and their sources, store, clock, channels."""

import asyncio
import json
import platform
import sqlite3
import sys
import tomllib
from datetime import UTC, datetime, time
from importlib.metadata import version
from pathlib import Path
from runpy import run_path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.cli import (
    FAILED,
    ROOT,
    doctor_bridges,
    doctor_messenger,
    doctor_telegram,
    doctor_whatsapp,
)
from bot.config import Config, ConfigError, Key, Secret, StoreUrl, load_with_sources

STORE_SECONDS = 5
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
Report = dict[str, Any]


@click.command
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--online", is_flag=True, help="Ask Telegram, Meta, bridges, our own webhook.")
def command(as_json: bool, online: bool) -> None:
    """Look at everything and change nothing; exit 1 when something has to be mended."""
    report = examine(online=online)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else as_text(report))
    if report["problems"]:
        raise SystemExit(FAILED)


def examine(*, online: bool = False) -> Report:
    """Everything that can be told by looking; its ``problems`` have to be mended.

    Only where *online* are the networks and the bridges asked.
    """
    try:
        config, sources = load_with_sources()
    except ConfigError as error:
        report: Report = {"python": look_at_python(), "clock": look_at_clock()}
        return report | {"problems": error.problems}
    report = examine_running(config, sources)
    report["networks"] = "asked" if online else "not asked; --online asks them"
    if online:
        for network in (doctor_telegram, doctor_messenger, doctor_whatsapp, doctor_bridges):
            report["problems"] += network.examine(config)
    return report


def examine_running(config: Config, sources: dict[Key, str]) -> Report:
    """The same of a program with these settings; not in a running event loop."""
    store = look_at_store(config.store.url)
    problems = store.pop("problems")
    return {
        "version": own_version(),
        "python": look_at_python(),
        "clock": look_at_clock(),
        "settings": look_at_settings(config, sources),
        "channels": look_at_channels(config),
        "store": store,
        "problems": problems,
    }


def own_version() -> str:
    """The version of this program."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def look_at_python() -> Report:
    """The interpreter, and whether .venv holds exactly what the locks name."""
    launcher = run_path(str(ROOT / "bot.py"))  # not imported: its name belongs to the package
    own = Path(sys.prefix).resolve() == launcher["VENV"].resolve()
    run, test = [launcher["RUN_LOCK"]], [launcher["RUN_LOCK"], launcher["TEST_LOCK"]]
    return {
        "version": platform.python_version(),
        "environment": ".venv of this folder" if own else sys.prefix,
        "locked to run": launcher["is_ready"](run),
        "locked to test": launcher["is_ready"](test),
    }


def look_at_clock() -> Report:
    """Now, in UTC and in the country's three zones."""
    now = datetime.now(UTC)
    local = {name: f"{now.astimezone(ZoneInfo(zone)):%H:%M}" for name, zone in ZONES.items()}
    return {"utc": now.isoformat(timespec="seconds"), **local, "tzdata": version("tzdata")}


def look_at_settings(config: Config, sources: dict[Key, str]) -> list[Report]:
    """Every key with its value (secrets only set or not) and where it comes from."""
    return [
        {
            "key": f"{section}.{name}",
            "value": _shown(getattr(getattr(config, section), name)),
            "source": source,
        }
        for (section, name), source in sources.items()
    ]


def look_at_channels(config: Config) -> Report:
    """What is on."""
    telegram = f"on, {config.telegram.mode}" if config.telegram.enabled else "off: no token"
    messenger = config.messenger
    called = f"on, page {messenger.page_id}, called at {config.web.url}{messenger.webhook_path}"
    return {
        "web": f"on, {config.web.url}/chat",
        "telegram": telegram,
        "whatsapp": "on, webhook" if config.whatsapp.enabled else "off: no token",
        "messenger": called if messenger.enabled else "off: no token",
        "staff": "on, polling" if config.staff.enabled else "off: no token",
        "bridge": f"on, {config.bridge.callback_url}"
        if config.bridge.enabled
        else "off: no secret",
        "waha": f"on, {config.waha.url}, unofficial" if config.waha.enabled else "off: no secret",
        "terminal": "on",
    }


def look_at_store(url: StoreUrl) -> Report:
    """Whether the store answers, and the schema it has and should have."""
    report: Report = {"url": url.shown, "schema wanted": wanted_schema(), "problems": []}
    engine, _, file = url.partition(":///")
    if engine == "sqlite" and not Path(file).exists():
        return report | {"schema": None, "state": "not made yet; the first start makes it"}
    try:
        if engine == "sqlite":
            found = _schema_of_sqlite(file)
        else:
            found = asyncio.run(_schema_of_postgres(url))
    except Exception as error:  # whatever a driver raises is the finding
        told = f"store: no answer: {type(error).__name__}"
        return report | {"schema": None, "state": "unreachable", "problems": [told]}
    if found not in {None, report["schema wanted"]}:
        wanted = report["schema wanted"]
        report["problems"] = [f"store: its schema is {found}, this program works with {wanted}"]
    return report | {"schema": found, "state": "answers"}


def wanted_schema() -> str | None:
    """The newest migration that this program knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(ROOT / "data" / "migrations")).get_current_head()


def as_text(report: Report) -> str:
    """The report in columns, problems last."""
    lines = []
    for title in ("python", "clock", "channels", "store"):
        if title in report:
            lines += ["", title, *(f"  {key:16} {value}" for key, value in report[title].items())]
    if "settings" in report:
        lines += ["", "settings"]
        lines += ["  {key:30} {value!s:36} {source}".format(**one) for one in report["settings"]]
    if "networks" in report:
        lines += ["", f"networks  {report['networks']}"]
    lines += ["", *(report["problems"] or ["nothing to mend"])]
    return "\n".join(lines[1:])


def _schema_of_sqlite(file: str) -> str | None:
    connection = sqlite3.connect(f"{Path(file).as_uri()}?mode=ro", uri=True, timeout=STORE_SECONDS)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else None


async def _schema_of_postgres(url: str) -> str | None:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=STORE_SECONDS)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


def _shown(value: Any) -> Any:
    if isinstance(value, Secret):
        return "set"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, StoreUrl):
        return value.shown
    if isinstance(value, tuple):
        return ", ".join(value)
    return value if isinstance(value, bool | int | None) else str(value)
