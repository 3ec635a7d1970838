"""The channel ``bridge``: signed calls come in, signed calls go to one configured address."""

from dataclasses import dataclass, field
from functools import partial

import httpx
import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Route

from bot.channels import posting
from bot.channels.bridge.decode import CHANNEL, Bad, decode, items
from bot.channels.bridge.signing import prove, sign
from bot.channels.bridge.wire import AnyItem, MediaItem, Message, Receipt, Result, choices
from bot.channels.layout import spans
from bot.channels.signed import hook
from bot.channels.spool import Spool
from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive, Unreachable
from data.instants import Clock, to_us
from data.store import Store, Tx
from services import identities

PATH = "/bridge/events"

KIND = "user"
"""The kind of name by which a bridge knows somebody."""

ROOM = 1_000_000
"""Bytes of a call beside one file of the largest size."""


@dataclass(frozen=True)
class BridgeSettings:
    """*secret* signs both ways; messages go to *callback_url*."""

    secret: str = field(repr=False)
    callback_url: str


class Bridge:
    """The channel ``bridge``; close it with `aclose`."""

    name = CHANNEL

    def __init__(
        self,
        settings: BridgeSettings,
        store: Store,
        spool: Spool,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if not settings.secret:
            raise ValueError("a bridge without a secret would take events from anybody")
        self._settings = settings
        self._store = store
        self._spool = spool
        self._clock = clock
        self._client = posting.client(transport)

    async def send(self, chat: str, message: Outbound) -> str:
        """Call the bridge with *message*; the reference that it answers, '' when it has none."""
        body = msgspec.json.encode(await self._written(chat, message))
        headers = sign(self._settings.secret, body, self._clock.now())
        url = self._settings.callback_url
        return _reference(await posting.post(self._client, url, body, headers, channel=CHANNEL))

    async def fetch(self, media: str) -> Media:
        """The file that came with the call; no address is ever opened for a bridge."""
        return await self._spool.bring(media)

    async def run(self, receive: Receive) -> None:
        """Nothing to pull: the route delivers."""

    def routes(self, receive: Receive) -> list[Route]:
        """The route that takes events."""
        largest = self._spool.max_bytes * 4 // 3 + ROOM
        return [hook(PATH, CHANNEL, self._prove, partial(self._take, receive), largest)]

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    def _prove(self, headers: Headers, body: bytes) -> None:
        prove(self._settings.secret, headers, body, self._clock.now())

    async def _take(self, receive: Receive, body: bytes) -> Response:
        found = items(body)
        good = [item for item in found if not isinstance(item, Bad)]
        outcomes = iter(await self._store_all(receive, good))
        results = [
            Result(item.id, "refused", item.why)
            if isinstance(item, Bad)
            else Result(item.id, next(outcomes))
            for item in found
        ]
        return _told(results, len(found) - len(good))

    async def _store_all(self, receive: Receive, good: list[AnyItem]) -> list[str]:
        if not good:
            return []
        now = self._clock.now()
        users = {item.user for item in good}

        async def known(tx: Tx) -> dict[str, str]:
            return {
                user: await identities.chat_of(tx, CHANNEL, [f"{KIND}:{user}"], now=now)
                for user in sorted(users)
            }

        chats = await self._store.write(known)
        events = [
            decode(
                item,
                chat=chats[item.user],
                media=await self._keep(item),
                received_at=to_us(now),
            )
            for item in good
        ]
        return ["stored" if new else "known" for new in await receive(events)]

    async def _keep(self, item: AnyItem) -> str:
        if not isinstance(item, MediaItem):
            return ""
        now = self._clock.now()
        return await self._spool.keep_bytes(item.data, item.name, item.album, now, item.size)

    async def _written(self, chat: str, message: Outbound) -> Message:
        async with self._store.read() as tx:
            names = await identities.names_of(tx, chat)
        if not names:
            raise Unreachable("unknown_person")
        text, bold = spans(message.text)
        return Message(
            id=str(message.id),
            chat=chat,
            user=names[0].removeprefix(f"{KIND}:"),
            text=text,
            bold=bold,
            options=choices(message.options, message.put),
            expects=message.expects,
            listed=message.listed,
            language=message.language,
        )


def _told(results: list[Result], refused: int) -> Response:
    answer: dict[str, object] = {"results": results}
    if refused:
        answer |= {
            "code": "refused",
            "message": f"{refused} of {len(results)} events cannot be read; the others are stored.",
            "fix": "Mend those that `results` calls refused, and send them alone.",
        }
    return Response(
        msgspec.json.encode(answer), 422 if refused else 200, media_type="application/json"
    )


def _reference(answer: bytes) -> str:
    try:
        return msgspec.json.decode(answer, type=Receipt).reference[:128]
    except msgspec.MsgspecError:
        return ""
