"""A document that was promised and comes without being asked for."""

from forms.fields import Document
from services import conversation, endings
from tests.desk import CHAT, RINA, Desk

PAGE = Document("a" * 64, "image/jpeg", 1000)
PROMISED = {"flags": ("later:foto_kk", "dirawat")}


async def test_it_joins_the_newest_open_request_that_waits_for_one(desk: Desk) -> None:
    await desk.file(**PROMISED)
    newest = await desk.file(**PROMISED)
    await desk.file(flags=("skipped:nik", "terlambat"))

    request = await desk.do(conversation.brought, CHAT, PAGE)

    assert request is not None
    assert request.number == newest.number
    async with desk.store.read() as tx:
        written = await conversation.messages(tx, request)
    assert [(one.author, one.document) for one in written] == [("participant", PAGE.sha256)]


async def test_it_may_come_while_an_officer_has_the_request(desk: Desk) -> None:
    ticket = await desk.file(**PROMISED)
    await desk.claim(RINA, ticket.number)

    assert await desk.do(conversation.brought, CHAT, PAGE) is not None


async def test_nothing_is_kept_where_nobody_waits_for_it(desk: Desk) -> None:
    await desk.file(flags=("skipped:nik",))
    await desk.file(chat="web:budi", **PROMISED)
    ended = await desk.file(**PROMISED)
    await desk.claim(RINA, ended.number)
    await desk.do(endings.finish, RINA, ended.number, outcome="Sudah aktif.")

    assert await desk.do(conversation.brought, CHAT, PAGE) is None
    assert await desk.all("request_documents", request=(await desk.request(ended.number)).id) == []
