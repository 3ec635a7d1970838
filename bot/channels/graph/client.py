"""One account's line to the Graph API: posts, questions, and files from Meta's own hosts."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.channels import posting
from bot.channels.bounded import json_of
from bot.channels.graph.answers import meaning
from bot.runtime.logger import Logger
from bot.runtime.ports import FetchFailed, Throttled

GRAPH = "https://graph.facebook.com"
VERSION = "v24.0"

MEDIA_HOSTS = ("lookaside.fbsbx.com", ".fbcdn.net", ".fbsbx.com")
"""Where Meta keeps what people send; a leading dot stands for every host below."""

log = Logger(__name__)


@dataclass(frozen=True)
class Account:
    """How to reach the Graph API. *media_hosts* are those beside the API's own for files."""

    token: str = field(repr=False)
    api_url: str = GRAPH
    version: str = VERSION
    media_hosts: Collection[str] = MEDIA_HOSTS


class GraphApi:
    """The Graph API as one account of a *channel*; close it with `aclose`.

    *transport* stands in for the network.
    """

    def __init__(
        self, account: Account, channel: str, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._channel = channel
        self._base = f"{account.api_url.rstrip('/')}/{account.version}/"
        own = urlsplit(self._base)
        self._own = (own.scheme, own.hostname or "", own.port)
        self._hosts = account.media_hosts
        self._token = {"Authorization": f"Bearer {account.token}"}
        self._client = posting.client(transport)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post *body* as JSON; the answer, {} for one that says yes and cannot be read.

        Raises `Throttled`, `Failing`, `Unreachable` or `Uncertain`.
        """
        answer = await posting.ask(
            self._client,
            self._base + path,
            json.dumps(body).encode(),
            self._token,
            channel=self._channel,
        )
        return self._read(answer.status, answer.body)

    async def get(self, path: str, **fields: str) -> dict[str, Any]:
        """Ask for an object; raises as `post` does."""
        try:
            answer = await self._client.get(self._base + path, params=fields, headers=self._token)
        except httpx.HTTPError as problem:
            log.warning("no answer", channel=self._channel, error=type(problem).__name__)
            raise Throttled(posting.PAUSE_UNCONNECTED) from None
        return self._read(answer.status_code, answer.content)

    async def download(self, url: str, limit: int) -> bytes:
        """The file at *url*, which may only lie where Meta keeps files; at most *limit* bytes.

        Raises `FetchFailed`. No other host is ever asked, and no redirect followed: what names the
        address may not be believed, and our token goes along.
        """
        if not self._may_ask(url):
            log.warning("a file lies where none may be fetched from", channel=self._channel)
            raise FetchFailed("lost")
        return await posting.download(self._client, url, limit, self._token, channel=self._channel)

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

    def _read(self, status: int, body: bytes) -> dict[str, Any]:
        try:
            said = json_of(body)
        except ValueError:
            said = None
        if not 200 <= status < 300:
            told = _named(status, said)
            log.warning("refused", channel=self._channel, error=told)
            raise meaning(status, said)
        return said if isinstance(said, dict) else {}


def _named(status: int, said: Any) -> str:
    error = said.get("error") if isinstance(said, dict) else None
    codes = [error.get("code"), error.get("error_subcode")] if isinstance(error, dict) else []
    return " ".join([f"HTTP {status}", *(str(code) for code in codes if isinstance(code, int))])
