"""Invented documents: pictures and a PDF that say themselves that they are none."""

import asyncio
import io
from collections.abc import Mapping
from random import Random
from typing import Final

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A6
from reportlab.pdfgen.canvas import Canvas

from bot.runtime.ports import Media
from flows.events import Sent
from forms.fields import Document
from services.documents import Documents

SIZE: Final = (900, 570)
PICTURES: Final[Mapping[str, str]] = {
    "ktp": "KARTU TANDA PENDUDUK",
    "kk": "KARTU KELUARGA",
    "kartu": "KARTU JKN",
    "rekening": "BUKU REKENING",
    "autodebit": "FORMULIR AUTODEBIT",
    "sekolah": "SURAT KETERANGAN SEKOLAH",
    "skl": "SURAT KETERANGAN LAHIR",
    "kematian": "SURAT KEMATIAN",
    "": "SURAT KETERANGAN",
}
"""What stands at the head of the picture, by the kind of document as flows name it."""
PRINTED: Final[Mapping[str, str]] = {"sk": "SURAT KEPUTUSAN", "surat_tugas": "SURAT TUGAS"}
"""What comes as a PDF."""
MARK: Final = "CONTOH - BUKAN DOKUMEN"


async def papers(documents: Documents) -> dict[str, Document]:
    """A document of every kind, checked and kept like any other; '' for those without a name."""
    kinds = [*PICTURES, *PRINTED]
    files = [
        *(Media(_picture(title), f"{kind or 'surat'}.jpg") for kind, title in PICTURES.items()),
        *(Media(_pdf(title), f"{kind}.pdf") for kind, title in PRINTED.items()),
    ]
    checked = await asyncio.gather(*(documents.check(file) for file in files))
    return {
        kind: sent.document
        for kind, sent in zip(kinds, checked, strict=True)
        if isinstance(sent, Sent)
    }


def _picture(title: str) -> bytes:
    """A card with a title, lines that stand for writing, and the mark across it."""
    chance = Random(title)
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10, 10, SIZE[0] - 11, SIZE[1] - 11), outline="black", width=4)
    draw.text((40, 36), title, fill="black", font_size=38)
    draw.rectangle((690, 120, 850, 330), outline="#444", width=3)
    for row in range(9):
        y = 130 + row * 44
        draw.text((40, y), f"{chance.choice(LABELS)}", fill="#333", font_size=22)
        for x in range(230, 270 + chance.randrange(120, 380), 12):
            draw.line((x, y + 4, x + 6, y + 22), fill="black", width=3)
    for row in range(3):
        draw.text((70, 150 + row * 150), MARK, fill="#b3261e", font_size=54)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return file.getvalue()


LABELS: Final = ("Nama", "Nomor", "Alamat", "Tanggal", "Tempat", "Keterangan", "Berlaku")


def _pdf(title: str) -> bytes:
    file = io.BytesIO()
    page = Canvas(file, pagesize=A6, invariant=True)  # the same bytes each time
    page.setFont("Helvetica-Bold", 14)
    page.drawString(30, 380, title)
    page.setFont("Helvetica", 12)
    page.drawString(30, 350, MARK)
    page.save()
    return file.getvalue()
