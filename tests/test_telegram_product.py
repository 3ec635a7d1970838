"""What Telegram brings besides answers, in the whole product: groups, blocks, albums, restarts."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.telegram_menu import COMMANDS, NAMES
from flows.commands import WORDS
from forms.reserved import reserved
from services.officers import Officer
from tests.bot.channels.person import Person
from tests.bot.runtime.stage import until
from tests.house import House, open_house, photo
from tests.served import FILING_E

pytestmark = pytest.mark.slow

RINA = Officer("rina", "Rina K.", "KC-MANADO")
GROUP = {"id": -100, "type": "supergroup", "title": "Warga"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def say(house: House, person: Person, *texts: str) -> None:
    """Say one after the other, each when the last question was seen."""
    for text in texts:
        count = len(person.read)
        house.clock.ahead(seconds=2)
        await person.say(text)
        await person.hears(count + 1)


async def filed(house: House, person: Person) -> str:
    """The number of a request of service E."""
    await person.say("halo")
    await person.hears(1)
    for said in FILING_E[1:]:
        count = len(person.read)
        house.clock.ahead(seconds=2)
        await (person.send_photo(said.read_bytes()) if isinstance(said, Path) else person.say(said))
        await person.hears(count + 1)
    found = re.search(r"[A-Z]{3}-E-\d{4}", person.texts[-1])
    assert found, person.texts[-1]
    return found[0]


async def until_told(officer: httpx.AsyncClient, path: str, words: str, told: bool) -> None:
    """Load the page until it says *words*, or no longer does."""

    async def seen() -> bool:
        return (words in (await officer.get(path)).text) == told

    await until(seen)


def in_group(person: Person, **content: Any) -> dict[str, Any]:
    return {**person.message(**content), "chat": GROUP}


async def test_the_commands_are_shown_and_each_is_understood(house: House) -> None:
    await house.api.until(lambda: len(house.api.called("setMyShortDescription")) == 2)
    asked = house.api.called("setMyCommands")
    assert [call.get("language_code") for call in asked] == [None, "en"]
    for call, language in zip(asked, NAMES, strict=True):
        shown = [one["command"] for one in json.loads(call["commands"])]
        assert [reserved(f"/{name}") for name in shown] == [name.upper() for name in COMMANDS]
        assert all(reserved(f"/{name}", language) in WORDS for name in shown)


async def test_a_start_goes_on_where_the_menu_cannot_be_set(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        house.api.flood("setMyCommands", 500, times=9)
        person = house.person(81)
        await person.say("halo")
        await person.hears(1)


async def test_a_group_is_refused_once_left_and_never_given_a_form(tmp_path: Path) -> None:
    for start in range(2):
        async with open_house(tmp_path) as house:
            api, person = house.api, house.person(81)
            api.updates += 100 * start
            api.chats.add(-100)
            for text in ("/start kc_manado_G", "G", "halo"):
                await api.push(message=in_group(person, text=text))
            await api.push(channel_post={**in_group(person, text="x"), "chat": {**GROUP, "id": -7}})
            await person.say("halo")
            await person.hears(1)
            if not start:
                await api.until(lambda api=api: api.left == [-100])
            said = [one["text"] for one in api.messages if one["chat"]["id"] == -100]
            assert len(said) == (0 if start else 1), "once, also after a restart"
            assert all("chat pribadi" in text for text in said)


async def test_after_a_restart_the_choice_is_still_written_below_its_question(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        person = house.person(81)
        await say(house, person, "/start G")
        asked = person.read[-1]
    async with open_house(tmp_path) as house:
        house.api.messages.append(asked)
        house.clock.ahead(seconds=9)
        await house.person(81).tap("Setuju", on=asked)
        await house.api.until(lambda: asked.get("edited"))
        assert asked["text"].endswith("\n✓ Setuju")


async def test_who_blocks_the_bot_is_told_to_the_officer_until_they_write_again(
    house: House,
) -> None:
    person, rina = house.person(81), await house.officer(RINA)
    path = f"/admin/tiket/{await filed(house, person)}"
    assert "Pesan tidak sampai" not in (await rina.get(path)).text

    await person.blocks(True)
    await until_told(rina, path, "Pesan tidak sampai", True)
    await person.blocks(False)
    await until_told(rina, path, "Pesan tidak sampai", False)
    house.api.blocked.add(81)
    await person.say("halo")  # and the answer is refused
    await until_told(rina, path, "Pesan tidak sampai", True)


async def test_ten_pictures_at_once_that_nobody_asked_for_get_one_answer(house: House) -> None:
    person = house.person(81)
    await say(house, person, "halo")
    before = len(person.read)
    for seed in range(10):
        await person.send_photo(photo(seed=seed), album="A1")
    await person.say("menu")
    await person.hears(before + 2)
    told = person.texts[before:]
    assert [text for text in told if "foto" in text.lower()] == told[:1]
    assert len(told) == 2, told
