"""The ticket page's actions: preview, coded reasons, undo, checklist, quick replies, colleagues."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.console.deps import Deps
from forms.fields import Document
from services import conversation, endings, presence, queue, quick_replies
from services.leases import Rules
from services.queue import Attached
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import ADMIN, BENNY, CHAT, DIMAS, MONDAY_TEN, RINA, WATI, Desk

NUMBER = "MND-G-0001"
PATH = f"/admin/tiket/{NUMBER}"
PICTURE = Document("a" * 64, "image/jpeg", 5, "kk.jpg")
CARD = Document("b" * 64, "image/jpeg", 5, "kartu.jpg")
FINISH = {"kode": "sesuai", "hasil": "Sudah pindah.", "kirim": "ya"}


@pytest.fixture
def waits() -> timedelta:
    return timedelta(seconds=10)


@pytest.fixture
def deps(deps: Deps, waits: timedelta) -> Deps:
    rules: Rules = replace(deps.rules, undo=waits)
    return replace(deps, rules=rules)


async def taken(desk: Desk, signed_in: SignIn, **values: Any) -> Browser:
    await desk.file(**values)
    await desk.claim(RINA, NUMBER)
    browser = await signed_in(RINA)
    await browser.get(PATH)
    return browser


async def actions(desk: Desk) -> list[str]:
    return [event.action for event in await desk.told()]


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("selesai", {"kode": "sesuai"}, "Permintaan sudah kami proses."),
        ("selesai", {"kode": "sesuai", "hasil": "Selesai, Bu."}, "Selesai, Bu."),
        ("tolak", {"kode": "tiga_bulan"}, "setelah 3 bulan"),
        ("tolak", {"kode": "bukan_hak", "boleh_lagi": "2027-01-15"}, "15 Januari 2027"),
        ("perbaikan", {"kode": "foto_kabur", "langkah": "nik:0"}, "Fotonya belum terbaca."),
        ("pindah", {"kode": "alamat", "cabang": "KC-TONDANO"}, "Alamat peserta dilayani"),
    ],
)
async def test_the_message_is_shown_before_it_is_sent_and_nothing_is_done_meanwhile(
    desk: Desk, signed_in: SignIn, action: str, fields: dict[str, str], words: str
) -> None:
    browser = await taken(desk, signed_in)
    before = await desk.request(NUMBER)
    shown = await browser.post(f"{PATH}/{action}", **fields)

    assert shown.status_code == 200
    quoted = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", shown.text, re.DOTALL)
    assert quoted and words in quoted[1]
    assert await desk.request(NUMBER) == before
    desk.clock.at += timedelta(minutes=1)
    assert await actions(desk) == ["claimed"]

    confirmed = {
        name: value
        for name, value in re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text.split("<dialog")[1]
        )
        if name not in ("csrf", "dilihat")
    }
    sent = await browser.post(f"{PATH}/{action}", **confirmed, kirim="ya")
    assert sent.status_code == 303
    assert (await desk.request(NUMBER)).version == before.version + 1
    code = re.search(r'"code":"(\w+)"', (await desk.all("audit_of", object=NUMBER))[-1]["detail"])
    assert code and code[1] == fields["kode"]


async def test_several_parts_are_asked_for_at_once(desk: Desk, signed_in: SignIn) -> None:
    browser = await taken(desk, signed_in, answers={"nama": "Siti", "nik": "x", "foto_kk": []})
    fields = {
        "kode": "tidak_cocok",
        "langkah": "nik:0",
        "langkah-2": "nama:0",
        "kode-2": "kurang_lengkap",
        "perbaikan-2": "Tulis nama lengkap.",
    }
    shown = await browser.post(f"{PATH}/perbaikan", **fields)
    again = await browser.post(f"{PATH}/perbaikan", **fields, ubah="ya")
    sent = await browser.post(f"{PATH}/perbaikan", **fields, kirim="ya")
    twice = await browser.post(f"{PATH}/perbaikan", **fields, kirim="ya")
    desk.clock.at += timedelta(minutes=1)
    [_, event] = await desk.told()

    first = "Isian berbeda dengan berkas. Tulis sesuai berkas."
    assert ">Tulis nama lengkap.</textarea>" in again.text
    assert f'name="perbaikan" value="{first}"' in shown.text
    assert (sent.status_code, twice.status_code) == (303, 303)
    assert (event.step, event.values["item"], event.text) == ("nik", 0, first)
    assert event.values["more"] == {"nama:0": "Tulis nama lengkap."}
    page = (await browser.get(PATH)).text
    assert "Menunggu perbaikan dari peserta: NIK, Nama." in page
    assert "Meminta perbaikan: NIK, Nama · Isian tidak cocok dengan berkas, Isian kurang" in page
    assert f"NIK: {first}\nNama: Tulis nama lengkap." in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"langkah-2": "gone:0", "kode-2": "tidak_cocok"}, "Pilihan itu tidak ada"),
        ({"langkah-2": "nama:0"}, "Bagian ke-2 belum lengkap"),
        ({"kode-3": "tidak_cocok"}, "Bagian ke-3 belum lengkap"),
        ({"perbaikan-3": "Kabur"}, "Bagian ke-3 belum lengkap"),
        ({"langkah-2": "nik:0", "kode-2": "tidak_cocok"}, "Bagian yang sama dipilih dua kali"),
    ],
)
async def test_each_part_of_a_correction_must_be_whole_and_is_named_once(
    desk: Desk, signed_in: SignIn, more: dict[str, str], words: str
) -> None:
    browser = await taken(desk, signed_in)
    fields = {"kode": "tidak_cocok", "langkah": "nik:0", "kirim": "ya"}
    refused = await browser.post(f"{PATH}/perbaikan", **fields, **more)

    assert refused.status_code == 409
    assert words in refused.text
    assert (await desk.request(NUMBER)).status == "claimed"


async def test_from_the_preview_one_goes_back_and_finds_what_was_typed(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    back = await browser.post(f"{PATH}/selesai", kode="sesuai", hasil="Sudah.", ubah="ya")

    assert ">Sudah.</textarea>" in back.text
    assert '<option value="sesuai" selected>' in back.text
    assert "<dialog open" not in back.text


async def test_no_ending_goes_without_a_reason_of_the_service(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    for code in ("", "dua_belas_bulan", "foto_kabur"):
        refused = await browser.post(f"{PATH}/tolak", kode=code, sebab="Belum", kirim="ya")
        assert refused.status_code == 409
        assert "Pilihan itu tidak ada" in refused.text
        assert ">Belum</textarea>" in refused.text
    assert (await desk.request(NUMBER)).status == "claimed"


async def test_what_was_sent_waits_and_can_be_taken_back_with_its_words(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    await browser.post(f"{PATH}/balas", balasan="Baik, Bu.")
    waiting = (await browser.get(PATH)).text
    back = await browser.post(f"{PATH}/urungkan")
    desk.clock.at += timedelta(minutes=1)

    assert "Akan dikirim" in waiting
    assert "dalam 10 detik" in waiting
    assert back.status_code == 200
    assert ">Baik, Bu.</textarea>" in back.text
    assert '<p class="berhasil" role="status">Diurungkan.' in back.text
    assert "Peserta belum membaca apa pun." in back.text
    assert 'role="alert"' not in back.text
    assert await actions(desk) == ["claimed"]


async def test_what_was_sent_elsewhere_comes_back_with_its_words_too(
    desk: Desk, signed_in: SignIn, waits: timedelta
) -> None:
    browser = await taken(desk, signed_in)
    await desk.do(endings.finish, RINA, NUMBER, outcome="Dari telepon.", wait=waits)
    back = await browser.post(f"{PATH}/urungkan")

    assert '<details id="d-selesai" open' in back.text
    assert ">Dari telepon.</textarea>" in back.text


async def test_too_late_is_told_and_changes_nothing(desk: Desk, signed_in: SignIn) -> None:
    browser = await taken(desk, signed_in)
    await browser.post(f"{PATH}/selesai", **FINISH)
    desk.clock.at += timedelta(seconds=10)
    assert await actions(desk) == ["claimed", "finished"]
    late = await browser.post(f"{PATH}/urungkan")

    assert late.status_code == 409
    assert "Tidak bisa diurungkan lagi." in late.text
    assert "Akan dikirim" not in (await browser.get(PATH)).text


async def test_too_late_is_told_too_of_what_left_the_branch(desk: Desk, signed_in: SignIn) -> None:
    browser = await taken(desk, signed_in)
    await browser.post(f"{PATH}/pindah", kode="alamat", cabang="KC-TONDANO", kirim="ya")
    desk.clock.at += timedelta(seconds=10)
    assert await actions(desk) == ["claimed", "transferred"]
    late = await browser.post(f"{PATH}/urungkan")

    assert late.status_code == 409
    assert "Tidak bisa diurungkan lagi." in late.text
    assert "Semua pesan Anda sudah terkirim." in late.text
    assert "Siti" not in late.text
    assert (await desk.request(NUMBER)).branch == "KC-TONDANO"


async def test_too_late_is_told_too_when_what_was_said_is_long_forgotten(
    desk: Desk, signed_in: SignIn, waits: timedelta
) -> None:
    browser = await taken(desk, signed_in)
    await browser.post(f"{PATH}/pindah", kode="alamat", cabang="KC-TONDANO", kirim="ya")
    desk.clock.at += timedelta(minutes=1)
    await desk.told()
    other = await desk.file()
    await desk.claim(RINA, other.number)
    await desk.do(conversation.reply, RINA, other.number, "Baik", rules=desk.rules, wait=waits)
    late = await browser.post(f"{PATH}/urungkan")
    stranger = await (await signed_in(DIMAS)).post(f"{PATH}/urungkan")

    assert late.status_code == 409
    assert "Tidak bisa diurungkan lagi." in late.text
    assert stranger.status_code == 404


async def test_what_left_the_branch_is_taken_back_from_its_own_page(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    fields = {"kode": "alamat", "cabang": "KC-TONDANO", "kirim": "ya"}
    sent = await browser.post(f"{PATH}/pindah", **fields)
    listed = await browser.get(sent.headers["location"])
    gone = await browser.get(PATH)
    back = await browser.post(f"{PATH}/urungkan")

    assert sent.headers["location"] == "/admin/kiriman"
    assert f'action="{PATH}/urungkan"' in listed.text
    assert gone.status_code == 404
    assert back.status_code == 200
    assert (await desk.request(NUMBER)).branch == "KC-MANADO"
    assert "Semua pesan Anda sudah terkirim." in (await browser.get("/admin/kiriman")).text


async def test_the_checklist_says_what_is_missing_and_holds_the_end_back(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in, checks=("identitas", "faskes"))
    ticked = await browser.post(f"{PATH}/periksa", periksa="identitas")
    page = (await browser.get(PATH)).text
    refused = await browser.post(f"{PATH}/selesai", **FINISH)
    await browser.post(f"{PATH}/periksa", periksa="faskes")
    done = await browser.post(f"{PATH}/selesai", **FINISH)

    assert ticked.headers["location"] == f"{PATH}#j-periksa"
    assert "1 dari 2" in page
    assert '<a href="#p-faskes">Faskes ada.</a>' in page
    gate = refused.text.partition('<div id="gerbang">')[2].partition("</div>\n<form")[0]
    assert "Masih 1 hal di daftar periksa" in gate  # so the next tick takes it away
    assert refused.text.count("Masih 1 hal di daftar periksa") == 1
    assert ">Sudah pindah.</textarea>" in refused.text
    assert done.status_code == 303
    assert "Memeriksa: Nama dan NIK cocok, Rina K." in (await browser.get(PATH)).text


async def test_a_tick_keeps_the_reply_that_is_being_written_and_the_document(
    desk: Desk, signed_in: SignIn
) -> None:
    documents = [Attached("foto_kk", 1, PICTURE), Attached("foto_kartu", 1, CARD)]
    browser = await taken(desk, signed_in, checks=("identitas",), documents=documents)
    half = await browser.post(
        f"{PATH}/periksa", periksa="identitas", balasan="Setengah", berkas="2"
    )
    bare = await browser.post(f"{PATH}/periksa", belum="identitas", berkas="2")

    assert "1 dari 1" in half.text
    assert ">Setengah</textarea>" in half.text
    assert 'aria-current="true">Foto kartu JKN</a>' in half.text
    assert bare.headers["location"] == f"{PATH}?berkas=2#j-periksa"
    assert await desk.all("conversation", request=1) == []


async def test_a_script_that_ticks_gets_the_checklist_the_gate_and_the_trail_alone(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in, checks=("identitas",))
    browser.client.headers["hx-request"] = "true"
    await desk.do(conversation.wrote, CHAT, NUMBER, text="Halo")  # a tick says nothing to anybody
    desk.clock.at += timedelta(minutes=5)
    part = await browser.post(f"{PATH}/periksa", periksa="identitas")
    await desk.do(conversation.reply, RINA, NUMBER, "Baik", rules=desk.rules)
    stale = await browser.post(f"{PATH}/periksa", belum="identitas", dilihat="1.0")

    assert part.status_code == 200
    assert "<html" not in part.text + stale.text
    assert 'aria-checked="true"' in part.text
    assert '<div id="gerbang" hx-swap-oob="true">' in part.text
    assert "Belum dicentang" not in part.text
    assert HELD_ON in part.text
    assert "Memeriksa: Nama dan NIK cocok" in part.text
    assert stale.status_code == 409
    assert 'role="alert">MND-G-0001 sudah berubah' in stale.text
    assert (await desk.all("request_checks", request=1))[0]["officer"] == "rina"


HELD_ON = 'id="dipegang" hx-swap-oob="true">Dipegang Anda sampai 10.20 WITA</span>'


async def test_a_script_that_keeps_the_claim_gets_only_how_long(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    browser.client.headers["hx-request"] = "true"
    desk.clock.at += timedelta(minutes=5)
    part = await browser.post(f"{PATH}/tahan")
    await desk.do(queue.release, BENNY, NUMBER)
    refused = await browser.post(f"{PATH}/tahan")

    assert HELD_ON in part.text
    assert 'id="sewa" hx-swap-oob="true"' in part.text
    assert "<html" not in part.text
    assert (refused.status_code, refused.headers["location"]) == (303, PATH)


async def test_the_conversation_alone_tells_what_a_form_has_then_seen(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    before = browser.seen
    await desk.do(conversation.wrote, CHAT, NUMBER, text="Nomor saya 7171015708909901")
    part = (await browser.get(f"{PATH}/obrolan")).text
    refused = await browser.post(f"{PATH}/balas", balasan="Baik", dilihat=before)
    token = re.search(r'data-dilihat="([^"]+)" data-jumlah="1"', part)
    assert token
    sent = await browser.post(f"{PATH}/balas", balasan="Baik", dilihat=token[1])

    assert "<html" not in part
    assert "Nomor saya" in part
    assert (refused.status_code, sent.status_code) == (409, 303)


async def test_a_quick_reply_stands_filled_in_the_box_and_is_counted_when_it_is_sent(
    desk: Desk, signed_in: SignIn
) -> None:
    body = "Bapak/Ibu {nama}, tiket {tiket}. {petugas}"
    number = await desk.do(quick_replies.save, BENNY, name="Sapa", body=body, services=["G"])
    await desk.do(quick_replies.save, BENNY, name="Lain", body="x", services=["A"])
    browser = await taken(desk, signed_in)
    page = (await browser.get(PATH)).text
    filled = await browser.post(f"{PATH}/balas", balasan="Halo.", pakai=str(number))

    said = f"Bapak/Ibu Siti Aminah, tiket {NUMBER}. Rina K."
    assert said in page
    assert "<b>Lain</b>" not in page
    assert f">Halo.\n{said}</textarea>" in filled.text
    assert await desk.all("conversation", request=1) == []
    await browser.post(f"{PATH}/balas", balasan=said, cepat=str(number))
    assert [row["used"] for row in await desk.all("quick_replies", branch="KC-MANADO")] == [0, 1]
    await browser.get(PATH)
    await browser.post(f"{PATH}/urungkan")
    assert [row["used"] for row in await desk.all("quick_replies", branch="KC-MANADO")] == [0, 0]


async def test_a_reply_may_be_looked_at_first(desk: Desk, signed_in: SignIn) -> None:
    browser = await taken(desk, signed_in)
    shown = await browser.post(f"{PATH}/balas", balasan="Baik, Bu.", lihat="ya")

    assert "Baik, Bu.</blockquote>" in shown.text
    assert await desk.all("conversation", request=1) == []


async def test_before_a_claim_lapses_its_holder_is_warned_and_one_press_keeps_it(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    early = (await browser.get(PATH)).text
    desk.clock.at += desk.rules.lease - timedelta(minutes=2, seconds=30)
    late = (await browser.get(PATH)).text
    kept = await browser.post(f"{PATH}/tahan", balasan="Setengah tulisan")
    after = (await browser.get(PATH)).text

    def shown(page: str) -> bool:
        strip = re.search(r'<div class="tutup sewa"[^>]*>', page)
        assert strip
        return "hidden" not in strip[0]

    assert [shown(page) for page in (early, late, after)] == [False, True, False]
    assert "<b>3 menit</b>" in late
    assert ">Setengah tulisan</textarea>" in kept.text


async def test_a_stale_page_of_the_same_officer_changes_nothing_and_shows_what_is_new(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    stale = browser.seen
    await browser.post(f"{PATH}/balas", balasan="Dari tab pertama")
    refused = await browser.post(f"{PATH}/selesai", **FINISH, dilihat=stale)

    assert refused.status_code == 409
    assert "sudah berubah sejak halaman ini dibuka" in refused.text
    assert "Dari tab pertama" in refused.text
    assert ">Sudah pindah.</textarea>" in refused.text


async def test_a_stale_page_of_an_ended_request_is_not_asked_to_send_again(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    stale = browser.seen
    await browser.post(f"{PATH}/selesai", **FINISH)
    refused = await browser.post(f"{PATH}/balas", balasan="Halo", dilihat=stale)
    note = await browser.post(f"{PATH}/catatan", catatan="Dari telepon", dilihat=stale)

    assert "MND-G-0001 sudah berakhir. Yang ini tidak jadi dikirim." in refused.text
    assert "readonly>Halo</textarea>" in refused.text
    assert "sudah berubah sejak halaman ini dibuka" in note.text


@pytest.mark.parametrize("typed", ["KC-TONDANO", "KC Tondano", " tondano "])
async def test_a_branch_is_typed_and_those_nearby_are_offered_first(
    desk: Desk, signed_in: SignIn, typed: str
) -> None:
    browser = await taken(desk, signed_in)
    page = (await browser.get(PATH)).text
    sent = await browser.post(f"{PATH}/pindah", kode="alamat", cabang=typed, kirim="ya")

    near = re.findall(r'<option value="(KC [^"]+)">', page)
    assert near[:2] == ["KC Tondano", "KC Gorontalo"]
    assert "KC Manado" not in near
    told = (await browser.get(sent.headers["location"])).text
    assert "MND-G-0001 dipindahkan ke KC Tondano. Kabar pindah cabang dikirim" in told
    assert 'id="berikutnya"' in told


@pytest.mark.parametrize("typed", ["", "KC Antah", "KC"])
async def test_a_branch_that_nobody_or_several_have_is_refused(
    desk: Desk, signed_in: SignIn, typed: str
) -> None:
    browser = await taken(desk, signed_in)
    refused = await browser.post(f"{PATH}/pindah", kode="alamat", cabang=typed, kirim="ya")

    assert refused.status_code == 409
    assert (await desk.request(NUMBER)).branch == "KC-MANADO"


async def test_how_the_participant_found_it_stands_on_the_ticket(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    assert "Penilaian" not in (await browser.get(PATH)).text
    await desk.store.write(
        lambda tx: tx.run("rating_put", request=1, score=3, text="Cepat <b>", at=0)
    )

    page = (await browser.get(PATH)).text
    assert "Penilaian peserta: <b>Baik</b>. “Cepat &lt;b&gt;”" in page


async def test_colleagues_who_look_are_named_on_the_page_and_in_the_answer_to_a_look(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    await desk.do(presence.look, DIMAS, NUMBER)
    answer = await browser.post(f"{PATH}/hadir")

    assert answer.text.strip() == "Dimas P. sedang melihat"
    assert "Dimas P. sedang melihat" in (await browser.get(PATH)).text


async def test_a_request_is_handed_to_a_colleague(desk: Desk, signed_in: SignIn) -> None:
    browser = await taken(desk, signed_in)
    page = (await browser.get(PATH)).text
    done = await browser.post(f"{PATH}/serahkan", rekan="dimas", alasan_serah="Tolong lanjutkan")

    assert '<option value="dimas">Dimas P.</option>' in page
    assert '<option value="rina">' not in page
    assert done.status_code == 303
    assert (await desk.request(NUMBER)).officer == "dimas"
    assert "Tolong lanjutkan" in (await (await signed_in(DIMAS)).get(PATH)).text


@pytest.fixture
def stored(tmp_path: Path) -> None:
    for document in (PICTURE, CARD):
        (tmp_path / document.sha256).write_bytes(b"bytes")


@pytest.mark.usefixtures("stored")
async def test_how_a_document_was_turned_is_remembered_for_everybody(
    desk: Desk, signed_in: SignIn
) -> None:
    documents = [Attached("foto_kk", 1, PICTURE), Attached("foto_kartu", 1, CARD)]
    browser = await taken(desk, signed_in, documents=documents)
    address = f"{PATH}/berkas/{PICTURE.sha256}"
    for way in ("kanan", "kanan", "kiri", "entah"):
        turned = await browser.post(f"{address}/putar", arah=way, dari="layar", berkas="1")
    page = (await browser.get(turned.headers["location"])).text
    other = await signed_in(DIMAS)

    assert 'class="putar-1"' in page
    assert f'href="{PATH}/berkas/2/layar"' in page
    assert 'class="putar-1"' in (await other.get(f"{PATH}?berkas=1")).text
    assert (await browser.post(f"{PATH}/berkas/{'c' * 64}/putar", arah="kiri")).status_code == 404
    for unknown in ("0", "3", "x", "c" * 64):
        assert (await browser.get(f"{PATH}/berkas/{unknown}/layar")).status_code == 404
    kept = await browser.get(f"{address}?unduh=1")
    assert kept.headers["content-disposition"].startswith("attachment")


async def test_a_document_is_asked_for_again_by_its_own_button(
    desk: Desk, signed_in: SignIn
) -> None:
    pages = [{"sha256": PICTURE.sha256}, {"sha256": CARD.sha256}]
    answers = {"nama": "Siti", "foto_kk": pages}
    documents = [Attached("foto_kk", 1, PICTURE), Attached("foto_kk", 2, CARD)]
    browser = await taken(desk, signed_in, answers=answers, documents=documents)
    page = (await browser.get(f"{PATH}?berkas=2")).text
    again = re.search(r'href="([^"]*ulang=foto_kk:0[^"]*)"', page)
    assert again
    form = (await browser.get(again[1].replace("&amp;", "&").partition("#")[0])).text

    assert '<option value="foto_kk:0" selected>' in form
    assert '<details id="d-perbaikan" open' in form


async def test_one_picture_for_two_papers_stands_in_both_places(
    desk: Desk, signed_in: SignIn
) -> None:
    documents = [Attached("foto_kk", 1, PICTURE), Attached("foto_kartu", 1, PICTURE)]
    browser = await taken(desk, signed_in, documents=documents)
    second = (await browser.get(f"{PATH}?berkas=2")).text

    assert '?berkas=2#j-berkas" aria-current="true">Foto kartu JKN</a>' in second
    assert f'href="{PATH}/berkas/2/layar"' in second


async def test_what_was_sent_in_the_talk_is_among_the_documents(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    await desk.do(conversation.wrote, "web:siti", NUMBER, document=PICTURE)

    assert "Dari percakapan 1" in (await browser.get(PATH)).text


async def test_earlier_requests_of_the_chat_are_one_press_away(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await taken(desk, signed_in)
    await desk.file()
    assert 'href="/admin/tiket/MND-G-0002"' in (await browser.get(PATH)).text


async def test_a_head_writes_quick_replies_and_is_told_what_reads_badly(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await signed_in(BENNY)
    empty = await browser.get("/admin/balasan")
    await browser.post("/admin/balasan", contoh="ya")
    full = (await browser.get("/admin/balasan")).text
    long = " ".join(["kata"] * 30)
    looked = await browser.post("/admin/balasan", nomor="baru", nama="x", isi=long, lihat="ya")
    unknown = await browser.post("/admin/balasan", nomor="baru", nama="x", isi="Halo {nik}")
    asked = {"nomor": "baru", "nama": "x", "isi": "Halo"}
    service = await browser.post("/admin/balasan", **asked, **{"layanan-Q": "on"})

    assert "Mulai dari 12 contoh" in empty.text
    assert full.count("dipakai 0 kali") == 12
    assert "Kalimat ini 30 kata" in looked.text
    assert long in looked.text
    assert "{nik} tidak dikenal" in unknown.text
    assert ">Halo {nik}</textarea>" in unknown.text
    assert service.status_code == 409
    sapa = {"nomor": "baru", "nama": "Sapa", "isi": "Halo {nama}", "layanan-G": "on"}
    saved = await browser.post("/admin/balasan", **sapa)
    assert saved.status_code == 303
    page = (await browser.get("/admin/balasan")).text
    assert "Pindah faskes, dipakai 0 kali" in page
    assert page.count('name="layanan-G" checked> Pindah faskes') == 2, "also that of the examples"


@pytest.mark.parametrize("button", ["lihat", "simpan"])
@pytest.mark.parametrize(
    "typed",
    [
        {"nama": "", "isi": "Halo"},
        {"nama": "x", "isi": " "},
        {"nama": "x", "isi": "Halo {nik}"},
        {"nama": "x", "isi": "a" * 3600},
        {"nama": "x", "isi": "Halo", "layanan-Q": "on"},
    ],
)
async def test_what_cannot_be_saved_is_told_by_looking_already(
    signed_in: SignIn, button: str, typed: dict[str, str]
) -> None:
    browser = await signed_in(BENNY)
    await browser.get("/admin/balasan")
    answer = await browser.post("/admin/balasan", nomor="baru", **typed, **{button: "ya"})

    assert (answer.status_code, 'role="alert"' in answer.text) == (409, True)


async def test_the_first_of_next_month_is_a_date_in_replies_and_reasons(
    desk: Desk, signed_in: SignIn
) -> None:
    desk.clock.at = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # the new year in Manado already
    browser = await signed_in(BENNY)
    await browser.get("/admin/balasan")
    body = "Berlaku {tanggal_1_bulan_depan}."
    page = await browser.post("/admin/balasan", nomor="baru", nama="x", isi=body, lihat="ya")
    assert "Berlaku 1 Februari 2027." in page.text

    desk.clock.at = MONDAY_TEN
    number = (await desk.file()).number
    await desk.claim(BENNY, number)
    await browser.get(f"/admin/tiket/{number}")
    shown = await browser.post(f"/admin/tiket/{number}/selesai", kode="faskes_pindah")
    assert "Faskes baru berlaku mulai 1 Desember 2026." in shown.text


async def test_what_the_centre_wrote_is_read_only_for_a_branch(
    desk: Desk, signed_in: SignIn
) -> None:
    number = await desk.do(quick_replies.save, ADMIN, name="Pusat", body="Halo", services=[])
    browser = await signed_in(BENNY)
    page = (await browser.get("/admin/balasan")).text
    answer = await browser.post("/admin/balasan", nomor=str(number), nama="y", isi="y")

    assert "Dari pusat" in page
    assert answer.status_code == 404


async def test_the_head_of_a_region_reads_what_the_centre_wrote_and_changes_nothing(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await signed_in(WATI)
    empty = (await browser.get("/admin/balasan")).text
    number = await desk.do(quick_replies.save, ADMIN, name="Pusat", body="Halo", services=[])
    page = (await browser.get("/admin/balasan")).text
    answers = [
        (await browser.post("/admin/balasan", **fields)).status_code
        for fields in (
            {"nomor": "baru", "nama": "y", "isi": "y"},
            {"nomor": str(number), "nama": "y", "isi": "y"},
            {"nomor": str(number), "hapus": "ya"},
            {"contoh": "ya"},
        )
    ]

    assert "Belum ada balasan dari pusat" in empty
    assert "<b>Pusat</b> Halo" in page
    for text in (empty, page):
        assert 'action="/admin/balasan"' not in text
    assert answers == [409] * 4
    async with desk.store.read() as tx:
        [left] = await quick_replies.of_branch(tx, "")
    assert (left.name, left.body) == ("Pusat", "Halo")


@pytest.mark.parametrize("huge", ["9" * 30, "9" * 5000, "²"], ids=["long", "longer", "high"])
async def test_a_number_that_is_none_is_answered_like_any_other_that_is_not_there(
    desk: Desk, signed_in: SignIn, huge: str
) -> None:
    browser = await taken(desk, signed_in)
    picked = await browser.post(f"{PATH}/balas", pakai=huge)
    item = await browser.post(
        f"{PATH}/perbaikan", langkah=f"nik:{huge}", kode="lainnya", kirim="ya"
    )
    sent = await browser.post(f"{PATH}/balas", balasan="Baik, Bu.", cepat=huge)
    head = await signed_in(BENNY)
    await head.get("/admin/balasan")
    removed = await head.post("/admin/balasan", nomor=huge, hapus="ya")

    assert [one.status_code for one in (picked, item, sent, removed)] == [404, 409, 303, 404]
