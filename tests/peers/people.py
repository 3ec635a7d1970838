"""Participants at other people's servers: one taps, one can only type."""

from typing import Any

import httpx

from tests.peers.relay import Relay, photo

CHAT = 4242
TOKEN = "111111111:" + "A" * 35


class Participant:
    """What both can do: read what the bot said."""

    def __init__(self, relay: Relay, url: str) -> None:
        self._relay = relay
        self._client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)
        self._pictures = 0

    async def aclose(self) -> None:
        await self._client.aclose()

    @property
    def texts(self) -> list[str]:
        return [said["text"] for said in self._relay.sent]

    @property
    def offered(self) -> list[str]:
        """The inline buttons of the last message that has some."""
        shown = (said["keyboard"].get("inline_keyboard") for said in reversed(self._relay.sent))
        return [button["text"] for row in next(filter(None, shown), []) for button in row]

    async def hears(self, count: int) -> list[str]:
        """Wait until the bot has said *count* messages."""
        await self._relay.until(lambda: len(self._relay.sent) >= count)
        return self.texts

    async def reads(self, expected: str, since: int) -> str:
        """Wait for *expected* among what was said after the first *since* messages."""
        try:
            await self._relay.until(lambda: expected in "\n".join(self.texts[since:]))
        except TimeoutError:
            raise AssertionError(f"no {expected!r} in {self.texts[since:]}") from None
        return "\n".join(self.texts[since:])

    def _keep(self, data: bytes) -> str:
        self._pictures += 1
        self._relay.files[f"F{self._pictures}"] = data
        return f"F{self._pictures}"


class Tapper(Participant):
    """A participant at telegram-test-api, who taps buttons."""

    async def say(self, text: str) -> None:
        await self._send(text=text)

    async def send_photo(self, data: bytes) -> None:
        await self._send(photo=photo(self._keep(data)))

    async def choose(self, label: str) -> None:
        """Tap the button *label* of the last message that has it."""
        for said in reversed(self._relay.sent):
            for row in said["keyboard"].get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return await self._tap(said, button["callback_data"])
        raise AssertionError(f"no button {label!r} is offered")

    async def history(self) -> list[str]:
        """What the server itself remembers that the bot said."""
        answer = await self._client.post("/getUpdatesHistory", json={"token": TOKEN})
        said = [entry["message"] for entry in answer.json()["result"] if "message" in entry]
        return [message["text"] for message in said if "chat_id" in message]

    async def _tap(self, said: dict[str, Any], data: str) -> None:
        kept = {key: value for key, value in said.items() if key != "keyboard"}
        query = {"botToken": TOKEN, "from": self._user(), "data": data}
        message = {**kept, "reply_markup": said["keyboard"]}
        answer = await self._client.post("/sendCallback", json={**query, "message": message})
        answer.raise_for_status()

    async def _send(self, **content: Any) -> None:
        chat = {"id": CHAT, "type": "private", "first_name": "Peserta"}
        about = {"botToken": TOKEN, "date": 1_764_000_000, "chat": chat, "from": self._user()}
        answer = await self._client.post("/sendMessage", json={**about, **content})
        answer.raise_for_status()

    def _user(self) -> dict[str, Any]:
        return {"id": CHAT, "is_bot": False, "first_name": "Peserta"}


class Typist(Participant):
    """A participant at mockpost, who types the number of a choice."""

    NAME = "chika"

    async def register(self) -> None:
        """Tell mockpost which bot the token belongs to."""
        app = {"name": self.NAME, "creds": {"telegram_token": TOKEN}}
        (await self._client.post("/api/apps", json=app)).raise_for_status()

    async def say(self, text: str) -> None:
        headers = {"X-MockPost-App": self.NAME}
        said = {"chat_id": CHAT, "text": text}
        answer = await self._client.post("/telegram/client/sendMessage", json=said, headers=headers)
        answer.raise_for_status()

    async def send_photo(self, data: bytes) -> None:
        await self.say(f"relay:photo:{self._keep(data)}")

    async def choose(self, label: str) -> None:
        """Type the number of *label* among what was offered last."""
        await self.say(str(self.offered.index(label) + 1))

    async def history(self) -> list[str]:
        """What the server itself remembers that the bot said."""
        asked = {"channel": "telegram", "limit": 500}
        found = (await self._client.get("/api/messages", params=asked)).json()
        entries = found if isinstance(found, list) else found["messages"]
        return [entry["body"] for entry in entries if entry["direction"] == "outbound"]
