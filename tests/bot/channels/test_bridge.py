"""The bridge's guards: who may call, what a second call does, and what its answers mean."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from openapi_spec_validator import validate

from bot.channels.bridge.channel import Bridge, BridgeSettings
from bot.channels.bridge.decode import Bad, items
from bot.channels.bridge.signing import TOLERANCE
from bot.channels.spool import Spool
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, FetchFailed, Throttled, Uncertain, Unreachable
from flows.events import Opened, Text
from tests.bot.channels.bridge_seat import USER, BridgeSeat, bridge_seat, signed
from tests.bot.channels.conftest import LARGEST_FILE, Noon
from tests.bot.channels.echo import Echo
from tests.bot.channels.openapi import check, spec, wrong

NOON = int(Noon().now().timestamp())


@pytest.fixture
async def seat(echo: Echo, tmp_path: Path) -> AsyncIterator[BridgeSeat]:
    async with bridge_seat(echo, Noon(), tmp_path, LARGEST_FILE) as found:
        yield found


def told(answer: httpx.Response, code: str) -> None:
    """*answer* refuses as the OpenAPI file says, with *code* and a fix."""
    check("Error", answer.json())
    assert answer.json()["code"] == code
    assert answer.json()["fix"]


async def test_only_who_signs_now_gets_in(seat: BridgeSeat, echo: Echo) -> None:
    event = seat.event(type="text", text="halo")
    body = json.dumps({"events": [event]}).encode()
    unsigned = await seat.client.post("/bridge/events", content=body)
    told(unsigned, "unsigned")
    told(await seat.post(body, secret="x" * 40), "wrong_signature")
    assert (await seat.post(body)).status_code == 200
    proof = signed(body, NOON)
    changed = await seat.client.post(
        "/bridge/events", content=body.replace(b"halo", b"hola"), headers=proof
    )
    told(changed, "wrong_signature")
    later = {**proof, "X-Chika-Timestamp": str(NOON + 1)}
    told(await seat.client.post("/bridge/events", content=body, headers=later), "wrong_signature")
    for second in (NOON - TOLERANCE - 1, NOON + TOLERANCE + 1):
        told(await seat.post(body, second=second), "wrong_time")
    for shown in ("", "é", "sha256=", proof["X-Chika-Signature"] + "0"):
        headers = {"X-Chika-Timestamp": str(NOON), "X-Chika-Signature": shown.encode()}
        answer = await seat.client.post("/bridge/events", content=body, headers=headers)
        assert answer.status_code == 401
    assert echo.heard == [Text("halo")]


async def test_nothing_is_parsed_before_it_is_proved(seat: BridgeSeat, echo: Echo) -> None:
    told(await seat.post(b"{", secret="x" * 40), "wrong_signature")
    for body in (b"", b"{", b"\xff", b"[" * 100_000, b'{"events": []}', b'{"event": []}'):
        answer = await seat.post(body)
        assert answer.status_code == 400
        told(answer, "unreadable")
    assert echo.events == []


async def test_a_call_beyond_the_limit_is_not_read_to_its_end(seat: BridgeSeat, echo: Echo) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 9_000_000:
            read += 65536
            yield b" " * 65536

    answer = await seat.client.post("/bridge/events", content=endless())
    assert answer.status_code == 413
    told(answer, "too_large")
    assert read < 3_000_000


async def test_an_id_counts_once_whatever_comes_with_it(seat: BridgeSeat, echo: Echo) -> None:
    first = seat.event(type="text", text="satu")
    again = {**first, "text": "lain"}
    answers = [(await seat.deliver(one)).json() for one in (first, first, again)]
    outcomes = [answer["results"][0]["outcome"] for answer in answers]
    assert outcomes == ["stored", "known", "known"]
    assert echo.heard == [Text("satu")]
    assert [call["text"] for call in seat.calls] == ["Anda menulis tebal: satu"]


async def test_a_bad_event_blocks_no_other_of_its_call(seat: BridgeSeat, echo: Echo) -> None:
    good = [seat.event(type="text", text=text) for text in ("satu", "dua")]
    answer = await seat.deliver(good[0], seat.event(type="txet", text="x"), good[1])
    assert answer.status_code == 422
    check("PartlyRefused", answer.json())
    assert [one["outcome"] for one in answer.json()["results"]] == ["stored", "refused", "stored"]
    assert "txet" in answer.json()["results"][1]["message"]
    assert echo.heard == [Text("satu"), Text("dua")]


async def test_a_busy_store_takes_nothing_and_the_same_call_works_later(
    seat: BridgeSeat, echo: Echo
) -> None:
    echo.busy = 1
    event = seat.event(type="text", text="satu")
    refused = await seat.deliver(event)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    told(refused, "busy")
    assert (await seat.deliver(event)).status_code == 200
    assert echo.heard == [Text("satu")]


async def test_each_user_has_one_chat_that_does_not_name_them(seat: BridgeSeat, echo: Echo) -> None:
    users = ["6281200000142", "b", "6281200000142"]
    events = [{**seat.event(type="opened"), "user": user, "sequence": 7} for user in users]
    await seat.deliver(*events)
    assert echo.heard == [Opened()] * 3
    assert [event.rank for event in echo.events] == [7, 7, 7]
    one, two, three = [event.chat for event in echo.events]
    assert one == three != two
    assert "0142" not in one
    assert [call["user"] for call in seat.calls] == users


async def test_a_file_above_the_limit_is_told_by_its_size(seat: BridgeSeat, echo: Echo) -> None:
    with pytest.raises(FetchFailed) as refused:
        await seat.deliver(seat.event(type="media", name="ktp.jpg", size=LARGEST_FILE + 1))
    assert refused.value.why == "too_big"
    data = base64.b64encode(b"x" * (LARGEST_FILE + 1)).decode()
    with pytest.raises(FetchFailed, match="too_big"):
        await seat.deliver(seat.event(type="media", data=data, album="a1"))
    assert [event.album for event in echo.events] == ["", "a1"]


@pytest.mark.parametrize(
    ("status", "headers", "meaning"),
    [
        (429, {"Retry-After": "7"}, Throttled(7)),
        (429, {}, Throttled(5)),
        (503, {"Retry-After": "9999999"}, Throttled(3600)),
        (401, {}, Throttled(60)),
        (404, {}, Throttled(60)),
        (302, {"Location": "http://127.0.0.1/"}, Throttled(60)),
        (410, {}, Unreachable("blocked")),
        (400, {}, Unreachable("refused")),
        (500, {}, Uncertain()),
        (502, {}, Failing()),
        (504, {}, Uncertain()),
    ],
)
async def test_what_an_answer_means(
    status: int, headers: dict[str, str], meaning: Exception, tmp_path: Path
) -> None:
    asked: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(status, headers=headers)

    with pytest.raises(type(meaning)) as raised:
        await said_over(httpx.MockTransport(answer))
    assert vars(raised.value) == vars(meaning)
    assert asked == ["http://bridge.example/pesan"]


@pytest.mark.parametrize(
    ("problem", "meaning"),
    [
        (httpx.ConnectError("no"), Throttled),
        (httpx.ReadTimeout("no"), Uncertain),
        (httpx.RemoteProtocolError("no"), Uncertain),
    ],
)
async def test_what_no_answer_means(problem: Exception, meaning: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise problem

    with pytest.raises(meaning):
        await said_over(httpx.MockTransport(fail))


@pytest.mark.parametrize("answer", [b"", b"ok", b"[1]", b'{"reference": 3}', b" " * 100_000])
async def test_a_strange_receipt_is_still_a_yes(answer: bytes) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=answer))
    assert await said_over(transport) == ""


async def test_the_reference_of_a_receipt_is_kept() -> None:
    receipt = {"reference": "r1"}
    transport = httpx.MockTransport(lambda request: httpx.Response(202, json=receipt))
    assert await said_over(transport) == "r1"


def test_the_openapi_file_is_one() -> None:
    validate(spec())


BASE = {"id": "p", "user": USER}


@pytest.mark.parametrize(
    "event",
    [
        BASE | {"type": "text", "text": "x"},
        BASE | {"type": "text"},
        BASE | {"type": "text", "text": 1},
        BASE | {"type": "text", "text": "x", "tetx": "y"},
        {"type": "text", "text": "x", "user": USER},
        BASE | {"type": "text", "text": "x", "id": ""},
        BASE | {"type": "text", "text": "x", "id": "dua kata"},
        BASE | {"type": "text", "text": "x", "user": "u" * 129},
        BASE | {"type": "text", "text": "x", "sequence": -1},
        BASE | {"type": "press", "value": "ya", "put": 3},
        BASE | {"type": "press", "value": "ya", "put": -3},
        BASE | {"type": "press", "value": "v" * 257, "put": 3},
        BASE | {"type": "media", "data": "eA=="},
        BASE | {"type": "media", "url": "http://127.0.0.1/"},
        BASE | {"type": "contact", "phone": "+62812"},
        BASE | {"type": "contact", "phone": ""},
        BASE | {"type": "opened", "start": "s" * 65},
        BASE | {"type": "unfit", "kind": "voice"},
        BASE | {"type": "unfit", "kind": "lost"},
        BASE | {"type": "desk"},
        BASE,
    ],
)
def test_the_openapi_file_refuses_what_the_program_refuses(event: dict[str, Any]) -> None:
    [found] = items(msgspec.json.encode({"events": [event]}))
    assert isinstance(found, Bad) == bool(wrong("Event", event)), (found, wrong("Event", event))


async def said_over(transport: httpx.AsyncBaseTransport) -> str:
    """Send a message through a bridge whose store knows everybody."""
    bridge = Bridge(
        BridgeSettings("s" * 32, "http://bridge.example/pesan"),
        KnowsEverybody(),  # type: ignore[arg-type]
        Spool(Path("nowhere"), LARGEST_FILE),
        Noon(),
        transport=transport,
    )
    try:
        return await bridge.send("bridge:x", Outbound("halo"))
    finally:
        await bridge.aclose()


class KnowsEverybody:
    """A store that has one name for every chat."""

    def read(self) -> "KnowsEverybody":
        return self

    async def __aenter__(self) -> "KnowsEverybody":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""

    async def all(self, statement: str, **values: Any) -> list[dict[str, str]]:
        assert statement == "identity_names"
        return [{"external": f"user:{USER}"}]
