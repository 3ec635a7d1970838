"""How WhatsApp and Messenger say the same to a webhook, and hear the same from us."""

from collections.abc import Sequence
from typing import Any

import httpx

from bot.channels.graph.webhook import Proof
from bot.channels.messenger import decode as messenger_decode
from bot.channels.messenger.channel import Messenger, MessengerSettings
from bot.channels.whatsapp import decode as whatsapp_decode
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.channels.window import Gate
from bot.texts.templates import load_templates
from data.instants import Clock
from data.store import Store
from tests.torture.script import FILE, PDF

ACCOUNT, SECRET = "1098765432", "rahasia-aplikasi-uji"
TOKEN, PROOF = "T" * 20, Proof(SECRET, "token")

Item = dict[str, Any]


class WhatsAppWords:
    """WhatsApp: times are seconds, a receipt names our message by the tag that it carried."""

    path = WhatsAppSettings.webhook_path
    decode: Any = whatsapp_decode

    def channel(self, store: Store, clock: Clock, network: httpx.MockTransport) -> WhatsApp:
        settings = WhatsAppSettings(TOKEN, ACCOUNT, PROOF, "Pilih")
        return WhatsApp(settings, store, clock, load_templates(), transport=network)

    def said(self, number: int, person: int, second: int, text: str) -> Item:
        """The update with this *number*; the text `FILE` is a document."""
        about = {
            "id": f"wamid.{number}",
            "from": f"62811{person:07}",
            "from_user_id": f"ID.{person}",
            "timestamp": str(second),
        }
        if text == FILE:
            file = {"id": FILE, "filename": PDF.name, "mime_type": PDF.mime}
            return {**about, "type": "document", "document": file}
        return {**about, "type": "text", "text": {"body": text}}

    def delivery(self, said: Sequence[Item], receipts: Sequence[Item]) -> Item:
        """What one call of the webhook brings, in three changes."""
        half = len(said) // 2
        values: Sequence[Item] = (
            {"messages": said[:half]},
            {"statuses": receipts},
            {"messages": said[half:]},
        )
        about = {"metadata": {"phone_number_id": ACCOUNT}}
        changes = [{"field": "messages", "value": {**about, **value}} for value in values]
        entry = [{"changes": [change]} for change in changes]
        return {"object": "whatsapp_business_account", "entry": entry}

    def is_message(self, post: Item) -> bool:
        """Whether somebody reads *post*; a mark that we have read is none."""
        return "status" not in post

    def taken(self, name: str) -> Item:
        """The answer to a message that is now called *name*."""
        return {"messages": [{"id": name}]}

    def receipts(self, post: Item, name: str, second: int) -> list[Item]:
        """What is told later of the message *post*, the newer before the older."""
        tag = post["biz_opaque_callback_data"]
        about = {"id": name, "timestamp": str(second), "biz_opaque_callback_data": tag}
        return [{**about, "status": state} for state in ("delivered", "sent")]


class MessengerWords:
    """Messenger: times are milliseconds, a receipt names our message as the answer to it did."""

    path = MessengerSettings.webhook_path
    decode: Any = messenger_decode

    def channel(self, store: Store, clock: Clock, network: httpx.MockTransport) -> Messenger:
        settings = MessengerSettings(TOKEN, ACCOUNT, PROOF)
        gate = Gate(store, clock, load_templates(), None)
        return Messenger(settings, store, clock, gate, transport=network)

    def said(self, number: int, person: int, second: int, text: str) -> Item:
        """The update with this *number*; the text `FILE` is a document."""
        message: Item = {"mid": f"m_{number}", "text": text}
        if text == FILE:
            file = {"type": "file", "payload": {"url": f"https://scontent.xx.fbcdn.net/{PDF.name}"}}
            message = {"mid": f"m_{number}", "attachments": [file]}
        return self._item(f"71{person:08}", second, message=message)

    def delivery(self, said: Sequence[Item], receipts: Sequence[Item]) -> Item:
        """What one call of the webhook brings, in three entries."""
        half = len(said) // 2
        parts = (said[:half], receipts, said[half:])
        entry = [{"id": ACCOUNT, "time": 1, "messaging": part} for part in parts]
        return {"object": "page", "entry": entry}

    def is_message(self, post: Item) -> bool:
        """Whether somebody reads *post*."""
        return "message" in post

    def taken(self, name: str) -> Item:
        """The answer to a message that is now called *name*."""
        return {"message_id": name}

    def receipts(self, post: Item, name: str, second: int) -> list[Item]:
        """What is told later of the message *post*, the newer before the older."""
        person, moment = post["recipient"]["id"], second * 1000
        read = self._item(person, second, read={"watermark": moment})
        delivered = {"mids": [name], "watermark": moment}
        return [read, self._item(person, second, delivery=delivered)]

    def _item(self, person: str, second: int, **content: Any) -> Item:
        about = {"sender": {"id": person}, "recipient": {"id": ACCOUNT}}
        return {**about, "timestamp": second * 1000, **content}


VOCABULARIES = {"whatsapp": WhatsAppWords(), "messenger": MessengerWords()}
"""Each by the name of its channel."""

Vocabulary = WhatsAppWords | MessengerWords
