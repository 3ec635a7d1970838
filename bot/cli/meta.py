"""The channels on which Meta calls: built from the settings."""

from bot.bootstrap import Product
from bot.channels.graph.webhook import Proof
from bot.channels.messenger.channel import Messenger, MessengerSettings
from bot.channels.window import Gate
from data.instants import Clock
from data.store import Store


def meta_channels(product: Product, store: Store, clock: Clock) -> list[Messenger]:
    """The channels whose tokens are set; each is to be closed."""
    config = product.config.messenger
    if config.token is None:
        return []
    settings = MessengerSettings(
        token=config.token,
        page_id=config.page_id,
        proof=Proof(config.app_secret or "", config.verify_token or ""),
        api_url=config.api_url,
        webhook_path=config.webhook_path,
        largest_file=product.config.documents.max_bytes,
    )
    return [Messenger(settings, store, clock, Gate(store, clock, product.templates, None))]
