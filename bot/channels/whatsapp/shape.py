"""Messages as Cloud API bodies. Pure.

Limits: Meta, Cloud API, interactive reply buttons and interactive lists (2026).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels import layout
from bot.channels.offer import Choice, Form, offer
from bot.runtime.messages import Outbound
from forms.language import Words, words

LONGEST_BODY = 1024
"""Characters of the text above buttons or a list."""

BUTTONS = Form("button", most=3, title=20, body=LONGEST_BODY, seen=3)
LIST = Form("list", most=10, title=24, note=72, rows=True, body=LONGEST_BODY)
"""Its rows are out of sight until it is opened, so the text numbers them too (ux.md 2)."""

FORMS = (BUTTONS, LIST)

LONGEST_LIST_LABEL = 20
"""Characters on the button that opens a list."""

Body = dict[str, Any]


def bodies(message: Outbound, list_label: Words) -> list[Body]:
    """What shows *message*: one body, or more for a text above the limit; without a recipient.

    What can be pressed hangs below the last one.
    """
    if message.expects == "contact":
        lines = layout.numbered(message.options)
        texts = layout.parts("\n".join([message.text, *lines]), last=LONGEST_BODY)
        return [*map(_text, texts[:-1]), _asking("request_contact_info", texts[-1])]
    shown = offer(message, FORMS)
    said = [_text(text) for text in shown.texts]
    if shown.form is BUTTONS:
        said[-1] = _buttons(shown.texts[-1], shown.choices)
    elif shown.form is LIST:
        label = words(list_label, message.language)[:LONGEST_LIST_LABEL]
        said[-1] = _list(shown.texts[-1], shown.choices, label)
    return said


def plain(message: Outbound) -> list[Body]:
    """*message* with nothing to press: what can be picked stands in the text."""
    return [_text(text) for text in offer(message, ()).texts]


def _text(text: str) -> Body:
    return {"type": "text", "text": {"body": layout.whatsapp(text), "preview_url": False}}


def _buttons(text: str, choices: Sequence[Choice]) -> Body:
    replies = [{"type": "reply", "reply": {"id": c.data, "title": c.title}} for c in choices]
    return _interactive("button", text, {"buttons": replies})


def _list(text: str, choices: Sequence[Choice], label: str) -> Body:
    rows = [
        {"id": c.data, "title": c.title, **({"description": c.note} if c.note else {})}
        for c in choices
    ]
    return _interactive("list", text, {"button": label, "sections": [{"rows": rows}]})


def _asking(kind: str, text: str) -> Body:
    return _interactive(kind, text, {"name": kind})


def _interactive(kind: str, text: str, action: Mapping[str, Any]) -> Body:
    shown = {"type": kind, "body": {"text": layout.whatsapp(text)}, "action": action}
    return {"type": "interactive", "interactive": shown}
