"""A report on paper: the lines of its form as a PDF file, the same bytes for the same report.

The form has decided sections and lines (`forms.printed`); only flags go to the top.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final
from xml.sax.saxutils import escape

import yaml
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from forms.pdf_fonts import MISSING, drawable, fonts
from forms.printed import Section, sections
from forms.report import Line

_WORDS: Final[dict[str, Any]] = yaml.load(
    Path(__file__).with_name("pdf.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)

MARGIN: Final = 20 * mm
PADDING: Final = 6
"""Points that the library leaves free inside of its margins, and no parameter changes."""
WIDTH: Final = A4[0] - 2 * MARGIN
COLUMNS: Final = (9 * mm, 58 * mm, WIDTH - 67 * mm)
GAP: Final = 4 * mm
KEPT: Final = 16
"""Lines of sections that are not parted over two pages: a member of a family has fewer."""

INK, GREY, RULE, SHADE = map(HexColor, ("#000000", "#555555", "#bbbbbb", "#eeeeee"))

_TURN: Final = Lock()
"""The library keeps its fonts for the whole process and does not promise anything to threads."""

Row = list[Paragraph | str]
Edges = Callable[[Canvas, SimpleDocTemplate], None]


def pdf(report: str, *, number: str, masked: bool, filed: datetime) -> bytes:
    """*report*, the text of one variant, as a PDF file; threads may ask at the same time.

    *number* is the ticket's and stands on every page, *filed* (aware) is the date of the file.
    """
    with _TURN:
        read = sections("\n".join(map(drawable, report.split("\n"))))
        variant = _WORDS["variants"]["masked" if masked else "full"]
        _, pages = _set(read, number, _edges(number, variant, filed, 0))  # to count them
        file, _ = _set(read, number, _edges(number, variant, filed, pages))
    return file


def _set(read: Sequence[Section], number: str, edges: Edges) -> tuple[bytes, int]:
    """The file and how many pages it has."""
    file = io.BytesIO()
    paper = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"{number} {read[0].heading}",
        author=_WORDS["sender"],
        lang="id",
        invariant=1,
    )
    paper.build(list(_story(read)), edges, edges)
    return file.getvalue(), paper.page


def _edges(number: str, variant: str, filed: datetime, pages: int) -> Edges:
    """What stands above and below every page."""

    def draw(canvas: Canvas, paper: SimpleDocTemplate) -> None:
        canvas.setDateFormatter(lambda *_: f"D:{filed:%Y%m%d%H%M%S%z}")
        page = _WORDS["page"].format(page=paper.page, pages=pages)
        right, top, bottom = A4[0] - MARGIN, A4[1] - 13 * mm, 12 * mm
        canvas.setStrokeColor(RULE)
        canvas.line(MARGIN, top - 2 * mm, right, top - 2 * mm)
        canvas.line(MARGIN, bottom + 4 * mm, right, bottom + 4 * mm)
        canvas.setFillColor(GREY)
        canvas.setFont(fonts().plain, 8)
        canvas.drawString(MARGIN, top, _WORDS["sender"])
        canvas.drawRightString(right, top, f"{number} · {variant}")
        canvas.drawString(MARGIN, bottom, _WORDS["notice"])
        canvas.drawRightString(right, bottom, page)

    return draw


def _story(read: Sequence[Section]) -> Iterator[Flowable]:
    """The letterhead, what the officer must look at, and every other section in its order.

    In a text one scrolls to the end; a last page with nothing but flags is easily lost.
    """
    title, branch, *body = read
    body.sort(key=lambda section: all(line.label for line in section.lines))
    yield _text(branch.heading, size=11, bold=True)
    yield _text(title.heading, size=15, bold=True)
    yield Spacer(0, GAP)
    yield _table([], branch.lines)
    for section in body[:-2]:
        yield from _kept(section)
    yield from _kept(*body[-2:])  # a last page with two lines is easily lost
    if any(MISSING in line.value for section in read for line in section.lines):
        yield Spacer(0, GAP)
        yield _text(_WORDS["missing"].format(sign=MISSING), colour=GREY)


def _kept(*together: Section) -> Iterator[Flowable]:
    """Sections on one page: all of them where they are short, otherwise each that is."""
    lines = sum(len(section.lines) for section in together)
    if len(together) > 1 and lines > KEPT:
        for section in together:
            yield from _kept(section)
        return
    parts: list[Flowable] = []
    for section in together:
        heading = [_wide(_text(section.heading, bold=True))]
        parts += [Spacer(0, GAP), _table(heading, section.lines)]
    yield from [KeepTogether(parts)] if lines <= KEPT else parts


def _table(heading: list[Row], lines: Sequence[Line]) -> Table:
    """The lines below their heading, which comes again where they go on on another page."""
    rows = heading + [_row(line) for line in lines]
    looks: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE),
    ]
    for n, (_, middle, last) in enumerate(rows):
        if not middle:
            looks.append(("SPAN", (0, n), (1 if last else 2, n)))
    looks += [("BACKGROUND", (0, 0), (-1, 0), SHADE)] if heading else []
    return Table(rows, COLUMNS, style=looks, repeatRows=len(heading), splitInRow=1)


def _row(line: Line) -> Row:
    """Number, label and value; a flag goes over the whole width."""
    if not line.label:
        return _wide(_text(f"! {line.value}", bold=True))
    label, value = _text(line.label, colour=GREY), _text(line.value)
    return (
        [_text(f"{line.number}.", colour=GREY), label, value] if line.number else [label, "", value]
    )


def _wide(text: Paragraph) -> Row:
    return [text, "", ""]


def _text(text: str, *, size: float = 9.5, bold: bool = False, colour: Any = INK) -> Paragraph:
    """*text* as it is: nothing in it is markup, and a word that is too long is broken."""
    face = fonts().bold if bold else fonts().plain
    style = ParagraphStyle(face, fontName=face, fontSize=size, leading=size * 1.3, textColor=colour)
    return Paragraph(escape(text), style)
