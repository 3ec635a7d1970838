"""Hashing passwords in threads, a few at a time: each takes a tenth of a second and 64 MiB."""

import asyncio

from services import passwords

AT_ONCE = 2
_FREE = asyncio.Semaphore(AT_ONCE)


async def fits(kept: str, password: str) -> bool:
    """As `passwords.fits`."""
    async with _FREE:
        return await asyncio.to_thread(passwords.fits, kept, password)


async def hashed(password: str) -> str:
    """As `passwords.hashed`."""
    async with _FREE:
        return await asyncio.to_thread(passwords.hashed, password)
