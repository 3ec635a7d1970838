"""Uploads on their way to the check: spooled to a folder before the inbox knows of them."""

import asyncio
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from starlette.datastructures import UploadFile

from bot.runtime.ports import FetchFailed, Media, too_big
from data.instants import Clock
from data.store import Store

SPOOLING = frozenset({"web", "bridge"})
"""The channels whose media are references of a spool."""

SPARED = timedelta(minutes=1)
"""A file this young may belong to an event that is just being stored."""


class Upload(msgspec.Struct, frozen=True):
    """The reference of an upload: *key* names its file, *name* is the sender's, *size* in bytes.

    *album* groups what was sent in one go.
    """

    key: str
    album: str
    name: str
    size: int


class Spool:
    """A folder of uploaded files, each under a random name.

    A file is on the disk before its event is stored, so that a crash never leaves an event
    without its file. What no waiting event names any more is swept away.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self.max_bytes = max_bytes

    async def keep(self, file: UploadFile, album: str, at: datetime) -> str:
        """Store *file* and return its reference; of what is too big only the size is kept."""
        size = file.size or 0
        data = await file.read() if size <= self.max_bytes else b""
        return await self.keep_bytes(data, file.filename or "", album, at, size)

    async def keep_bytes(
        self, data: bytes, name: str, album: str, at: datetime, size: int = 0
    ) -> str:
        """Store *data* likewise; *size* is what its sender says where *data* is not all of it."""
        upload = Upload(secrets.token_hex(16), album, name[:120], max(size, len(data)))
        if upload.size <= self.max_bytes:
            await asyncio.to_thread(self._write, upload.key, data, at)
        return msgspec.json.encode(upload).decode()

    async def bring(self, media: str) -> Media:
        """The file behind a reference; raises `FetchFailed` when it is gone or was too big."""
        upload = msgspec.json.decode(media, type=Upload)
        if upload.size > self.max_bytes:
            raise too_big(self.max_bytes, upload.size)
        try:
            data = await asyncio.to_thread((self._folder / upload.key).read_bytes)
        except FileNotFoundError:
            raise FetchFailed("lost") from None
        return Media(data=data, name=upload.name, album=upload.album)

    async def sweep(self, store: Store, clock: Clock) -> None:
        """Remove the files that no event waits for; one is named until its result is stored."""
        old = await asyncio.to_thread(self._older_than, clock.now() - SPARED)
        if not old:
            return
        async with store.read() as tx:
            awaited = await tx.all("uploads_awaited")
        wanted = {
            msgspec.json.decode(row["media"], type=Upload).key
            for row in awaited
            if row["channel"] in SPOOLING
        }
        for path in old:
            if path.name not in wanted:
                await asyncio.to_thread(path.unlink, missing_ok=True)

    def _older_than(self, instant: datetime) -> list[Path]:
        if not self._folder.exists():
            return []
        limit = instant.timestamp()
        with os.scandir(self._folder) as found:
            return [Path(one.path) for one in found if one.stat().st_mtime < limit]

    def _write(self, key: str, data: bytes, at: datetime) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / key
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.utime(path, (at.timestamp(), at.timestamp()))
