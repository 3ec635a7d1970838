"""The review: send, change one line and come back, or put aside."""

from typing import Final

from flows import arriving, asking, drafts, known, leaving, questions, still_open
from flows.facts import Filed, Line
from flows.journey import At
from flows.moves import REVIEW
from flows.session import Journey
from flows.talk import Talk
from forms import cleaning
from forms.choices import Option, match
from forms.fields import Reply

CHANGE: Final = "ubah"


def reply(talk: Talk, said: Reply, picked: Option | None) -> None:
    """A reply to the review or to the question which line to change."""
    journey = talk.session.journey
    assert journey is not None
    if picked is not None:
        command(talk, journey, picked.value)
        return
    lines = questions.listed(talk, journey)
    chosen = _line(lines, said) if isinstance(said, str) else None
    put = talk.session.put
    if chosen is None and put is not None and isinstance(said, str):
        picked = match(said, put.options)
    if picked is not None:
        command(talk, journey, picked.value)
    elif chosen is None:
        talk.pose("periksa.nomor", {"sampai": len(lines)})
    else:
        _, state, item = lines[int(chosen.value) - 1]
        edit(talk, journey, state, item)


def command(talk: Talk, journey: Journey, word: str) -> None:
    """KIRIM, UBAH or SIMPAN."""
    match word:
        case "KIRIM":
            send(talk, journey)
        case "UBAH":
            questions.change(talk, journey)
        case "SIMPAN":
            drafts.park(talk)
            arriving.settle(talk)


def edit(talk: Talk, journey: Journey, state: str, item: int) -> None:
    """Ask one answered question anew, showing the old answer; then back to the review."""
    at = talk.at(journey)
    at.state, at.item = REVIEW, item
    talk.moves.append(at.service.fire(at, f"edit_{state}"))
    journey.editing = True
    talk.shift("change")
    leaving.show_old(talk, at)
    questions.ask(talk, journey, at)


def send(talk: Talk, journey: Journey) -> None:
    """File the report, unless the form asks for something more by now."""
    session, put = talk.session, talk.session.put
    at = talk.at(journey)
    path = at.service.walk(at)
    if at.state != REVIEW:
        talk.say("formulir.baru")
        arriving.arrive(talk, journey, at)
        return
    flow = at.service.flow
    answers = asking.reported(at, path)
    branch = answers.get(flow.branch_step) or session.branch
    flags = (*_flags(at, path), *_language(session.language))
    urgent = any(name in flags for name, flag in flow.flags.items() if flag.urgent)
    talk.facts.append(
        Filed(journey.submission, flow.code, flow.digest, branch, answers, flags, urgent)
    )
    _close(talk, at)
    known.keep(talk, at.service, answers)
    still_open.filed(session, flow.code, branch)
    session.filed = put.serial if put else 0
    arriving.end(talk, "file")


def _close(talk: Talk, at: At) -> None:
    """Say what comes next, below the ticket: the first closing sentence that applies."""
    at.state, at.item = REVIEW, 0
    for name, holds in at.service.closings.items():
        if holds(at):
            key, values = asking.sentence(at, f"closing.{name}")
            talk.say(key, **values)
            return


def _flags(at: At, path: list[tuple[str, int]]) -> tuple[str, ...]:
    """What the officer must look at: marks of the answers, and what the flow file declares."""
    marks = asking.marks(at, path)
    at.state, at.item = REVIEW, 0
    declared = [name for name, holds in at.service.flags.items() if holds(at)]
    return (*marks, *declared)


def _language(language: str) -> tuple[str, ...]:
    """The mark of who does not read the officers' language: ``language:en``."""
    return () if language == "id" else (f"language:{language}",)


def _number(said: str) -> str:
    """What follows UBAH in ``ubah 3``; otherwise the reply as it is."""
    first, _, rest = cleaning.fold(said).partition(" ")
    return rest if first == CHANGE and rest else said


def names_line(talk: Talk, journey: Journey, said: str) -> bool:
    """Whether *said* is the number or the name of a line of the review."""
    return _line(questions.listed(talk, journey), said) is not None


def _line(lines: list[tuple[Line, str, int]], said: str) -> Option | None:
    return match(_number(said), _as_options(lines))


def _as_options(lines: list[tuple[Line, str, int]]) -> list[Option]:
    return [Option(str(line.number), line.label) for line, _, _ in lines]
