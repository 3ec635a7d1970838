"""The documents of a ticket as its pages show them: in the order of the form, then of the talk."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from bot.console.deps import ServiceWords
from data.store import Row, Tx
from services.conversation import Written
from services.requests import Request
from services.reveals import trail_name


class Paper(msgspec.Struct, frozen=True):
    """One document. *again* is what asks for it once more, ``step:item``; '' where nothing can.

    *turned* counts quarters of a turn to the right.
    """

    title: str
    sha256: str
    mime: str
    size: int
    turned: int
    again: str = ""

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")


async def papers(
    tx: Tx, request: Request, service: ServiceWords, messages: Sequence[Written]
) -> Sequence[Paper]:
    """Every document of *request* once; numbered where a step has several."""
    rows = await tx.all("request_documents", request=request.id)
    found = [
        Paper(
            title=title,
            sha256=row["sha256"],
            mime=row["mime"],
            size=row["size"],
            turned=row["turned"],
            again=_again(request.answers, row["step"], row["sha256"]),
        )
        for title, row in titled(rows, service)
    ]
    known = {paper.sha256 for paper in found}
    sent = [one.document for one in messages if one.document and one.document not in known]
    for number, sha256 in enumerate(dict.fromkeys(sent), 1):
        document = await tx.one("document_of", sha256=sha256)
        if document is not None:
            found.append(Paper(title=f"Dari percakapan {number}", **document))
    return found


def titled(rows: Sequence[Row], service: ServiceWords) -> Sequence[tuple[str, Row]]:
    """Documents of a request with their titles, as its form has them.

    One of several of a step is called ``Foto KK 2``.
    """
    order = {step: place for place, step in enumerate(service.steps)}
    steps = [row["step"] for row in rows]
    found = []
    for row in sorted(rows, key=lambda one: order.get(one["step"], len(order))):
        title = service.steps.get(row["step"], row["step"])
        found.append((f"{title} {row['n']}" if steps.count(row["step"]) > 1 else title, row))
    return found


def trail_titles(listed: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """By `reveals.trail_name`: the title of a document, both where one picture was sent twice.

    *listed* are titles, each with its sha256.
    """
    found: dict[str, dict[str, None]] = {}
    for title, sha256 in listed:
        found.setdefault(trail_name(sha256), {})[title] = None
    return {name: ", sama dengan ".join(titles) for name, titles in found.items()}


def count(text: str) -> int:
    """The number of a document as an address has it, 0 for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 else 0


def _again(answers: Mapping[str, Any], step: str, sha256: str) -> str:
    """Where the document stands in the answers: its state and the item of its group."""
    group, _, name = step.rpartition(".")
    items = answers.get(group, ()) if group else (answers,)
    for item, given in enumerate(items):
        pages = given.get(name)
        if isinstance(pages, list) and any(_is(page, sha256) for page in pages):
            return f"{step}:{item}"
    return f"{step}:0" if not group and name in answers else ""


def _is(page: Any, sha256: str) -> bool:
    return isinstance(page, Mapping) and page.get("sha256") == sha256
