"""The channel ``waha``: WhatsApp through somebody's WAHA server, in numbered text only."""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import httpx
import msgspec
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels import layout, posting
from bot.channels.offer import offer
from bot.channels.signed import Refused, hook
from bot.channels.waha.decode import (
    CHANNEL,
    FileRef,
    chat_id,
    decode,
    understand,
    unreadable,
)
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Media, Receive, Unreachable
from data.instants import Clock, to_us
from data.store import Store
from services import identities

PATH = "/waha/events"

HMAC_HEADER = "X-Webhook-Hmac"
ALGORITHM_HEADER = "X-Webhook-Hmac-Algorithm"
ALGORITHM = "sha512"
KEY_HEADER = "X-Api-Key"

LARGEST_BODY = 1024 * 1024
"""Bytes of one delivery; files are not in it."""

WRONG = posting.WRONG | {422}
"""WAHA says 422 while its session is not connected: no message is lost over that."""

log = Logger(__name__)


@dataclass(frozen=True)
class WahaSettings:
    """How to reach the server. *secret* signs its webhook, *api_key* opens it for us."""

    url: str
    session: str
    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    largest_file: int


class Waha:
    """The channel ``waha``; close it with `aclose`."""

    name = CHANNEL

    def __init__(
        self,
        settings: WahaSettings,
        store: Store,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if not settings.secret:
            raise ValueError("a webhook without a secret would take messages from anybody")
        self._settings = settings
        self._base = settings.url.rstrip("/")
        self._store = store
        self._clock = clock
        self._client = posting.client(transport)

    async def send(self, chat: str, message: Outbound) -> str:
        """Deliver *message*. A long text goes in parts; trouble repeats it from the first."""
        async with self._store.read() as tx:
            names = await identities.names_of(tx, chat)
        if not names:
            raise Unreachable("unknown_person")
        reference = ""
        for text in written(message):
            reference = await self._post(chat_id(names[0]), text)
        return reference

    async def fetch(self, media: str) -> Media:
        """Download a file, if it lies on the configured server and nowhere else."""
        file = msgspec.json.decode(media, type=FileRef)
        if not self._is_ours(file.url):
            log.warning("a file lies where none may be fetched from", channel=CHANNEL)
            raise FetchFailed("lost")
        limit = self._settings.largest_file
        data = await posting.download(self._client, file.url, limit, self._key, channel=CHANNEL)
        return Media(data=data, name=file.name, mime=file.mime)

    async def run(self, receive: Receive) -> None:
        """Nothing to pull: the route delivers."""

    def routes(self, receive: Receive) -> list[Route]:
        """The route that WAHA calls."""
        return [hook(PATH, CHANNEL, self._prove, partial(self._take, receive), LARGEST_BODY)]

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    def _prove(self, headers: Headers, body: bytes) -> None:
        """WAHA signs no time: what is played again is known by its id."""
        if headers.get(ALGORITHM_HEADER, "").lower() != ALGORITHM:
            raise Refused(
                401,
                "unsigned",
                f"{ALGORITHM_HEADER} is not {ALGORITHM}.",
                "Give the webhook of the WAHA session an hmac key (docs/bridges.md).",
            )
        wanted = hmac.new(self._settings.secret.encode(), body, hashlib.sha512).hexdigest()
        if not hmac.compare_digest(headers.get(HMAC_HEADER, "").encode(), wanted.encode()):
            raise Refused(
                401,
                "wrong_signature",
                "The signature is not that of this body and secret.",
                "The hmac key of the WAHA session must be CHIKA_WAHA_SECRET.",
            )

    async def _take(self, receive: Receive, body: bytes) -> Response:
        now = self._clock.now()
        at = to_us(now)
        try:
            heard = understand(body, self._settings.session)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
            await receive([unreadable(body, problem, received_at=at)])
            return JSONResponse({"outcome": "unreadable"})
        if heard is None:
            return JSONResponse({"outcome": "passed over"})
        names = [heard.name]
        chat = await self._store.write(lambda tx: identities.chat_of(tx, CHANNEL, names, now=now))
        await receive([decode(heard, chat=chat, received_at=at)])
        return JSONResponse({"outcome": "taken"})

    async def _post(self, to: str, text: str) -> str:
        body = msgspec.json.encode({"session": self._settings.session, "chatId": to, "text": text})
        url = f"{self._base}/api/sendText"
        answer = await posting.post(
            self._client, url, body, self._key, channel=CHANNEL, wrong=WRONG
        )
        return _reference(answer)

    @property
    def _key(self) -> dict[str, str]:
        return {KEY_HEADER: self._settings.api_key}

    def _is_ours(self, url: str) -> bool:
        ours = _place(self._base)
        return ours is not None and _place(url) == ours


def written(message: Outbound) -> list[str]:
    """*message* as texts: what can be picked is numbered in it."""
    return [layout.whatsapp(text) for text in offer(message, ()).texts]


def _place(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None for one that is none or hides somebody's name."""
    try:
        found = urlsplit(url)
        port = found.port or {"http": 80, "https": 443}[found.scheme]
    except (ValueError, KeyError):
        return None
    if not found.hostname or found.username is not None or "\\" in url:
        return None
    return found.scheme, found.hostname, port


def _reference(answer: bytes) -> str:
    try:
        said = msgspec.json.decode(answer)
    except msgspec.MsgspecError:
        return ""
    found = said.get("id") if isinstance(said, dict) else None
    return found[:128] if isinstance(found, str) else ""
