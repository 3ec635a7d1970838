"""Who a visitor is: a random name in a signed cookie, and nothing else."""

import secrets

import msgspec
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "chika"
COOKIE_DAYS = 180


class Visitors(msgspec.Struct, frozen=True):
    """Reads and writes the cookie; *secure* where the site is served over https."""

    secret: str
    secure: bool

    def known(self, request: Request) -> str | None:
        """The visitor whose cookie we signed, None for a new or forged one."""
        try:
            visitor = self._signer().loads(request.cookies.get(COOKIE, ""))
        except BadSignature:
            return None
        return visitor if isinstance(visitor, str) else None

    def new(self) -> str:
        """A name that nobody can guess."""
        return secrets.token_urlsafe(16)

    def remember(self, response: Response, visitor: str) -> None:
        """Give *visitor* the cookie; scripts cannot read it, other sites cannot send it."""
        response.set_cookie(
            COOKIE,
            self._signer().dumps(visitor),
            max_age=COOKIE_DAYS * 86400,
            httponly=True,
            samesite="lax",
            secure=self.secure,
            path="/chat",
        )

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="chat")
