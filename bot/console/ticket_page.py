"""One request: its data (masked), documents, conversation, actions and trail."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse, Response

from bot.console.deps import Deps, ServiceWords
from bot.console.gate import Visit
from bot.console.words import render
from services import conversation, officers, requests, reveals
from services.requests import Request


async def ticket_page(
    deps: Deps,
    visit: Visit,
    number: str,
    *,
    alert: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page with everything masked; *typed* is what a refused form gives back to be mended."""
    return await _page(deps, visit, number, alert, typed or {}, status, full=False)


async def revealed_page(deps: Deps, visit: Visit, number: str) -> Response:
    """The page with the full report; the audit has it in writing before it is shown."""
    await deps.store.write(
        lambda tx: reveals.reveal(tx, visit.officer, number, now=deps.clock.now())
    )
    return await _page(deps, visit, number, "", {}, 200, full=True)


async def _page(
    deps: Deps,
    visit: Visit,
    number: str,
    alert: str,
    typed: Mapping[str, str],
    status: int,
    *,
    full: bool,
) -> Response:
    async with deps.store.read() as tx:
        request = await requests.for_officer(tx, visit.officer, number)
        documents = await tx.all("request_documents", request=request.id)
        messages = await conversation.messages(tx, request)
        trail = await tx.all("audit_of", object=number)
        holder = await officers.name_of(tx, request.officer)
    service = deps.services.get(request.service, ServiceWords(request.service, {}))
    page = render(
        "tiket.html",
        visit=visit,
        deps=deps,
        alert=alert,
        typed=typed,
        request=request,
        service=service,
        steps=_correctable(service, request),
        branch=deps.branches[request.branch],
        report=request.report if full else request.report_masked,
        full=full,
        documents=documents,
        messages=messages,
        trail=trail,
        holder=holder,
        mine=request.officer == visit.officer.id,
    )
    return HTMLResponse(page, status)


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
