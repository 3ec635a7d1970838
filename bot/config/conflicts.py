"""Values that are right one by one and wrong or dangerous together."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.config.settings import GRAPH, TELEGRAM, Config, Key, variable

Conflict = tuple[Key, str]


def conflicts(config: Config) -> Iterator[Conflict]:
    """Each with the key whose place is to be told."""
    yield from _web(config)
    yield from _telegram(config)
    yield from _staff(config)
    yield from _bridge(config)
    yield from _waha(config)
    if config.messenger.enabled:
        yield from _messenger(config)
    yield from _whatsapp(config)
    if config.telegram.mode == "webhook":
        yield from _webhook(config)
    yield from _clocks(config)


def _web(config: Config) -> Iterator[Conflict]:
    web = config.web
    if web.base_url and not _is_address(web.base_url):
        yield ("web", "base_url"), "allowed: https://HOST, http://HOST, or empty"
    if not (_is_loopback(web.host) or web.url.startswith("https://") or web.allow_insecure):
        yield (
            ("web", "host"),
            f"{web.host} lets others in without encryption; set web.base_url to the https://"
            " address of your proxy, or web.allow_insecure: true",
        )
    if web.secret and len(web.secret) < 32:
        yield ("web", "secret"), "needs 32 characters or more"


def _telegram(config: Config) -> Iterator[Conflict]:
    telegram = config.telegram
    if telegram.token and not re.fullmatch(r"\d+:[\w-]+", telegram.token):
        yield ("telegram", "token"), "has not the form 123456:ABC of a Telegram token"
    if telegram.secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", telegram.secret):
        yield ("telegram", "secret"), "allowed: 1 to 256 characters of A-Z a-z 0-9 _ -"
    yield from _api(config, ("telegram", "api_url"), telegram.api_url)
    yield from _path(("telegram", "webhook_path"), telegram.webhook_path)


def _messenger(config: Config) -> Iterator[Conflict]:
    """Meta calls, so an address that it reaches is needed; only with our own server it is not."""
    messenger = config.messenger
    for name in ("app_secret", "verify_token"):
        if not getattr(messenger, name):
            yield ("messenger", name), f"Messenger needs {variable(('messenger', name))}"
    if not re.fullmatch(r"\d{5,20}", messenger.page_id):
        yield ("messenger", "page_id"), "needs the number of the page, such as 100000000000000"
    yield from _api(config, ("messenger", "api_url"), messenger.api_url, GRAPH)
    yield from _path(("messenger", "webhook_path"), messenger.webhook_path)
    if messenger.webhook_path == config.telegram.webhook_path:
        yield ("messenger", "webhook_path"), "is that of Telegram; each needs its own"
    if messenger.api_url == GRAPH and not config.web.url.startswith("https://"):
        yield ("web", "base_url"), "Messenger needs an https:// address that Meta can call"


def _staff(config: Config) -> Iterator[Conflict]:
    token = config.staff.token
    if token and not re.fullmatch(r"\d+:[\w-]+", token):
        yield ("staff", "token"), "has not the form 123456:ABC of a Telegram token"
    if token and token == config.telegram.token:
        yield ("staff", "token"), "officers need a bot of their own: telegram.token is the same"
    if not re.fullmatch(r"\w*", config.staff.name):
        yield ("staff", "name"), "allowed: a user name without @, or empty"
    yield from _api(config, ("staff", "api_url"), config.staff.api_url)


def _path(key: Key, path: str) -> Iterator[Conflict]:
    if not re.fullmatch(r"/[\w/-]+", path):
        yield key, f"allowed: a path like /{key[0]}"


WHATSAPP_FORMS = {
    "phone_number_id": (r"[0-9]*", "allowed: figures only; it is not the number itself"),
    "token": (r"[!-~]{20,}", "has not the form of an access token: EAA..."),
    "app_secret": (r"[!-~]{16,}", "needs 16 characters or more: App settings, Basic"),
    "verify_token": (r"[!-~]{8,256}", "needs 8 characters or more of your own invention"),
    "version": (r"v[0-9]{1,3}\.[0-9]", "allowed: a version of the Graph API, like v24.0"),
}


def _whatsapp(config: Config) -> Iterator[Conflict]:
    whatsapp = config.whatsapp
    for name, (form, told) in WHATSAPP_FORMS.items():
        value = getattr(whatsapp, name)
        if value is not None and not re.fullmatch(form, value):
            yield ("whatsapp", name), told
    secrets = {name: getattr(whatsapp, name) for name in ("token", "app_secret", "verify_token")}
    if any(secrets.values()):
        # without one of them anybody could speak for Meta, or nothing would be answered
        missing = [variable(("whatsapp", name)) for name, value in secrets.items() if not value]
        if missing:
            yield ("whatsapp", "phone_number_id"), f"WhatsApp needs {', '.join(missing)} as well"
        if not whatsapp.phone_number_id:
            yield ("whatsapp", "phone_number_id"), "needs the number's id of the app dashboard"
        if whatsapp.api_url == GRAPH and not config.web.url.startswith("https://"):
            yield ("whatsapp", "webhook_path"), "Meta calls only an https:// address: web.base_url"
    if whatsapp.verify_token and whatsapp.verify_token in (whatsapp.app_secret, whatsapp.token):
        yield ("whatsapp", "verify_token"), "is shown in an address: it must be no other secret"
    yield from _path(("whatsapp", "webhook_path"), whatsapp.webhook_path)
    for other in ("telegram", "messenger"):
        if whatsapp.webhook_path == getattr(config, other).webhook_path:
            yield ("whatsapp", "webhook_path"), f"is that of {other} already"
    yield from _api(config, ("whatsapp", "api_url"), whatsapp.api_url, GRAPH)


def _api(config: Config, key: Key, url: str, official: str = TELEGRAM) -> Iterator[Conflict]:
    if not _is_address(url):
        yield key, f"allowed: {official} or the address of your own server"
    elif not (
        url.startswith("https://")
        or _is_loopback(urlsplit(url).hostname or "")
        or config.web.allow_insecure
    ):
        yield key, "http:// would show the token on the way; use https://"


def _bridge(config: Config) -> Iterator[Conflict]:
    bridge = config.bridge
    if bridge.secret and len(bridge.secret) < 32:
        yield ("bridge", "secret"), "needs 32 characters or more"
    if bridge.secret or bridge.callback_url:
        yield from _outside(config, ("bridge", "callback_url"), bridge.callback_url)
    if bridge.callback_url and not bridge.secret:
        yield ("bridge", "callback_url"), f"a bridge needs {variable(('bridge', 'secret'))}"


def _waha(config: Config) -> Iterator[Conflict]:
    waha = config.waha
    if waha.secret and len(waha.secret) < 32:
        yield ("waha", "secret"), "needs 32 characters or more"
    if waha.secret or waha.api_key or waha.url:
        yield from _outside(config, ("waha", "url"), waha.url)
        for name in ("secret", "api_key"):
            if not getattr(waha, name):
                yield ("waha", "url"), f"WAHA needs {variable(('waha', name))}"
    if not re.fullmatch(r"[\w-]{1,64}", waha.session):
        yield ("waha", "session"), "allowed: a name of A-Z a-z 0-9 _ -"


def _outside(config: Config, key: Key, url: str) -> Iterator[Conflict]:
    """The address of a program of somebody else's, to which we send what people write."""
    parts = urlsplit(url)
    if not _is_address(url) or "@" in parts.netloc or parts.fragment:
        yield key, "needs the address of that program: https://HOST/PATH, without user or password"
    elif not (
        parts.scheme == "https" or _is_loopback(parts.hostname or "") or config.web.allow_insecure
    ):
        yield key, "http:// would show on the way what people write; use https://"


def _webhook(config: Config) -> Iterator[Conflict]:
    for name in ("token", "secret"):
        if not getattr(config.telegram, name):
            yield ("telegram", "mode"), f"webhook needs {variable(('telegram', name))}"
    if config.telegram.api_url == TELEGRAM and not config.web.url.startswith("https://"):
        yield ("telegram", "mode"), "webhook needs an https:// address in web.base_url"


def _clocks(config: Config) -> Iterator[Conflict]:
    if config.hours.default_opens >= config.hours.default_closes:
        yield ("hours", "default_closes"), "not after hours.default_opens"
    if config.chat.reminder_from >= config.chat.reminder_until:
        yield ("chat", "reminder_until"), "not after chat.reminder_from"


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
