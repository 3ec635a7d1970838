"""The ticket page: masked data, reveals, documents, actions, hostile text."""

import re
from pathlib import Path
from typing import Any

import pytest

from data.store import StoreBusy
from flows.events import Desk as DeskEvent
from forms.fields import Document
from forms.report import Rendered
from services import conversation, corrections, endings, queue, reveals
from services.corrections import Part
from services.queue import Attached
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import (
    BENNY,
    CALENDAR,
    CHAT,
    DIMAS,
    MONDAY_NIGHT,
    NIK,
    RINA,
    SARI,
    TONDANO,
    Desk,
    rendered,
)

PICTURE = Document("a" * 64, "image/jpeg", 5, "ktp.jpg")
PAPER = Document("b" * 64, "application/pdf", 5, "kk.pdf")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7919*7907}}\"'"


CORRECTION = {
    "langkah": "nik:0",
    "kode": "tidak_cocok",
    "perbaikan": "Kurang jelas",
    "kirim": "ya",
}
FINISH = {"kode": "sesuai", "hasil": "Sudah pindah.", "kirim": "ya"}
REFUSE = {"kode": "tiga_bulan", "sebab": "Baru 2 bulan", "boleh_lagi": "2027-01-15", "kirim": "ya"}
TRANSFER = {
    "cabang": "KC-TONDANO",
    "kode": "alamat",
    "alasan_pindah": "Alamat",
    "kirim": "ya",
}


async def taken(desk: Desk, signed_in: SignIn, **values: Any) -> tuple[Browser, str]:
    """Rina's browser with a ticket before her that she holds."""
    number = (await desk.file(**values)).number
    await desk.claim(RINA, number)
    browser, path = await signed_in(RINA), f"/admin/tiket/{number}"
    await browser.get(path)
    return browser, path


async def test_identity_numbers_are_masked_until_a_reveal_that_is_in_the_trail(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)

    masked = (await browser.get(path)).text
    await browser.post(f"{path}/lihat")
    shown = (await browser.get(path)).text
    colleague = (await (await signed_in(DIMAS)).get(path)).text
    desk.clock.at += reveals.ONE_LOOK
    later = (await browser.get(path)).text

    assert NIK in shown
    assert "Membuka data lengkap, Rina K." in shown
    for page in (masked, colleague, later):
        assert NIK not in page
        assert "••••••••••••9901" in page
    assert await desk.trail("MND-G-0001") == ["filed", "claimed", "revealed"]


async def test_nothing_is_revealed_when_the_audit_cannot_be_written(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: object, **values: object) -> None:
        raise RuntimeError("audit")

    browser, path = await taken(desk, signed_in)
    monkeypatch.setattr("services.audit.note", broken)

    with pytest.raises(RuntimeError, match="audit"):
        await browser.post(f"{path}/lihat")


async def test_a_report_is_shown_as_labels_and_values(desk: Desk, signed_in: SignIn) -> None:
    browser, path = await taken(desk, signed_in)
    page = (await browser.get(path)).text

    assert "<dt>Nama</dt><dd>Siti Aminah</dd>" in page
    assert '<div class="bagian"><dt>PESERTA</dt>' in page


async def test_hostile_text_in_every_field_is_shown_and_does_nothing(
    desk: Desk, signed_in: SignIn
) -> None:
    report = f"JUDUL {HOSTILE}\n 1. Nama {HOSTILE} : {HOSTILE}\n\nPERHATIAN PETUGAS\n ! {HOSTILE}\n"
    document = Document("c" * 64, "image/png", 5, HOSTILE)
    browser, path = await taken(
        desk,
        signed_in,
        report=lambda number: Rendered(report, report),
        flags=(HOSTILE,),
        documents=[Attached(HOSTILE, 1, document)],
    )
    await desk.do(conversation.wrote, CHAT, "MND-G-0001", text=HOSTILE)
    await desk.do(conversation.note, RINA, "MND-G-0001", HOSTILE)
    await browser.post(f"{path}/balas", balasan=HOSTILE)
    refused = await browser.post(f"{path}/perbaikan", langkah=HOSTILE, perbaikan=HOSTILE)
    masked = (await browser.get(path)).text
    await browser.post(f"{path}/lihat")
    pages = [
        masked,
        (await browser.get(path)).text,
        (await browser.get("/admin/antrean?tab=semua")).text,
        refused.text,
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert str(7919 * 7907) not in page
    assert "&lt;script&gt;alert(1)" in pages[0]


async def test_an_answer_reaches_the_conversation_and_the_participant(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    sent = await browser.post(f"{path}/balas", balasan="Baik, Bu.")

    assert sent.status_code == 303
    assert "Baik, Bu." in (await browser.get(path)).text
    assert [(event.action, event.text) for event in await desk.told()][-1] == (
        "replied",
        "Baik, Bu.",
    )


async def test_who_does_not_hold_it_cannot_answer_and_keeps_what_was_typed(
    desk: Desk, signed_in: SignIn
) -> None:
    _, path = await taken(desk, signed_in)
    dimas = await signed_in(DIMAS)

    page = (await dimas.get(path)).text
    refused = await dimas.post(f"{path}/balas", balasan="Halo")

    assert "/balas" not in page
    assert "Dipegang Rina K." in page
    assert refused.status_code == 409
    assert "tidak sedang Anda kerjakan" in refused.text
    assert [event.action for event in await desk.told()] == ["claimed"]


async def test_a_refused_form_gives_the_text_back(desk: Desk, signed_in: SignIn) -> None:
    browser, path = await taken(desk, signed_in)
    refused = await browser.post(f"{path}/perbaikan", langkah="apa", perbaikan="NIK kurang jelas")

    assert refused.status_code == 409
    assert "Pilihan itu tidak ada" in refused.text
    assert ">NIK kurang jelas</textarea>" in refused.text


@pytest.mark.parametrize(
    "langkah",
    [
        pytest.param("anggota.nama_anggota:0", id="a step that was not asked in this request"),
        pytest.param("nik:1", id="one item more than there are"),
        pytest.param(f"nik:{'9' * 5000}", id="an endless item"),
        pytest.param("nik:²", id="no decimal"),
        pytest.param("nik:٠", id="a digit of another script"),
        pytest.param("nik", id="no item"),
    ],
)
async def test_only_an_answer_that_is_there_can_be_asked_again(
    desk: Desk, signed_in: SignIn, langkah: str
) -> None:
    browser, path = await taken(desk, signed_in)
    refused = await browser.post(f"{path}/perbaikan", **{**CORRECTION, "langkah": langkah})

    assert refused.status_code == 409
    assert "Pilihan itu tidak ada" in refused.text
    assert (await desk.request("MND-G-0001")).status == "claimed"


async def test_after_closing_an_earlier_claim_is_answered_and_finished(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    desk.clock.at = MONDAY_NIGHT
    await browser.get(path)

    assert (await browser.post(f"{path}/balas", balasan="Sebentar")).status_code == 303
    await browser.get(path)
    assert (await browser.post(f"{path}/selesai", **FINISH)).status_code == 303
    assert (await desk.request("MND-G-0001")).status == "done"


@pytest.mark.parametrize(
    ("action", "fields", "status", "told"),
    [
        ("perbaikan", CORRECTION, "needs_correction", "nik"),
        ("selesai", FINISH, "done", ""),
        ("tolak", REFUSE, "refused", ""),
        ("pindah", TRANSFER, "waiting", ""),
        ("lepas", {}, "waiting", ""),
    ],
)
async def test_every_action_of_the_page_does_what_it_says(
    desk: Desk,
    signed_in: SignIn,
    action: str,
    fields: dict[str, str],
    status: str,
    told: str,
) -> None:
    browser, path = await taken(desk, signed_in)
    assert f'action="{path}/{action}"' in (await browser.get(path)).text
    done = await browser.post(f"{path}/{action}", **fields)

    assert done.status_code == 303
    assert (await browser.get(done.headers["location"])).status_code == 200
    assert (await desk.request("MND-G-0001")).status == status
    last = (await desk.told())[-1]
    assert isinstance(last, DeskEvent)
    assert last.step == told


async def test_answers_of_a_repeating_group_can_be_asked_again_one_by_one(
    desk: Desk, signed_in: SignIn
) -> None:
    members = [{"nama_anggota": "A"}, {"nama_anggota": "B"}]
    browser, path = await taken(desk, signed_in, answers={"anggota": members})

    assert "Nama anggota (2)" in (await browser.get(path)).text
    fields = {**CORRECTION, "langkah": "anggota.nama_anggota:1"}
    assert (await browser.post(f"{path}/perbaikan", **fields)).status_code == 303
    event = (await desk.told())[-1]
    assert (event.step, event.values["item"]) == ("anggota.nama_anggota", 1)


async def test_an_unreadable_date_is_told(desk: Desk, signed_in: SignIn) -> None:
    browser, path = await taken(desk, signed_in)
    refused = await browser.post(f"{path}/tolak", **{**REFUSE, "boleh_lagi": "besok"})

    assert "Tanggal itu belum bisa dibaca" in refused.text


@pytest.fixture
def stored(tmp_path: Path) -> None:
    for document in (PICTURE, PAPER):
        (tmp_path / document.sha256).write_bytes(b"bytes")


@pytest.mark.usefixtures("stored")
async def test_documents_are_served_to_the_branch_only_and_each_look_is_in_the_trail(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(
        desk,
        signed_in,
        documents=[Attached("foto_kk", 1, PICTURE), Attached("foto_kk", 2, PAPER)],
    )
    picture = await browser.get(f"{path}/berkas/{PICTURE.sha256}")
    paper = await browser.get(f"{path}/berkas/{PAPER.sha256}")
    other = await (await signed_in(SARI)).get(f"{path}/berkas/{PICTURE.sha256}")

    assert (picture.status_code, picture.content) == (200, b"bytes")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["content-disposition"].startswith("inline")
    assert paper.headers["content-disposition"].startswith("attachment")
    for answer in (picture, paper):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert other.status_code == 404
    assert (await desk.trail("MND-G-0001")).count("document_viewed") == 2


@pytest.mark.usefixtures("stored")
async def test_a_document_of_another_ticket_or_without_its_file_is_not_found(
    desk: Desk, signed_in: SignIn
) -> None:
    lost = Document("d" * 64, "image/png", 5)
    await desk.file(documents=[Attached("foto_kk", 1, PICTURE)])
    browser, path = await taken(desk, signed_in, documents=[Attached("foto_kk", 1, lost)])

    assert path.endswith("0002")
    assert (await browser.get(f"{path}/berkas/{PICTURE.sha256}")).status_code == 404
    assert (await browser.get(f"{path}/berkas/{lost.sha256}")).status_code == 404


@pytest.mark.usefixtures("stored")
async def test_what_the_participant_sends_in_the_conversation_can_be_opened(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    await desk.do(conversation.wrote, CHAT, "MND-G-0001", document=PICTURE)

    assert f'href="{path}?berkas=1#j-berkas"' in (await browser.get(path)).text
    assert (await browser.get(f"{path}/berkas/{PICTURE.sha256}")).content == b"bytes"


FIELDS = {
    "balas": {"balasan": "Baik, Bu.\r\nMohon tunggu."},
    "catatan": {"catatan": "Sudah saya telepon."},
    "perbaikan": CORRECTION,
    "selesai": FINISH,
    "tolak": REFUSE,
}


def seen(page: str) -> str:
    """The token of what a page has shown."""
    found = re.search(r'name="dilihat" value="([0-9.]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("action", FIELDS)
async def test_a_form_that_is_sent_twice_says_its_words_once(
    desk: Desk, signed_in: SignIn, action: str
) -> None:
    browser, path = await taken(desk, signed_in)
    fields = {"dilihat": seen((await browser.get(path)).text), **FIELDS[action]}
    sent = [await browser.post(f"{path}/{action}", **fields) for _ in range(2)]

    assert [answer.status_code for answer in sent] == [303, 303]
    assert len(await desk.all("conversation", request=1)) == 1
    assert len(await desk.told()) == (1 if action == "catatan" else 2)


@pytest.mark.parametrize("action", FIELDS)
async def test_nobody_answers_what_came_after_the_page_and_keeps_what_was_typed(
    desk: Desk, signed_in: SignIn, action: str
) -> None:
    browser, path = await taken(desk, signed_in)
    fields = {"dilihat": seen((await browser.get(path)).text), **FIELDS[action]}
    await desk.do(conversation.wrote, CHAT, "MND-G-0001", text="Batal saja")
    stopped = await browser.post(f"{path}/{action}", **fields)

    assert stopped.status_code == 409
    assert "Ada tulisan baru sejak halaman ini dibuka." in stopped.text
    assert "Batal saja" in stopped.text
    for name, typed in FIELDS[action].items():
        if name == "kirim":
            continue
        assert typed.partition("\r")[0] in stopped.text, name
    assert [event.action for event in await desk.told()] == ["claimed"]
    again = await browser.post(f"{path}/{action}", **{**fields, "dilihat": seen(stopped.text)})
    assert again.status_code == 303


async def test_the_same_words_may_be_sent_again_from_a_page_that_shows_them(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    for _ in range(2):
        shown = seen((await browser.get(path)).text)
        await browser.post(f"{path}/balas", balasan="Mohon tunggu.", dilihat=shown)

    assert len(await desk.all("conversation", request=1)) == 2


async def test_what_was_typed_is_given_back_when_the_request_has_gone(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    await browser.get(path)
    await desk.do(
        queue.transfer, BENNY, "MND-G-0001", to=TONDANO, reason="Alamat", calendar=CALENDAR
    )
    gone = await browser.post(f"{path}/balas", balasan="Tulisan panjang")

    assert gone.status_code == 404
    assert ">Tulisan panjang</textarea>" in gone.text
    assert "Siti" not in gone.text


async def test_what_was_typed_is_given_back_when_the_form_is_no_longer_offered(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    await browser.get(path)
    await desk.do(queue.release, BENNY, "MND-G-0001")
    refused = await browser.post(f"{path}/balas", balasan="Tulisan panjang")

    assert refused.status_code == 409
    assert "readonly>Tulisan panjang</textarea>" in refused.text


async def test_what_was_typed_is_given_back_when_the_store_is_busy(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(verb: object) -> None:
        raise StoreBusy

    browser, path = await taken(desk, signed_in)
    monkeypatch.setattr(desk.store, "write", busy)
    answer = await browser.post(f"{path}/balas", balasan="Tulisan panjang")

    assert answer.status_code == 503
    assert ">Tulisan panjang</textarea>" in answer.text


async def test_a_correction_shows_what_it_changed_and_the_new_picture(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in, documents=[Attached("foto_kk", 1, PICTURE)])
    await desk.do(
        corrections.ask_correction,
        RINA,
        "MND-G-0001",
        parts=[Part("nama", "Ejaan")],
        rules=desk.rules,
    )
    waiting = (await browser.get(path)).text
    before = rendered("MND-G-0001")
    after = (text.replace("Siti Aminah", "Siti Amina") for text in (before.full, before.masked))
    full, masked = after
    await desk.do(
        corrections.corrected,
        CHAT,
        "MND-G-0001",
        answers={"nama": "Siti Amina", "nik": NIK},
        report=full,
        report_masked=masked,
        rules=desk.rules,
        documents=[Attached("foto_kk", 1, PICTURE), Attached("foto_kk", 2, PAPER)],
    )
    page = (await browser.get(path)).text

    assert "Menunggu perbaikan dari peserta: Nama." in waiting
    assert "Nama: Siti Aminah → Siti Amina</p>" in page
    assert "Meminta perbaikan: Nama, Rina K." in page
    told = await desk.all("conversation", request=1)
    assert [message["document"] for message in told] == ["", "", PAPER.sha256]
    assert "Belum dibalas" in (await browser.get("/admin/antrean?tab=saya")).text


async def test_the_first_picture_stands_open_for_the_holder_in_the_order_of_the_form(
    desk: Desk, signed_in: SignIn
) -> None:
    card = Document("e" * 64, "image/png", 5)
    documents = [Attached("foto_kartu", 1, card), Attached("foto_kk", 1, PICTURE)]
    browser, path = await taken(desk, signed_in, documents=documents)
    own = (await browser.get(path)).text
    second = (await browser.get(f"{path}?berkas=2")).text
    other = (await (await signed_in(DIMAS)).get(path)).text

    assert own.index(">Foto KK</a>") < own.index(">Foto kartu JKN</a>")
    assert f'src="{path}/berkas/{PICTURE.sha256}"' in own
    assert f'src="{path}/berkas/{card.sha256}"' in second
    assert "<img" not in other


@pytest.mark.usefixtures("stored")
async def test_a_picture_that_a_page_shows_again_is_one_look_of_each_officer(
    desk: Desk, signed_in: SignIn
) -> None:
    documents = [Attached("foto_kk", 1, PICTURE)]
    browser, path = await taken(desk, signed_in, documents=documents)
    for person in (browser, browser, await signed_in(DIMAS)):
        await person.get(f"{path}/berkas/{PICTURE.sha256}")
    assert (await desk.trail("MND-G-0001")).count("document_viewed") == 2

    desk.clock.at += reveals.ONE_LOOK
    await browser.get(f"{path}/berkas/{PICTURE.sha256}")
    assert (await desk.trail("MND-G-0001")).count("document_viewed") == 3
    assert "Membuka berkas: Foto KK, Rina K." in (await browser.get(path)).text


async def test_at_night_the_ticket_says_when_it_can_be_taken(desk: Desk, signed_in: SignIn) -> None:
    await desk.file()
    desk.clock.at = MONDAY_NIGHT
    page = (await (await signed_in(RINA)).get("/admin/tiket/MND-G-0001")).text

    assert "/ambil" not in page
    assert "Bisa diambil mulai Selasa 24 Nov 08.00 WITA." in page


async def test_a_date_that_is_not_ahead_is_refused(desk: Desk, signed_in: SignIn) -> None:
    browser, path = await taken(desk, signed_in)
    refused = await browser.post(f"{path}/tolak", **{**REFUSE, "boleh_lagi": "2026-11-23"})

    assert refused.status_code == 409
    assert "Tanggal 23 November 2026 sudah lewat." in refused.text
    assert (await desk.request("MND-G-0001")).status == "claimed"


async def test_after_the_end_the_next_request_is_one_press_away(
    desk: Desk, signed_in: SignIn
) -> None:
    browser, path = await taken(desk, signed_in)
    assert "/admin/antrean/berikutnya" not in (await browser.get(path)).text
    await desk.do(endings.finish, RINA, "MND-G-0001", outcome="Sudah.")

    assert "/admin/antrean/berikutnya" in (await browser.get(path)).text
