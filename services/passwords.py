"""Passwords: what one must be like, and the argon2id hash that is kept of it.

Hashing takes a tenth of a second and 64 MiB: callers run it in a thread, never in a transaction.
"""

import re
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from services.account_rules import Policy
from services.officers import Officer
from services.refusals import Refused

LONGEST = 200
"""Characters that are hashed at most; more is no password but an attack."""

COMMON = ("password", "katasandi", "bpjskesehatan", "qwertyuiop", "1234567890", "indonesia")
"""What guessers try first, and a long password may be made of alone."""

_PARTS = {
    "huruf besar": r"[A-Z]",
    "huruf kecil": r"[a-z]",
    "angka": r"\d",
    "tanda baca": r"[^\w\s]|_",
}
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


def check(password: str, officer: Officer, policy: Policy) -> None:
    """Raises `Refused` for a password that *policy* does not take; the sentence says why."""
    if len(password) < policy.shortest:
        raise Refused("sandi.pendek", least=policy.shortest)
    if len(password) > LONGEST:
        raise Refused("sandi.panjang", most=LONGEST)
    plain = _letters(password)
    if any(_letters(part) in plain for part in _own_words(officer)):
        raise Refused("sandi.nama")
    if len(set(password)) < 5 or any(word in plain and len(plain) < 20 for word in COMMON):
        raise Refused("sandi.umum")
    missing = [name for name, part in _PARTS.items() if not re.search(part, password)]
    if policy.composed and missing:
        raise Refused("sandi.susunan", missing=", ".join(missing))


def check_chosen(password: str, again: str, officer: Officer, policy: Policy) -> None:
    """As `check`, for a password that was typed twice."""
    check(password, officer, policy)
    if password != again:
        raise Refused("sandi.beda")


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(_same(password))


def fits(kept: str, password: str) -> bool:
    """Whether *password* is the one behind *kept*; '' fits none, and takes as long."""
    try:
        return _HASHER.verify(kept or _nobodys(), _same(password[:LONGEST])) and kept != ""
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(1)
def _nobodys() -> str:
    """The hash of no account: who has none must not answer faster."""
    return _HASHER.hash("tidak ada")


def _same(password: str) -> str:
    """The same letters, whatever keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


def _own_words(officer: Officer) -> list[str]:
    words = re.split(r"\W+", f"{officer.name} {officer.id}")
    return [word for word in words if len(word) > 3]


def _letters(text: str) -> str:
    return _same(text).casefold()
