"""Meta's webhook: only Meta gets in, and 200 means stored."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.graph.webhook import (
    LARGEST_BODY,
    SIGNATURE_HEADER,
    Proof,
    sign,
    webhook_routes,
)
from data.store import StoreBusy

SECRET, TOKEN = "rahasia-aplikasi", "token-verifikasi"
BODY = json.dumps({"entry": [{"text": "halo \u00e9"}]}).encode()


class Taken(list[Any]):
    """What was handed over; busy as often as told."""

    busy = 0

    async def __call__(self, raw: Any) -> None:
        if self.busy:
            self.busy -= 1
            raise StoreBusy
        self.append(raw)


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def client(taken: Taken) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=webhook_routes("/meta", taken, Proof(SECRET, TOKEN)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://chika.example") as client:
        yield client


async def deliver(client: httpx.AsyncClient, body: bytes, signature: str | bytes | None) -> int:
    headers = {} if signature is None else {SIGNATURE_HEADER: signature}
    return (await client.post("/meta", content=body, headers=headers)).status_code  # type: ignore[arg-type]


async def ask(client: httpx.AsyncClient, **said: str) -> httpx.Response:
    asked = {"mode": "subscribe", "verify_token": TOKEN, "challenge": "1158201444", **said}
    return await client.get("/meta", params={f"hub.{name}": said for name, said in asked.items()})


async def test_the_question_of_meta_is_answered_with_its_challenge(
    client: httpx.AsyncClient,
) -> None:
    answer = await ask(client)
    assert (answer.status_code, answer.text) == (200, "1158201444")


@pytest.mark.parametrize(
    "said",
    [
        {"verify_token": "lain"},
        {"verify_token": ""},
        {"verify_token": TOKEN + "x"},
        {"mode": "unsubscribe"},
        {"challenge": "<script>"},
        {"challenge": ""},
    ],
)
async def test_another_question_gets_nothing(
    client: httpx.AsyncClient, said: dict[str, str]
) -> None:
    answer = await ask(client, **said)
    assert (answer.status_code, answer.text) == (403, "")


async def test_a_signed_delivery_is_taken_whole(client: httpx.AsyncClient, taken: Taken) -> None:
    assert await deliver(client, BODY, sign(BODY, SECRET.encode())) == 200
    assert taken == [json.loads(BODY)]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        sign(BODY, b"lain"),
        sign(BODY + b" ", SECRET.encode()),
        sign(BODY, SECRET.encode()).removeprefix("sha256="),
        sign(BODY, SECRET.encode()).upper(),
        "sha256=é".encode(),
    ],
)
async def test_nobody_else_gets_in(
    client: httpx.AsyncClient, taken: Taken, signature: str | bytes | None
) -> None:
    assert await deliver(client, BODY, signature) == 403
    assert taken == []


async def test_what_is_signed_are_the_bytes_and_not_what_they_mean(
    client: httpx.AsyncClient, taken: Taken
) -> None:
    same = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert await deliver(client, same, sign(BODY, SECRET.encode())) == 403
    assert taken == []


async def test_nothing_unsigned_is_read(client: httpx.AsyncClient, taken: Taken) -> None:
    assert await deliver(client, b"{", None) == 403
    assert await deliver(client, b"{", sign(b"{", SECRET.encode())) == 400
    deep = b"[" * 100_000
    assert await deliver(client, deep, sign(deep, SECRET.encode())) == 400
    assert taken == []


async def test_a_body_beyond_the_limit_is_refused(client: httpx.AsyncClient, taken: Taken) -> None:
    body = b" " * (LARGEST_BODY + 1)
    assert await deliver(client, body, sign(body, SECRET.encode())) == 413
    assert taken == []


async def test_a_busy_store_answers_503_so_that_meta_repeats(
    client: httpx.AsyncClient, taken: Taken
) -> None:
    taken.busy = 1
    signature = sign(BODY, SECRET.encode())
    assert [await deliver(client, BODY, signature), await deliver(client, BODY, signature)] == [
        503,
        200,
    ]
    assert len(taken) == 1


@pytest.mark.parametrize("proof", [Proof("", TOKEN), Proof(SECRET, "")])
def test_a_webhook_that_would_believe_anybody_is_never_opened(taken: Taken, proof: Proof) -> None:
    with pytest.raises(ValueError, match="anybody"):
        webhook_routes("/meta", taken, proof)
    assert SECRET not in repr(proof)
    assert TOKEN not in repr(proof)
