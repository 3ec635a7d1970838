"""Posts to somebody else's program: a yes counts, whatever becomes of the rest of the answer."""

import httpx
import pytest

from bot.channels import posting
from bot.runtime.ports import SHORTEST_WAIT, Throttled
from tests.bot.channels.stalled import Stalled


async def test_a_yes_whose_rest_never_comes_is_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECONDS_TO_SEND", "SECONDS_TO_READ"):
        monkeypatch.setattr(posting, name, 0.05, raising=False)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Stalled()))
    async with posting.client(transport) as client:
        answer = await posting.post(client, "http://127.0.0.1/", b"{}", {}, channel="bridge")
    assert answer == b""


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("7", 7),
        ("0", SHORTEST_WAIT),
        ("999999", posting.LONGEST_PAUSE),
        ("Wed, 21 Oct 2026 07:28:00 GMT", posting.PAUSE_CROWDED),
        ("", posting.PAUSE_CROWDED),
    ],
)
async def test_who_asks_for_patience_is_left_alone_for_a_while(asked: str, pause: float) -> None:
    answer = httpx.Response(429, headers={"Retry-After": asked})
    async with posting.client(httpx.MockTransport(lambda request: answer)) as client:
        with pytest.raises(Throttled) as later:
            await posting.post(client, "http://127.0.0.1/", b"{}", {}, channel="bridge")
    assert later.value.retry_after == pause
