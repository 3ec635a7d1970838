"""Files from strangers: only what is whole, small and readable is kept, and kept clean."""

import asyncio
import hashlib
import io
import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PIL import Image, ImageDraw, ImageFilter

from flows.events import Sent, Unfit
from services.documents import Documents, Rules

WIDTH, HEIGHT = 640, 400


@dataclass(frozen=True)
class File:
    data: bytes
    name: str = "ktp.jpg"
    album: str = ""


def card(size=(WIDTH, HEIGHT), paper="white", ink="black") -> Image.Image:
    """A drawn card full of small marks, like the print on a KTP."""
    picture = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(picture)
    dice = random.Random(7)
    for y in range(10, size[1] - 10, 16):
        for x in range(10, size[0] - 10, 8):
            draw.line((x, y, x + dice.randint(0, 5), y + dice.randint(3, 10)), fill=ink, width=2)
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def giant_png(side: int = 20_000) -> bytes:
    """A black PNG of *side* times *side* pixels in a few dozen kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = zlib.compressobj(9)
    row = b"\0" + b"\0" * (side // 8)
    pixels = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(tmp_path, Rules())


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_readable_picture_is_kept_as_jpeg_under_its_hash(documents, tmp_path, kind):
    sent = await documents.check(File(encoded(card(), kind), "ktp.dat", album="a1"))

    assert isinstance(sent, Sent)
    document = sent.document
    data = documents.path(document.sha256).read_bytes()
    assert hashlib.sha256(data).hexdigest() == document.sha256
    assert (document.mime, document.size, document.album) == ("image/jpeg", len(data), "a1")
    assert Image.open(io.BytesIO(data)).size == (WIDTH, HEIGHT)
    assert stored(tmp_path) == [documents.path(document.sha256)]


async def test_the_same_picture_twice_is_kept_once(documents, tmp_path):
    first = await documents.check(File(encoded(card())))
    again = await documents.check(File(encoded(card())))

    assert first == again
    assert len(stored(tmp_path)) == 1


async def test_place_and_camera_are_stripped_and_the_picture_is_turned_upright(documents):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    exif[0x010F] = "Contoh Kamera"
    exif.get_ifd(0x8825)[1] = "S"
    data = encoded(card(), exif=exif, comment=b"rahasia")

    sent = await documents.check(File(data))

    assert isinstance(sent, Sent)
    kept = documents.path(sent.document.sha256).read_bytes()
    picture = Image.open(io.BytesIO(kept))
    assert picture.size == (HEIGHT, WIDTH)
    assert not picture.getexif()
    assert b"Contoh Kamera" in data
    assert b"Contoh Kamera" not in kept
    assert b"rahasia" not in kept


async def test_a_large_photo_is_shrunk(tmp_path):
    documents = Documents(tmp_path, Rules(longest_side=320))

    sent = await documents.check(File(encoded(card())))

    assert isinstance(sent, Sent)
    with Image.open(documents.path(sent.document.sha256)) as kept:
        assert kept.size == (320, 200)


async def test_a_transparent_picture_lies_on_white(documents):
    picture = card().convert("RGBA")
    picture.putalpha(Image.eval(picture.getchannel("R"), lambda value: 255 - value))

    sent = await documents.check(File(encoded(picture, "PNG")))

    assert isinstance(sent, Sent)
    with Image.open(documents.path(sent.document.sha256)) as kept:
        assert min(kept.getpixel((2, 2))) > 240


async def test_a_pdf_is_kept_as_it_is(documents):
    sent = await documents.check(File(PDF, "C:\\fakepath\\../surat lahir.pdf"))

    assert isinstance(sent, Sent)
    assert sent.document.mime == "application/pdf"
    assert sent.document.name == "surat lahir.pdf"
    assert documents.path(sent.document.sha256).read_bytes() == PDF


BAD = {
    "empty": (b"", "lost"),
    "text that calls itself a photo": (b"<html><script>alert(1)</script>", "wrong_type"),
    "a program that calls itself a photo": (b"MZ" + b"\0" * 500, "wrong_type"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "wrong_type"),
    "gif": (encoded(card(), "GIF"), "wrong_type"),
    "voice": (b"OggS" + b"\0" * 60, "wrong_type"),
    "zip": (b"PK\x03\x04" + b"\0" * 60, "wrong_type"),
    "a JPEG that stops half way": (encoded(card())[:4000], "lost"),
    "a JPEG in name only": (b"\xff\xd8\xff\xe0" + b"\0" * 3000, "lost"),
    "a PNG in name only": (b"\x89PNG\r\n\x1a\n" + b"\0" * 3000, "lost"),
    "a WebP in name only": (b"RIFF\x00\x10\x00\x00WEBPVP8 " + b"\0" * 3000, "lost"),
    "a PDF without an end": (b"%PDF-1.4\n" + b"x" * 5000, "lost"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_file_is_refused_for_its_reason_and_leaves_nothing(documents, tmp_path, name):
    data, why = BAD[name]

    unfit = await documents.check(File(data, "ktp.jpg"))

    assert unfit == Unfit(why)
    assert stored(tmp_path) == []


async def test_a_picture_that_seems_unreadable_is_kept_with_its_doubt(documents, tmp_path):
    sent = await documents.check(File(encoded(card().filter(ImageFilter.GaussianBlur(9)))))

    assert isinstance(sent, Sent)
    assert sent.document.doubt == "blurred"
    assert stored(tmp_path) == [documents.path(sent.document.sha256)]


async def test_a_picture_of_400_megapixels_in_50_kilobytes_is_refused(documents, tmp_path):
    bomb = giant_png()
    assert len(bomb) < 60_000

    unfit = await documents.check(File(bomb))

    assert unfit == Unfit("too_many_pixels")
    assert stored(tmp_path) == []


async def test_a_picture_just_over_the_limit_is_refused_and_one_at_the_limit_is_not(tmp_path):
    data = encoded(card())
    over = Documents(tmp_path, Rules(max_pixels=WIDTH * HEIGHT - 1))
    at = Documents(tmp_path, Rules(max_pixels=WIDTH * HEIGHT))

    assert await over.check(File(data)) == Unfit("too_many_pixels")
    assert isinstance(await at.check(File(data)), Sent)


async def test_a_file_that_is_too_big_is_told_by_how_much(tmp_path):
    documents = Documents(tmp_path, Rules(max_bytes=5_000_000))

    unfit = await documents.check(File(b"\xff\xd8\xff" + b"x" * 11_500_000))

    assert unfit == Unfit("too_big", {"ukuran": "12 MB", "batas": "5 MB"})


async def test_decoding_may_not_take_more_memory_than_allowed(tmp_path):
    data = encoded(Image.new("L", (4000, 4000), "white"), "PNG")
    roomy = Documents(tmp_path, Rules(blurred_below=0))
    tight = Documents(tmp_path, Rules(blurred_below=0, memory_bytes=60_000_000))

    assert isinstance(await roomy.check(File(data)), Sent)
    assert await tight.check(File(data)) == Unfit("lost")


async def test_the_loop_goes_on_while_a_picture_is_decoded(documents):
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await documents.check(File(encoded(card((3000, 3000)))))
    ticking.cancel()

    assert ticks > 100


async def test_a_decoder_that_never_answers_is_stopped(tmp_path, monkeypatch):
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import signal; signal.pause()")
    monkeypatch.setattr("services.documents.DECODER", str(stuck))
    documents = Documents(tmp_path / "kept", Rules(seconds=0))

    assert await documents.check(File(encoded(card()))) == Unfit("lost")


async def test_a_check_that_is_given_up_leaves_no_process_behind(documents, monkeypatch):
    started = asyncio.Queue()
    create = asyncio.create_subprocess_exec

    async def watched(*args, **kwargs):
        process = await create(*args, **kwargs)
        started.put_nowait(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    check = asyncio.create_task(documents.check(File(encoded(card((3000, 3000))))))
    process = await started.get()
    check.cancel()
    with pytest.raises(asyncio.CancelledError):
        await check

    assert process.returncode is not None


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 62 + "/x"])
def test_only_the_name_of_a_document_leads_to_a_file(documents, name):
    with pytest.raises(ValueError, match="not the name"):
        documents.path(name)


async def test_a_removed_document_is_gone_and_may_be_removed_again(documents, tmp_path):
    sent = await documents.check(File(PDF))
    assert isinstance(sent, Sent)

    documents.remove(sent.document.sha256)
    documents.remove(sent.document.sha256)

    assert stored(tmp_path) == []


async def test_a_document_that_cannot_be_written_whole_leaves_nothing(
    documents, tmp_path, monkeypatch
):
    def full(_):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        await documents.check(File(PDF))

    assert stored(tmp_path) == []


async def test_documents_are_readable_by_their_owner_only(documents):
    sent = await documents.check(File(PDF))

    assert isinstance(sent, Sent)
    path = documents.path(sent.document.sha256)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_rules_travel_to_the_decoder_as_json():
    assert msgspec.json.decode(msgspec.json.encode(Rules()), type=Rules) == Rules()
