"""Tokens of links and sessions: 256 random bits, of which only the hash is stored."""

import hashlib
import secrets


def new() -> str:
    """A token for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of *token*; it is random, so a slow password hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
