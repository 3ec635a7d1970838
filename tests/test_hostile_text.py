"""What people write is only ever text: in the chat, in the report, in the console, on Telegram."""

import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.officers import Officer
from tests.bot.channels.web.site import Visitor
from tests.fakes.bot_api import bold_of
from tests.house import House, finish, open_house, photo, press, talk, until

RINA = Officer("rina", "Rina K.", "KC-MANADO")

TEMPLATES = "{{ 4321*1234 }}{% raw %}{{3*'aduh'}}{% endraw %}{#x#}${4321*1234}{0.__class__}%(x)s"
MARKUP = "<b onmouseover=alert(1)>tebal</b><script>alert(1)</script>&lt;*tebal*_miring_`kode`[a](b)"
UNSEEN = "a\x02b\x03c\x00d\x1b[31me\u202ef\u2066g\u200bh\ufeffi\u00adj\U000e0041k\u2028l\ud800m"
HOSTILE = f"{TEMPLATES} {MARKUP} {UNSEEN}"

EXECUTED = (str(4321 * 1234), "aduhaduh", "<class")
SHOWN = "{{ 4321*1234 }}{% raw %}"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


def unseen_in(text: str) -> set[str]:
    """The characters of *text* that nobody can see."""
    kinds = {"Cc", "Cf", "Cs", "Co"}
    return {c for c in text if unicodedata.category(c) in kinds} - {"\n", "\r", "\t"}


def check(page: str) -> None:
    """Nothing in *page* was carried out, is markup, or cannot be seen."""
    assert not any(result in page for result in EXECUTED)
    assert "<script>alert" not in page
    assert "<b onmouse" not in page
    assert unseen_in(page) == set()


async def test_in_a_chat_it_is_shown_as_it_was_written(house: House) -> None:
    visitor = await house.visitor()
    await visitor.open()
    for text in ("E", "ya", "data saya", "bayar sendiri", "ya", HOSTILE.encode(errors="replace")):
        await visitor.say(text if isinstance(text, str) else text.decode())

    check(visitor.page)
    assert SHOWN in visitor.bubbles[-2]
    assert "tebal" not in re.findall(r"<b>(.*?)</b>", visitor.page)


@pytest.mark.parametrize("text", [TEMPLATES, MARKUP, UNSEEN], ids=["templates", "markup", "unseen"])
async def test_in_a_report_and_on_every_page_of_the_console(house: House, text: str) -> None:
    text = text.encode(errors="replace").decode()
    visitor, rina = await house.visitor(), await house.officer(RINA)
    await visitor.open()
    number = await filed(visitor, text)
    path = f"/admin/tiket/{number}"
    await press(rina, f"{path}/ambil")
    await visitor.say(text)
    await press(rina, f"{path}/catatan", catatan=text)
    await press(rina, f"{path}/balas", balasan=f"Baik: {text}")
    await until(visitor, "Baik:")
    check(visitor.page)
    for page in (
        await rina.get(path),
        await press(rina, f"{path}/lihat"),
        await rina.get("/admin/antrean?tab=saya"),
    ):
        assert number in page.text
        check(page.text)
    wrong = {"kode": "ganda", "sebab": TEMPLATES + MARKUP, "boleh_lagi": "besok", "kirim": "ya"}
    refused = await press(rina, f"{path}/tolak", **wrong)
    assert refused.status_code == 409
    check(refused.text)
    await finish(rina, path, text)
    await until(visitor, number)
    check(visitor.page)


async def test_on_telegram_it_is_neither_bold_nor_a_link(house: House) -> None:
    person = house.person(81)
    count = 0
    for text in ("halo", "E", "ya", "data saya", "bayar sendiri", "ya", "Siti Aminah", MARKUP):
        await person.say(text)
        count = len(await person.hears(count + 1))

    # the fake refuses any markup that Telegram would; what comes back is plain
    assert {entity["type"] for said in person.read for entity in said.get("entities", [])} <= {
        "bold"
    }
    assert not any("alert" in word for said in person.read for word in bold_of(said))


async def filed(visitor: Visitor, address: str) -> str:
    """Service E with *address* as the new address; the ticket's number."""
    said = [
        ("E", "Setuju?"),
        ("ya", "Data siapa"),
        ("data saya", "Siapa yang membayar"),
        ("bayar sendiri", "sudah benar?"),
        ("ya", "Nama lengkap peserta?"),
        ("Siti Aminah", "NIK peserta?"),
        ("7171014703569901", "Tanggal lahir"),
        ("07-03-1956", "Data apa yang mau diubah?"),
        ("alamat", "Alamat yang benar?"),
        (f"Jalan Melati 5 {address}", "Ada data lain"),
        ("tidak", "Nomor HP"),
        ("081200000142", "kabupaten atau kota"),
        ("Kota Manado", "Sudah benar?"),
        ("ya", "foto KTP"),
    ]
    await talk(visitor, said)
    for number, answer in enumerate(("Kartu Keluarga (KK).", "foto kartu JKN")):
        await visitor.send((address[:50], photo(seed=number)))
        await until(visitor, answer)
    await visitor.say("lewati")
    await until(visitor, "Mohon periksa")
    check(visitor.page)
    await visitor.say("KIRIM")
    await until(visitor, "Nomor tiket")
    found = re.search(r"MND-E-\d{4}", visitor.last)
    assert found
    return found[0]
