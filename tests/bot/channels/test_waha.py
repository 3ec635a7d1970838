"""WAHA's guards: whose webhook it is, who is served, and where files may come from."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from starlette.responses import Response

from bot.channels.waha.decode import FileRef
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Throttled, Unreachable
from flows.events import Crowd, Text, Unfit
from tests.bot.channels.conftest import LARGEST_FILE, Noon
from tests.bot.channels.echo import Echo
from tests.bot.channels.waha_seat import NUMBER, SERVER, WahaSeat, signed, waha_seat


@pytest.fixture
async def seat(echo: Echo, tmp_path: Path) -> AsyncIterator[WahaSeat]:
    async with waha_seat(echo, Noon(), tmp_path, LARGEST_FILE) as found:
        yield found


async def test_only_who_has_the_key_gets_in(seat: WahaSeat, echo: Echo) -> None:
    body = msgspec.json.encode(seat.message(body="halo"))
    proof = signed(body)
    for headers in (
        {},
        {**proof, "X-Webhook-Hmac": ""},
        {**proof, "X-Webhook-Hmac": "é".encode()},
        {**proof, "X-Webhook-Hmac-Algorithm": "sha256"},
        {"X-Webhook-Hmac": proof["X-Webhook-Hmac"]},
        signed(body, "x" * 40),
        signed(body + b" "),
    ):
        answer = await seat.client.post("/waha/events", content=body, headers=headers)
        assert answer.status_code == 401
        assert "CHIKA_WAHA_SECRET" in answer.text or "hmac key" in answer.text
    assert echo.events == []
    accepted = await seat.client.post("/waha/events", content=body, headers=proof)
    assert accepted.status_code == 200
    assert echo.heard == [Text("halo")]


async def test_only_what_people_write_to_us_is_an_event(seat: WahaSeat, echo: Echo) -> None:
    call = seat.message(body="halo")
    for other in (
        {**call, "event": "message.any"},
        {**call, "event": "session.status", "payload": {"status": "WORKING"}},
        {**call, "session": "lain"},
        seat.message(fromMe=True),
        seat.message(**{"from": "status@broadcast"}),
        seat.message(**{"from": "120363000000000000@newsletter"}),
        seat.message(**{"from": "@c.us"}),
    ):
        assert (await seat.post(other)).status_code == 200
    assert echo.events == []
    assert [(await seat.post(call)).status_code for _ in range(2)] == [200, 200]
    assert echo.heard == [Text("halo")]
    assert seat.sent == [
        {"session": "default", "chatId": NUMBER, "text": "Anda menulis *tebal*: halo"}
    ]


async def test_who_has_no_number_is_answered_too(seat: WahaSeat, echo: Echo) -> None:
    await seat.post(seat.message(**{"from": "99887766554433@lid"}))
    assert seat.sent[0]["chatId"] == "99887766554433@lid"
    await seat.say("halo")
    first, second = [event.chat for event in echo.events]
    assert first != second
    assert "142" not in second


async def test_a_group_is_heard_once_and_never_served(seat: WahaSeat, echo: Echo) -> None:
    group = "6281200000142-1600000000@g.us"
    for _ in range(3):
        await seat.post(seat.message(**{"from": group, "participant": NUMBER}))
    assert echo.heard == [Crowd()]
    assert [one["chatId"] for one in seat.sent] == [group]
    assert "0142" not in str(echo.events)


async def test_what_cannot_be_read_is_kept_and_acknowledged(seat: WahaSeat, echo: Echo) -> None:
    broken = {**seat.message(), "payload": {"id": 7}}
    assert (await seat.post(broken)).status_code == 200
    assert echo.dead == ["unreadable: ValidationError"]


async def test_what_no_form_takes_is_named(seat: WahaSeat, echo: Echo) -> None:
    audio = {"url": f"{SERVER}/api/files/a.oga", "mimetype": "audio/ogg; codecs=opus"}
    await seat.post(seat.message(hasMedia=True, media=audio))
    await seat.post(seat.message(hasMedia=True, media={**audio, "mimetype": "video/mp4"}))
    await seat.post(seat.message(hasMedia=True, media=None))
    await seat.post(seat.message(location={"latitude": "1.48", "longitude": "124.84"}))
    await seat.post(seat.message(vCards=["BEGIN:VCARD"]))
    kinds = ("voice", "video", "lost", "location", "other")
    assert echo.heard == [Unfit(kind) for kind in kinds]
    assert seat.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:3000/api/files/ktp.jpg",
        "https://waha.example:3000/api/files/ktp.jpg",
        "http://waha.example/api/files/ktp.jpg",
        "http://waha.example.evil.example:3000/api/files/ktp.jpg",
        "http://waha.example:3000@evil.example/ktp.jpg",
        "http://x@waha.example:3000/api/files/ktp.jpg",
        "http://evil.example\\@waha.example:3000/ktp.jpg",
        "//waha.example:3000/api/files/ktp.jpg",
        "file:///etc/passwd",
        "http://[::1",
        "",
    ],
)
async def test_a_file_is_fetched_from_the_own_server_only(seat: WahaSeat, url: str) -> None:
    seat.files["ktp.jpg"] = b"x"
    with pytest.raises(FetchFailed, match="lost"):
        await seat.channel.fetch(msgspec.json.encode(FileRef(url=url)).decode())
    assert seat.asked == []


async def test_a_file_stops_at_the_limit_and_follows_nobody(seat: WahaSeat) -> None:
    here = msgspec.json.encode(FileRef(url=f"{SERVER}/api/files/ktp.jpg")).decode()
    seat.files["ktp.jpg"] = b"x" * (LARGEST_FILE + 1)
    with pytest.raises(FetchFailed, match="too_big"):
        await seat.channel.fetch(here)
    seat.elsewhere = "http://169.254.169.254/"
    with pytest.raises(FetchFailed, match="lost"):
        await seat.channel.fetch(here)
    assert seat.asked == [f"{SERVER}/api/files/ktp.jpg"] * 2


async def test_a_session_that_is_not_connected_loses_no_message(seat: WahaSeat) -> None:
    await seat.say("halo")
    chat = seat.chat
    for status, meaning in ((422, Throttled), (401, Throttled), (400, Unreachable)):
        seat.answers.append(Response(status_code=status))
        with pytest.raises(meaning):
            await seat.channel.send(chat, Outbound("dua"))
    assert await seat.channel.send(chat, Outbound("dua")) == f"true_{NUMBER}_2"
    with pytest.raises(Unreachable, match="unknown_person"):
        await seat.channel.send("waha:lain", Outbound("dua"))
