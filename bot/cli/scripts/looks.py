"""What an `expect` step sees: session and latest request of a participant as plain data."""

from typing import Any

from bot.cli.scripts.stage import Stage
from data.store import Tx
from flows.session import Session
from services import queue, requests
from services.refusals import NotFound


async def state(stage: Stage, who: str) -> dict[str, Any]:
    """Everything that an `expect` step may name."""
    chat = stage.driver.chat(who)
    session = await stage.session(chat)
    async with stage.store.read() as tx:
        request = await _request(tx, chat)
    journey = _open_journey(session)
    return {
        "phase": session.phase,
        "service": journey.service if journey else "",
        "step": session.put.state if session.put and session.put.state else _step(session),
        "drafts": sorted(session.drafts),
        "answers": journey.answers if journey else request.pop("answers", {}),
        "request": request,
    }


def differences(wanted: Any, found: Any, path: tuple[str, ...] = ()) -> list[tuple[Any, Any, Any]]:
    """(path, wanted, found) wherever *found* is not as *wanted*; what is not named may be."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            return [(path, wanted, found)]
        return [
            one
            for key, value in wanted.items()
            for one in differences(value, found.get(key, ""), (*path, key))
        ]
    if isinstance(wanted, list) and isinstance(found, list | tuple) and len(wanted) == len(found):
        pairs = enumerate(zip(wanted, found, strict=True))
        return [one for n, (w, f) in pairs for one in differences(w, f, (*path, str(n)))]
    return [] if _plain(wanted) == _plain(found) else [(path, wanted, found)]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return str([_plain(one) for one in value])
    return str(value)


def _open_journey(session: Session) -> Any:
    if session.phase == "correcting" and session.corrections:
        return session.corrections[0].journey
    return session.journey


def _step(session: Session) -> str:
    journey = _open_journey(session)
    return journey.state if journey and session.phase in ("filling", "review") else ""


async def _request(tx: Tx, chat: str) -> dict[str, Any]:
    try:
        request = await requests.for_participant(tx, chat, "")
    except NotFound:
        return {}
    documents = await tx.one("documents_size", request=request.id)
    messages = await tx.one("conversation_size", request=request.id)
    return {
        "service": request.service,
        "status": request.status,
        "branch": request.branch,
        "number": request.number,
        "officer": request.officer,
        "flags": request.flags,
        "outcome": request.outcome,
        "reason": request.reason,
        "position": await queue.position(tx, request),
        "documents": documents["documents"] if documents else 0,
        "messages": messages["messages"] if messages else 0,
        "answers": request.answers,
    }
