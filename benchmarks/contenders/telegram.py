"""What the Telegram libraries are fed and answered with: no network, both sides as JSON."""

import json

ANSWERED = json.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 5,
            "date": 1_700_000_000,
            "chat": {"id": 5, "type": "private", "first_name": "A"},
            "from": {"id": 1, "is_bot": True, "first_name": "B", "username": "b"},
            "text": "Question 3 of 6: please give your answer to number 3",
        },
    }
)
"""The Bot API's answer to sendMessage; each library parses it."""


def update(number: int, chat: int, text: str) -> bytes:
    """A private message as Telegram delivers it."""
    person = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "id"}
    message = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": person,
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return json.dumps({"update_id": number, "message": message}).encode()
