"""Meta's webhook: a question that proves the address ours, and signed deliveries.

A delivery is answered after the durable commit. What was not answered with 200 Meta repeats, for
up to seven days (Meta, Webhooks, 2026).
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.bounded import body_within, json_of
from bot.runtime.logger import Logger
from data.store import StoreBusy

SIGNATURE_HEADER = "X-Hub-Signature-256"

LARGEST_BODY = 3 * 1024 * 1024
"""Bytes of one delivery, Meta's limit."""

LONGEST_CHALLENGE = 256

Take = Callable[[Any], Awaitable[None]]
"""Store everything in one delivery durably; raises `data.store.StoreBusy` when it could not."""

log = Logger(__name__)


@dataclass(frozen=True)
class Proof:
    """How the two sides know each other.

    *app_secret* signs each delivery; *verify_token* is what Meta shows when the address is entered.
    """

    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)


def webhook_routes(path: str, take: Take, proof: Proof) -> list[Route]:
    """The routes of one webhook, for Meta's question (GET) and its deliveries (POST).

    A delivery ends in 200 stored, 403 not Meta, 413 and 400 unusable, 503 busy.
    """
    if not (proof.app_secret and proof.verify_token):
        raise ValueError("a webhook without app secret and verify token would believe anybody")
    return [
        Route(path, _asked(proof.verify_token.encode()), methods=["GET"]),
        Route(path, _delivered(take, proof.app_secret.encode()), methods=["POST"]),
    ]


def sign(body: bytes, app_secret: bytes) -> str:
    """What the header says when somebody who knows *app_secret* sent *body*, byte for byte."""
    return "sha256=" + hmac.new(app_secret, body, hashlib.sha256).hexdigest()


def _asked(verify_token: bytes) -> Callable[[Request], Awaitable[Response]]:
    async def asked(request: Request) -> Response:
        said = request.query_params
        shown = said.get("hub.verify_token", "").encode(errors="replace")
        challenge = said.get("hub.challenge", "")[:LONGEST_CHALLENGE]
        known = hmac.compare_digest(shown, verify_token)
        if not known or said.get("hub.mode") != "subscribe" or not challenge.isalnum():
            log.warning("webhook not confirmed: another verify token")
            return Response(status_code=403)
        return PlainTextResponse(challenge)

    return asked


def _delivered(take: Take, app_secret: bytes) -> Callable[[Request], Awaitable[Response]]:
    async def delivered(request: Request) -> Response:
        body = await body_within(request, LARGEST_BODY)
        if body is None:
            return Response(status_code=413)
        shown = request.headers.get(SIGNATURE_HEADER, "").encode()
        if not hmac.compare_digest(shown, sign(body, app_secret).encode()):
            log.warning("delivery refused: its signature is not that of the app secret")
            return Response(status_code=403)
        try:
            raw = json_of(body)
        except ValueError:
            return Response(status_code=400)
        try:
            await take(raw)
        except StoreBusy:
            return Response(status_code=503)
        return Response(status_code=200)

    return delivered
