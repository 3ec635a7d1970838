"""What becomes of a message outside its network's window: asked for, kept, or not worth it."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from bot.runtime.messages import Asking, Outbound
from bot.texts.templates import Templates
from flows.assets import Facts
from flows.events import Desk, Event, TimerFired

OTHERS: Final = frozenset({Desk, TimerFired})
"""What an officer or a timer does, and no participant."""


def is_participants(event: Event) -> bool:
    """Whether the participant did this, rather than an officer or a timer."""
    return type(event) not in OTHERS


def outside_the_window(
    said: Sequence[Outbound], event: Event, templates: Templates, facts: Facts
) -> Sequence[Outbound]:
    """What is *said* because of *event*, with what becomes of it outside the window.

    An answer to the participant waits; what an officer did asks for a template where one is made
    for it; reminders and news of the queue would be stale by the time they are read.
    """
    if is_participants(event):
        return said
    if isinstance(event, Desk) and (template := templates.for_action(event.action)):
        branch = facts.branch(event.branch)
        place = branch.name if branch else event.branch
        asking = Asking(template.name, event.ticket, event.branch, place)
        return [replace(message, asking=asking) for message in said]
    return [replace(message, fleeting=True) for message in said]
