"""Pictures and PDF files of documents."""

from datetime import date
from typing import Any, ClassVar, Final

import msgspec

from forms.fields import Asking, Document, Invalid, Read, Reading, Reply, field
from forms.language import Words, words
from forms.typed import Typed
from forms.wording import plain_date

PDF: Final = "application/pdf"

FEWEST_KEPT: Final = 5
"""Pages that any document may have: people photograph both sides, or a page in two halves."""

PICTURE: Final[Words] = {"id": "foto", "en": "photo"}
UNCLEAR: Final[Words] = {"id": "kurang jelas", "en": "not clear"}
LATER: Final[Words] = {"id": "menyusul", "en": "to follow"}
UNTIL: Final[Words] = {"id": "paling lambat", "en": "by"}


class PhotoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """*document* is one of the flow's documents; *pages* are asked for one by one, as many it has.

    *later* lets the participant promise the document: ``yes``, or until when: a rule in days or
    months from today, or a derived date.
    """

    document: str
    pages: int = 1
    later: str = ""


@field
class Photo(Typed):
    """One document, as one or several pictures or PDF files, or promised for later.

    Value: list of `Document` as JSON objects; ``{"open": [...]}`` while more pages may come;
    ``{"later": "2026-12-22"}`` for a promise, '' as its day where nothing limits it. A `Document`
    reads as the first page; `more` adds a page to a value. A PDF file has all its pages.
    """

    name: ClassVar[str] = "photo"
    Params: ClassVar[type[msgspec.Struct]] = PhotoParams
    expects: ClassVar[str] = "photo"

    def read(self, reply: Reply, asking: Asking) -> Reading:
        if isinstance(reply, Document):
            return Read(_gathered([msgspec.to_builtins(reply)], asking))
        if is_promised(reply) and asking.params.later:
            return Read(reply)
        wanted = asking.params.document
        given = reply["open"] if isinstance(reply, dict) and is_open(reply) else reply
        if not isinstance(given, list) or not given:
            raise Invalid("salah.foto_perlu", document=wanted)
        try:
            pages = msgspec.convert(given, list[Document])
        except msgspec.ValidationError:
            raise Invalid("salah.foto_perlu", document=wanted) from None
        if len(pages) > (limit := max(asking.params.pages, FEWEST_KEPT)):
            raise Invalid("salah.foto_banyak", document=wanted, limit=limit)
        kept = [msgspec.to_builtins(page) for page in pages]
        return Read({"open": kept} if is_open(reply) else kept)

    def more(self, value: Any, page: Document, asking: Asking) -> Reading:
        """*value* with one more *page*; the same picture twice stays one page."""
        before = pages(value)
        if page.sha256 in {one["sha256"] for one in before}:
            return Read(value)
        together = [*before, msgspec.to_builtins(page)]
        return self.read(_gathered(together, asking) if is_open(value) else together, asking)

    def show(self, value: Any, asking: Asking) -> str:
        said = asking.language
        if is_promised(value):
            day = value["later"]
            until = (
                f", {words(UNTIL, said)} {plain_date(date.fromisoformat(day), said)}" if day else ""
            )
            return f"{words(LATER, said)}{until}"
        kept = pages(value)
        files = sum(page["mime"] == PDF for page in kept)
        counted = [(len(kept) - files, words(PICTURE, said)), (files, "PDF")]
        told = ", ".join(f"{count} {kind}" for count, kind in counted if count)
        return f"{told} ({words(UNCLEAR, said)})" if is_unclear(value) else told


def _gathered(together: list[Any], asking: Asking) -> Any:
    """Pages as a value: open while as many as are asked for may still come one by one."""
    whole = len(together) >= asking.params.pages or together[-1]["mime"] == PDF
    return together if whole else {"open": together}


def pages(value: Any) -> list[Any]:
    """The pages of a value so far; none of a promise."""
    given = value.get("open", []) if isinstance(value, dict) else value
    return given if isinstance(given, list) else []


def is_open(value: Any) -> bool:
    """Whether more pages of this document may come one by one."""
    return isinstance(value, dict) and "open" in value


def is_promised(value: Any) -> bool:
    """Whether *value* stands for a document that will come later."""
    return isinstance(value, dict) and "later" in value


def is_unclear(value: Any) -> bool:
    """Whether somebody insisted on a page that seemed unreadable."""
    return any(page.get("doubt") for page in pages(value))
