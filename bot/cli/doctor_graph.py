"""What ``doctor --online`` asks for every channel of Meta: token, secret, and our own webhook."""

import hashlib
import hmac
from collections.abc import Iterator

import httpx

from bot.channels.graph.webhook import SIGNATURE_HEADER, sign
from bot.config.settings import Messenger, WhatsApp

SECONDS = 10
"""For each question."""

CHALLENGE = "20260101"
NOTHING = b"{}"

TOKEN, NOT_THERE, NO_RIGHT = (190, 102, 0), (100, 33), (10, 200)

Code = tuple[int, int]
"""Meta's code and subcode of a refusal; the HTTP status and 0 where it names none."""


def ask(
    address: str, settings: Messenger | WhatsApp, client: httpx.Client, fields: str = "id"
) -> httpx.Response:
    """The object at *address*, by the token alone, as the channel itself asks."""
    return client.get(address, headers=_bearer(settings), params={"fields": fields})


def secret(
    channel: str, address: str, settings: Messenger | WhatsApp, client: httpx.Client
) -> Iterator[str]:
    """Whether the app secret is of the token's app; only after `ask` was answered there."""
    token, key = settings.token or "", (settings.app_secret or "").encode()
    proof = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
    asked = {"fields": "id", "appsecret_proof": proof}
    if code(client.get(address, headers=_bearer(settings), params=asked)):
        yield (
            f"{channel}.app_secret: is not the secret of the app that the token is of; copy it from"
            " the app dashboard, App settings, Basic"
        )


def webhook(
    channel: str, url: str, settings: Messenger | WhatsApp, where: str, client: httpx.Client
) -> Iterator[str]:
    """Ask our own webhook below *url* as Meta does; *where* in its dashboard it is entered."""
    address = url + settings.webhook_path
    asked = {
        "hub.mode": "subscribe",
        "hub.verify_token": settings.verify_token or "",
        "hub.challenge": CHALLENGE,
    }
    signature = sign(NOTHING, (settings.app_secret or "").encode())
    try:
        answer = client.get(address, params=asked)
        signed = client.post(address, content=NOTHING, headers={SIGNATURE_HEADER: signature})
    except httpx.HTTPError as problem:
        yield (
            f"web.base_url: nobody answers at {address} ({type(problem).__name__}); start the"
            " program, and lead this address to it"
        )
        return
    if answer.status_code == 403:
        yield (
            f"{channel}.verify_token: the program at {address} has another one; start it again, and"
            f" enter the same in the app dashboard, {where}"
        )
    elif answer.text != CHALLENGE:
        yield (
            f"{channel}.webhook_path: something else answers at {address} (HTTP"
            f" {answer.status_code}); lead it to this program without changing the query"
        )
    elif signed.status_code != 200:
        yield (
            f"{channel}.app_secret: the program at {address} has another one, or something on the"
            f" way changes the body (HTTP {signed.status_code}); start it again"
        )


def silence(channel: str, problem: httpx.HTTPError) -> str:
    """What is told when the Graph API cannot be asked."""
    return (
        f"{channel}: the Graph API gives no answer ({type(problem).__name__}): check"
        f" {channel}.api_url and whether this machine may call it"
    )


def code(answer: httpx.Response) -> Code | None:
    """Why it was refused, None for a yes."""
    if answer.is_success:
        return None
    try:
        error = answer.json()["error"]
        return int(error["code"]), int(error.get("error_subcode") or 0)
    except (ValueError, KeyError, TypeError):
        return answer.status_code, 0


def _bearer(settings: Messenger | WhatsApp) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.token or ''}"}
