"""The bot token never reaches a log, whatever goes wrong."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.channels.redaction import HIDDEN, Redaction
from bot.channels.telegram import Telegram, TelegramSettings
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Throttled, Uncertain, Unreachable
from tests.bot.channels.conftest import Noon, running
from tests.bot.channels.echo import Echo
from tests.bot.channels.person import Person
from tests.fakes.bot_api import TOKEN, FakeBotApi

CANARY = TOKEN.partition(":")[2]


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.DEBUG)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    yield caplog
    structlog.reset_defaults()


def test_secrets_are_replaced_wherever_they_stand() -> None:
    hide = Redaction(CANARY, "")
    assert hide(f"GET /bot{TOKEN}/getMe, {CANARY}") == (
        f"GET /bot{TOKEN.partition(':')[0]}:{HIDDEN}/getMe, {HIDDEN}"
    )
    assert hide("nothing here") == "nothing here"


async def test_a_day_of_failures_never_shows_the_token(
    everything: pytest.LogCaptureFixture,
    api: FakeBotApi,
    telegram: Telegram,
    person: Person,
    echo: Echo,
    clock: Noon,
) -> None:
    error = {"ok": False, "error_code": 400, "description": f"Bad Request: {TOKEN}"}
    api.fail("getUpdates", 502, f"<html>{TOKEN}</html>")
    api.fail("sendMessage", 400, error)
    api.fail("sendMessage", 500, error)
    api.fail("sendMessage", 504, TOKEN)
    for expected in (Unreachable, Uncertain, Uncertain):
        with pytest.raises(expected) as refused:
            await telegram.send("telegram:81", Outbound("halo"))
        assert CANARY not in repr(refused.value)
    with pytest.raises(FetchFailed):
        await telegram.fetch('{"id":"hilang"}')
    api.fail(
        "getFile",
        200,
        {"ok": True, "result": {"file_id": "F", "file_unique_id": "F", "file_path": "x"}},
    )
    with pytest.raises(FetchFailed) as lost:
        await telegram.fetch('{"id":"F"}')
    assert lost.value.__cause__ is None
    lonely = Telegram(TelegramSettings(TOKEN, "Kirim nomor saya", "http://127.0.0.1:9"), clock)
    with pytest.raises(Throttled):
        await lonely.send("telegram:81", Outbound("halo"))
    await lonely.aclose()
    echo.over(telegram)
    async with running(telegram, echo):
        await person.say("halo")
        await person.hears(1)
    assert everything.records
    assert CANARY not in everything.text


def test_settings_do_not_show_their_secrets() -> None:
    settings = TelegramSettings(TOKEN, "Kirim nomor saya", webhook_secret="uji_RAHASIA-1")
    assert CANARY not in repr(settings)
    assert "RAHASIA" not in repr(settings)
