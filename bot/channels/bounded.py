"""Bodies that others send: read no further than they may be long, nor deeper than we can."""

import json
from typing import Any

from starlette.requests import Request


async def body_within(request: Request, largest: int) -> bytes | None:
    """The body, None as soon as it proves to be more than *largest* bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            return None
    return bytes(body)


def json_of(body: bytes) -> Any:
    """What *body* says; raises `ValueError` where that is no JSON, or nested too deep."""
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
