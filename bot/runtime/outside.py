"""What becomes of a message outside its network's window: asked for, kept, or not worth it."""

from collections.abc import Callable

import msgspec

from bot.runtime.messages import Asking, Outbound
from bot.texts.templates import Templates
from flows.assets import Facts
from flows.events import Desk, Event, TimerFired


def is_participants(event: Event) -> bool:
    """Whether the participant did this, rather than an officer or a timer."""
    return not isinstance(event, Desk | TimerFired)


def outside_the_window(
    event: Event, templates: Templates, facts: Facts
) -> Callable[[Outbound], Outbound]:
    """What to put on the messages that follow from *event*.

    An answer to the participant waits; what an officer did asks for a template where one is made
    for it; reminders and news of the queue would be stale by the time they are read.
    """
    if is_participants(event):
        return lambda message: message
    if isinstance(event, Desk) and (template := templates.for_action(event.action)):
        branch = facts.branch(event.branch)
        place = branch.name if branch else event.branch
        asking = Asking(template.name, event.ticket, event.branch, place)
        return lambda message: msgspec.structs.replace(message, asking=asking)
    return lambda message: msgspec.structs.replace(message, fleeting=True)
