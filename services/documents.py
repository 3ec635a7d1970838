"""Documents that people send: checked, cleaned and kept under the name of their content.

Nothing about a file is believed but its bytes. Pictures are decoded in a process of their own
(`services.decoding`) and kept as fresh JPEG; PDF files are kept as they are and never opened here.
"""

import asyncio
import hashlib
import os
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import filetype
import msgspec

from flows.events import Sent, Unfit
from forms.cleaning import clean
from forms.fields import Document

JPEG = "image/jpeg"
PDF = "application/pdf"
PICTURES = frozenset({JPEG, "image/png", "image/webp"})
PDF_TAIL = 2048
"""Bytes at the end of a PDF within which a whole one says so."""

MEGA = 1_000_000
LONGEST_NAME = 80
DECODERS = 2
"""Pictures decoded at the same time."""

DECODER = str(Path(__file__).with_name("decoding.py"))
HEX = frozenset("0123456789abcdef")


class Rules(msgspec.Struct, frozen=True):
    """What a file may be, and which pictures are doubted.

    *max_bytes* and *max_pixels* refuse, *longest_side* (pixels) shrinks. A picture is doubted
    whose longest side has fewer pixels than *small_below*; whose light parts are darker than
    *dark_below* (0 to 255); whose ink and paper differ by less than *faint_below*; whose steepest
    edges are less than this share of that difference (*blurred_below*) at 1000 pixels. 0 switches
    a doubt off. Why these numbers: docs/adr/0012. *memory_bytes* and *seconds* are what decoding
    one picture may take.
    """

    max_bytes: int = 10_000_000
    max_pixels: int = 25_000_000
    longest_side: int = 3000
    quality: int = 85
    small_below: int = 400
    dark_below: int = 45
    faint_below: int = 25
    blurred_below: float = 0.12
    memory_bytes: int = 1_000_000_000
    seconds: int = 20


class Fetched(Protocol):
    """A file as a channel brought it in (`bot.runtime.ports.Media`)."""

    @property
    def data(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    @property
    def album(self) -> str: ...


class _Verdict(msgspec.Struct, frozen=True):
    why: str
    doubt: str = ""


FIT, LOST = _Verdict(""), _Verdict("lost")


class Documents:
    """The checked documents in *folder*, each in a file named by the SHA-256 of its bytes."""

    def __init__(self, folder: Path, rules: Rules) -> None:
        self._folder = folder
        self._rules = rules
        self._decoders = asyncio.Semaphore(DECODERS)

    async def check(self, file: Fetched) -> Sent | Unfit:
        """Look at *file*; when it is fit, keep it and return its `Document`.

        Unfit is told as ``too_big`` (values ``ukuran`` and ``batas``, such as ``12 MB``),
        ``too_many_pixels``, ``wrong_type`` or ``lost`` (damaged). A picture that seems unreadable
        is kept, with its `Document.doubt`: people decide. Raises OSError when it cannot be stored.
        """
        rules = self._rules
        if len(file.data) > rules.max_bytes:
            return Unfit("too_big", sizes(len(file.data), rules.max_bytes))
        kind = filetype.guess_mime(file.data) if file.data else ""
        verdict, data = _Verdict("wrong_type"), b""
        if kind in PICTURES:
            verdict, data = await self._decoded(file.data)
            kind = JPEG
        elif kind == PDF:
            verdict, data = _whole_pdf(file.data), file.data
        elif not file.data:
            verdict = LOST
        if verdict.why:
            return Unfit(verdict.why)
        sha256, name = await asyncio.to_thread(self._keep, data), _file_name(file.name)
        return Sent(Document(sha256, str(kind), len(data), name, file.album, verdict.doubt))

    def path(self, sha256: str) -> Path:
        """Where the document named *sha256* is kept, whether it still is or not.

        Raises ValueError for anything but 64 figures of a hexadecimal number.
        """
        if len(sha256) != 64 or not HEX.issuperset(sha256):
            raise ValueError("not the name of a document")
        return self._folder / sha256[:2] / sha256

    def remove(self, sha256: str) -> None:
        """Delete a document; nothing happens when it is gone already."""
        self.path(sha256).unlink(missing_ok=True)

    async def _decoded(self, data: bytes) -> tuple[_Verdict, bytes]:
        """What is to be said of a picture, and its clean form."""
        async with self._decoders:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",  # the folder of the program is not searched: it holds queue.py
                DECODER,
                msgspec.json.encode(self._rules).decode(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                # a process that waits instead of working is stopped by this clock, not its own
                async with asyncio.timeout(self._rules.seconds * 2):
                    answer, _ = await process.communicate(data)
            except TimeoutError:
                return LOST, b""
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode:
            return LOST, b""
        verdict, _, jpeg = answer.partition(b"\n")
        return msgspec.json.decode(verdict, type=_Verdict), jpeg

    def _keep(self, data: bytes) -> str:
        """Write *data* whole or not at all; the same bytes are kept once."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.exists():
            return sha256
        for folder in (self._folder, path.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)
        return sha256


def sizes(size: int, limit: int) -> dict[str, Any]:
    """How a file of *size* bytes (0: not known) and its *limit* are told: ``12 MB``."""
    told = {"batas": f"{limit // MEGA} MB"}
    return {"ukuran": f"{-(-size // MEGA)} MB", **told} if size else told


def _whole_pdf(data: bytes) -> _Verdict:
    return FIT if data.startswith(b"%PDF-") and b"%%EOF" in data[-PDF_TAIL:] else LOST


def _file_name(name: str) -> str:
    """The last part of the sender's file name, readable and short."""
    return clean(PurePosixPath(name.replace("\\", "/")).name)[:LONGEST_NAME]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
