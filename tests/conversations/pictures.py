"""Draw the invented documents that the conversations send; run it to draw them anew."""

import random
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).with_name("files")
SIZE = (640, 400)

CARDS: Mapping[str, str] = {
    "ktp": "KARTU TANDA PENDUDUK (CONTOH)",
    "kk": "KARTU KELUARGA (CONTOH)",
    "kk-2": "KARTU KELUARGA, LEMBAR 2 (CONTOH)",
    "kk-3": "KARTU KELUARGA, LEMBAR 3 (CONTOH)",
    "kartu": "KARTU JKN (CONTOH)",
    "surat": "SURAT KETERANGAN (CONTOH)",
    "rekening": "BUKU REKENING (CONTOH)",
}


def card(title: str) -> Image.Image:
    """A white page with a title and lines that stand for writing."""
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, SIZE[0] - 9, SIZE[1] - 9), outline="black", width=3)
    draw.text((30, 26), title, fill="black", font_size=26)
    lengths = random.Random(title)
    for row in range(9):
        end = 60 + lengths.randrange(200, 520)
        for x in range(60, end, 9):
            draw.line((x, 90 + row * 32, x + 4, 106 + row * 32), fill="black", width=2)
    return picture


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, title in CARDS.items():
        card(title).save(FOLDER / f"{name}.jpg", quality=60)
    Image.new("RGB", SIZE, (9, 9, 11)).save(FOLDER / "gelap.jpg", quality=60)
    Image.new("RGB", SIZE, (200, 200, 200)).save(FOLDER / "buram.jpg", quality=60)
    # a compressed image of one colour whose header promises 400 megapixels
    bomb = Image.new("1", (20_000, 20_000))
    bomb.save(FOLDER / "raksasa.png", optimize=True)
    (FOLDER / "bukan-foto.jpg").write_text("Ini catatan, bukan foto.\n", "utf-8")
    (FOLDER / "surat.pdf").write_bytes(PDF)


PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 300 200]>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""

if __name__ == "__main__":
    main()
