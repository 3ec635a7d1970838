"""An officer at work on the telephone: takes, reads, answers, corrects, finishes; and what not."""

from datetime import datetime, timedelta

import pytest
from telegram import Bot

from bot.channels.staff_decode import decode
from data.instants import to_us
from data.store import Tx
from forms.fields import Document
from services import checklist, conversation, endings, queue, quick_replies, unsent
from services.queue import Attached
from services.requests import Request
from tests.bot.staff.office import Office, Phone
from tests.desk import BENNY, CHAT, DIMAS, MONDAY_NIGHT, NIK, RINA, SARI, TIO, TONDANO
from tests.fakes.bot_api import TOKEN

NUMBER = "MND-G-0001"
PICTURE = Document("a" * 64, "image/jpeg", 5, "ktp.jpg")


async def filed(office: Office) -> str:
    attached = [Attached("foto_kk", 1, PICTURE)]
    return (await office.desk.file(documents=attached)).number


async def taken(office: Office) -> Phone:
    """Rina's telephone after she took the only request."""
    await filed(office)
    phone = await office.linked(RINA)
    await phone.tap("Antrean")
    await phone.reads(NUMBER)
    await phone.tap(NUMBER)
    await phone.reads("Menunggu")
    await phone.tap("Ambil")
    await phone.reads("Anda ambil", "Dikerjakan oleh Rina K.")
    return phone


async def request(office: Office) -> Request:
    return await office.desk.request(NUMBER)


async def last_entry(office: Office) -> tuple[str, str]:
    """The last action upon the request, and how it was done."""
    entry = (await office.desk.all("audit_of", object=NUMBER))[-1]
    return entry["action"], entry["detail"]


async def told(office: Office) -> list[str]:
    """What was put into the outbox of the participant, in order, once it cannot be taken back."""
    office.desk.clock.at += office.product.rules.undo
    await office.settle()
    rows = await office.desk.all("web_chat_said", chat=CHAT, limit=20)
    return [bytes(row["body"]).decode() for row in reversed(rows)]


async def test_the_list_and_the_request_show_no_number_in_full(office: Office) -> None:
    await filed(office)
    await office.desk.do(conversation.wrote, CHAT, NUMBER, text=f"NIK saya {NIK}")
    phone = await office.linked(RINA)
    await phone.tap("Antrean")
    assert "MND-G-0001 · Pindah faskes · tenggat" in await phone.reads("Antrean")
    await phone.say(NUMBER.lower())
    shown = await phone.reads("Siti Aminah")

    assert "NIK: ••••••••••••9901" in shown
    assert "NIK saya ************9901" in shown
    assert NIK not in "".join(phone.texts)
    assert "Berkas: 1, buka di konsol." in shown
    assert "http://localhost:8080/admin/tiket/MND-G-0001" in shown


async def test_a_request_is_taken_and_the_participant_hears_of_it(office: Office) -> None:
    await taken(office)

    assert (await request(office)).officer == "rina"
    assert "Rina K." in (await told(office))[-1]
    action, detail = await last_entry(office)
    assert (action, '"via":"telegram"' in detail) == ("claimed", True)


async def test_the_first_of_the_queue_is_taken(office: Office) -> None:
    await filed(office)
    phone = await office.linked(RINA)
    await phone.tap("Ambil berikutnya")
    await phone.reads("MND-G-0001 Anda ambil.")
    await phone.tap("Antrean")
    await phone.reads("Tidak ada yang menunggu.")
    await phone.tap("Tugas saya")
    await phone.reads("Tugas saya", NUMBER)


async def test_the_loser_of_a_claim_reads_who_won(office: Office) -> None:
    await filed(office)
    phone = await office.linked(RINA)
    await phone.say(NUMBER)
    await phone.reads("Menunggu")
    await office.desk.claim(DIMAS, NUMBER)
    office.desk.clock.at += timedelta(seconds=12)

    await phone.tap("Ambil")
    assert "MND-G-0001 sudah diambil Dimas P., 12 detik lalu." in await phone.reads("Dimas")
    assert (await request(office)).officer == "dimas"


async def test_nothing_is_taken_outside_the_hours(office: Office) -> None:
    await filed(office)
    phone = await office.linked(RINA)
    office.desk.clock.at = MONDAY_NIGHT
    await phone.tap("Ambil berikutnya")
    await phone.reads("Sekarang di luar jam layanan. Buka Selasa, 24 November 2026")


async def test_a_reply_reaches_the_participant_word_for_word(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await phone.say("Berkas <b>lengkap</b>,\nterima kasih.")
    await phone.reads("Balasan MND-G-0001 terkirim dalam 10 detik.")

    assert "Berkas <b>lengkap</b>,\\nterima kasih." in (await told(office))[-1]
    action, detail = await last_entry(office)
    assert (action, '"via":"telegram"' in detail) == ("replied", True)
    # the buttons below are fresh
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await phone.tap("Batal")
    await phone.reads("tidak ada yang terkirim")
    await phone.say("bukan balasan")
    await phone.reads("Selamat")
    assert len(await told(office)) == 2


async def test_a_correction_is_asked_for_a_part_that_is_picked(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Minta perbaikan")
    await phone.reads("Bagian mana")
    assert phone.buttons[-1] == "Batal"
    await phone.tap("NIK")
    await phone.reads("MND-G-0001, NIK: apa sebabnya?")
    await phone.tap("Isian kurang lengkap")
    await phone.reads("Peserta akan membaca:", "Isian ini belum lengkap.", "Minta perbaikan")
    await phone.tap("Tulis sendiri")
    await phone.reads("Tulis apa yang perlu diperbaiki")
    await phone.say("Angkanya kurang satu")
    shown = await phone.reads("Peserta akan membaca:", "Angkanya kurang satu")
    assert "Nomor NIK peserta?" in shown
    await phone.tap("Kirim")
    await phone.reads("Permintaan perbaikan MND-G-0001 terkirim")

    after = await request(office)
    assert (after.status, after.correction_step) == ("needs_correction", "nik")
    assert "Angkanya kurang satu" in (await told(office))[-1]


async def to_preview(office: Office, phone: Phone) -> str:
    """From the request in hand to the last look before it is finished."""
    await phone.tap("Selesai")
    await phone.reads("selesai karena apa?")
    await phone.tap("Sudah diproses sesuai permintaan")
    return await phone.reads("Peserta akan membaca:", "Kirim dan selesaikan MND-G-0001?")


async def test_a_request_is_finished_after_its_very_text_was_shown(office: Office) -> None:
    phone = await taken(office)
    shown = await to_preview(office, phone)
    assert "Tiket MND-G-0001 selesai (Pindah faskes).\nPermintaan sudah kami proses." in shown
    assert (await request(office)).status == "claimed"

    await phone.tap("Kirim")
    await phone.reads("MND-G-0001 selesai. Peserta diberi tahu dalam 10 detik.")
    after = await request(office)
    assert (after.outcome, after.reason_code) == ("Permintaan sudah kami proses.", "sesuai")
    assert "Permintaan sudah kami proses." in (await told(office))[-1]


async def test_the_words_of_a_result_can_be_ones_own(office: Office) -> None:
    phone = await taken(office)
    await to_preview(office, phone)
    await phone.tap("Tulis sendiri")
    await phone.reads("Tulis hasil")
    await phone.say("Faskes pindah mulai 1 Desember.")
    await phone.reads("selesai (Pindah faskes).\nFaskes pindah mulai 1 Desember.")
    await phone.tap("Kirim")
    await phone.reads("Peserta diberi tahu")
    assert (await request(office)).outcome == "Faskes pindah mulai 1 Desember."


async def test_what_is_to_be_checked_is_checked_before_the_end(office: Office) -> None:
    phone = await taken(office)
    items = list(office.product.checks("G"))[:2]
    now_request = await request(office)
    await office.desk.store.write(lambda tx: checklist.ask(tx, now_request, items))
    await phone.tap("Selesai")
    said = office.product.checks("G")
    await phone.reads("Sebelum MND-G-0001 selesai, periksa dulu.", f"2. {said[items[1]]}")
    assert phone.buttons == ["1 sudah", "2 sudah", "Batal"]
    await phone.tap("2 sudah")
    await phone.reads(f"2. (sudah) {said[items[1]]}")
    assert phone.buttons == ["1 sudah", "Batal"]
    await phone.tap("1 sudah")
    await phone.reads("selesai karena apa?")
    assert (await office.desk.trail(NUMBER)).count("checked") == 2


async def test_what_was_sent_can_be_taken_back_for_ten_seconds(office: Office) -> None:
    phone = await taken(office)
    await to_preview(office, phone)
    await phone.tap("Kirim")
    await phone.reads("diberi tahu dalam 10 detik")
    office.desk.clock.at += timedelta(seconds=9)
    await phone.tap("Tarik kembali")
    await phone.reads("Ditarik kembali. Peserta tidak membacanya.", "Dikerjakan oleh Rina K.")
    assert len(await told(office)) == 1

    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await phone.say("Halo")
    await phone.reads("terkirim dalam 10 detik")
    assert len(await told(office)) == 2
    await phone.tap("Tarik kembali")
    await phone.reads("sudah terkirim")


async def test_a_quick_reply_of_the_console_that_is_taken_back_here_counts_no_more(
    office: Office,
) -> None:
    phone, desk = await taken(office), office.desk
    quick = {"name": "Terima kasih", "body": "Terima kasih.", "services": []}
    saved = await desk.do(quick_replies.save, BENNY, **quick)
    await phone.tap("Balas")
    await phone.say("Halo")
    await phone.reads("terkirim dalam 10 detik")
    desk.clock.at += timedelta(seconds=11)
    await told(office)

    async def from_the_console(tx: Tx, now: datetime) -> None:
        wait = timedelta(seconds=10)
        after = await conversation.reply(
            tx, RINA, NUMBER, "Terima kasih.", now=now, rules=desk.rules, wait=wait
        )
        await unsent.keep_form(tx, after, {quick_replies.PICKED: str(saved)})
        await quick_replies.used(tx, saved)

    await desk.do(from_the_console)
    await phone.tap("Tarik kembali")
    await phone.reads("Ditarik kembali. Peserta tidak membacanya.")
    assert [one["used"] for one in await desk.all("quick_replies", branch="KC-MANADO")] == [0]


async def test_tapping_twice_finishes_once(office: Office) -> None:
    phone = await taken(office)
    await to_preview(office, phone)
    await phone.tap("Kirim", on=phone.read[-1])
    await phone.tap("Kirim", on=phone.read[-1])
    await phone.reads("Peserta diberi tahu", "sudah berubah sejak pesan itu")
    assert (await office.desk.trail(NUMBER)).count("finished") == 1


async def test_a_yes_counts_only_for_what_was_shown_with_it(office: Office) -> None:
    phone = await taken(office)
    second = (await office.desk.file(chat="web:budi")).number
    await office.desk.claim(RINA, second)
    await to_preview(office, phone)
    first_yes = phone.read[-1]
    await phone.say(second)
    await phone.reads("Dikerjakan oleh Rina K.")
    await phone.tap("Selesai")
    await phone.reads("selesai karena apa?")
    await phone.tap("Sudah diproses sesuai permintaan")
    await phone.reads(f"Kirim dan selesaikan {second}?")

    await phone.tap("Kirim", on=first_yes)
    await phone.reads("MND-G-0001 sudah berubah sejak pesan itu.")
    assert (await request(office)).status == "claimed"
    assert (await office.desk.request(second)).status == "claimed"


async def test_a_yes_below_one_preview_never_sends_another(office: Office) -> None:
    phone = await taken(office)
    in_hand = phone.read[-1]
    await phone.tap("Minta perbaikan")
    await phone.reads("Bagian mana")
    await phone.tap("NIK")
    await phone.reads("apa sebabnya?")
    await phone.tap("Isian kurang lengkap")
    await phone.reads("Minta perbaikan MND-G-0001?")
    correction = phone.read[-1]
    await phone.tap("Selesai", on=in_hand)
    await phone.reads("selesai karena apa?")
    reasons = phone.read[-1]

    for stale in ("Kirim", "Tulis sendiri"):
        await phone.tap("Sudah diproses sesuai permintaan", on=reasons)
        await phone.reads("Kirim dan selesaikan MND-G-0001?")
        await phone.tap(stale, on=correction)
        await phone.reads("MND-G-0001 sudah berubah sejak pesan itu.")
    await phone.tap("Sudah diproses sesuai permintaan", on=reasons)
    await phone.reads("Permintaan sudah kami proses.")
    coded = phone.read[-1]
    await phone.tap("Tulis sendiri")
    await phone.reads("Tulis hasil")
    await phone.say("Dengan kata sendiri.")
    await phone.reads("Dengan kata sendiri.", "Kirim dan selesaikan")
    await phone.tap("Kirim", on=coded)
    await phone.reads("MND-G-0001 sudah berubah sejak pesan itu.")
    assert (await request(office)).status == "claimed"


async def test_who_was_about_to_write_can_still_send_what_was_shown(office: Office) -> None:
    phone = await taken(office)
    await to_preview(office, phone)
    preview = phone.read[-1]
    for _ in range(2):
        await phone.tap("Tulis sendiri", on=preview)
        await phone.reads("Tulis hasil")
    await phone.tap("Kirim", on=preview)
    await phone.reads("Peserta diberi tahu")
    assert (await request(office)).outcome == "Permintaan sudah kami proses."


async def test_an_update_that_is_delivered_again_acts_once(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    update = await phone.say("Sekali saja")
    await phone.reads("terkirim")
    [again] = decode(update, bot=Bot(TOKEN), bot_id=4242, received_at=to_us(office.desk.clock.at))
    assert await office.runtime.receive([again]) == [False]

    rows = await office.desk.all("conversation", request=(await request(office)).id)
    assert [row["body"] for row in rows] == ["Sekali saja"]


# --- the fence ----------------------------------------------------------------------------------


async def test_a_button_of_before_is_refused_and_the_present_shown(office: Office) -> None:
    phone = await taken(office)
    old = phone.read[-1]
    await office.desk.do(queue.release, BENNY, NUMBER)
    await office.desk.claim(RINA, NUMBER)

    for label in ("Selesai", "Balas", "Minta perbaikan"):
        await phone.tap(label, on=old)
        await phone.reads("MND-G-0001 sudah berubah sejak pesan itu.")
    await phone.tap("Selesai", on=old)
    await phone.reads("MND-G-0001 sudah berubah sejak pesan itu.", "Dikerjakan oleh Rina K.")
    assert (await request(office)).status == "claimed"


async def test_what_was_typed_for_a_request_of_before_stays_to_be_copied(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await office.desk.do(queue.release, BENNY, NUMBER)
    await office.desk.claim(DIMAS, NUMBER)

    await phone.say("Tulisan panjang")
    await phone.reads("tidak sedang Anda kerjakan", "belum terkirim:\nTulisan panjang")
    assert "replied" not in await office.desk.trail(NUMBER)


async def test_what_could_not_be_sent_comes_back_as_it_was_typed(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await office.desk.do(conversation.wrote, CHAT, NUMBER, text=f"NIK saya {NIK}")

    await phone.say("Hubungi 0811-4400-1234")
    shown = await phone.reads("Ada tulisan baru", "NIK saya")
    assert "Hubungi 0811-4400-1234" in shown
    assert NIK not in shown


async def test_nobody_answers_what_they_have_not_read(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await office.desk.do(conversation.wrote, CHAT, NUMBER, text="Tunggu, salah!")

    await phone.say("Sudah kami proses")
    await phone.reads("Ada tulisan baru", "Tunggu, salah!", "Sudah kami proses")
    assert "replied" not in await office.desk.trail(NUMBER)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await phone.say("Sudah kami ubah")
    await phone.reads("terkirim")


async def test_a_text_for_nothing_is_refused_and_nothing_is_lost(office: Office) -> None:
    phone = await taken(office)
    await phone.tap("Balas")
    await phone.reads("Tulis balasan")
    await phone.say("x" * 3600)
    await phone.reads("Tulisan 3600 huruf. Batasnya 3500 huruf.", "belum terkirim")


async def test_what_is_no_button_of_ours_is_nothing(office: Office) -> None:
    phone = await taken(office)
    for data in ("0|hapus:MND-G-0001", "0|balas:MND-G-0001", "0|", "?", "0|lihat:MND-G-9999"):
        await phone.press(data, None)
        await phone.reads("tidak ada di antrean Anda")
    for data in ("0|balas:MND-G-0001:x", "0|kirim:MND-G-0001:1.1", "0|selesai:MND-G-0001:9.9"):
        await phone.press(data, None)
        await phone.reads("sudah berubah sejak pesan itu")


# --- scope --------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["lihat", "ambil"])
async def test_another_branch_is_not_there(office: Office, verb: str) -> None:
    await filed(office)
    phone = await office.linked(SARI)
    await phone.press(f"0|{verb}:{NUMBER}", None)
    await phone.reads("Permintaan itu tidak ada di antrean Anda.")
    await phone.tap("Antrean")
    await phone.reads("Tidak ada yang menunggu.")
    await office.desk.file(branch=TONDANO)
    await phone.tap("Antrean")
    await phone.reads("TND-G-0001")


async def test_an_auditor_reads_and_cannot_take(office: Office) -> None:
    await filed(office)
    phone = await office.linked(TIO)
    await phone.say(NUMBER)
    await phone.reads("Siti Aminah")
    assert "Ambil" not in phone.buttons
    await phone.press(f"0|ambil:{NUMBER}", None)
    await phone.reads("tidak ada di antrean Anda")


async def test_what_others_hold_cannot_be_answered(office: Office) -> None:
    await filed(office)
    await office.desk.claim(DIMAS, NUMBER)
    phone = await office.linked(RINA)
    for verb in ("balas", "perbaikan", "selesai"):
        await phone.press(f"0|{verb}:{NUMBER}:1.0", None)
        await phone.reads("MND-G-0001 tidak sedang Anda kerjakan. Ambil dulu.")


async def test_what_has_ended_cannot_be_finished_again(office: Office) -> None:
    phone = await taken(office)
    await to_preview(office, phone)
    await phone.tap("Tulis sendiri")
    await phone.reads("Tulis hasil")
    await office.desk.do(endings.finish, RINA, NUMBER, outcome="Dari konsol")
    await phone.say("Dari telepon")
    await phone.reads("sudah berubah sejak pesan itu", "Dari telepon")
    assert (await request(office)).outcome == "Dari konsol"
