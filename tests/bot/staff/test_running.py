"""The officers' bot beside the rest: what it must not harm, and what it never tells."""

import io
import subprocess
import sys
from datetime import timedelta

from bot.cli.logs import configure
from bot.config.settings import ROOT, Log
from services import conversation
from tests.bot.runtime.stage import until
from tests.bot.staff.office import Office
from tests.desk import CHAT, RINA
from tests.fakes.bot_api import TOKEN

DOWN = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
REFUSED = {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_a_flood_is_waited_out_and_nothing_is_lost(office: Office) -> None:
    phone = await office.linked(RINA)
    office.api.flood("sendMessage", 30)
    await phone.say("antrean")
    await until(lambda: office.sql("SELECT 1 FROM outbox WHERE not_before > 0"))
    assert phone.news == ""
    office.desk.clock.at += timedelta(seconds=30)
    office.runtime.sender.wake()
    await phone.reads("Tidak ada yang menunggu.")


async def test_a_telegram_that_is_down_ends_nothing_else(office: Office) -> None:
    phone = await office.linked(RINA)
    office.api.fail("getUpdates", 500, DOWN, times=1000)
    await office.api.until(lambda: len(office.api.called("getUpdates")) > 3)
    number = (await office.desk.file()).number
    await office.desk.claim(RINA, number)
    await office.settle()

    assert office.runtime.ready
    assert len(await office.desk.all("web_chat_said", chat=CHAT, limit=9)) == 1
    assert phone.news == ""


async def test_a_turn_that_fails_blocks_no_other_officer(office: Office) -> None:
    phone, other = await office.linked(RINA), office.phone()
    office.sql(f"UPDATE chat SET session = 'x' WHERE id = 'staff:{phone.id}'")
    await phone.say("antrean")
    await other.say("halo")
    await other.reads("Bot ini untuk petugas")


async def test_neither_token_nor_words_stand_in_the_log(office: Office) -> None:
    out = io.StringIO()
    configure(Log(level="debug"), (), out)
    phone = await office.linked(RINA)
    number = (await office.desk.file()).number
    await office.desk.do(conversation.wrote, CHAT, number, text="RAHASIA")
    office.api.fail("getUpdates", 401, REFUSED)
    office.api.fail("sendMessage", 401, REFUSED)
    await phone.say(number)
    await office.api.until(lambda: len(office.api.called("sendMessage")) == 2)
    await until(lambda: "not sent" in out.getvalue())

    assert "InvalidToken" in out.getvalue()
    assert TOKEN not in out.getvalue()
    assert TOKEN.partition(":")[2] not in out.getvalue()
    assert "RAHASIA" not in out.getvalue()


def test_the_library_is_imported_only_for_who_has_such_a_bot() -> None:
    code = "import sys, bot.cli.serve; print(*{'telegram', 'apscheduler'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
