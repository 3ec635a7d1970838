"""Uploads on their way to the check: spooled to a folder before the inbox knows of them."""

import asyncio
import os
import secrets
from pathlib import Path

from bot.runtime.ports import FetchFailed, Media


class Spool:
    """A folder of uploaded files, each under a random name.

    A file is on the disk before its event is stored, so that a crash never leaves an event
    without its file.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self.max_bytes = max_bytes

    async def keep(self, data: bytes, name: str, album: str) -> str:
        """Store *data*; the reference holds the key, the *album* and the sender's file *name*."""
        key = secrets.token_hex(16)
        await asyncio.to_thread(self._write, key, data)
        return f"{key}/{album}/{name[:120]}"

    async def bring(self, media: str) -> Media:
        """The file behind a reference; raises `FetchFailed` when it is gone."""
        key, album, name = media.split("/", 2)
        try:
            data = await asyncio.to_thread((self._folder / key).read_bytes)
        except FileNotFoundError:
            raise FetchFailed("lost") from None
        if len(data) > self.max_bytes:
            raise FetchFailed("too_big", limit_mb=self.max_bytes // 1_000_000)
        return Media(data=data, name=name, album=album)

    def _write(self, key: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / key
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
