"""Files from Telegram: through the set address, and never more than allowed."""

import msgspec
import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram_decode import FileRef
from bot.runtime.ports import FetchFailed, Throttled, too_big
from tests.bot.channels.conftest import LARGEST_FILE
from tests.bot.channels.echo import Echo
from tests.bot.channels.person import Person
from tests.fakes.bot_api import CHUNK, FakeBotApi


def reference(file_id: str, size: int = 0) -> str:
    return msgspec.json.encode(FileRef(file_id, size=size)).decode()


async def test_a_document_comes_with_the_name_its_sender_gave(
    person: Person, talking: Echo
) -> None:
    await person.send_document(b"%PDF-1.4", "surat.pdf")
    await person.hears(1)
    [media] = talking.fetched
    assert (media.data, media.name, media.mime) == (b"%PDF-1.4", "surat.pdf", "application/pdf")


async def test_a_file_of_exactly_the_limit_is_taken(api: FakeBotApi, telegram: Telegram) -> None:
    api.files["F"] = b"x" * LARGEST_FILE
    assert len((await telegram.fetch(reference("F"))).data) == LARGEST_FILE


async def test_a_file_that_says_it_is_too_large_is_never_asked_for(
    api: FakeBotApi, telegram: Telegram
) -> None:
    with pytest.raises(FetchFailed) as refused:
        await telegram.fetch(reference("F", LARGEST_FILE + 1))
    assert (refused.value.why, refused.value.final) == ("too_big", True)
    assert api.calls == []


def test_a_size_and_its_limit_are_told_in_whole_megabytes() -> None:
    assert too_big(10_000_000, 12_300_000).values == {"ukuran": "13 MB", "batas": "10 MB"}
    assert too_big(10_000_000).values == {"batas": "10 MB"}


async def test_a_file_that_lies_about_its_size_is_cut_off_in_the_stream(
    api: FakeBotApi, telegram: Telegram
) -> None:
    api.files["F"] = b"x" * (400 * CHUNK)
    with pytest.raises(FetchFailed) as refused:
        await telegram.fetch(reference("F", 10))
    assert refused.value.why == "too_big"
    assert api.streamed < len(api.files["F"])


@pytest.mark.parametrize(
    ("description", "why"),
    [("Bad Request: file is too big", "too_big"), ("Bad Request: wrong file_id", "lost")],
)
async def test_what_telegram_will_never_give_is_given_up(
    api: FakeBotApi, telegram: Telegram, description: str, why: str
) -> None:
    api.fail("getFile", 400, {"ok": False, "error_code": 400, "description": description})
    with pytest.raises(FetchFailed) as refused:
        await telegram.fetch(reference("F"))
    assert (refused.value.why, refused.value.final) == (why, True)


async def test_a_download_that_breaks_may_be_tried_again(
    api: FakeBotApi, telegram: Telegram
) -> None:
    api.fail("getFile", 200, {"ok": True, "result": {**_path(), "file_path": "documents/hilang"}})
    with pytest.raises(FetchFailed) as refused:
        await telegram.fetch(reference("F"))
    assert (refused.value.why, refused.value.final) == ("lost", False)
    api.files["F"] = b"ada"
    assert (await telegram.fetch(reference("F"))).data == b"ada"


async def test_a_flood_of_files_is_throttled(api: FakeBotApi, telegram: Telegram) -> None:
    api.flood("getFile", 9)
    with pytest.raises(Throttled) as throttled:
        await telegram.fetch(reference("F"))
    assert throttled.value.retry_after == 9


def _path() -> dict[str, str]:
    return {"file_id": "F", "file_unique_id": "F"}
