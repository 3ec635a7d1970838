"""A rehearsal: an action is carried out to see what it would say, and undone unseen."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.console.actions import Form, act, final_words
from data.store import Tx
from flows.events import DECODER, Desk
from services import requests
from services.desk import event_id


class _Rehearsed(Exception):
    """Ends a rehearsal, which undoes it; carries what was found."""

    def __init__(self, event: Desk, session: bytes | None) -> None:
        super().__init__()
        self.event, self.session = event, session


async def rehearse(name: str, form: Form) -> tuple[Form, Sequence[str]]:
    """The form with its final words, and the messages that the participant would read.

    Raises `Refused` and `NotFound` as the action itself would.
    """

    async def verb(tx: Tx) -> Form:
        worded = replace(form, fields={**form.fields, **await final_words(tx, name, form)})
        await act(tx, name, worded)
        request = await requests.by_number(tx, form.number)
        row = await tx.one("desk_event_body", event=event_id(request))
        if row is None:  # the same form has been sent already
            return worded
        chat = await tx.one("session_of", chat=request.chat)
        event = DECODER.decode(row["body"])
        assert isinstance(event, Desk)
        found.append(worded)
        raise _Rehearsed(event, chat["session"] if chat else None)

    found: list[Form] = []
    try:
        return await form.deps.store.write(verb), ()
    except _Rehearsed as end:
        return found[-1], form.deps.preview(end.session, end.event, form.now)
