"""A Graph API of our own: it refuses what Meta refuses, and signs what it delivers.

One app answers for the API and for Meta's file hosts; which of them was asked is kept in *asked*.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.graph.webhook import SIGNATURE_HEADER, sign
from tests.fakes import graph_limits
from tests.fakes.graph_limits import Refused

TOKEN = "EAAcanaryTOKENcanaryTOKEN"
SECRET = "rahasia-aplikasi-uji"
VERIFY = "token-verifikasi-uji"
ACCOUNT = "1098765432"
MEDIA = "https://lookaside.fbsbx.com/whatsapp_business/attachments/"

Post = dict[str, Any]
Check = Callable[[Post], None]


@dataclass
class FakeGraphApi:
    """One account's side of Meta.

    *taken* are the bodies of messages that were accepted, each with its ``id``; *courtesies* the
    read marks. *strangers* cannot be reached, the window of *shut* is closed, *check* refuses
    what a network's limits forbid. *media* holds files by id.
    """

    check: Check = graph_limits.whatsapp
    taken: list[Post] = field(default_factory=list)
    courtesies: list[Post] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    shut: set[str] = field(default_factory=set)
    number: int = 0

    def __post_init__(self) -> None:
        self._faults: list[Callable[[Post], Response]] = []
        self._hook: httpx.AsyncClient | None = None
        self._path = ""
        self.app = Starlette(
            routes=[
                Route("/{version}/{account}/messages", self._messages, methods=["POST"]),
                Route("/{version}/{account}/media", self._upload, methods=["POST"]),
                Route("/whatsapp_business/attachments/{media}", self._download),
                Route("/{version}/{object}", self._object),
            ]
        )

    @property
    def transport(self) -> httpx.ASGITransport:
        """The network that leads here, whatever host is asked."""
        return httpx.ASGITransport(self.app)

    # What a test does

    def fail(self, code: int, status: int = 400, *, subcode: int = 0, times: int = 1) -> None:
        """Refuse the next messages with Meta's *code*."""
        self._faults += [lambda post: _refusal(Refused(code, subcode), status)] * times

    def let_through(self, times: int = 1) -> None:
        """Take the next messages, whatever is told to happen after them."""
        self._faults += [self._take] * times

    def take_and_break(self, times: int = 1, status: int = 504) -> None:
        """Take the next messages, and answer like a proxy that lost patience."""

        def broken(post: Post) -> Response:
            self._take(post)
            return Response("<html>", status)

        self._faults += [broken] * times

    def lose(self, status: int = 502, times: int = 1) -> None:
        """Do not take the next messages, and answer like a proxy with nothing behind it."""
        self._faults += [lambda post: Response("<html>", status)] * times

    def hook(self, client: httpx.AsyncClient, path: str) -> None:
        """Deliver to *path* of *client*."""
        self._hook, self._path = client, path

    async def deliver(self, payload: Mapping[str, Any], secret: str = SECRET) -> int:
        """Post a signed delivery to the webhook; its status."""
        assert self._hook is not None
        body = json.dumps(payload).encode()
        headers = {
            SIGNATURE_HEADER: sign(body, secret.encode()),
            "Content-Type": "application/json",
        }
        return (await self._hook.post(self._path, content=body, headers=headers)).status_code

    def status(self, post: Post, state: str, at: int = 1_764_000_100, code: int = 0) -> Post:
        """What Meta tells of a message that it took: WhatsApp's status of it."""
        told = {"id": post["id"], "status": state, "timestamp": str(at)}
        if "biz_opaque_callback_data" in post:
            told["biz_opaque_callback_data"] = post["biz_opaque_callback_data"]
        errors = {"errors": [{"code": code, "title": "x"}]} if code else {}
        return {**told, "recipient_id": post.get("to", ""), **errors}

    def new_id(self, kind: str = "wamid") -> str:
        self.number += 1
        return f"{kind}.{self.number:06}"

    # What the product sees

    async def _messages(self, request: Request) -> Response:
        self.asked.append(request.url.hostname or "")
        post: Post = await request.json()
        try:
            _known(request)
            if request.path_params["account"] != ACCOUNT:
                raise Refused(100, 33)
            if post.get("status") == "read":
                self.courtesies.append(post)
                return JSONResponse({"success": True})
            if self._faults:
                return self._faults.pop(0)(post)
            self.check(post)
            to = str(post.get("recipient") or post.get("to"))
            if to in self.strangers:
                raise Refused(131026)
            if to in self.shut and post.get("type") != "template":
                raise Refused(131047)
        except Refused as refused:
            return _refusal(refused, 401 if refused.code == 190 else 400)
        return self._take(post)

    def _take(self, post: Post) -> Response:
        wamid = self.new_id("wamid.out")
        self.taken.append({**post, "id": wamid})
        return JSONResponse({"messaging_product": "whatsapp", "messages": [{"id": wamid}]})

    async def _upload(self, request: Request) -> Response:
        form = await request.form()
        file = form["file"]
        assert not isinstance(file, str)
        key = self.new_id("media")
        self.media[key] = await file.read()
        return JSONResponse({"id": key})

    async def _object(self, request: Request) -> Response:
        self.asked.append(request.url.hostname or "")
        key = request.path_params["object"]
        try:
            _known(request)
            if key == ACCOUNT:
                return JSONResponse({"id": ACCOUNT, "verified_name": "CHIKA"})
            if key not in self.media:
                raise Refused(100, 33)
        except Refused as refused:
            return _refusal(refused, 401 if refused.code == 190 else 400)
        data = self.media[key]
        about = {
            "url": MEDIA + key,
            "sha256": hashlib.sha256(data).hexdigest(),
            "file_size": len(data),
            "id": key,
        }
        return JSONResponse({**about, **self.told})

    async def _download(self, request: Request) -> Response:
        self.asked.append(request.url.hostname or "")
        try:
            _known(request)
        except Refused:
            return Response(status_code=401)
        data = self.media.get(request.path_params["media"])
        return Response(status_code=404) if data is None else Response(data)


def digest(data: bytes) -> str:
    """The SHA-256 of *data* as a webhook tells it."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _known(request: Request) -> None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        raise Refused(190)


def _refusal(refused: Refused, status: int) -> JSONResponse:
    error = {
        "message": f"(#{refused.code}) refused",
        "type": "OAuthException",
        "code": refused.code,
        "fbtrace_id": "x",
    }
    subcode = {"error_subcode": refused.subcode} if refused.subcode else {}
    return JSONResponse({"error": {**error, **subcode}}, status)
