"""Other ways to play a script than it is written: what must go as well for everybody.

Whatever the participant does besides, the script's own steps and demands stay as they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.cli.scripts.drivers.port import Offer
from bot.cli.scripts.outcome import StepFailed
from bot.cli.scripts.playing import Play
from bot.cli.scripts.steps import Again, Clock, Officer, Press, Send, Step, User
from flows.session import FORM, Session
from forms.cleaning import fold


class Typed(Play):
    """No button is pressed: the number of what is offered is typed.

    In the review, where a number is that of a line, it is the words on the button. An old button,
    which nothing else can say, stays one.
    """

    async def _pressed(self, step: Press, offer: Offer, number: int) -> Any:
        if step.old:
            return await super()._pressed(step, offer, number)
        session = await self._stage.session(self._people.chat(step.who))
        numbered = session.phase != "review"
        return self._people.text(step.who, str(number) if numbered else offer.label)


class Pressed(Play):
    """What stands on a button of the last message, or its number, is pressed instead of typed.

    In the review a number is that of a line.
    """

    async def _step(self, step: Step) -> None:
        if isinstance(step, User) and await self._is_button(step):
            step = Press(step.place, step.text, step.who)
        await super()._step(step)

    async def _is_button(self, step: User) -> bool:
        chat, said = self._people.chat(step.who), fold(step.text)
        last = next((one for one in reversed(self._said) if one.chat == chat), None)
        labels = [fold(offer.label) for offer in last.offers] if last else []
        if said.isdecimal():
            numbered = (await self._stage.session(chat)).phase != "review"
            return numbered and 0 < int(said) <= len(labels)
        return said in labels


class Restarted(Play):
    """The program ends and starts again from its store before everything that happens."""

    async def _step(self, step: Step) -> None:
        if isinstance(step, User | Press | Send | Again | Officer | Clock):
            said = len(self._said)
            await self._stage.restart()
            if len(self._said) > said:
                raise StepFailed("something was said at a start", found=self._said[-1].text)
        await super()._step(step)


class Interrupted(Play):
    """Before each answer of a form the participant leaves for the menu and comes back."""

    _last: User | Press | Send | None = None
    """What the participant did last."""
    _answering: str = ""
    """The kind of question that this was said to."""

    async def _step(self, step: Step) -> None:
        if isinstance(step, User | Press | Send):
            session = await self._session(step.who)
            if self._may_leave(session):
                self._leave_turn()
                await self._detour(step.who, session)
            self._last, self._answering = step, session.put.kind if session.put else ""
        await super()._step(step)

    def _may_leave(self, session: Session) -> bool:
        """Whether a form is open, and coming back to it leads to this very question."""
        put, journey = session.put, session.journey
        if put is None or put.warned or any(option.value == "TETAP" for option in put.options):
            return False
        if session.phase not in FORM or session.corrections:
            return False
        if journey is None or journey.editing:
            return False
        below = put.kind in ("unsure", "offer") and self._answering == "step"
        return below or put.kind in ("step", "review")

    async def _detour(self, who: str, session: Session) -> None:
        """Away and back: then the same question lies on the table, and nothing is lost."""
        await self._away(who)
        if session.put and session.put.kind in ("unsure", "offer") and self._last:
            await self._quietly(self._last)  # what the question is about is said again
        back = await self._session(who)
        if _standing(back) != _standing(session):
            raise StepFailed(
                "after a detour it stands otherwise",
                expected=str(_standing(session)),
                found=str(_standing(back)),
            )

    async def _away(self, who: str) -> None:
        await self._type(who, "MENU", "LANJUT")

    async def _type(self, who: str, *texts: str) -> None:
        for text in texts:
            await self._quietly(User(self._script.steps[0].place, text, who))

    async def _quietly(self, step: Step) -> None:
        """A step of our own; a strict script need not mention what is said to it."""
        await super()._step(step)
        self._acted = len(self._said)

    async def _session(self, who: str) -> Session:
        return await self._stage.session(self._people.chat(who))


class Backward(Interrupted):
    """Before each answer the participant goes back by one question and keeps what stands there."""

    async def _away(self, who: str) -> None:
        before = (await self._session(who)).put
        await self._type(who, "0")
        session = await self._session(who)
        if session.phase == "menu":
            await self._type(who, "LANJUT")
        elif before is not None and session.put is not None and before.state != session.put.state:
            await self._type(who, "TETAP")


WAYS: Final[Mapping[str, type[Play]]] = {
    "typed": Typed,
    "pressed": Pressed,
    "interrupted": Interrupted,
    "backward": Backward,
    "restarted": Restarted,
}
"""Each way by its name."""


def _standing(session: Session) -> Sequence[Any]:
    """What a detour must not change."""
    put, journey = session.put, session.journey
    return (
        session.phase,
        put and (put.kind, put.state, put.item, [option.label for option in put.options]),
        journey and journey.answers,
    )
