"""The queue page: lists, taking, losing a claim, closed hours, other branches."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.bootstrap import read_product
from bot.cli.site import service_words
from bot.config import Config
from services import conversation
from tests.bot.console.conftest import SignIn
from tests.desk import (
    ADMIN,
    BENNY,
    CHAT,
    DIMAS,
    MONDAY_NIGHT,
    RINA,
    SARI,
    TONDANO,
    Desk,
)


async def test_the_oldest_stands_on_top_and_each_can_be_taken(
    desk: Desk, signed_in: SignIn
) -> None:
    for _ in range(2):
        await desk.file()
        desk.clock.at += timedelta(seconds=1)
    page = (await (await signed_in(RINA)).get("/admin/antrean")).text

    assert page.index("MND-G-0001") < page.index("MND-G-0002")
    assert "Menunggu (2)" in page
    assert 'action="/admin/tiket/MND-G-0001/ambil?' in page
    assert "Pindah faskes" in page


async def test_an_urgent_request_stands_on_top_and_says_so(desk: Desk, signed_in: SignIn) -> None:
    await desk.file()
    desk.clock.at += timedelta(seconds=1)
    browser = await signed_in(RINA)
    before = (await browser.get("/admin/antrean")).text
    await desk.file(urgent=True)
    page = (await browser.get("/admin/antrean")).text

    assert page.index("MND-G-0002") < page.index("MND-G-0001")
    assert (before.count(">Mendesak:"), page.count(">Mendesak: pasien di rumah sakit<")) == (0, 1)


async def test_the_list_says_whom_a_request_is_for_and_who_waits_for_an_answer(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file()
    browser = await signed_in(RINA)
    waiting = (await browser.get("/admin/antrean")).text
    await desk.claim(RINA, ticket.number)
    await desk.do(conversation.wrote, CHAT, ticket.number, text="Halo")
    asked = (await browser.get("/admin/antrean?tab=saya")).text
    await desk.do(conversation.note, RINA, ticket.number, "Cek")
    noted = (await browser.get("/admin/antrean?tab=saya")).text
    await desk.do(conversation.reply, RINA, ticket.number, "Ya, Bu", rules=desk.rules)
    answered = (await browser.get("/admin/antrean?tab=saya")).text

    assert "Siti Aminah" in waiting
    assert "Belum dibalas" in asked
    assert "Belum dibalas" in noted
    assert "Belum dibalas" not in waiting + answered


async def test_only_what_is_special_is_told_and_in_words(desk: Desk, signed_in: SignIn) -> None:
    await desk.file(flags=("status",))
    special = ("later:foto_kk", "later:foto_kartu", "nik_lahir", "unclear:foto_kk", "gone")
    await desk.file(flags=special, chat="web:b")
    page = (await (await signed_in(RINA)).get("/admin/antrean")).text

    assert re.findall(r'perhatian">([^<]+)<', page) == [
        "Berkas menyusul",
        "NIK tidak cocok",
        "Foto kurang jelas",
    ]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"nama": "Siti Aminah", "anggota": [{"nama_anggota": "Budi"}]}, "Siti Aminah"),
        ({"anggota": [{"nama_anggota": "Budi"}, {"nama_anggota": "Ani"}]}, "Budi +1"),
        ({"anggota": [{}]}, ""),
    ],
)
async def test_whom_a_request_is_for_stands_in_a_group_too(
    desk: Desk, signed_in: SignIn, answers: dict[str, Any], told: str
) -> None:
    await desk.file(answers=answers)
    page = (await (await signed_in(RINA)).get("/admin/antrean")).text

    assert f'<td class="untuk"><b>{told}</b>' in page


def test_every_service_says_whom_it_is_for_and_who_writes_comes_last() -> None:
    found = service_words(read_product(Config()))

    assert all(words.people for words in found.values())
    death = {"nama_almarhum": "Siti Aminah", "nama_pelapor": "Budi"}
    assert found["H"].person(death) == "Siti Aminah"
    assert found["B"].person({"anggota": [{"nama_anggota": "Ani"}], "nama": "Budi"}) == "Ani"
    assert found["G"].person({"nama_pelapor": "Budi", "nama": "Siti Aminah"}) == "Siti Aminah"


async def test_what_became_of_a_request_that_was_left_is_told_with_the_next_one(
    desk: Desk, signed_in: SignIn
) -> None:
    number = (await desk.file()).number
    await desk.claim(RINA, number)
    browser = await signed_in(RINA)
    await browser.get(f"/admin/tiket/{number}")
    left = await browser.post(f"/admin/tiket/{number}/lepas")
    page = (await browser.get(left.headers["location"])).text
    unknown = (await browser.get("/admin/antrean?kabar=lepas&tiket=MND-G-0099")).text

    assert f'<p class="berhasil" role="status">{number} kembali ke antrean' in page
    assert 'id="berikutnya"' in page
    assert "berhasil" not in unknown


async def test_the_sheet_of_keys_has_what_does_something_here_for_this_role(
    desk: Desk, signed_in: SignIn
) -> None:
    await desk.file()
    rina, benny = await signed_in(RINA), await signed_in(BENNY)
    queue = keys((await rina.get("/admin/antrean")).text)
    ticket = keys((await rina.get("/admin/tiket/MND-G-0001")).text)

    assert queue == ["j k", "Enter", "a", "n", "g a", "?", "Esc"]
    assert ticket == ["a", "c", "p", ".", "g a", "?", "Esc"]
    assert "g d" in keys((await benny.get("/admin/antrean")).text)


def keys(page: str) -> list[str]:
    return re.findall(r"<kbd>([^<]+)</kbd>", page)


async def test_an_empty_queue_says_that_new_ones_appear_by_themselves(signed_in: SignIn) -> None:
    browser = await signed_in(RINA)

    assert "Tidak ada yang menunggu." in (await browser.get("/admin/antrean")).text
    mine = (await browser.get("/admin/antrean?tab=saya")).text
    assert "Tidak ada yang sedang Anda pegang." in mine


async def test_taking_leads_to_the_ticket_and_to_the_own_list(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file()
    browser = await signed_in(RINA)
    taken = await browser.post(f"/admin/tiket/{ticket.number}/ambil")

    assert taken.headers["location"] == f"/admin/tiket/{ticket.number}"
    assert ticket.number in (await browser.get("/admin/antrean?tab=saya")).text
    assert "Menunggu (0)" in (await browser.get("/admin/antrean")).text


async def test_who_loses_a_claim_reads_who_was_faster(desk: Desk, signed_in: SignIn) -> None:
    ticket = await desk.file()
    rina, dimas = await signed_in(RINA), await signed_in(DIMAS)
    await rina.post(f"/admin/tiket/{ticket.number}/ambil")
    at_once = await dimas.post(f"/admin/tiket/{ticket.number}/ambil")
    desk.clock.at += timedelta(seconds=12)

    lost = await dimas.post(f"/admin/tiket/{ticket.number}/ambil")

    assert lost.status_code == 409
    assert f"{ticket.number} sudah diambil Rina K., 12 detik lalu." in lost.text
    assert f"{ticket.number} sudah diambil Rina K., baru saja." in at_once.text
    assert "Dipegang" not in (await dimas.get("/admin/antrean?tab=saya")).text


async def test_taking_the_next_one_takes_the_oldest_until_none_is_left(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file()
    browser = await signed_in(RINA)

    first = await browser.post("/admin/antrean/berikutnya", cabang="KC-MANADO")
    second = await browser.post("/admin/antrean/berikutnya", cabang="KC-MANADO")

    assert first.headers["location"] == f"/admin/tiket/{ticket.number}"
    assert "Tidak ada lagi yang menunggu." in second.text


async def test_outside_hours_the_page_says_when_it_opens_and_takes_nothing(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file()
    browser = await signed_in(RINA)
    desk.clock.at = MONDAY_NIGHT

    page = (await browser.get("/admin/antrean")).text
    refused = await browser.post(f"/admin/tiket/{ticket.number}/ambil")

    assert "Kantor tutup (sesudah jam tutup). Buka Selasa 24 Nov 08.00 WITA." in page
    assert "1 permintaan menunggu" in page
    assert "/ambil" not in page
    assert refused.status_code == 409
    assert "Buka Selasa, 24 November 2026, 08.00 WITA." in refused.text
    assert (await desk.request(ticket.number)).status == "waiting"


async def test_a_head_of_branch_may_take_outside_hours(desk: Desk, signed_in: SignIn) -> None:
    ticket = await desk.file()
    browser = await signed_in(BENNY)
    desk.clock.at = MONDAY_NIGHT

    assert "/ambil" in (await browser.get("/admin/antrean")).text
    await browser.post(f"/admin/tiket/{ticket.number}/ambil")
    assert (await desk.request(ticket.number)).officer == BENNY.id


async def test_a_form_without_its_token_or_from_another_site_is_refused(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file()
    browser = await signed_in(RINA)
    path = f"/admin/tiket/{ticket.number}/ambil"

    bare = await browser.client.post(path)
    other = await (await signed_in(DIMAS)).client.post(path, data={"csrf": browser.token})
    foreign = await browser.client.post(
        path, data={"csrf": browser.token}, headers={"Origin": "https://jahat.test"}
    )

    assert [bare.status_code, other.status_code, foreign.status_code] == [403, 403, 403]
    assert (await desk.request(ticket.number)).status == "waiting"
    own = await browser.client.post(
        path, data={"csrf": browser.token}, headers={"Origin": "http://konsol.test"}
    )
    assert own.status_code == 303


async def test_another_branch_does_not_exist_for_an_officer(desk: Desk, signed_in: SignIn) -> None:
    ticket = await desk.file()
    browser = await signed_in(SARI)
    number = ticket.number
    answers = [
        await browser.get(f"/admin/tiket/{number}"),
        await browser.get("/admin/antrean?cabang=KC-MANADO"),
        await browser.get("/admin/antrean/isi?cabang=KC-MANADO"),
        await browser.get(f"/admin/tiket/{number}/berkas/{'a' * 64}"),
        await browser.post("/admin/antrean/berikutnya", cabang="KC-MANADO"),
        *[
            await browser.post(f"/admin/tiket/{number}/{action}", balasan="x", catatan="x")
            for action in ("ambil", "lihat", "balas", "catatan", "lepas", "buka-lagi")
        ],
    ]

    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert not any("Siti" in answer.text for answer in answers)
    assert await desk.trail(number) == ["filed"]


async def test_an_admin_sees_the_branch_where_most_wait_and_may_choose(
    desk: Desk, signed_in: SignIn
) -> None:
    await desk.file()
    await desk.file(branch=TONDANO)
    await desk.file(branch=TONDANO)
    browser = await signed_in(ADMIN)

    page = (await browser.get("/admin/antrean")).text
    assert "Antrean KC Tondano" in page
    assert "KC Manado (1 menunggu)" in page
    assert "Antrean KC Manado" in (await browser.get("/admin/antrean?cabang=KC-MANADO")).text


async def test_an_admin_without_any_request_gets_a_page(signed_in: SignIn) -> None:
    assert "Belum ada permintaan" in (await (await signed_in(ADMIN)).get("/admin/antrean")).text


async def test_the_live_part_is_the_list_alone(desk: Desk, signed_in: SignIn) -> None:
    ticket = await desk.file()
    part = (await (await signed_in(RINA)).get("/admin/antrean/isi?tab=menunggu")).text

    assert ticket.number in part
    assert "<html" not in part
