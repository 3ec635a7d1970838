"""The signature of both directions: HMAC-SHA256 over the timestamp, a dot and the body as sent."""

import hashlib
import hmac
from datetime import datetime

from starlette.datastructures import Headers

from bot.channels.signed import Refused

TIMESTAMP_HEADER = "X-Chika-Timestamp"
SIGNATURE_HEADER = "X-Chika-Signature"

TOLERANCE = 300
"""Seconds between the two clocks; older calls may be replays (Stripe's webhooks allow as much)."""


def sign(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of *body* when it is sent at *at*."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: _signature(secret, timestamp, body)}


def prove(secret: str, headers: Headers, body: bytes, now: datetime) -> None:
    """Raises `Refused` unless somebody with *secret* signed *body* a moment ago."""
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    shown = headers.get(SIGNATURE_HEADER, "")
    if not (timestamp and shown):
        raise Refused(
            401,
            "unsigned",
            f"{TIMESTAMP_HEADER} or {SIGNATURE_HEADER} is missing.",
            "Sign every call as docs/bridges.md shows.",
        )
    wanted = _signature(secret, timestamp, body)
    if not hmac.compare_digest(shown.encode(), wanted.encode()):
        raise Refused(
            401,
            "wrong_signature",
            "The signature is not that of this body, timestamp and secret.",
            "Use CHIKA_BRIDGE_SECRET, and sign the bytes of the body exactly as they are sent.",
        )
    if not timestamp.isdecimal() or abs(int(timestamp) - now.timestamp()) > TOLERANCE:
        raise Refused(
            401,
            "wrong_time",
            f"The timestamp is more than {TOLERANCE} seconds away from {int(now.timestamp())}.",
            "Write the present in whole seconds since 1970 (UTC), sign anew for each try, and"
            " let NTP set the clock.",
        )


def _signature(secret: str, timestamp: str, body: bytes) -> str:
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
