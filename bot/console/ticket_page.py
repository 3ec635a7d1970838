"""One request: its data (masked), documents, conversation, actions and trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from starlette.requests import Request as Asked
from starlette.responses import HTMLResponse, Response

from bot.console.actions import may_take, offered
from bot.console.deps import Deps, ServiceWords
from bot.console.doors import page
from bot.console.gate import Visit
from bot.console.report_file import FILES
from bot.console.words import render
from data.store import Row
from services import conversation, officers, requests, reveals
from services.requests import Request


@dataclass(frozen=True)
class Attempt:
    """An action that was refused: the sentence why, and what was typed, to be mended."""

    action: str = ""
    alert: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


NONE = Attempt()


async def ticket_page(
    deps: Deps, visit: Visit, number: str, *, attempt: Attempt = NONE
) -> Response:
    """The page, masked unless the officer has revealed it; 409 after an *attempt*."""
    now = deps.clock.now()
    async with deps.store.read() as tx:
        request = await requests.for_officer(tx, visit.officer, number)
        documents = await tx.all("request_documents", request=request.id)
        messages = await conversation.messages(tx, request)
        trail = await tx.all("audit_of", object=number)
        holder = await officers.name_of(tx, request.officer)
        full = await reveals.is_revealed(tx, visit.officer, request, now=now)
    service = deps.services.get(request.service, ServiceWords(request.service, {}))
    titled = _in_form_order(service, documents)
    shown = render(
        "tiket.html",
        visit=visit,
        deps=deps,
        attempt=attempt,
        may=offered(deps, visit.officer, request, now),
        may_take=may_take(deps, visit.officer, request.branch, now),
        now=now,
        request=request,
        service=service,
        steps=_correctable(service, request),
        branch=deps.branches[request.branch],
        hours=deps.calendar.explain(request.branch, now),
        report=request.report if full else request.report_masked,
        full=full,
        file=FILES[full],
        look=reveals.ONE_LOOK // timedelta(minutes=1),
        documents=titled,
        messages=messages,
        trail=[(entry, _about(deps, service, titled, entry)) for entry in trail],
        holder=holder,
        mine=request.officer == visit.officer.id,
    )
    return HTMLResponse(shown, 409 if attempt.alert else 200)


def _in_form_order(service: ServiceWords, documents: Sequence[Row]) -> Sequence[tuple[str, Row]]:
    """Each document with its title, numbered where a step has several."""
    order = {step: place for place, step in enumerate(service.steps)}
    steps = [document["step"] for document in documents]
    titled = []
    for document in sorted(documents, key=lambda one: order.get(one["step"], len(order))):
        step = document["step"]
        title = service.steps.get(step, step)
        titled.append((f"{title} {document['n']}" if steps.count(step) > 1 else title, document))
    return titled


def _about(
    deps: Deps, service: ServiceWords, documents: Sequence[tuple[str, Row]], entry: Row
) -> str:
    """What an entry of the trail is about: an answer, a document, a report or another branch."""
    detail = msgspec.json.decode(entry["detail"])
    if "full" in detail:
        return FILES[detail["full"]]
    for title, document in documents:
        if detail.get("document") == reveals.trail_name(document["sha256"]):
            return title
    if detail.get("to") in deps.branches:
        return deps.branches[detail["to"]].short_name
    return service.steps.get(detail.get("step", ""), "")


def _correctable(service: ServiceWords, request: Request) -> Mapping[str, str]:
    """What can be asked again: ``step:item`` and its label, in the order of the form."""
    found: dict[str, str] = {}
    for state, label in service.steps.items():
        group, _, step = state.rpartition(".")
        items = request.answers.get(group, ()) if group else (request.answers,)
        for item, answers in enumerate(items):
            if step in answers:
                found[f"{state}:{item}"] = f"{label} ({item + 1})" if group else label
    return found


async def show(deps: Deps, visit: Visit, asked: Asked) -> Response:
    return await ticket_page(deps, visit, asked.path_params["number"])


DOORS = (page("/tiket/{number}", show, needs="read"),)
