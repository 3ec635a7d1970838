"""What a chat knows of requests that were filed: kept for a while, for whoever files another.

It comes in two parts that are known of one person each. A part of somebody else takes its place
as a whole, so that nothing of a mother is ever mixed with the father's.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flows.facts import SetTimer
from flows.journey import Service, is_skipped
from flows.talk import Talk

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "peserta": ("nama", "nik", "tgl_lahir", "kartu", "kk"),
    "kontak": ("nama_pelapor", "hp", "email", "kota", "cabang"),
}
"""Of the participant of a request, and of who filed it, by the names of `flows.spec.REUSED`."""

IDENTITY: Final = ("nik", "kartu", "nama_pelapor")
"""Who two of these have in common, or do not, is the same person, or is not."""

TIMER: Final = "known"


def keep(talk: Talk, service: Service, answers: Mapping[str, Any]) -> None:
    """Keep what the filed *answers* of *service* say under the names that may be used again."""
    days = talk.assets.settings.known_days
    told = {
        step.reuse: answers[step.name]
        for _, step in service.flow.questions()
        if step.reuse and answers.get(step.name) and not is_skipped(answers[step.name])
    }
    if not days or not told:
        return
    known = talk.session.known
    for names in PARTS.values():
        before, now = _part(known, names), _part(told, names)
        if now and not _same_person(before, now):
            known = {name: value for name, value in known.items() if name not in names}
    talk.session.known = {**known, **told}
    talk.set_timer(SetTimer(TIMER, talk.assets.now + timedelta(days=days)))


def forget(talk: Talk) -> None:
    """Drop what is known, also where a form was to be filled with it."""
    session = talk.session
    session.known = {}
    talk.drop_timer(TIMER)
    for journey in (session.journey, *session.drafts.values()):
        if journey is not None and journey.reuse:
            journey.reuse = {}


def _part(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _same_person(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether nothing that tells people apart differs, and the name of a participant agrees."""
    if any(before[name] != now[name] for name in IDENTITY if name in before and name in now):
        return False
    return before.get("nama") == now.get("nama")
