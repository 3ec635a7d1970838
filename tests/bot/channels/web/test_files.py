"""Photos and documents sent through the page."""

import asyncio
from io import BytesIO

from PIL import Image

from flows.events import DECODER, Opened, Sent, Text, Unfit
from tests.bot.channels.web.site import MEGA, Site, Visitor
from tests.bot.channels.web.test_page import heard

PATIENCE = 20.0


def photo(seed: int) -> bytes:
    """A sharp picture; another *seed* makes another one."""
    picture = Image.effect_noise((480, 320), 90 + seed).convert("RGB")
    file = BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


async def settled(site: Site, visitor: Visitor) -> None:
    """Wait until everything that *visitor* sent has had its turn."""
    async with asyncio.timeout(PATIENCE):
        await visitor.open()
        while "Sebentar…" in visitor.page:
            await visitor.open()


async def test_an_album_of_three_arrives_as_one_album(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.send(*((f"{n}.jpg", photo(n)) for n in range(3)))
    await settled(site, visitor)
    came = await heard(site, visitor.chat)
    assert [type(event) for event in came[1:]] == [Sent, Sent, Sent]
    assert len({event.document.album for event in came[1:]} - {""}) == 1
    assert [event.document.name for event in came[1:]] == ["0.jpg", "1.jpg", "2.jpg"]
    own = [f"Anda: Berkas dikirim: {n}.jpg" for n in range(3)]
    assert [bubble for bubble in visitor.bubbles if "Berkas dikirim" in bubble] == own


async def test_words_and_a_photo_in_one_post_arrive_in_that_order(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.send(("ktp.jpg", photo(1)), text="ini KTP saya")
    await settled(site, visitor)
    came = await heard(site, visitor.chat)
    assert [type(event) for event in came] == [Opened, Text, Sent]
    assert came[2].document.album == ""


async def test_a_file_that_is_too_big_is_told_by_how_much_and_not_kept(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.send(("film.jpg", b"x" * (3 * MEGA + 1)))
    await settled(site, visitor)
    too_big = Unfit("too_big", {"ukuran": "4 MB", "batas": "2 MB"})
    assert (await heard(site, visitor.chat))[1] == too_big
    assert "Berkas terlalu besar (4 MB). Batasnya 2 MB." in visitor.last
    assert site.uploads() == []


async def test_a_file_that_lies_about_its_type_is_told_so(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.send(("ktp.jpg", b"MZ\x90\x00 not a picture at all"))
    await settled(site, visitor)
    assert "Berkas itu bukan foto atau PDF." in visitor.last


async def test_eleven_files_are_refused_together(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    answer = await visitor.send(*((f"{n}.jpg", b"x") for n in range(11)))
    assert answer.status_code == 400
    assert visitor.notice == "Paling banyak 10 berkas sekali kirim."
    assert site.uploads() == []
    assert len(await heard(site, visitor.chat)) == 1


async def test_the_same_post_of_files_counts_once(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    files = [("file", ("ktp.jpg", photo(1)))]
    await visitor.post({"text": ""}, files, nonce="abcdefgh1234")
    await visitor.post({"text": ""}, files, nonce="abcdefgh1234")
    await settled(site, visitor)
    assert len(await heard(site, visitor.chat)) == 2


async def test_an_upload_is_swept_away_once_its_result_is_stored(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.send(("ktp.jpg", photo(1)))
    await settled(site, visitor)
    assert len(site.uploads()) == 1
    await site.sweep()
    assert len(site.uploads()) == 1, "a young file may belong to an event just being stored"
    site.clock.ahead(minutes=2)
    await site.sweep()
    assert site.uploads() == []


async def test_an_upload_that_an_event_waits_for_is_never_swept(site: Site) -> None:
    site.runtime.fetcher.stop()
    visitor = site.visitor()
    await visitor.open()
    await visitor.send(("ktp.jpg", photo(1)))
    site.clock.ahead(days=2)
    await site.sweep()
    assert len(site.uploads()) == 1


async def test_an_upload_whose_event_was_never_stored_is_swept(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    site.refusals = 1
    answer = await visitor.send(("ktp.jpg", photo(1)))
    assert answer.status_code == 503
    assert len(site.uploads()) == 1
    site.clock.ahead(minutes=2)
    await site.sweep()
    assert site.uploads() == []


async def test_a_reference_that_names_no_file_is_told_as_lost(site: Site) -> None:
    visitor = site.visitor()
    site.runtime.fetcher.stop()
    await visitor.open()
    await visitor.send(("ktp.jpg", photo(1)))
    for path in site.uploads():
        path.unlink()
    [waiting] = await site.store.fetches(9)
    assert DECODER.decode(waiting.body) == Unfit("lost")
