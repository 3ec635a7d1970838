"""What ``doctor --online`` asks about WhatsApp: token, number, secret, verify token, address."""

import hashlib
import hmac

import httpx

from bot.channels.graph.webhook import SIGNATURE_HEADER, sign
from bot.cli import doctor_templates
from bot.config import Config

SECONDS = 10
CHALLENGE = "20260101"
NOTHING = b"{}"

TOKEN, OUR_NUMBER, NO_RIGHT = (190, 102, 0), (100, 33), (10, 200)


def examine(config: Config, *, transport: httpx.BaseTransport | None = None) -> list[str]:
    """What has to be mended, each with how; nothing is sent to any participant.

    The Graph API is asked about our number, and our own webhook as Meta asks it. *transport* stands
    in for the network.
    """
    if not config.whatsapp.enabled:
        return []
    with httpx.Client(timeout=SECONDS, trust_env=False, transport=transport) as client:
        return [
            *_account(config, client),
            *_webhook(config, client),
            *doctor_templates.examine(config.whatsapp, client),
        ]


def _account(config: Config, client: httpx.Client) -> list[str]:
    whatsapp = config.whatsapp
    token, secret = whatsapp.token or "", (whatsapp.app_secret or "").encode()
    proof = hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()
    address = f"{whatsapp.api_url.rstrip('/')}/{whatsapp.version}/{whatsapp.phone_number_id}"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        plain = client.get(address, headers=headers)
        if code := _code(plain):
            return [_told(code)]
        proven = client.get(address, headers=headers, params={"appsecret_proof": proof})
    except httpx.HTTPError as problem:
        return [
            f"whatsapp: the Graph API gives no answer ({type(problem).__name__}): check"
            " whatsapp.api_url and whether this machine may call it"
        ]
    if _code(proven):
        return [
            "whatsapp.app_secret: is not the secret of the app that the token is of; copy it from"
            " the app dashboard, App settings, Basic"
        ]
    return []


def _webhook(config: Config, client: httpx.Client) -> list[str]:
    whatsapp = config.whatsapp
    address = config.web.url + whatsapp.webhook_path
    asked = {
        "hub.mode": "subscribe",
        "hub.verify_token": whatsapp.verify_token or "",
        "hub.challenge": CHALLENGE,
    }
    signature = sign(NOTHING, (whatsapp.app_secret or "").encode())
    try:
        answer = client.get(address, params=asked)
        signed = client.post(address, content=NOTHING, headers={SIGNATURE_HEADER: signature})
    except httpx.HTTPError as problem:
        return [
            f"web.base_url: nobody answers at {address} ({type(problem).__name__}); start the"
            " program, and lead this address to it"
        ]
    if answer.status_code == 403:
        return [
            f"whatsapp.verify_token: the program at {address} has another one; start it again, and"
            " enter the same in the app dashboard, WhatsApp, Configuration"
        ]
    if answer.text != CHALLENGE:
        return [
            f"whatsapp.webhook_path: something else answers at {address} (HTTP"
            f" {answer.status_code}); lead it to this program without changing the query"
        ]
    if signed.status_code != 200:
        return [
            f"whatsapp.app_secret: the program at {address} has another one, or something on the"
            f" way changes the body (HTTP {signed.status_code}); start it again"
        ]
    return []


def _code(answer: httpx.Response) -> tuple[int, int] | None:
    """(code, subcode) of a refusal, None for a yes."""
    if answer.is_success:
        return None
    try:
        error = answer.json()["error"]
        return int(error["code"]), int(error.get("error_subcode") or 0)
    except (ValueError, KeyError, TypeError):
        return answer.status_code, 0


def _told(code: tuple[int, int]) -> str:
    if code[0] in TOKEN:
        return (
            "whatsapp.token: Meta does not know it or it has run out; make a permanent one of a"
            " system user (docs/whatsapp.md) and set CHIKA_WHATSAPP_TOKEN"
        )
    if code == OUR_NUMBER or code[0] in NO_RIGHT:
        return (
            "whatsapp.phone_number_id: the token may not see this number; copy the id below the"
            " number in WhatsApp, API Setup, and give the system user the WhatsApp account with"
            " whatsapp_business_messaging"
        )
    return f"whatsapp: the Graph API refuses with {code[0]}; see docs/whatsapp.md"
