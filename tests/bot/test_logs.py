"""The logs: allowed keys only, no message of anybody, no secret, one line for each happening."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.channels.redaction import HIDDEN
from bot.cli.logs import ALLOWED, configure
from bot.config.settings import ROOT, Log
from bot.runtime.logger import Logger, before_the_first_line
from tests.desk import NIK

TOKEN = "123456789:AAcanaryAAcanaryAAcanaryAAcanaryAAA"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    before_the_first_line(lambda: None)
    structlog.reset_defaults()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def lines(out: io.StringIO) -> Lines:
    configure(Log(format="json"), [TOKEN], out)
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_has_an_instant_a_level_and_its_allowed_keys_only(lines: Lines) -> None:
    Logger(__name__).warning("turn failed", event_id=3, chat="web:siti", text=NIK, nik=NIK)
    [line] = lines()
    assert set(line) == {"timestamp", "level", "event", "event_id"}
    assert (line["level"], line["event"], line["event_id"]) == ("warning", "turn failed", 3)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"])


def test_what_is_below_the_level_is_not_told(out: io.StringIO) -> None:
    configure(Log(level="error", format="json"), (), out)
    Logger(__name__).warning("send failed")
    Logger(__name__).error("turn failed")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["turn failed"]


def test_a_library_is_heard_from_warnings_on_and_without_what_it_quotes(lines: Lines) -> None:
    log = logging.getLogger("httpx")
    log.info("GET %s", "https://example/7171")
    log.warning("refused %s for %s", NIK, "Siti")
    log.warning(f"GET https://api/bot{TOKEN}/x of {NIK}\nsecond line {NIK}")
    told = lines()
    assert [line["event"] for line in told] == ["refused %s for %s", "GET … of …"]
    assert {line["logger"] for line in told} == {"httpx"}


def test_an_error_of_a_library_is_told_by_kind_and_place(lines: Lines) -> None:
    try:
        raise KeyError(NIK)
    except KeyError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved\n%s", NIK)
    [line] = lines()
    assert line["event"] == "Task exception was never retrieved"
    assert line["error"] == "KeyError"
    assert line["where"].startswith("test_logs.py:")
    assert NIK not in str(line)


def test_a_secret_is_hidden_even_in_an_allowed_place(lines: Lines) -> None:
    Logger(__name__).error("page failed", where=f"bot{TOKEN}", error="x")
    assert lines()[0]["where"] == f"bot{HIDDEN}"


@pytest.mark.parametrize("form", ["json", "text"])
def test_nothing_can_begin_a_line_of_its_own(out: io.StringIO, form: Any) -> None:
    configure(Log(format=form), (), out)
    Logger(__name__).error("page failed", error='x\nlevel=info event="all is well"')
    assert len(out.getvalue().splitlines()) == 1


def test_the_text_form_is_one_line_of_keys_and_values(out: io.StringIO) -> None:
    configure(Log(), (), out)
    Logger(__name__).error("turn failed", dead=True, attempts=3, event_id=9)
    told = out.getvalue().strip()
    assert told.endswith('level=error event="turn failed" event_id=9 attempts=3 dead=true')


def test_every_key_that_the_program_logs_is_allowed() -> None:
    """A key that is dropped silently would be missed when it is needed."""
    used = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for call in re.findall(r"\blog\.\w+\(([^()]*(?:\([^()]*\)[^()]*)*)\)", path.read_text()):
            used |= set(re.findall(r"(?<![*\w])(\w+)=", call))
    assert used
    assert used <= set(ALLOWED)


def test_no_module_writes_a_line_before_it_is_said_what_becomes_of_lines() -> None:
    """`Logger` sees to that; structlog itself would write them with all they hold."""
    modules = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "bot").rglob("*.py")}
    told = {name for name, path in modules.items() if "structlog." in path.read_text()}
    assert told == {"bot/runtime/logger.py", "bot/cli/logs.py"}
