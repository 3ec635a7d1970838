"""The officers' bot in a group: it says once whom it serves, leaves, and no work is done there."""

from typing import Any

from flows.turn import CROWD_AGAIN
from tests.bot.staff.office import Office, Phone
from tests.desk import RINA
from tests.fakes.bot_api import BOT

GROUP = {"id": -5, "type": "supergroup", "title": "Kantor"}
ONLY_PRIVATE = "Bot ini hanya melayani lewat chat pribadi."


async def in_group(office: Office, phone: Phone, **content: Any) -> None:
    """Something happens in the group, and is answered to its end."""
    office.api.chats.add(-5)
    await office.api.push(message={**phone.message(**content), "chat": GROUP})
    await office.api.until(lambda: not office.api.unconfirmed)
    await office.settle()


def told(office: Office) -> list[str]:
    """What the group was told or is about to be."""
    rows = office.sql("SELECT body FROM outbox WHERE chat = 'staff:-5'")
    return [row[0].decode() for row in rows]


async def test_a_group_that_takes_the_bot_in_is_told_once_a_day_and_left(office: Office) -> None:
    phone = await office.linked(RINA)
    await in_group(office, phone, new_chat_members=[BOT])
    await office.api.until(lambda: office.api.left == [-5])
    assert [one["text"] for one in office.api.messages if one["chat"]["id"] == -5] == [ONLY_PRIVATE]

    await in_group(office, phone, text="antrean")
    assert len(told(office)) == 1

    office.desk.clock.at += CROWD_AGAIN
    await in_group(office, phone, text="antrean")
    await office.api.until(lambda: office.api.left == [-5, -5])
    assert len(told(office)) == 2


async def test_an_officer_learns_and_does_nothing_in_a_group(office: Office) -> None:
    phone = await office.linked(RINA)
    number = (await office.desk.file()).number
    for text in ("antrean", number, f"/start {number}"):
        await in_group(office, phone, text=text)
        office.desk.clock.at += CROWD_AGAIN

    assert len(told(office)) == 3
    assert all("chat pribadi" in text for text in told(office))
    assert office.sql("SELECT status FROM request") == [("waiting",)]


async def test_a_code_that_is_shown_in_a_group_links_nobody_and_is_not_kept(office: Office) -> None:
    code, phone = await office.code(RINA), office.phone()
    await in_group(office, phone, text=code)
    await in_group(office, phone, text=f"/start {code}")

    assert not any(code in str(row) for row in office.sql("SELECT * FROM event"))
    await phone.say(code)
    await phone.reads("Tersambung", RINA.name)
