"""Tables as files, sent line by line while they are read: any length takes little memory."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence

from starlette.responses import Response, StreamingResponse

from bot.console.cells import BOM, Cell, csv_line, safe

PIECE = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOGETHER = 200
"""Lines that leave together: one at a time would cost more than it spares."""

Lines = AsyncIterator[Sequence[Cell]]


def csv_file(name: str, head: Sequence[str], lines: Lines) -> Response:
    """A CSV file called *name*, with *head* as its first line."""
    return _sent(name, "text/csv; charset=utf-8", _as_csv(head, lines))


def xlsx_file(name: str, head: Sequence[str], lines: Lines) -> Response:
    """The same as a workbook. It is written to a temporary file first: its end comes last."""
    return _sent(name, XLSX, _as_xlsx(head, lines))


def _sent(name: str, kind: str, pieces: AsyncIterator[bytes]) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(pieces, media_type=kind, headers=headers)


async def _as_csv(head: Sequence[str], lines: Lines) -> AsyncIterator[bytes]:
    waiting = [BOM + csv_line(head)]
    async for line in lines:
        waiting.append(csv_line(line))
        if len(waiting) >= TOGETHER:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()


async def _as_xlsx(head: Sequence[str], lines: Lines) -> AsyncIterator[bytes]:
    from xlsxwriter import Workbook  # a tenth of a second, which a start need not wait for

    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with tempfile.TemporaryFile() as file:
        book = Workbook(file, {**options, "strings_to_urls": False})
        sheet = book.add_worksheet("Data")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        row = 0
        async for line in lines:
            row += 1
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(row, column, safe(cell))
                elif cell is not None:
                    sheet.write_number(row, column, cell)
        await asyncio.to_thread(book.close)
        file.seek(0)
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
