"""The short answers that pages share: on to another page, or one sentence."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.words import render, written

MISSING = "Halaman atau permintaan itu tidak ada."
BUSY = "Belum tersimpan. Coba lagi sebentar."


def on_to(address: str) -> Response:
    """The browser goes on to *address* with a GET."""
    return RedirectResponse(address, 303)


def message(text: str, status: int, fields: Mapping[str, str] | None = None) -> Response:
    """A page with one sentence, and what was typed where it could not be taken."""
    return HTMLResponse(render("pesan.html", text=text, written=written(fields or {})), status)
