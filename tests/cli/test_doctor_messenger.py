"""``doctor --online``: what is wrong with Messenger, and how to mend it."""

from typing import Any

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from bot.channels.graph.webhook import Proof, webhook_routes
from bot.cli.doctor_messenger import HEARD, examine
from bot.config import Config, Secret
from bot.config.settings import Messenger, Web
from tests.fakes.blocking import network
from tests.fakes.graph_api import SECRET, TOKEN, VERIFY
from tests.fakes.messenger_page import PAGE, FakePage

GRAPH, OURS = "graph.facebook.com", "chika.example"
RIGHT = Messenger(PAGE, token=Secret(TOKEN), app_secret=Secret(SECRET), verify_token=Secret(VERIFY))


async def take(raw: Any) -> None:
    assert raw == {}, "doctor delivers nothing"


def hosts() -> dict[str, Starlette]:
    """Meta, and our own webhook."""
    ours = webhook_routes("/messenger", take, Proof(SECRET, VERIFY))
    return {GRAPH: FakePage().app, OURS: Starlette(routes=ours)}


def told(messenger: Messenger, hosts: dict[str, Starlette]) -> list[str]:
    config = Config(web=Web(base_url=f"https://{OURS}"), messenger=messenger)
    said = examine(config, transport=network(hosts))
    for secret in (TOKEN, SECRET, VERIFY, messenger.token or TOKEN):
        assert secret not in "".join(said)
    return said


def test_nothing_is_wrong_and_nobody_is_asked_when_it_is_off() -> None:
    assert told(RIGHT, hosts()) == []
    assert told(Messenger(), {}) == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (
            {"token": Secret("EAAanother")},
            {"messenger.token: Meta does not know it": "make a new access token of the page"},
        ),
        (
            {"page_id": "5550001"},
            {"messenger.page_id: the token is not of page 5550001": "copy the page's number"},
        ),
        (
            {"app_secret": Secret("x" * 32)},
            {
                "messenger.app_secret: is not the secret": "App settings, Basic",
                "messenger.app_secret: the program at": "start it again",
            },
        ),
        (
            {"verify_token": Secret("lain-lain")},
            {"messenger.verify_token": "enter the same in the app dashboard, Webhooks"},
        ),
        (
            {"webhook_path": "/lain"},
            {"messenger.webhook_path: something else answers": "lead it to this program"},
        ),
    ],
)
def test_each_mistake_is_told_with_its_place_and_how_to_mend_it(
    wrong: dict[str, Any], found: dict[str, str]
) -> None:
    said = told(replace(RIGHT, **wrong), hosts())
    for line, (begin, mended) in zip(said, found.items(), strict=True):
        assert line.startswith(begin) and mended in line, line


def test_a_token_without_the_right_to_its_page_is_told() -> None:
    answer = JSONResponse({"error": {"message": "x", "code": 200}}, 403)
    page = Starlette(routes=[Route("/{rest:path}", lambda _: answer)])
    [said] = told(RIGHT, {**hosts(), GRAPH: page})
    assert said.startswith("messenger.token: it may not see its page; give the app")


def test_what_the_page_does_not_tell_of_is_told() -> None:
    *most, last = HEARD
    for subscribed, missing in (
        (((),), HEARD),
        ((most, ["feed"]), [last]),
        ((most, [last, "feed"]), []),
    ):
        said = told(RIGHT, {**hosts(), GRAPH: FakePage(subscribed=subscribed).app})
        found = f"messenger: the page tells this program nothing of {', '.join(missing)}; subscribe"
        assert [line.startswith(found) for line in said] == [True] * bool(missing)


def test_who_does_not_answer_is_told() -> None:
    [meta, ours] = told(RIGHT, {})
    assert meta.startswith("messenger: the Graph API gives no answer (ConnectError)")
    assert ours.startswith("web.base_url: nobody answers at https://chika.example/messenger")


def test_an_address_of_something_else_is_told() -> None:
    page = Starlette(routes=[Route("/{rest:path}", lambda _: HTMLResponse("<html>"))])
    [said] = told(RIGHT, {**hosts(), GRAPH: page})
    assert said.startswith("messenger.api_url")
