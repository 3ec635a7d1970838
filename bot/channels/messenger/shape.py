"""Messages as bodies of the Send API. Pure.

Limits: Meta, Messenger Platform, Send API, quick replies and button template (2026).
"""

from collections.abc import Sequence
from typing import Any

from bot.channels import layout
from bot.channels.offer import Choice, Form, choices, offer
from bot.runtime.messages import Outbound

LONGEST_TEXT = 2000
"""Characters of a text."""

BUTTONS = Form("button", most=3, title=20, body=640, seen=3)
"""The button template: its buttons stay below the message, on every device."""

QUICK = Form("quick_replies", most=13, title=20, body=LONGEST_TEXT, seen=3)
"""A row of buttons that goes with the next message. A telephone shows three or less of them at
once, and Facebook Lite none, so the text numbers them too."""

FORMS = (BUTTONS, QUICK)

Body = dict[str, Any]


def bodies(message: Outbound) -> list[Body]:
    """What shows *message*: one body, or more for a text above the limit; without a recipient.

    What can be pressed hangs below the last one.
    """
    if message.expects == "contact":
        return _asking_for_phone(message)
    shown = offer(message, FORMS, LONGEST_TEXT)
    said = [_text(text) for text in shown.texts]
    if shown.form is BUTTONS:
        said[-1] = _buttons(shown.texts[-1], shown.choices)
    elif shown.form is QUICK:
        said[-1] = _quick(shown.texts[-1], [_reply(one) for one in shown.choices])
    return said


def plain(message: Outbound) -> list[Body]:
    """*message* with nothing to press: what can be picked stands in the text."""
    return [_text(text) for text in offer(message, (), LONGEST_TEXT).texts]


def _asking_for_phone(message: Outbound) -> list[Body]:
    """The button with one's own number is shown only to who has one on Facebook."""
    options = choices(message, QUICK)[: QUICK.most - 1]
    lines = layout.numbered(message.options) if len(options) > QUICK.seen - 1 else []
    texts = layout.parts("\n".join([message.text, *lines]), LONGEST_TEXT)
    phone = {"content_type": "user_phone_number"}
    last = _quick(texts[-1], [phone, *(_reply(one) for one in options)])
    return [*(_text(text) for text in texts[:-1]), last]


def _text(text: str) -> Body:
    return {"text": layout.plain(text)}


def _quick(text: str, replies: Sequence[Body]) -> Body:
    return {**_text(text), "quick_replies": list(replies)}


def _reply(choice: Choice) -> Body:
    return {"content_type": "text", "title": choice.title, "payload": choice.data}


def _buttons(text: str, shown: Sequence[Choice]) -> Body:
    buttons = [{"type": "postback", "title": c.title, "payload": c.data} for c in shown]
    payload = {"template_type": "button", "text": layout.plain(text), "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}}
