"""Bodies of requests, read no further than they may be long."""

from starlette.requests import Request


async def body_within(request: Request, largest: int) -> bytes | None:
    """The body, None as soon as it proves to be more than *largest* bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            return None
    return bytes(body)
