"""Playing a script: each step happens on the stage, and what it demands is looked at."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from rapidfuzz import fuzz

from bot.cli.scripts import looks, officers
from bot.cli.scripts.drivers.port import Driver, Offer, Said
from bot.cli.scripts.drivers.terminal import line_of
from bot.cli.scripts.matching import places
from bot.cli.scripts.outcome import Failure, Outcome, Spoken, StepFailed
from bot.cli.scripts.script import Script
from bot.cli.scripts.stage import Stage
from bot.cli.scripts.steps import (
    PARTICIPANT,
    Again,
    Bot,
    Clock,
    Expect,
    Officer,
    Press,
    Refused,
    Restart,
    Send,
    Silent,
    Step,
    User,
)
from services import calendar_watch, refusals


class Play:
    """One script on its stage, step by step."""

    def __init__(self, stage: Stage, script: Script, outcome: Outcome) -> None:
        self._stage = stage
        self._people: Driver = stage.driver
        self._script = script
        self._outcome = outcome
        self._speaker = PARTICIPANT
        self._raws: dict[str, Sequence[Any]] = {}
        self._acted = 0
        """How many messages there were when somebody last acted; since then they count."""
        self._turned = 0
        """The same for the last thing that could make the bot speak, the clock among them."""
        self._mentioned: set[int] = set()
        self._refusal: str | None = None
        self._next: Step | None = None

    async def run(self) -> None:
        steps = self._script.steps
        for number, step in enumerate(steps, 1):
            self._next = steps[number] if number < len(steps) else None
            try:
                await self._step(step)
            except StepFailed as problem:
                state = (await looks.state(self._stage, self._speaker))["step"]
                self._outcome.failure = Failure(step.place, number, len(steps), state, problem)
                return
        try:
            self._leave_turn()
        except StepFailed as problem:
            place = steps[-1].place
            self._outcome.failure = Failure(place, len(steps), len(steps), "", problem)

    async def _step(self, step: Step) -> None:
        if isinstance(step, User | Press | Send | Again | Officer):
            self._leave_turn()
            self._acted = self._turned = len(self._said)
        elif isinstance(step, Clock | Restart):
            self._turned = len(self._said)
        try:
            await PLAYED[type(step)](self, step)
        except (StepFailed, KeyboardInterrupt):
            raise
        except Exception as error:
            raise StepFailed(f"it broke: {type(error).__name__}: {error}") from error
        self._hear()

    @property
    def _said(self) -> list[Said]:
        return self._people.phones.said

    def _hear(self) -> None:
        heard = sum(one.who == "bot" for one in self._outcome.spoken)
        self._outcome.spoken += [Spoken("bot", one.text) for one in self._said[heard:]]

    def _leave_turn(self) -> None:
        """Before the next action: with `strict`, all that was said must have been mentioned."""
        if not self._script.head.strict:
            return
        unheard = [n for n in range(self._acted, len(self._said)) if n not in self._mentioned]
        if unheard:
            text = "\n\n".join(self._said[n].text for n in unheard)
            raise StepFailed("something was said that no bot step mentions", found=text)

    async def user(self, step: User) -> None:
        self._tell(step.who, step.text, step.text)
        await self._deliver(step.who, [self._people.text(step.who, step.text)])

    async def press(self, step: Press) -> None:
        chat = self._people.chat(step.who)
        phones = self._people.phones
        offers = phones.offered_before(chat) if step.old else phones.offered(chat)
        offer = next((one for one in offers if one.is_called(step.what)), None)
        if offer is None:
            labels = "\n".join(one.label for one in offers) or "nothing"
            when = "before" if step.old else "now"
            raise StepFailed(f"not offered {when}", expected=step.what, found=labels)
        number = list(offers).index(offer) + 1
        self._tell(step.who, f"[{offer.label}]", f":tekan {number}" if not step.old else "")
        await self._deliver(step.who, [await self._pressed(step, offer, number)])

    async def _pressed(self, step: Press, offer: Offer, number: int) -> Any:
        """What the provider delivers; *number* counts from 1 in what is offered."""
        return self._people.press(step.who, offer)

    async def send(self, step: Send) -> None:
        if lack := self._people.lacks(step):
            raise StepFailed(f"{self._people.name} {lack}")
        for thing in step.things:
            self._tell(step.who, f"[{thing.kind}]", line_of(thing))
        await self._deliver(step.who, self._people.things(step.who, step.things))

    async def again(self, step: Again) -> None:
        if step.who not in self._raws:
            raise StepFailed("there is no message yet that could come again")
        for _ in range(step.times):
            await self._stage.deliver(self._raws[step.who])

    async def bot(self, step: Bot) -> None:
        texts = [one.text for one in self._said[self._acted :]]
        found = places(step.patterns, texts)
        self._mentioned |= {self._acted + n for n in found}
        if len(found) < len(step.patterns):
            missing = step.patterns[len(found)]
            path = (*step.place.path, *([str(len(found))] if step.listed else []))
            better = {path: _nearest_line(missing, texts)} if texts else {}
            raise StepFailed(
                "this was not said" if texts else "nothing was said",
                expected=missing,
                found="\n\n".join(texts),
                better=better,
            )

    async def silent(self, step: Silent) -> None:
        said = [one.text for one in self._said[self._turned :]]
        if said:
            raise StepFailed("something was said", found="\n\n".join(said))

    async def expect(self, step: Expect) -> None:
        found = await looks.state(self._stage, step.who or self._speaker)
        wrong = looks.differences(step.wanted, found)
        if wrong:
            raise StepFailed(
                "it stands otherwise",
                expected="\n".join(f"{'.'.join(path)}: {wanted}" for path, wanted, _ in wrong),
                found="\n".join(f"{'.'.join(path)}: {value}" for path, _, value in wrong),
                better={
                    (*step.place.path, *path): str(value)
                    for path, wanted, value in wrong
                    if isinstance(wanted, str)
                },
            )

    async def restart(self, step: Restart) -> None:
        await self._stage.restart()

    async def clock(self, step: Clock) -> None:
        try:
            await self._stage.move(step.at or self._stage.now + step.by)
        except ValueError as error:
            raise StepFailed(str(error)) from None

    async def officer(self, step: Officer) -> None:
        stage = self._stage
        self._tell(step.name, f"{step.do} {step.words.get('text', '')}".rstrip(), "")
        deed = officers.Deed(
            product=stage.product,
            officer=officers.officer(step.name, step.words, self._script.head.branch),
            words=step.words,
            chat=self._people.chat(self._speaker),
            now=stage.clock.now(),
        )
        try:
            await stage.store.write(lambda tx: officers.act(tx, deed, step.do))
        except refusals.Refused as refusal:
            self._refusal = stage.product.catalogue.render(refusal.key, refusal.values)
        except refusals.NotFound:
            self._refusal = NOT_FOUND
        if self._refusal is not None and not isinstance(self._next, Refused):
            raise StepFailed("the officer was refused", found=self._refusal)
        await calendar_watch.follow(stage.store, stage.product.reference.calendar)
        await stage.settle()

    async def refused(self, step: Refused) -> None:
        sentence, self._refusal = self._refusal, None
        if sentence is None:
            raise StepFailed("the officer was not refused", expected="\n".join(step.patterns))
        if len(places(step.patterns, [sentence])) < len(step.patterns):
            raise StepFailed(
                "the refusal says something else",
                expected="\n".join(step.patterns),
                found=sentence,
                better={step.place.path: sentence},
            )

    async def _deliver(self, who: str, raws: Sequence[Any]) -> None:
        self._speaker = who
        self._raws[who] = raws
        await self._stage.deliver(raws)

    def _tell(self, who: str, text: str, typed: str) -> None:
        self._outcome.spoken.append(Spoken(who, text))
        if typed:
            self._outcome.typed.append(typed)


NOT_FOUND: Final = "tidak ditemukan"
"""What an officer learns of a request of another branch, as of one that never was."""

PLAYED: Final[Mapping[type, Callable[[Play, Any], Awaitable[None]]]] = {
    User: Play.user,
    Press: Play.press,
    Send: Play.send,
    Again: Play.again,
    Bot: Play.bot,
    Silent: Play.silent,
    Expect: Play.expect,
    Restart: Play.restart,
    Clock: Play.clock,
    Officer: Play.officer,
    Refused: Play.refused,
}


def _nearest_line(pattern: str, texts: Sequence[str]) -> str:
    """The line of what was said that holds most of *pattern*."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    return max(lines, key=lambda line: fuzz.partial_ratio(pattern, line))
