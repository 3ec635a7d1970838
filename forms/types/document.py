"""Pictures and PDF files of documents."""

from typing import Any, ClassVar

import msgspec

from forms.fields import Asking, Document, Invalid, Read, Reading, Reply, field
from forms.typed import Typed


class PhotoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """*document* is one of the flow's documents; it may have up to *max_pages* pictures."""

    document: str
    max_pages: int = 5


@field
class Photo(Typed):
    """One document, as one or several pictures. Value: list of `Document` as JSON objects.

    A `Document` reads as the first page; `more` adds a page to a value.
    """

    name: ClassVar[str] = "photo"
    Params: ClassVar[type[msgspec.Struct]] = PhotoParams
    expects: ClassVar[str] = "photo"

    def read(self, reply: Reply, asking: Asking) -> Reading:
        if isinstance(reply, Document):
            return Read([msgspec.to_builtins(reply)])
        wanted = asking.params.document
        if not isinstance(reply, list) or not reply:
            raise Invalid("salah.foto_perlu", document=wanted)
        try:
            pages = msgspec.convert(reply, list[Document])
        except msgspec.ValidationError:
            raise Invalid("salah.foto_perlu", document=wanted) from None
        if len(pages) > asking.params.max_pages:
            raise Invalid("salah.foto_banyak", document=wanted, limit=asking.params.max_pages)
        return Read([msgspec.to_builtins(page) for page in pages])

    def more(self, value: list[Any], page: Document, asking: Asking) -> Reading:
        """*value* with one more *page*; the same picture twice stays one page."""
        added = msgspec.to_builtins(page)
        known = {one["sha256"] for one in value}
        return self.read(value if page.sha256 in known else [*value, added], asking)

    def show(self, value: Any, asking: Asking) -> str:
        return f"{len(value)} foto"
