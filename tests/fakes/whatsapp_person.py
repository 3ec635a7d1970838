"""A participant's side of WhatsApp, on top of the fake Graph API."""

from typing import Any

from tests.fakes.graph_api import ACCOUNT, FakeGraphApi, digest

SENT_AT = 1_764_000_000


def delivery(*messages: Any, contacts: Any = (), **more: Any) -> dict[str, Any]:
    """A delivery with one change."""
    return {
        "object": "whatsapp_business_account",
        "entry": [entry(*messages, contacts=contacts, **more)],
    }


def entry(*messages: Any, contacts: Any = (), **more: Any) -> dict[str, Any]:
    return {"id": "WABA", "changes": [change(*messages, contacts=contacts, **more)]}


def change(
    *messages: Any, contacts: Any = (), account: str = ACCOUNT, field: str = "messages", **more: Any
) -> dict[str, Any]:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62500", "phone_number_id": account},
        **more,
    }
    if contacts:
        value["contacts"] = list(contacts)
    if messages:
        value["messages"] = list(messages)
    return {"value": value, "field": field}


class WhatsAppPerson:
    """One chat: says, taps and sends; reads what the bot said there.

    Without *number* somebody is known by a user name only; without *scoped* as before 2026.
    """

    def __init__(
        self, api: FakeGraphApi, number: str = "628110000081", scoped: str = "ID.81"
    ) -> None:
        self._api = api
        self.number = number
        self.scoped = scoped
        self.second = SENT_AT

    @property
    def contact(self) -> dict[str, Any]:
        names = {"wa_id": self.number, "user_id": self.scoped}
        return {"profile": {"name": "Peserta"}, **{k: v for k, v in names.items() if v}}

    def message(self, kind: str, content: Any = None, **more: Any) -> dict[str, Any]:
        self.second += 1
        names = {"from": self.number, "from_user_id": self.scoped}
        return {
            **{key: name for key, name in names.items() if name},
            "id": self._api.new_id(),
            "timestamp": str(self.second),
            "type": kind,
            **({} if content is None else {kind: content}),
            **more,
        }

    def text(self, text: str) -> dict[str, Any]:
        return self.message("text", {"body": text})

    def photo(self, data: bytes, kind: str = "image", **more: Any) -> dict[str, Any]:
        key = self._api.new_id("media")
        self._api.media[key] = data
        about = {"id": key, "mime_type": "image/jpeg", "sha256": digest(data)}
        return self.message(kind, {**about, **more})

    def card(self, phone: str, origin: str = "contact_request") -> dict[str, Any]:
        number = phone.lstrip("+")
        phones = [{"phone": phone, "wa_id": number, "type": "CELL"}]
        return self.message("contacts", [{"origin": origin, "phones": phones}])

    def press(self, kind: str, data: str, title: str) -> dict[str, Any]:
        reply = {"id": data, "title": title}
        return self.message("interactive", {"type": f"{kind}_reply", f"{kind}_reply": reply})

    async def send(self, *messages: Any) -> int:
        return await self._api.deliver(delivery(*messages, contacts=[self.contact]))

    async def say(self, text: str) -> int:
        return await self.send(self.text(text))

    @property
    def read(self) -> list[dict[str, Any]]:
        """The bot's messages to this person."""
        mine = {self.number, self.scoped} - {""}
        return [p for p in self._api.taken if mine & {p.get("to", ""), p.get("recipient", "")}]

    @property
    def texts(self) -> list[str]:
        return [text_of(post) for post in self.read]

    @property
    def offered(self) -> list[tuple[str, str, str]]:
        """(kind, data, title) of what the last message that offers something offers."""
        return next(filter(None, (offers_of(post) for post in reversed(self.read))), [])

    async def tap(self, number: int) -> int:
        return await self.send(self.press(*self.offered[number - 1]))


def text_of(post: dict[str, Any]) -> str:
    """The words of a message, '' of a template."""
    if post["type"] == "template":
        return ""
    shown = post["text"]["body"] if post["type"] == "text" else post["interactive"]["body"]["text"]
    return str(shown)


def offers_of(post: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(kind, data, title) of each button or row."""
    action = post.get("interactive", {}).get("action", {})
    buttons = [("button", b["reply"]["id"], b["reply"]["title"]) for b in action.get("buttons", ())]
    rows = [
        ("list", row["id"], row["title"])
        for section in action.get("sections", ())
        for row in section["rows"]
    ]
    return buttons + rows
