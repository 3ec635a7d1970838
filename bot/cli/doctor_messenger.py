"""What ``doctor --online`` asks about Messenger: the page's token, page, secret and webhook."""

from typing import Final

import httpx

from bot.channels.graph.client import VERSION
from bot.cli import doctor_graph
from bot.cli.doctor_graph import NO_RIGHT, SECONDS, TOKEN, Code
from bot.config import Config
from bot.config.settings import Messenger

SUBSCRIBED: Final = "subscribed_apps"
FIELDS: Final = "subscribed_fields"

HEARD: Final = (
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_edits",
)
"""What the page has to tell of (docs/messenger.md)."""


def examine(config: Config, *, transport: httpx.BaseTransport | None = None) -> list[str]:
    """What has to be mended, each with how; nothing is sent to any participant.

    The Graph API is asked whose the token is, and our own webhook as Meta asks it. *transport*
    stands in for the network.
    """
    messenger, url = config.messenger, config.web.url
    if not messenger.enabled:
        return []
    with httpx.Client(timeout=SECONDS, trust_env=False, transport=transport) as client:
        return [
            *_page(messenger, client),
            *doctor_graph.webhook("messenger", url, messenger, "Webhooks", client),
        ]


def _page(messenger: Messenger, client: httpx.Client) -> list[str]:
    address = f"{messenger.api_url.rstrip('/')}/{VERSION}/me"
    try:
        answer = doctor_graph.ask(address, messenger, client)
        if refused := doctor_graph.code(answer):
            return [_told(refused)]
        return [
            *_owner(messenger, answer),
            *doctor_graph.secret("messenger", address, messenger, client),
            *_subscribed(doctor_graph.ask(f"{address}/{SUBSCRIBED}", messenger, client, FIELDS)),
        ]
    except httpx.HTTPError as problem:
        return [doctor_graph.silence("messenger", problem)]


def _owner(messenger: Messenger, answer: httpx.Response) -> list[str]:
    """A token of a person or system user names them instead of a page: their id is not told."""
    try:
        owner = str(answer.json()["id"])
    except (ValueError, KeyError, TypeError):
        return ["messenger.api_url: what answers there is not the Graph API; correct the address"]
    if owner == messenger.page_id:
        return []
    return [
        f"messenger.page_id: the token is not of page {messenger.page_id}; copy the page's number,"
        " or make an access token of that page, not of a person, and set CHIKA_MESSENGER_TOKEN"
    ]


def _subscribed(answer: httpx.Response) -> list[str]:
    """Whether the page tells of what we hear; a token that may not ask is told nothing."""
    try:
        apps = answer.raise_for_status().json()["data"]
        told = {one for app in apps for one in app[FIELDS]}
    except (httpx.HTTPStatusError, ValueError, KeyError, TypeError):
        return []
    missing = [one for one in HEARD if one not in told]
    return missing and [
        f"messenger: the page tells this program nothing of {', '.join(missing)}; subscribe it to"
        " them in the app dashboard, Webhooks"
    ]


def _told(code: Code) -> str:
    if code[0] in TOKEN:
        return (
            "messenger.token: Meta does not know it or it has run out; make a new access token of"
            " the page (docs/messenger.md) and set CHIKA_MESSENGER_TOKEN"
        )
    if code[0] in NO_RIGHT:
        return (
            "messenger.token: it may not see its page; give the app pages_messaging, make a new"
            " access token of the page and set CHIKA_MESSENGER_TOKEN"
        )
    return f"messenger: the Graph API refuses with {code[0]}; see docs/messenger.md"
