"""``doctor --online``: what is wrong with the two bots of Telegram, and how to mend it."""

from typing import Any

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.cli.doctor_telegram import BACKLOG, examine
from bot.config import Config, Secret
from bot.config.settings import Staff, Telegram, Web
from tests.fakes.blocking import network
from tests.fakes.bot_api import TOKEN, FakeBotApi

API, OURS = "api.telegram.org", "https://chika.example/telegram"
OTHER = f"https://lain.example/bot{TOKEN}"
"""A webhook whose address holds the token, as many programs make it."""

POLLS = Telegram(token=Secret(TOKEN))
CALLED = Telegram("webhook", token=Secret(TOKEN), secret=Secret("rahasia-webhook"))
STAFF = Staff(token=Secret(TOKEN))


def told(one: Telegram | Staff, app: ASGIApp | None) -> list[str]:
    web = Web(base_url="https://chika.example")
    bots = {"staff": one} if isinstance(one, Staff) else {"telegram": one}
    config = replace(Config(web=web), **bots)
    said = list(examine(config, transport=network({API: app} if app else {})))
    assert TOKEN not in "".join(said) and "rahasia-webhook" not in "".join(said)
    return said


def api(url: str = "", *, waiting: int = 0, **failed: Any) -> FakeBotApi:
    webhook = {"url": url} if url else {}
    return FakeBotApi(webhook=webhook, failed={"pending_update_count": waiting, **failed})


def test_nothing_is_wrong_and_nobody_is_asked_when_it_is_off() -> None:
    assert told(Telegram(), None) == []
    assert told(CALLED, api(OURS).app) == []
    for polling in (POLLS, STAFF):
        asked = api(waiting=BACKLOG)
        assert told(polling, asked.app) == []
        assert [method for method, _ in asked.calls] == ["getMe", "getWebhookInfo"]


@pytest.mark.parametrize(
    ("one", "section", "variable"),
    [
        (Telegram(token=Secret("1:AAlain")), "telegram", "CHIKA_TELEGRAM_TOKEN"),
        (Staff(token=Secret("1:AAlain")), "staff", "CHIKA_STAFF_TOKEN"),
    ],
)
def test_a_wrong_token_is_told_with_its_variable(
    one: Telegram | Staff, section: str, variable: str
) -> None:
    [said] = told(one, api().app)
    assert said.startswith(f"{section}.token: ") and "@BotFather" in said and variable in said
    assert "AAlain" not in said


def test_another_refusal_is_no_wrong_token() -> None:
    busy = api()
    busy.flood("getMe", 5)
    [said] = told(POLLS, busy.app)
    assert said.startswith("telegram: the Bot API refuses with 429")


@pytest.mark.parametrize("one", [POLLS, STAFF])
def test_an_address_that_is_no_bot_api_is_told(one: Telegram | Staff) -> None:
    [silent] = told(one, None)
    assert ".api_url: no answer from api.telegram.org (ConnectError)" in silent
    page = Starlette(routes=[Route("/{rest:path}", lambda _: HTMLResponse("<html>", 404))])
    [other] = told(one, page)
    assert ".api_url: what answers there is no Bot API" in other


@pytest.mark.parametrize("one", [POLLS, STAFF])
def test_a_webhook_of_somebody_else_is_told_and_what_removes_it(one: Telegram | Staff) -> None:
    [said] = told(one, api(OTHER, waiting=3).app)
    assert "lain.example" in said and "first poll" in said and "3 updates wait" in said


@pytest.mark.parametrize(("url", "whom"), [(OTHER, "another address, at lain.exa"), ("", "nobody")])
def test_a_webhook_elsewhere_is_told_with_ours(url: str, whom: str) -> None:
    [said] = told(CALLED, api(url).app)
    assert f"calls {whom}" in said and OURS in said and "no update waits" in said


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        ("Wrong response from the webhook: 403 Forbidden", "HTTP 403; the program has another"),
        ("Wrong response from the webhook: 404 Not Found", "lead telegram.webhook_path"),
        ("SSL error {error:0A000086: certificate verify failed}", "with its whole chain"),
        (f"Connection refused by {OTHER}", "start the program"),
    ],
)
def test_calls_that_fail_are_told_while_something_waits(words: str, fix: str) -> None:
    failed = {"last_error_message": words, "last_error_date": 1_764_000_000}
    [said] = told(CALLED, api(OURS, waiting=1, **failed).app)
    assert "1 update waits" in said and "2025-11-24 16:00 UTC" in said and fix in said
    assert told(CALLED, api(OURS, **failed).app) == []


def test_many_updates_that_nobody_takes_are_told() -> None:
    [said] = told(POLLS, api(waiting=BACKLOG + 1).app)
    assert said.startswith("telegram: 101 updates wait, each for at most a day; start")
