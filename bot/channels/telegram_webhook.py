"""The webhook: Telegram delivers here, shows the secret, and is answered after the commit."""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.bounded import body_within, json_of
from bot.channels.polling import Take
from data.store import StoreBusy

PROOF_HEADER = "X-Telegram-Bot-Api-Secret-Token"

LARGEST_BODY = 1024 * 1024
"""Bytes of one update; real ones stay far below."""


def webhook_route(path: str, take: Take, secret: str) -> Route:
    """The route that takes updates: 200 stored, 403 not Telegram, 413 and 400 unusable, 503 busy.

    Telegram repeats what was not answered with 200.
    """
    if not secret:
        raise ValueError("a webhook without a secret would take updates from anybody")
    return Route(path, _taking(take, secret.encode()), methods=["POST"])


def _taking(take: Take, secret: bytes) -> Callable[[Request], Awaitable[Response]]:
    async def delivered(request: Request) -> Response:
        shown = request.headers.get(PROOF_HEADER, "").encode()
        if not hmac.compare_digest(shown, secret):
            return Response(status_code=403)
        body = await body_within(request, LARGEST_BODY)
        if body is None:
            return Response(status_code=413)
        try:
            raw = json_of(body)
        except ValueError:
            return Response(status_code=400)
        try:
            await take([raw])
        except StoreBusy:
            return Response(status_code=503)
        return Response(status_code=200)

    return delivered
