"""A relay between aiogram and other people's Bot API servers: adds what they lack.

They lack is_bot, seconds in dates, update offsets, long polling, chat_instance, the webhook's
secret, getFile with its download, and clean receipts. Everything else is theirs.
"""

import asyncio
import html
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PROOF_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_WAIT = 20.0
BETWEEN_LOOKS = 0.05
PHOTO = re.compile(r"relay:photo:(\w+)")
RECEIPT = ("message_id", "from", "chat", "date", "text", "reply_markup")


class Relay:
    """Stands before *upstream*. *sent* has what the bot said, *files* what can be downloaded."""

    def __init__(self, upstream: str) -> None:
        self.sent: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.files: dict[str, bytes] = {}
        self.webhook: dict[str, str] = {}
        self.statuses: list[int] = []
        self.url = ""
        self._upstream = upstream
        self._client = httpx.AsyncClient(trust_env=False, timeout=30)
        self._unconfirmed: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
                Route("/file/bot{token}/photos/{file}", self._download),
                Route("/hook", self._deliver, methods=["POST"]),
            ]
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until *condition* holds; it is looked at after every call."""
        async with asyncio.timeout(LONGEST_WAIT), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))

    async def _api(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        form = {key: str(value) for key, value in (await request.form()).items()}
        self.calls.append(method)
        answer = await self._answer(token, method, form)
        async with self._changed:
            self._changed.notify_all()
        return JSONResponse(answer, answer.get("error_code", 200))

    async def _answer(self, token: str, method: str, form: dict[str, str]) -> dict[str, Any]:
        if method == "getFile":
            return self._file(form["file_id"])
        if method == "getUpdates":
            return {"ok": True, "result": await self._updates(token, int(form.get("offset", 0)))}
        if method == "setWebhook":
            self.webhook = form
            form = {"url": f"{self.url}/hook"}
        body = await self._ask(token, method, form)
        if body.get("ok") is not True:
            return {"ok": False, "error_code": 404, "description": "Not Found", **body}
        if method == "getMe":
            body["result"]["is_bot"] = True
        elif method == "sendMessage":
            body["result"] = self._receipt(token, form, body["result"])
        elif not isinstance(body["result"], dict) or method.startswith("edit"):
            body["result"] = True
        return body

    async def _ask(self, token: str, method: str, form: dict[str, str]) -> dict[str, Any]:
        url = f"{self._upstream}/bot{token}/{method}"
        found: dict[str, Any] = (await self._client.post(url, data=form)).json()
        return found

    def _receipt(self, token: str, form: dict[str, str], said: dict[str, Any]) -> dict[str, Any]:
        text = html.unescape(re.sub(r"</?b>", "", form["text"]))
        markup = json.loads(form.get("reply_markup") or "{}")
        bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "CHIKA"}
        receipt = {**said, "from": bot, "text": text, "date": int(said["date"])}
        if receipt["date"] > 10**11:
            receipt["date"] //= 1000
        if "inline_keyboard" not in markup:
            receipt.pop("reply_markup", None)
        receipt = {key: receipt[key] for key in RECEIPT if receipt.get(key) is not None}
        self.sent.append({**receipt, "keyboard": markup})
        return receipt

    async def _updates(self, token: str, offset: int) -> list[dict[str, Any]]:
        self._unconfirmed = [one for one in self._unconfirmed if one["update_id"] >= offset]
        if not self._unconfirmed:
            fresh = (await self._ask(token, "getUpdates", {}))["result"]
            self._unconfirmed = [_whole(update) for update in fresh]
        if not self._unconfirmed:
            await asyncio.sleep(BETWEEN_LOOKS)  # they know no long polling
        return self._unconfirmed

    async def _deliver(self, request: Request) -> Response:
        headers = {PROOF_HEADER: self.webhook.get("secret_token", "")}
        update = _whole(await request.json())
        answer = await self._client.post(self.webhook["url"], json=update, headers=headers)
        self.statuses.append(answer.status_code)
        async with self._changed:
            self._changed.notify_all()
        return Response(status_code=answer.status_code)

    def _file(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.files:
            return {"ok": False, "error_code": 400, "description": "Bad Request: invalid file_id"}
        about = {"file_id": file_id, "file_unique_id": file_id, "file_path": f"photos/{file_id}"}
        return {"ok": True, "result": about}

    async def _download(self, request: Request) -> Response:
        data = self.files.get(request.path_params["file"])
        return Response(status_code=404) if data is None else Response(data)


def photo(file_id: str) -> list[dict[str, Any]]:
    """A picture as a message carries it."""
    return [{"file_id": file_id, "file_unique_id": file_id, "width": 1280, "height": 960}]


def _whole(update: dict[str, Any]) -> dict[str, Any]:
    """An update in Telegram's full shape; ``relay:photo:F1`` stands for a picture."""
    if query := update.get("callback_query"):
        query.setdefault("chat_instance", "1")
    message = update.get("message") or {}
    if found := PHOTO.fullmatch(message.get("text") or ""):
        del message["text"]
        message["photo"] = photo(found[1])
    return update
