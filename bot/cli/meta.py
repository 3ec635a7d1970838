"""The channels on which Meta calls: built from the settings."""

from bot.bootstrap import Product
from bot.channels.graph.webhook import Proof
from bot.channels.messenger.channel import Messenger, MessengerSettings
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.channels.window import Gate
from data.instants import Clock
from data.store import Store

LIST_LABEL = {"id": "Lihat pilihan", "en": "See choices"}
"""On the button that opens a list on WhatsApp; at most 20 characters."""


def meta_channels(product: Product, store: Store, clock: Clock) -> list[Messenger | WhatsApp]:
    """The channels whose tokens are set; each is to be closed."""
    found = (_messenger(product, store, clock), _whatsapp(product, store, clock))
    return [channel for channel in found if channel]


def _messenger(product: Product, store: Store, clock: Clock) -> Messenger | None:
    config = product.config.messenger
    if config.token is None:
        return None
    settings = MessengerSettings(
        token=config.token,
        page_id=config.page_id,
        proof=Proof(config.app_secret or "", config.verify_token or ""),
        api_url=config.api_url,
        webhook_path=config.webhook_path,
        largest_file=product.config.documents.max_bytes,
    )
    return Messenger(settings, store, clock, Gate(store, clock, product.templates, None))


def _whatsapp(product: Product, store: Store, clock: Clock) -> WhatsApp | None:
    config = product.config.whatsapp
    if config.token is None:
        return None
    settings = WhatsAppSettings(
        token=config.token,
        phone_number_id=config.phone_number_id,
        proof=Proof(config.app_secret or "", config.verify_token or ""),
        list_label=LIST_LABEL,
        api_url=config.api_url,
        version=config.version,
        webhook_path=config.webhook_path,
        largest_file=product.config.documents.max_bytes,
    )
    return WhatsApp(settings, store, clock, product.templates)
