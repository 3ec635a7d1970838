"""What Meta refuses of a message, by its documents: Cloud API, messages (2026)."""

import re
from typing import Any

Post = dict[str, Any]

PARAMETER = 131009


class Refused(Exception):
    """Meta's refusal by *code* and *subcode*."""

    def __init__(self, code: int, subcode: int = 0, why: str = "") -> None:
        super().__init__(why or str(code))
        self.code = code
        self.subcode = subcode


def whatsapp(post: Post) -> None:
    """Raise `Refused` unless WhatsApp would take *post*."""
    _need(post.get("messaging_product") == "whatsapp", "product")
    _need(post.get("recipient_type") == "individual", "recipient type")
    _need(("to" in post) != ("recipient" in post), "one recipient")
    number = re.fullmatch(r"\d{5,20}", post.get("to", "628110000001"))
    scoped = re.fullmatch(r"[A-Z]{2}\.[A-Za-z0-9]+", post.get("recipient", "ID.1"))
    _need(bool(number and scoped), "recipient")
    _need(len(post.get("biz_opaque_callback_data", "")) <= 512, "opaque data")
    match post.get("type"):
        case "text":
            _length(post["text"]["body"], 4096, "text")
        case "interactive":
            _interactive(post["interactive"])
        case "template":
            _length(post["template"]["name"], 512, "template")
        case kind:
            raise Refused(131051, why=f"type {kind}")


def _interactive(shown: Post) -> None:
    _length(shown["body"]["text"], 1024, "body")
    action = shown["action"]
    match shown["type"]:
        case "button":
            _buttons([button["reply"] for button in action["buttons"]])
        case "list":
            _length(action["button"], 20, "button of the list")
            _rows([row for section in action["sections"] for row in section["rows"]])
        case "request_contact_info":
            _need(action == {"name": "request_contact_info"}, "action")
        case "location_request_message":
            _need(action == {"name": "send_location"}, "action")
        case kind:
            raise Refused(PARAMETER, why=f"interactive {kind}")


def _buttons(buttons: list[Post]) -> None:
    _need(1 <= len(buttons) <= 3, "1 to 3 buttons")
    for button in buttons:
        _length(button["title"], 20, "title")
        _length(button["id"], 256, "id")
    _different([button["title"] for button in buttons])
    _different([button["id"] for button in buttons])


def _rows(rows: list[Post]) -> None:
    _need(1 <= len(rows) <= 10, "1 to 10 rows")
    for row in rows:
        _length(row["title"], 24, "title")
        _length(row["id"], 200, "id")
        _need(len(row.get("description", "")) <= 72, "description")
    _different([row["id"] for row in rows])


def _length(text: str, most: int, what: str) -> None:
    _need(isinstance(text, str) and len(text.strip()) > 0 and len(text) <= most, what)


def _different(names: list[str]) -> None:
    _need(len(set(names)) == len(names), "twice the same")


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise Refused(PARAMETER, why=what)
