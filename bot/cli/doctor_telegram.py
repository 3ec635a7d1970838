"""What ``doctor --online`` asks Telegram about both bots: their tokens, and who is called."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx

from bot.config import Config, variable
from bot.config.settings import Staff, Telegram

Section = Literal["telegram", "staff"]
Answer = dict[str, Any]

SECONDS: Final = 10
"""For each question."""

BACKLOG: Final = 100
"""Updates that one getUpdates takes (Telegram, Bot API, 2026): with more waiting, nobody asks."""

FIXES: Final = {
    "403": "the program has another CHIKA_TELEGRAM_SECRET; start it again, which tells Telegram",
    "404": "something else answers there; lead telegram.webhook_path to this program",
    "503": "its store was busy, or a proxy found no program; start it, and see its log",
    "ssl": "the certificate of web.base_url must be valid, with its whole chain",
    "certificate": "the certificate of web.base_url must be valid, with its whole chain",
}
"""By what stands in Telegram's words about the last call that failed."""

UNREACHED: Final = "start the program, and lead web.base_url to it, open to the internet"


def examine(config: Config, *, transport: httpx.BaseTransport | None = None) -> Iterator[str]:
    """What has to be mended, each with how; no update is taken and nothing changed.

    *transport* stands in for the network.
    """
    telegram = config.telegram
    called = config.web.url + telegram.webhook_path if telegram.mode == "webhook" else ""
    with httpx.Client(timeout=SECONDS, trust_env=False, transport=transport) as client:
        if telegram.enabled:
            yield from _bot("telegram", telegram, called, client)
        if config.staff.enabled:
            yield from _bot("staff", config.staff, "", client)


def _bot(
    section: Section, settings: Telegram | Staff, called: str, client: httpx.Client
) -> Iterator[str]:
    """One bot, which is to be called at the address *called*, or polls where that is empty."""
    address = f"{settings.api_url.rstrip('/')}/bot{settings.token or ''}"
    try:
        known = _read(client.get(f"{address}/getMe"))
        if known.get("ok") is True:
            known = _read(client.get(f"{address}/getWebhookInfo"))
    except httpx.HTTPError as problem:  # its words may hold the address, and that the token
        yield (
            f"{section}.api_url: no answer from {urlsplit(settings.api_url).netloc}"
            f" ({type(problem).__name__}); correct it, or let this machine call it"
        )
        return
    except ValueError:
        yield f"{section}.api_url: what answers there is no Bot API; correct the address"
        return
    if known.get("ok") is True:
        yield from _calls(section, called, known.get("result") or {})
    elif (code := known.get("error_code")) in (401, 404):
        yield (
            f"{section}.token: Telegram knows no such bot; copy its token from @BotFather (/mybots,"
            f" API Token) and set {variable((section, 'token'))}"
        )
    else:
        yield f"{section}: the Bot API refuses with {code}; try again, then see docs/telegram.md"


def _calls(section: Section, called: str, info: Answer) -> Iterator[str]:
    """Only hosts are told: an address that somebody else set may hold secrets."""
    found = str(info.get("url") or "")
    waiting = int(info.get("pending_update_count") or 0)
    host = urlsplit(found).hostname
    if found and not called:
        yield (
            f"{section}: polls, but Telegram calls a webhook at {host}, which somebody set; the"
            " first poll at the start of this program removes it; if another program needs it,"
            f" give this one a bot of its own ({_waits(waiting)})"
        )
    elif found != called:
        yield (
            f"{section}: Telegram calls {f'another address, at {host}' if found else 'nobody'}, not"
            f" {called}; start the program, which tells Telegram, or correct web.base_url and"
            f" telegram.webhook_path ({_waits(waiting)})"
        )
    elif waiting and (words := str(info.get("last_error_message") or "")):
        yield (
            f"{section}: {_waits(waiting)}, for calls to {called} fail, last at"
            f" {_moment(info.get('last_error_date'))}: {_fix(words)}"
        )
    elif waiting > BACKLOG:
        yield f"{section}: {_waits(waiting)}; start the program, or see in its log what holds it up"


def _waits(waiting: int) -> str:
    """Telegram keeps what nobody takes for 24 hours (Bot API, Getting updates, 2026)."""
    if not waiting:
        return "no update waits"
    return f"{waiting} update{'s wait' if waiting > 1 else ' waits'}, each for at most a day"


def _moment(date: Any) -> str:
    """Seconds since the epoch as a moment of UTC."""
    if not isinstance(date, int):
        return "an unknown time"
    return f"{datetime.fromtimestamp(date, UTC):%Y-%m-%d %H:%M} UTC"


def _fix(words: str) -> str:
    """Telegram's own *words*, which may quote addresses, are left out but for a status."""
    status = next((part for part in words.split() if part.isdigit() and len(part) == 3), "")
    fix = next((fix for key, fix in FIXES.items() if key in words.lower()), UNREACHED)
    return f"HTTP {status}; {fix}" if status else fix


def _read(answer: httpx.Response) -> Answer:
    """What a Bot API says; raises ``ValueError`` when it is none."""
    said = answer.json()
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        raise ValueError("not a Bot API")
    return said
