"""The fakes for code that asks without an event loop."""

import asyncio
from collections.abc import Mapping

import httpx
from starlette.types import ASGIApp


def network(hosts: Mapping[str, ASGIApp]) -> httpx.MockTransport:
    """A network on which only these *hosts* answer."""

    async def asked(app: ASGIApp, request: httpx.Request) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await client.request(
                request.method, request.url, headers=request.headers, content=request.content
            )

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host not in hosts:
            raise httpx.ConnectError(f"nobody at {request.url}")
        found = asyncio.run(asked(hosts[request.url.host], request))
        return httpx.Response(found.status_code, content=found.content)

    return httpx.MockTransport(answer)
