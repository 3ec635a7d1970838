"""A telephone is linked by a code from the console, and by nothing else."""

from datetime import timedelta

from services import staff_links
from tests.bot.staff.office import CODE_LASTS, Office
from tests.desk import ADMIN, DIMAS, RINA

WRONG = "Kode itu salah, sudah dipakai, atau lewat waktunya."


async def test_a_code_links_whoever_writes_it_first(office: Office) -> None:
    code = await office.code(RINA)
    phone, other = office.phone(), office.phone()
    await phone.say(f" {code[:5].lower()}-{code[5:].lower()} ")
    await phone.reads("Tersambung. Selamat bekerja, Rina K.", "0 menunggu")
    await other.say(code)
    await other.reads(WRONG)

    assert await office.desk.trail("rina") == ["officer_added", "telegram_linked"]


async def test_the_link_of_the_console_carries_the_code(office: Office) -> None:
    phone = office.phone()
    await phone.say(f"/start {await office.code(RINA)}")
    await phone.reads("Tersambung")


async def test_a_code_counts_for_ten_minutes(office: Office) -> None:
    code = await office.code(RINA)
    phone = office.phone()
    office.desk.clock.at += CODE_LASTS
    await phone.say(code)
    await phone.reads(WRONG)


async def test_only_the_newest_code_counts(office: Office) -> None:
    old, new = await office.code(RINA), await office.code(RINA)
    phone = office.phone()
    await phone.say(old)
    await phone.reads(WRONG)
    await phone.say(new)
    await phone.reads("Tersambung")


async def test_only_the_hash_of_a_code_is_stored(office: Office) -> None:
    code = await office.code(RINA)
    [row] = office.sql("SELECT * FROM staff_code")
    assert code not in str(row)


async def test_who_guesses_has_to_wait(office: Office) -> None:
    code = await office.code(RINA)
    phone = office.phone()
    for _ in range(staff_links.MOST_TRIES):
        await phone.say("AAAAA-AAAAA")
        await phone.reads(WRONG)
    await phone.say(code)
    await phone.reads("Terlalu sering salah.")
    office.desk.clock.at += staff_links.PAUSE - timedelta(seconds=1)
    code = await office.code(RINA)
    await phone.say(code)
    await phone.reads("Terlalu sering salah.")
    office.desk.clock.at += timedelta(seconds=1)
    await phone.say(code)
    await phone.reads("Tersambung")


async def test_strangers_learn_only_how_to_link(office: Office) -> None:
    await office.desk.file()
    phone = office.phone()
    await phone.say("/start")
    assert await phone.reads("Buka Profil, Telegram di konsol.") == phone.texts[0]
    await phone.press("0|lihat:MND-G-0001", None)
    await phone.reads("Bot ini untuk petugas")
    assert not phone.buttons


async def test_a_new_telephone_takes_the_place_of_the_old_one(office: Office) -> None:
    old, new = await office.linked(RINA), await office.linked(RINA)
    await new.say("antrean")
    await new.reads("Tidak ada yang menunggu")
    await old.say("antrean")
    await old.reads("Bot ini untuk petugas")


async def test_a_telephone_belongs_to_one_officer(office: Office) -> None:
    phone = await office.linked(RINA)
    await phone.say(f"/start {await office.code(DIMAS)}")
    await phone.reads("Tersambung. Selamat bekerja, Dimas P.")
    assert (await office.desk.trail("rina"))[-1] == "telegram_unlinked"
    assert await office.desk.all("staff_link_of", officer="rina") == []


async def test_unlinking_asks_first_and_ends_everything(office: Office) -> None:
    phone = await office.linked(RINA)
    await phone.tap("Putuskan")
    await phone.reads("Putuskan bot ini dari akun Anda?")
    await phone.tap("Ya, putuskan")
    await phone.reads("Terputus.")
    await phone.tap("Antrean")
    await phone.reads("Bot ini untuk petugas")
    assert (await office.desk.trail("rina"))[-1] == "telegram_unlinked"


async def test_who_may_not_sign_in_gets_nothing(office: Office) -> None:
    phone = await office.linked(RINA)
    office.sql("UPDATE officer SET disabled = 1 WHERE id = 'rina'")
    await office.desk.file(urgent=True)
    await office.look()
    await office.settle()
    await phone.say("antrean")
    await phone.reads("Bot ini untuk petugas")
    assert "MND-G" not in "".join(phone.texts)

    unused = office.phone()
    await unused.say(await office.code(RINA))
    await unused.reads(WRONG)


async def test_files_are_for_the_console(office: Office) -> None:
    phone = await office.linked(RINA)
    await phone.send_photo(b"gambar")
    await phone.reads("Di sini hanya tulisan.")


async def test_head_office_hears_nothing_unasked_until_it_wants_to(office: Office) -> None:
    phone = await office.linked(ADMIN)
    await phone.tap("Pemberitahuan")
    await phone.reads("Permintaan mendesak: mati", "Ringkasan pagi: mati")
    await phone.tap("Permintaan mendesak")
    await phone.reads("Permintaan mendesak: menyala", "Tenggat: mati")
