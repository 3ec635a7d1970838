"""The webhook: only Telegram gets in, and 200 means stored."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.telegram import Telegram, TelegramSettings
from bot.channels.telegram_webhook import LARGEST_BODY, PROOF_HEADER
from flows.events import Text
from tests.bot.channels.conftest import Noon, Pauses
from tests.bot.channels.echo import Echo
from tests.bot.channels.loopback import serving
from tests.bot.channels.person import Person
from tests.fakes.bot_api import TOKEN, FakeBotApi

SECRET = "uji_RAHASIA-1"


@pytest.fixture
async def hooked(
    api_url: str, clock: Noon, pauses: Pauses, echo: Echo
) -> AsyncIterator[tuple[Telegram, httpx.AsyncClient]]:
    """A channel with a webhook, and a client that posts to it in the same process."""
    settings = TelegramSettings(
        TOKEN, "Kirim nomor saya", api_url, "https://chika.example", webhook_secret=SECRET
    )
    telegram = Telegram(settings, clock, pause=pauses)
    echo.over(telegram)
    app = Starlette(routes=telegram.webhook_routes(echo))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://chika.example") as client:
        yield telegram, client
    await telegram.aclose()


Hooked = tuple[Telegram, httpx.AsyncClient]


def update(number: int = 900, text: str = "halo") -> dict[str, Any]:
    chat = {"id": 81, "type": "private", "first_name": "Peserta"}
    sender = {"id": 81, "is_bot": False, "first_name": "Peserta"}
    said = {"message_id": 5, "date": 1_764_000_000, "chat": chat, "from": sender, "text": text}
    return {"update_id": number, "message": said}


async def post(hooked: Hooked, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {PROOF_HEADER: secret}
    return (await hooked[1].post("/telegram", content=body, headers=headers)).status_code


async def test_telegram_is_told_where_to_deliver(
    hooked: Hooked, api: FakeBotApi, pauses: Pauses, echo: Echo
) -> None:
    api.fail("setWebhook", 500, {"ok": False, "error_code": 500, "description": "Oops"}, times=2)
    await hooked[0].run(echo)
    assert api.webhook["url"] == "https://chika.example/telegram"
    assert api.webhook["secret_token"] == SECRET
    assert json.loads(api.webhook["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert pauses == [1, 2]


async def test_an_update_with_the_secret_is_stored_and_answered(
    hooked: Hooked, person: Person, echo: Echo
) -> None:
    assert await post(hooked, json.dumps(update()).encode()) == 200
    assert echo.heard == [Text("halo")]
    assert person.texts == ["Anda menulis tebal: halo"]


@pytest.mark.parametrize("secret", [None, "", "salah", SECRET + "x", SECRET[:-1], "é"])
async def test_nobody_else_gets_in(hooked: Hooked, echo: Echo, secret: str | None) -> None:
    shown = {PROOF_HEADER: secret.encode()} if secret is not None else {}
    body = json.dumps(update()).encode()
    answer = await hooked[1].post("/telegram", content=body, headers=shown)
    assert answer.status_code == 403
    assert echo.events == []


async def test_the_same_update_twice_is_one_event(
    hooked: Hooked, person: Person, echo: Echo
) -> None:
    body = json.dumps(update()).encode()
    assert [await post(hooked, body), await post(hooked, body)] == [200, 200]
    assert echo.heard == [Text("halo")]


async def test_updates_out_of_order_keep_their_rank(
    hooked: Hooked, person: Person, echo: Echo
) -> None:
    for number in (902, 901):
        await post(hooked, json.dumps(update(number, str(number))).encode())
    assert [event.rank for event in echo.events] == [902, 901]


async def test_a_busy_store_answers_503_so_that_telegram_repeats(
    hooked: Hooked, person: Person, echo: Echo
) -> None:
    echo.busy = 1
    body = json.dumps(update()).encode()
    assert [await post(hooked, body), await post(hooked, body)] == [503, 200]
    assert echo.heard == [Text("halo")]


async def test_a_body_beyond_the_limit_is_refused(hooked: Hooked, echo: Echo) -> None:
    assert await post(hooked, b" " * (LARGEST_BODY + 1)) == 413
    assert echo.events == []


@pytest.mark.parametrize(
    "body", [b"", b"halo", b"\xff\xfe", b'{"update_id": 1', pytest.param(b"[" * 100_000, id="deep")]
)
async def test_a_body_that_is_no_json_is_refused(hooked: Hooked, echo: Echo, body: bytes) -> None:
    assert await post(hooked, body) == 400
    assert echo.events == []


async def test_an_unreadable_update_is_kept_and_acknowledged(hooked: Hooked, echo: Echo) -> None:
    broken = update() | {"message": {"message_id": "x", "chat": {"id": 81}}}
    assert await post(hooked, json.dumps(broken).encode()) == 200
    assert echo.dead == ["unreadable: ValidationError"]


async def test_a_webhook_without_a_secret_is_never_opened(clock: Noon, echo: Echo) -> None:
    telegram = Telegram(
        TelegramSettings(TOKEN, "Kirim nomor saya", public_url="https://chika.example"), clock
    )
    with pytest.raises(ValueError, match="secret"):
        telegram.webhook_routes(echo)
    await telegram.aclose()


async def test_polling_opens_no_route(telegram: Telegram, echo: Echo) -> None:
    assert telegram.webhook_routes(echo) == []


async def test_a_conversation_over_the_webhook(
    api: FakeBotApi, api_url: str, clock: Noon, person: Person, echo: Echo
) -> None:
    app = Starlette()
    async with serving(app) as url:
        settings = TelegramSettings(TOKEN, "Kirim nomor saya", api_url, url, webhook_secret=SECRET)
        telegram = Telegram(settings, clock)
        echo.over(telegram)
        app.routes.extend(telegram.webhook_routes(echo))
        await telegram.run(echo)
        await person.say("pilih")
        await person.tap("Ubah")
        await person.hears(2)
        await telegram.aclose()
    assert person.texts[1] == "Dipilih: Ubah"
