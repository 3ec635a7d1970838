"""What a participant would read of an officer's action, word for word, before it is carried out."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.runtime.render import messages
from bot.runtime.turns import World
from flows.assets import Assets
from flows.events import Desk
from flows.facts import Say
from flows.session import Session
from flows.turn import turn

PLAIN = str.maketrans("", "", "\x02\x03")
"""Takes the marks of bold text away."""

_SESSION = msgspec.json.Decoder(Session)


def preview(world: World, session: bytes | None, event: Desk, now: datetime) -> Sequence[str]:
    """The messages that a turn of *event* would say to the chat of *session*; nothing happens."""
    before = _SESSION.decode(session) if session else Session()
    assets = Assets(
        now=now,
        received_at=now,
        facts=world.facts,
        journeys=world.journeys,
        menus=world.menus,
        settings=world.settings,
    )
    after = turn(before, event, assets)
    says = [fact for fact in after.facts if isinstance(fact, Say)]
    return _worded(world, says, after.session.language)


def preview_say(world: World, session: bytes | None, say: Say) -> tuple[str, str]:
    """The language of the chat of *session*, and how *say* reads in it."""
    language = (_SESSION.decode(session) if session else Session()).language
    return language, "\n\n".join(_worded(world, [say], language))


def _worded(world: World, says: Sequence[Say], language: str) -> Sequence[str]:
    said = messages(says, world.catalogue.render, language)
    return [message.text.translate(PLAIN) for message in said]
