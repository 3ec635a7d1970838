"""Hashing passwords in threads, a few at a time: each takes a tenth of a second and 64 MiB."""

import asyncio

from bot.console.deps import Deps
from services import passwords, sign_in
from services.officers import Officer

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


async def is_own(deps: Deps, officer: Officer, password: str) -> bool:
    """Whether *password* is that of a signed-in officer now."""
    async with deps.store.read() as tx:
        known = await sign_in.account(tx, officer.id)
    return await fits(known.password_hash if known else "", password)
