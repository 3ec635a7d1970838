"""What ``doctor --online`` asks about message templates: whether Meta has approved each."""

from collections.abc import Iterator
from typing import Final

import httpx

from bot.config.settings import WhatsApp
from bot.texts.templates import Template, TemplateErrors, Templates, load_templates

MOST: Final = "200"
"""Templates of one answer; an account has at most 250 before it is verified."""

APPROVED: Final = "APPROVED"

STATES: Final = {
    "PENDING": "Meta still looks at it; that takes up to a day",
    "REJECTED": "Meta refused it; mend the text here and there, and hand it in again",
    "PAUSED": "Meta paused it after complaints; it begins again by itself",
    "DISABLED": "Meta stopped it for good; hand it in under another name",
}


def examine(whatsapp: WhatsApp, client: httpx.Client) -> list[str]:
    """What keeps our templates from being sent, each with how to mend it."""
    if not whatsapp.account_id:
        return [
            "whatsapp.account_id: is empty, so nobody can ask about message templates; copy the"
            " WhatsApp Business Account ID from WhatsApp, API Setup"
        ]
    address = (
        f"{whatsapp.api_url.rstrip('/')}/{whatsapp.version}/{whatsapp.account_id}/message_templates"
    )
    try:
        answer = client.get(
            address,
            headers={"Authorization": f"Bearer {whatsapp.token or ''}"},
            params={"fields": "name,language,status,category", "limit": MOST},
        )
        known = {(one["name"], one["language"]): one for one in answer.json()["data"]}
        return list(_told(load_templates(), known))
    except httpx.HTTPError as problem:
        return [f"whatsapp: no answer about message templates ({type(problem).__name__})"]
    except (ValueError, KeyError, TypeError) as problem:
        if isinstance(problem, TemplateErrors):
            return list(map(str, problem.problems))
        return [
            "whatsapp.account_id: the token may not see the templates of this account; give the"
            " system user whatsapp_business_management"
        ]


def _told(templates: Templates, known: dict[tuple[str, str], dict[str, str]]) -> Iterator[str]:
    for template in templates.by_name.values():
        for language in template.body:
            if problem := _problem(template, known.get((template.name, language))):
                yield f"bot/texts/templates/{template.name}.yaml ({language}): {problem}"


def _problem(template: Template, found: dict[str, str] | None) -> str:
    if found is None:
        return "not handed in; do that at WhatsApp Manager under this name, word for word"
    state = found.get("status", "")
    if state != APPROVED:
        return STATES.get(state, f"Meta says {state}")
    if (category := found.get("category", "")).lower() != template.category:
        return f"Meta calls it {category}, which costs more; word it without any advertising"
    return ""
