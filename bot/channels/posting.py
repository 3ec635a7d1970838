"""Posts to a program that somebody else runs: what its answers mean, and files that it keeps.

One fixed address: no redirect is followed, and no proxy of the environment is asked.
"""

import asyncio
from collections.abc import Collection, Mapping

import httpx
import msgspec

from bot.runtime.logger import Logger
from bot.runtime.ports import Failing, FetchFailed, Throttled, Uncertain, Unreachable, too_big

SECONDS_TO_SEND = 20
SECONDS_TO_READ = 5
"""What the body of an answer may take after its status."""

SECONDS_TO_FETCH = 50

PAUSE_UNCONNECTED = 3.0
"""Seconds before the next try when nobody listens there."""

PAUSE_CROWDED = 5.0
"""Seconds before the next try where the other side asks for one and does not say when."""

PAUSE_REPAIR = 60.0
"""Seconds before the next try when address or secret are wrong: somebody must mend them."""

LONGEST_PAUSE = 3600.0

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; more is no answer to us."""

NEVER_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

WRONG = frozenset({*range(300, 400), 401, 403, 404, 405})
"""Answers that say something of our settings, not of the message."""

CROWDED = frozenset({408, 425, 429, 503})
GONE = 410

DOWN = frozenset({502, 503})
"""Answers of what stands before a network that is failing, as in an outage: the same is tried again
until it is over. What was taken all the same is read again with each try. 500 is not among them, as
it may be about this one message, nor 504: it says that nobody knows.
"""

log = Logger(__name__)


def client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client for `post` and `download`; close it. *transport* stands in for the network."""
    return httpx.AsyncClient(
        timeout=SECONDS_TO_SEND, follow_redirects=False, trust_env=False, transport=transport
    )


class Answer(msgspec.Struct, frozen=True):
    """What was said to a post. *body* is empty where it is too long, or its rest never came."""

    status: int
    body: bytes
    retry_after: str

    @property
    def is_yes(self) -> bool:
        return 200 <= self.status < 300


async def ask(
    client: httpx.AsyncClient, url: str, body: bytes, headers: Mapping[str, str], *, channel: str
) -> Answer:
    """Post JSON; whatever is answered. A status that came is believed without its body.

    Raises `Throttled` when nothing was written, `Uncertain` when nobody knows whether it arrived.
    """
    sent = {"Content-Type": "application/json", **headers}
    try:
        async with (
            asyncio.timeout(SECONDS_TO_SEND) as patience,
            client.stream("POST", url, content=body, headers=sent) as answer,
        ):
            patience.reschedule(None)
            asked = answer.headers.get("Retry-After", "")
            return Answer(answer.status_code, await _short(answer), asked)
    except NEVER_WRITTEN:
        log.warning("not sent", channel=channel, error="nobody listens there")
        raise Throttled(PAUSE_UNCONNECTED) from None
    except (httpx.HTTPError, TimeoutError) as problem:
        log.warning("no answer", channel=channel, error=type(problem).__name__)
        raise Uncertain from None


async def post(
    client: httpx.AsyncClient,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    channel: str,
    wrong: Collection[int] = WRONG,
) -> bytes:
    """Post JSON; the body of a 2xx answer, empty when it is too long to be one.

    Raises `Throttled` for 429 and its like, and for the statuses *wrong*, which somebody must
    mend; `Unreachable` for any other 4xx; `Failing` for an outage; `Uncertain` when nobody knows.
    """
    answer = await ask(client, url, body, headers, channel=channel)
    if answer.is_yes:
        return answer.body
    status, asked = answer.status, answer.retry_after
    log.warning("not sent", channel=channel, error=f"HTTP {status}")
    if status in CROWDED:
        raise Throttled(min(float(asked), LONGEST_PAUSE) if asked.isdecimal() else PAUSE_CROWDED)
    if status in wrong:
        raise Throttled(PAUSE_REPAIR)
    if status < 500:
        raise Unreachable("blocked" if status == GONE else "refused")
    raise Failing if status in DOWN else Uncertain


async def download(
    client: httpx.AsyncClient, url: str, limit: int, headers: Mapping[str, str], *, channel: str
) -> bytes:
    """The file at *url*, at most *limit* bytes; raises `FetchFailed`.

    Whoever calls this has made sure that *url* is not somebody's choice.
    """
    data = bytearray()
    try:
        async with (
            asyncio.timeout(SECONDS_TO_FETCH),
            client.stream("GET", url, headers=headers) as answer,
        ):
            if answer.status_code != 200:
                log.warning("not fetched", channel=channel, error=f"HTTP {answer.status_code}")
                raise FetchFailed("lost", final=answer.status_code in (404, GONE))
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > limit:
                    raise too_big(limit)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as problem:
        log.warning("not fetched", channel=channel, error=type(problem).__name__)
        raise FetchFailed("lost", final=False) from None
    return bytes(data)


async def _short(answer: httpx.Response) -> bytes:
    said = bytearray()
    try:
        async with asyncio.timeout(SECONDS_TO_READ):
            async for piece in answer.aiter_bytes():
                said += piece
                if len(said) > LARGEST_ANSWER:
                    return b""
    except (httpx.HTTPError, TimeoutError):
        return b""  # its status has said what counts
    return bytes(said)
