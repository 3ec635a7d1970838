"""What ``doctor --online`` asks about WhatsApp: token, number, secret, webhook, templates."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import httpx

from bot.cli import doctor_graph, doctor_templates
from bot.cli.doctor_graph import NO_RIGHT, NOT_THERE, SECONDS, TOKEN, Code
from bot.config import Config
from bot.config.settings import WhatsApp

PLACES: Final = ("phone_number", "whatsapp_business_account", "application")
"""Where an address to call may be entered, in the order in which they count."""


def examine(config: Config, *, transport: httpx.BaseTransport | None = None) -> list[str]:
    """What has to be mended, each with how; nothing is sent to any participant.

    The Graph API is asked about our number, and our own webhook as Meta asks it. *transport* stands
    in for the network.
    """
    whatsapp, url = config.whatsapp, config.web.url
    if not whatsapp.enabled:
        return []
    with httpx.Client(timeout=SECONDS, trust_env=False, transport=transport) as client:
        return [
            *_account(whatsapp, url, client),
            *doctor_graph.webhook("whatsapp", url, whatsapp, "WhatsApp, Configuration", client),
            *doctor_templates.examine(whatsapp, client),
        ]


def _account(whatsapp: WhatsApp, url: str, client: httpx.Client) -> list[str]:
    address = f"{whatsapp.api_url.rstrip('/')}/{whatsapp.version}/{whatsapp.phone_number_id}"
    try:
        if refused := doctor_graph.code(doctor_graph.ask(address, whatsapp, client)):
            return [_told(refused)]
        asked = doctor_graph.ask(address, whatsapp, client, "webhook_configuration")
        return [
            *doctor_graph.secret("whatsapp", address, whatsapp, client),
            *_called(url + whatsapp.webhook_path, asked),
        ]
    except httpx.HTTPError as problem:
        return [doctor_graph.silence("whatsapp", problem)]


def _called(ours: str, answer: httpx.Response) -> Iterator[str]:
    """Whether Meta calls *ours*; a token that may not ask is told nothing.

    Source: Meta, WhatsApp, webhook overrides (2026).
    """
    try:
        told = answer.raise_for_status().json()["webhook_configuration"]
        called = next(filter(None, (told.get(place) for place in PLACES)), "")
    except (httpx.HTTPStatusError, ValueError, KeyError, TypeError, AttributeError):
        return
    if called != ours:
        host = urlsplit(str(called)).hostname
        where = f"another address, at {host}" if host else "no address"
        yield (
            f"web.base_url: Meta calls {where}; enter {ours} in the app dashboard, WhatsApp,"
            " Configuration, and take back what overrides it"
        )


def _told(code: Code) -> str:
    if code[0] in TOKEN:
        return (
            "whatsapp.token: Meta does not know it or it has run out; make a permanent one of a"
            " system user (docs/whatsapp.md) and set CHIKA_WHATSAPP_TOKEN"
        )
    if code == NOT_THERE or code[0] in NO_RIGHT:
        return (
            "whatsapp.phone_number_id: the token may not see this number; copy the id below the"
            " number in WhatsApp, API Setup, and give the system user the WhatsApp account with"
            " whatsapp_business_messaging"
        )
    return f"whatsapp: the Graph API refuses with {code[0]}; see docs/whatsapp.md"
