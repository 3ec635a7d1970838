"""A participant's side of Telegram, on top of the fake Bot API."""

from typing import Any

from tests.fakes.bot_api import BOT, FakeBotApi


class Person:
    """One private chat: says, taps and sends; reads what the bot said there."""

    def __init__(self, api: FakeBotApi, chat: int = 81) -> None:
        self._api = api
        self.id = chat
        self.user = {"id": chat, "is_bot": False, "first_name": "Peserta"}
        self.chat = {"id": chat, "type": "private", "first_name": "Peserta"}
        api.chats.add(chat)

    @property
    def read(self) -> list[dict[str, Any]]:
        """The bot's messages in this chat as they look now."""
        return [said for said in self._api.messages if said["chat"]["id"] == self.id]

    @property
    def texts(self) -> list[str]:
        return [said["text"] for said in self.read]

    @property
    def labels(self) -> list[list[str]]:
        """The inline buttons of the last message that has some, in rows."""
        shown = (said["keyboard"].get("inline_keyboard") for said in reversed(self.read))
        rows = next(filter(None, shown), [])
        return [[button["text"] for button in row] for row in rows]

    async def hears(self, count: int) -> list[dict[str, Any]]:
        """Wait until the bot has said *count* messages."""
        await self._api.until(lambda: len(self.read) >= count)
        return self.read

    async def say(self, text: str) -> dict[str, Any]:
        return await self.send(text=text)

    async def send(self, **content: Any) -> dict[str, Any]:
        """A message of any content, such as ``sticker={...}``."""
        return await self._api.push(message=self.message(**content))

    async def edit(self, **content: Any) -> dict[str, Any]:
        changed = {**self.message(**content), "edit_date": 1_764_000_100}
        return await self._api.push(edited_message=changed)

    async def send_photo(self, data: bytes, album: str = "") -> dict[str, Any]:
        """A picture, which Telegram offers in two sizes; the larger holds *data*."""
        key = f"F{self._api.new_id()}"
        self._api.files[key] = data
        self._api.files[key + "small"] = b"small"
        sizes = [(key + "small", 90, 5), (key, 1280, len(data))]
        photo = [
            {"file_id": i, "file_unique_id": i, "width": w, "height": w, "file_size": size}
            for i, w, size in sizes
        ]
        group = {"media_group_id": album} if album else {}
        return await self.send(photo=photo, **group)

    async def send_document(self, data: bytes, name: str, told: int | None = None) -> None:
        """A document; *told* is the size that Telegram claims."""
        key = f"D{self._api.new_id()}"
        self._api.files[key] = data
        about = {"file_id": key, "file_unique_id": key, "file_name": name}
        size = {} if told is None else {"file_size": told}
        await self.send(document={**about, "mime_type": "application/pdf", **size})

    async def send_contact(self, phone: str, owner: int | None = None) -> None:
        """A contact card; *owner* is whose it is, by default the sender's own."""
        card = {"phone_number": phone, "first_name": "Peserta", "user_id": owner or self.id}
        await self.send(contact=card)

    async def blocks(self, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        (self._api.blocked.add if blocked else self._api.blocked.discard)(self.id)
        after = {"status": "kicked", "until_date": 0} if blocked else {"status": "member"}
        change = {
            "chat": self.chat,
            "from": self.user,
            "date": 1_764_000_000,
            "old_chat_member": {"user": BOT, "status": "member"},
            "new_chat_member": {"user": BOT, **after},
        }
        await self._api.push(my_chat_member=change)

    async def tap(self, label: str, on: dict[str, Any] | None = None) -> dict[str, Any]:
        """Press a button of the last message that has it, or of *on*."""
        shown = [on] if on else list(reversed(self.read))
        for message in shown:
            for row in message["keyboard"].get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return await self.press(button["callback_data"], message)
        raise AssertionError(f"no button {label!r} is offered")

    async def press(self, data: str, message: dict[str, Any] | None) -> dict[str, Any]:
        """A callback query; without *message* when it was deleted."""
        query = {
            "id": self._api.new_query(),
            "from": self.user,
            "chat_instance": "1",
            "data": data,
        }
        if message:
            kept = {
                key: value for key, value in message.items() if key not in {"keyboard", "edited"}
            }
            query["message"] = {**kept, "reply_markup": message["keyboard"]}
        return await self._api.push(callback_query=query)

    def message(self, **content: Any) -> dict[str, Any]:
        return {
            "message_id": self._api.new_id(),
            "date": 1_764_000_000,
            "chat": self.chat,
            "from": self.user,
            **content,
        }
