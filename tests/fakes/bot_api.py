"""A Bot API of our own, with what no other fake has: offsets, faults, the secret, files.

It refuses what the real one refuses: markup that does not close, texts and button data above their
limits, chats it does not know, edits of what is not there.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKEN = "4242:AAcanaryTOKENcanaryTOKENcanaryTOKEN"
BOT = {"id": 4242, "is_bot": True, "first_name": "CHIKA", "username": "chika_uji_bot"}
LONGEST_WAIT = 5.0
CHUNK = 65536


@dataclass
class Fault:
    """The next *times* calls of *method* are answered so."""

    method: str
    status: int
    body: dict[str, Any] | str
    times: int = 1


class Refused(Exception):
    """An answer with ``ok: false``; *parameters* are what it says to programs."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters


@dataclass
class FakeBotApi:
    """One bot's side of Telegram. *calls* are (method, parameters) in order of arrival.

    *failed* is what getWebhookInfo tells of the last call that failed; *moved* are chats that go on
    under another number.
    """

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    chats: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    offsets: list[int] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, Any] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)
    conflicts: int = 0
    streamed: int = 0

    def __post_init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._faults: list[Fault] = []
        self.updates = 700
        self._ids = 100
        self._queries: set[str] = set()
        self._asking = 0
        self._delivering = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
            ]
        )

    # What a test does

    def fail(self, method: str, status: int, body: dict[str, Any] | str, times: int = 1) -> None:
        """Answer the next calls of *method* with a fault."""
        self._faults.append(Fault(method.lower(), status, body, times))

    def flood(self, method: str, seconds: int, times: int = 1) -> None:
        """Answer the next calls of *method* with 429."""
        body = {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        }
        self.fail(method, 429, body, times)

    async def push(self, **update: Any) -> dict[str, Any]:
        """Let an update arrive; it waits for getUpdates, or goes to the webhook."""
        self.updates += 1
        whole = {"update_id": self.updates, **update}
        self._waiting.append(whole)
        await self._tell()
        await self.deliver_waiting()
        return whole

    async def deliver_waiting(self) -> None:
        """Give the webhook what waits, in order; what it refuses goes on waiting, as all behind."""
        async with self._delivering:
            while self.webhook and self._waiting:
                update = self._waiting[0]
                if await self._deliver(update) != 200:
                    return
                self._waiting = [one for one in self._waiting if one is not update]
                await self._tell()

    async def _deliver(self, update: dict[str, Any]) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(self.webhook["url"], json=update, headers=headers)
        return answer.status_code

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until *condition* holds; it is looked at after every call and message."""
        async with asyncio.timeout(LONGEST_WAIT), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of *method*."""
        return [parameters for name, parameters in self.calls if name.lower() == method.lower()]

    @property
    def unconfirmed(self) -> list[int]:
        """The numbers of updates that were not acknowledged."""
        return [update["update_id"] for update in self._waiting]

    def new_id(self) -> int:
        """A fresh message id."""
        self._ids += 1
        return self._ids

    def new_query(self) -> str:
        """A fresh callback query id, which can be answered."""
        query = f"q{self.new_id()}"
        self._queries.add(query)
        return query

    # What the bot sees

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != TOKEN:
            return _refusal(Refused(401, "Unauthorized"))
        parameters = await _parameters(request)
        if method.lower() == "getupdates":
            self.offsets.append(int(parameters.get("offset", 0)))
        self.calls.append((method, parameters))
        fault = next((fault for fault in self._faults if fault.method == method.lower()), None)
        if fault:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)
            await self._tell()
            if isinstance(fault.body, str):
                return Response(fault.body, fault.status)
            return JSONResponse(fault.body, fault.status)
        handler = getattr(self, f"_do_{method.lower()}", None)
        try:
            if handler is None:
                raise Refused(404, "Not Found")
            result = await handler(parameters)
        except Refused as refused:
            await self._tell()
            return _refusal(refused)
        await self._tell()
        return JSONResponse({"ok": True, "result": result})

    async def _do_getme(self, _: dict[str, Any]) -> Any:
        return BOT

    async def _do_getwebhookinfo(self, _: dict[str, Any]) -> Any:
        about = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        return {**about, "pending_update_count": len(self._waiting), **self.failed}

    async def _do_getupdates(self, parameters: dict[str, Any]) -> Any:
        if self.webhook:
            self.conflicts += 1
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self._asking += 1
        mine = self._asking
        offset = int(parameters.get("offset", 0))
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
        await self._tell()
        try:
            async with (
                asyncio.timeout(min(float(parameters.get("timeout", 0)), 1.0)),
                self._changed,
            ):
                await self._changed.wait_for(
                    lambda: self._waiting or self.webhook or mine != self._asking
                )
        except TimeoutError:
            return []
        if self.webhook or mine != self._asking:
            self.conflicts += 1
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return self._waiting[:100]

    async def _do_setwebhook(self, parameters: dict[str, Any]) -> Any:
        self._drop(parameters)
        self.webhook = parameters
        delivery = asyncio.create_task(self.deliver_waiting())
        self._tasks.add(delivery)
        delivery.add_done_callback(self._tasks.discard)
        return True

    async def _do_deletewebhook(self, parameters: dict[str, Any]) -> Any:
        self._drop(parameters)
        self.webhook = {}
        return True

    def _drop(self, parameters: dict[str, Any]) -> None:
        if parameters.get("drop_pending_updates", "").lower() == "true":
            self._waiting = []

    async def _do_setmycommands(self, parameters: dict[str, Any]) -> Any:
        for command in json.loads(parameters["commands"]):
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    async def _do_setmyshortdescription(self, parameters: dict[str, Any]) -> Any:
        if len(parameters.get("short_description", "")) > 120:
            raise Refused(400, "Bad Request: SHORT_DESCRIPTION_TOO_LONG")
        return True

    async def _do_leavechat(self, parameters: dict[str, Any]) -> Any:
        self.left.append(int(parameters["chat_id"]))
        self.chats.discard(int(parameters["chat_id"]))
        return True

    async def _do_sendmessage(self, parameters: dict[str, Any]) -> Any:
        chat = int(parameters["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat in self.moved:
            told = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, told, migrate_to_chat_id=self.moved[chat])
        if chat not in self.chats:
            raise Refused(400, "Bad Request: chat not found")
        markup = _keyboard(parameters)
        message = {"message_id": self.new_id(), "from": BOT, **_private(chat), **_text(parameters)}
        self.messages.append({**message, "keyboard": markup})
        return {**message, **_inline(markup)}

    async def _do_editmessagetext(self, parameters: dict[str, Any]) -> Any:
        message = self._find(parameters)
        message.update(_text(parameters), keyboard=_keyboard(parameters), edited=True)
        return {key: value for key, value in message.items() if key not in {"keyboard", "edited"}}

    async def _do_editmessagereplymarkup(self, parameters: dict[str, Any]) -> Any:
        message = self._find(parameters)
        if message["keyboard"] == _keyboard(parameters):
            raise Refused(400, "Bad Request: message is not modified")
        message["keyboard"] = _keyboard(parameters)
        return {key: value for key, value in message.items() if key not in {"keyboard", "edited"}}

    async def _do_answercallbackquery(self, parameters: dict[str, Any]) -> Any:
        if parameters["callback_query_id"] not in self._queries:
            raise Refused(400, "Bad Request: query is too old and response timeout expired")
        self._queries.remove(parameters["callback_query_id"])
        return True

    async def _do_getfile(self, parameters: dict[str, Any]) -> Any:
        file_id = parameters["file_id"]
        if file_id not in self.files:
            raise Refused(400, "Bad Request: invalid file_id")
        return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"documents/{file_id}"}

    async def _download(self, request: Request) -> Response:
        data = self.files.get(request.path_params["path"].removeprefix("documents/"))
        if request.path_params["token"] != TOKEN or data is None:
            return Response(status_code=404)

        async def pieces() -> Any:
            for at in range(0, len(data), CHUNK):
                self.streamed += len(data[at : at + CHUNK])
                yield data[at : at + CHUNK]

        return StreamingResponse(pieces())

    def _find(self, parameters: dict[str, Any]) -> dict[str, Any]:
        for message in self.messages:
            if message["message_id"] == int(parameters["message_id"]):
                return message
        raise Refused(400, "Bad Request: message to edit not found")

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _refusal(refused: Refused) -> JSONResponse:
    body = {"ok": False, "error_code": refused.status, "description": str(refused)}
    more = {"parameters": refused.parameters} if refused.parameters else {}
    return JSONResponse({**body, **more}, refused.status)


async def _parameters(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    return {key: value for key, value in (await request.form()).items() if isinstance(value, str)}


def _private(chat: int) -> dict[str, Any]:
    return {"chat": {"id": chat, "type": "private", "first_name": "Peserta"}, "date": 1_764_000_000}


def _keyboard(parameters: dict[str, Any]) -> dict[str, Any]:
    markup: dict[str, Any] = json.loads(parameters.get("reply_markup") or "{}")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _inline(markup: dict[str, Any]) -> dict[str, Any]:
    return {"reply_markup": markup} if "inline_keyboard" in markup else {}


def _text(parameters: dict[str, Any]) -> dict[str, Any]:
    entities = json.loads(parameters.get("entities") or "[]")
    text = parameters.get("text", "")
    if parameters.get("parse_mode") == "HTML":
        text, entities = _Html.read(text)
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if len(text) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


class _Html(HTMLParser):
    """Telegram's HTML: bold only, every other tag and every unclosed one is refused."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[int] = []

    @classmethod
    def read(cls, text: str) -> tuple[str, list[dict[str, Any]]]:
        parser = cls()
        parser.feed(text)
        parser.close()
        if parser._open:
            raise Refused(400, "Bad Request: can't parse entities: can't find end tag")
        return parser.text, parser.entities

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "b" or attrs:
            raise Refused(400, f"Bad Request: can't parse entities: unsupported start tag {tag}")
        self._open.append(self._here())

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            raise Refused(400, "Bad Request: can't parse entities: unexpected end tag")
        start = self._open.pop()
        self.entities.append({"type": "bold", "offset": start, "length": self._here() - start})

    def handle_data(self, data: str) -> None:
        self.text += data

    def _here(self) -> int:
        return len(self.text.encode("utf-16-le")) // 2


def bold_of(message: dict[str, Any]) -> list[str]:
    """The words that a message shows in bold."""
    units = message["text"].encode("utf-16-le")
    return [
        units[2 * part["offset"] : 2 * (part["offset"] + part["length"])].decode("utf-16-le")
        for part in message.get("entities", [])
        if part["type"] == "bold"
    ]
