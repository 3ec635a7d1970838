"""A Facebook page of our own, on top of the fake Graph API, and somebody who writes to it."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.graph_api import ACCOUNT, SECRET, TOKEN, FakeGraphApi, Post
from tests.fakes.graph_limits import Refused

PAGE = ACCOUNT
SENT_AT = 1_764_000_000_000
"""Milliseconds since the epoch."""

FILES = "https://scontent.xx.fbcdn.net/v/"


@dataclass
class FakePage(FakeGraphApi):
    """One page's side of Meta; *taken* holds the posts of the Send API, each with its ``id``.

    *subscribed* is what the page tells each of its apps.
    """

    subscribed: Sequence[Sequence[str]] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check = messenger
        self.profile: list[Post] = []
        own = [
            Route("/{version}/me/messenger_profile", self._profile, methods=["POST"]),
            Route("/{version}/me", self._me),
            Route("/{version}/me/subscribed_apps", self._apps),
            Route("/v/{media}", self._download),
        ]
        self.app.router.routes[:0] = own

    async def _messages(self, request: Request) -> Response:
        post: Post = await request.json()
        try:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise Refused(190)
            if request.path_params["account"] != PAGE:
                raise Refused(100, 33)
            if self._faults:
                return self._faults.pop(0)(post)
            self.check(post)
            person = post["recipient"]["id"]
            if person in self.strangers:
                raise Refused(100, 2018001)
            if person in self.shut:
                raise Refused(10, 2018278)
        except Refused as refused:
            error = {"message": "refused", "code": refused.code, "error_subcode": refused.subcode}
            return JSONResponse({"error": error}, 400)
        return self._take(post)

    def _take(self, post: Post) -> Response:
        mid = self.new_id("m_out")
        self.taken.append({**post, "id": mid})
        return JSONResponse({"recipient_id": post["recipient"]["id"], "message_id": mid})

    async def _me(self, request: Request) -> Response:
        """Whose the token is; a proof must be of the app that the token is of."""
        proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        try:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise Refused(190)
            if request.query_params.get("appsecret_proof", proof) != proof:
                raise Refused(100)
        except Refused as refused:
            return JSONResponse({"error": {"message": "refused", "code": refused.code}}, 400)
        return JSONResponse({"id": PAGE})

    async def _apps(self, request: Request) -> Response:
        """Only a token with a right of its own may ask."""
        if not self.subscribed:
            return JSONResponse({"error": {"message": "refused", "code": 200}}, 403)
        return JSONResponse({"data": [{"subscribed_fields": app} for app in self.subscribed]})

    async def _profile(self, request: Request) -> Response:
        self.profile.append(await request.json())
        if self._faults:
            return self._faults.pop(0)({})
        return JSONResponse({"result": "success"})


def messenger(post: Post) -> None:
    """Raise `Refused` unless the Send API would take *post* (Meta, Send API reference, 2026)."""
    _need(set(post["recipient"]) == {"id"}, "recipient")
    _need(post["messaging_type"] in ("RESPONSE", "UPDATE"), "messaging type")
    message = post["message"]
    _need(("text" in message) != ("attachment" in message), "text or attachment")
    if "text" in message:
        _length(message["text"], 2000, "text")
    else:
        payload = message["attachment"]["payload"]
        _need(payload["template_type"] == "button", "template")
        _length(payload["text"], 640, "text of the template")
        _need(1 <= len(payload["buttons"]) <= 3, "1 to 3 buttons")
        for button in payload["buttons"]:
            _length(button["title"], 20, "title")
            _length(button["payload"], 1000, "payload")
    replies = message.get("quick_replies", [])
    _need("quick_replies" not in message or 1 <= len(replies) <= 13, "1 to 13 quick replies")
    for reply in replies:
        if reply["content_type"] == "text":
            _length(reply["title"], 20, "title")
            _length(reply["payload"], 1000, "payload")
        else:
            _need(reply == {"content_type": "user_phone_number"}, "kind of quick reply")


class MessengerPerson:
    """One chat with the page: says, taps and sends; reads what the page said there."""

    def __init__(self, api: FakePage, person: str = "7100000081") -> None:
        self._api = api
        self.id = person
        self.moment = SENT_AT

    def item(self, **content: Any) -> dict[str, Any]:
        self.moment += 1000
        about = {"sender": {"id": self.id}, "recipient": {"id": PAGE}}
        return {**about, "timestamp": self.moment, **content}

    def message(self, **content: Any) -> dict[str, Any]:
        return self.item(message={"mid": self._api.new_id("m_in"), **content})

    def postback(self, payload: str, title: str, **more: Any) -> dict[str, Any]:
        mid = self._api.new_id("m_in")
        return self.item(postback={"mid": mid, "title": title, "payload": payload, **more})

    def attachment(self, kind: str, data: bytes = b"", name: str = "ktp.jpg") -> dict[str, Any]:
        key = f"{self._api.new_id('file')}.{name}"
        self._api.media[key] = data
        return {"type": kind, "payload": {"url": f"{FILES}{key}?oh=1"}}

    def press(self, number: int) -> dict[str, Any]:
        kind, data, title = self.offered[number - 1]
        if kind == "button":
            return self.postback(data, title)
        return self.message(text=title, quick_reply={"payload": data})

    async def send(self, *items: Any) -> int:
        return await self._api.deliver(delivery(*items))

    async def say(self, text: str) -> int:
        return await self.send(self.message(text=text))

    async def tap(self, number: int) -> int:
        return await self.send(self.press(number))

    async def send_photo(self, data: bytes) -> int:
        return await self.send(self.message(attachments=[self.attachment("image", data)]))

    @property
    def read(self) -> list[dict[str, Any]]:
        """The page's messages to this person."""
        return [post for post in self._api.taken if post["recipient"]["id"] == self.id]

    @property
    def texts(self) -> list[str]:
        return [text_of(post) for post in self.read]

    @property
    def offered(self) -> list[tuple[str, str, str]]:
        """(kind, data, title) of what the last message that offers something offers."""
        return next(filter(None, (offers_of(post) for post in reversed(self.read))), [])


def delivery(*items: Any, page: str = PAGE, **more: Any) -> dict[str, Any]:
    """A delivery with one entry."""
    return {"object": "page", "entry": [{"id": page, "time": 1, "messaging": list(items), **more}]}


def text_of(post: dict[str, Any]) -> str:
    """The words of a message."""
    message = post["message"]
    return str(message["text"] if "text" in message else message["attachment"]["payload"]["text"])


def offers_of(post: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(kind, data, title) of each button."""
    message = post["message"]
    buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
    quick = [one for one in message.get("quick_replies", []) if one["content_type"] == "text"]
    return [("button", one["payload"], one["title"]) for one in buttons] + [
        ("quick", one["payload"], one["title"]) for one in quick
    ]


def _length(text: str, most: int, what: str) -> None:
    _need(isinstance(text, str) and len(text.strip()) > 0 and len(text) <= most, what)


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise Refused(100, why=json.dumps(what))
