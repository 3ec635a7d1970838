"""One account's line to the Graph API: posts, questions, and files from Meta's own hosts."""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from bot.channels.graph.answers import PAUSE_FAILING, meaning
from bot.runtime.ports import FetchFailed, Throttled, Uncertain, too_big

GRAPH = "https://graph.facebook.com"
VERSION = "v24.0"

MEDIA_HOSTS = ("lookaside.fbsbx.com", ".fbcdn.net", ".fbsbx.com")
"""Where Meta keeps what people send; a leading dot stands for every host below."""

SECONDS_TO_SEND = 20
SECONDS_TO_FETCH = 50

NEVER_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Account:
    """How to reach the Graph API. *media_hosts* are those beside the API's own for files."""

    token: str = field(repr=False)
    api_url: str = GRAPH
    version: str = VERSION
    media_hosts: Collection[str] = MEDIA_HOSTS


class GraphApi:
    """The Graph API as one account; close it with `aclose`.

    *transport* stands in for the network.
    """

    def __init__(
        self, account: Account, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = f"{account.api_url.rstrip('/')}/{account.version}/"
        own = urlsplit(self._base)
        self._own = (own.scheme, own.hostname or "", own.port)
        self._hosts = account.media_hosts
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {account.token}"},
            timeout=SECONDS_TO_SEND,
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post *body* as JSON; the answer, {} for one that says yes and cannot be read.

        Raises `Throttled`, `Unreachable` or `Uncertain`.
        """
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        try:
            answer = await self._client.post(self._base + path, content=content, headers=headers)
        except NEVER_WRITTEN:
            raise Throttled(PAUSE_FAILING) from None
        except httpx.HTTPError as problem:
            log.warning("no answer", error=type(problem).__name__)
            raise Uncertain from None
        return _read(answer)

    async def get(self, path: str, **fields: str) -> dict[str, Any]:
        """Ask for an object; raises `Throttled`, `Unreachable` or `Uncertain`."""
        try:
            answer = await self._client.get(self._base + path, params=fields)
        except httpx.HTTPError as problem:
            log.warning("no answer", error=type(problem).__name__)
            raise Throttled(PAUSE_FAILING) from None
        return _read(answer)

    async def download(self, url: str, limit: int) -> bytes:
        """The file at *url*, which may only lie where Meta keeps files; at most *limit* bytes.

        Raises `FetchFailed`. No other host is ever asked, and no redirect followed: what names the
        address may not be believed, and our token goes along.
        """
        if not self._may_ask(url):
            log.warning("a file lies where none may be fetched from")
            raise FetchFailed("lost")
        data = bytearray()
        try:
            async with (
                asyncio.timeout(SECONDS_TO_FETCH),
                self._client.stream("GET", url) as answer,
            ):
                if answer.status_code != 200:
                    log.warning("not fetched", error=f"HTTP {answer.status_code}")
                    raise FetchFailed("lost", final=answer.status_code in (404, 410))
                async for piece in answer.aiter_bytes():
                    data += piece
                    if len(data) > limit:
                        raise too_big(limit)
        except (httpx.HTTPError, TimeoutError) as problem:
            log.warning("not fetched", error=type(problem).__name__)
            raise FetchFailed("lost", final=False) from None
        return bytes(data)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    def _may_ask(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            place = (parts.scheme, parts.hostname or "", parts.port)
        except ValueError:
            return False
        if place == self._own:
            return True
        scheme, host, port = place
        return (
            scheme == "https"
            and port in (None, 443)
            and any(
                host.endswith(known) if known[0] == "." else host == known for known in self._hosts
            )
        )


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not answer.is_success:
        log.warning("refused", error=_named(answer.status_code, said))
        raise meaning(answer.status_code, said)
    return said if isinstance(said, dict) else {}


def _named(status: int, said: Any) -> str:
    error = said.get("error") if isinstance(said, dict) else None
    codes = [error.get("code"), error.get("error_subcode")] if isinstance(error, dict) else []
    return " ".join([f"HTTP {status}", *(str(code) for code in codes if isinstance(code, int))])
