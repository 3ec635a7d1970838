"""Bridges that are configured: other people's programs between us and a network."""

from bot.bootstrap import Product
from bot.channels.bridge.channel import Bridge, BridgeSettings
from bot.channels.spool import Spool
from bot.channels.waha.channel import Waha, WahaSettings
from data.instants import Clock
from data.store import Store


def configured(product: Product, store: Store, spool: Spool, clock: Clock) -> list[Bridge | Waha]:
    """The bridges whose secrets are set; each is to be closed."""
    config = product.config
    found: list[Bridge | Waha] = []
    if config.bridge.secret:
        settings = BridgeSettings(config.bridge.secret, config.bridge.callback_url)
        found.append(Bridge(settings, store, spool, clock))
    if config.waha.secret:
        server = WahaSettings(
            url=config.waha.url,
            session=config.waha.session,
            api_key=config.waha.api_key or "",
            secret=config.waha.secret,
            largest_file=config.documents.max_bytes,
        )
        found.append(Waha(server, store, clock))
    return found
