"""The trail in the console: searched within one's branches, page by page, and taken away."""

import csv
import io
import re
from datetime import timedelta

import pytest

from forms.fields import Document
from services import audit, reveals, trail
from services.queue import Attached
from tests.bot.console.conftest import SignIn
from tests.desk import ADMIN, BENNY, DIMAS, HENKY, MONDAY_TEN, NIK, RINA, TIO, TONDANO, WATI, Desk


@pytest.fixture(autouse=True)
async def happened(desk: Desk) -> None:
    """Two requests in Manado, of which each officer takes one, and one in Tondano."""
    for officer in (RINA, DIMAS):
        ticket = await desk.file()
        await desk.claim(officer, ticket.number)
    await desk.file(branch=TONDANO)


async def test_a_head_of_a_branch_sees_that_branch_only(signed_in: SignIn) -> None:
    page = (await (await signed_in(BENNY)).get("/admin/jejak")).text

    assert "MND-G-0001" in page
    assert "Rina K." in page
    assert "TND-G-0001" not in page
    assert (await (await signed_in(HENKY)).get("/admin/jejak?cabang=KC-MANADO")).status_code == 404


@pytest.mark.parametrize("officer", [ADMIN, TIO, WATI], ids=lambda one: one.role)
async def test_who_has_several_branches_sees_them_all_or_one(
    signed_in: SignIn, officer: object
) -> None:
    browser = await signed_in(officer)  # type: ignore[arg-type]
    every = (await browser.get("/admin/jejak")).text
    one = (await browser.get("/admin/jejak?cabang=KC-TONDANO")).text

    assert "MND-G-0001" in every
    assert "TND-G-0001" in every
    assert "MND-G-0001" not in one


async def test_an_officer_has_no_trail(signed_in: SignIn) -> None:
    assert (await (await signed_in(RINA)).get("/admin/jejak")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("tiket=mnd-g-0002", {"MND-G-0002"}),
        ("petugas=rina&tindakan=claimed", {"MND-G-0001"}),
        ("tindakan=claimed", {"MND-G-0001", "MND-G-0002"}),
        ("petugas=rina&tiket=MND-G-0002", set()),
        ("dari=2026-11-23&sampai=2026-11-23&tindakan=filed", {"MND-G-0001", "MND-G-0002"}),
        ("dari=2026-11-24&sampai=2026-11-25", set()),
    ],
)
async def test_the_trail_is_searched(signed_in: SignIn, asked: str, found: set[str]) -> None:
    page = (await (await signed_in(BENNY)).get(f"/admin/jejak?{asked}")).text
    table = page.partition("<tbody>")[2]

    assert set(re.findall(r"MND-G-\d{4}", table)) == found
    assert bool(table) or "Tidak ada yang cocok" in page


async def test_a_day_is_that_of_the_branch(desk: Desk, signed_in: SignIn) -> None:
    desk.clock.at += timedelta(hours=14, minutes=30)  # 00.30 in Manado, still Monday in UTC
    await desk.file()
    page = (
        await (await signed_in(BENNY)).get("/admin/jejak?dari=2026-11-24&sampai=2026-11-24")
    ).text

    assert "MND-G-0003" in page
    assert "MND-G-0001" not in page


async def test_older_entries_are_a_page_further(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PAGE", 3)
    browser, seen = await signed_in(BENNY), []
    address: str | None = "/admin/jejak"
    while address:
        page = (await browser.get(address)).text
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        seen.append(body.count("<tr>"))
        older = re.search(r'href="([^"]*)">Lebih lama', page)
        address = older[1].replace("&amp;", "&") if older else None

    assert len(seen) > 1
    assert all(count == 3 for count in seen[:-1])
    browser = await signed_in(BENNY)


async def test_a_wrong_day_is_told_and_the_rest_is_kept(signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    for asked in ("dari=2026-13-01", "dari=2026-11-30&sampai=2026-11-01", "dari=1600-01-01"):
        page = await browser.get(f"/admin/jejak?{asked}&petugas=rina")
        assert page.status_code == 200
        assert 'role="alert"' in page.text
        assert 'value="rina"' in page.text


async def test_the_file_has_everything_and_is_in_the_trail_itself(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "STRETCH", 2)
    answer = await (await signed_in(BENNY)).get("/admin/jejak/unduh?tindakan=claimed")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[0][:2] == ["Nomor", "Waktu"]
    assert {line[6] for line in lines[1:]} == {"MND-G-0001", "MND-G-0002"}
    assert await desk.trail(BENNY.id) == ["officer_added", "signed_in", "trail_exported"]


async def test_the_file_is_named_by_the_day_of_the_branch(desk: Desk, signed_in: SignIn) -> None:
    desk.clock.at = MONDAY_TEN.replace(hour=16)  # midnight in Manado
    browser = await signed_in(BENNY)
    answer = await browser.get("/admin/jejak/unduh")

    assert '"jejak-20261124.csv"' in answer.headers["content-disposition"]


async def test_the_trail_shows_no_long_number(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    await browser.get(f"/admin/jejak/unduh?petugas={NIK}")
    page = (await browser.get("/admin/jejak")).text

    assert NIK not in page.partition("<table")[2]


WORDS: list[tuple[str, dict[str, object], str]] = [
    ("checked", {"item": "faskes"}, "Faskes ada"),
    ("correction_asked", {"step": "nik", "code": "foto_kabur"}, "NIK · Foto kurang jelas"),
    ("transferred", {"to": "KC-TONDANO", "code": "alamat"}, "ke KC Tondano · Alamat di"),
    ("handed_over", {"officer": "dimas"}, "Dimas P."),
    ("claimed", {"before": "rina"}, "sebelumnya Rina K."),
    ("followed", {"before": "web:•••x7Q", "to": "telegram:•••88"}, "sebelumnya Web · ke Telegram"),
    ("replied", {"characters": 12, "via": "telegram"}, "12 huruf · lewat Telegram"),
    ("taken_back", {"what": "finished"}, "diselesaikan"),
    ("report_taken", {"full": True}, "lengkap"),
    ("document_viewed", {"document": "0a1b2c"}, "berkas 0a1b2c"),
    ("quick_reply_saved", {}, "Menyimpan balasan cepat"),
    (
        "officer_moved",
        {"role": "supervisor", "was": "officer", "of": "KC-TONDANO"},
        "Kepala cabang",
    ),
]


@pytest.mark.parametrize(("action", "detail", "words"), WORDS, ids=[one[0] for one in WORDS])
async def test_an_entry_is_told_in_words_as_the_ticket_tells_it(
    desk: Desk, signed_in: SignIn, action: str, detail: dict[str, object], words: str
) -> None:
    about = {"thing": "MND-G-0001", "branch": "KC-MANADO", "actor": "rina"}
    await desk.do(audit.note, action=action, **about, **detail)
    browser = await signed_in(BENNY)

    for page in ("/admin/jejak?tiket=MND-G-0001", "/admin/tiket/MND-G-0001"):
        assert words in (await browser.get(page)).text, page


async def test_a_change_of_the_calendar_is_told_with_its_days(
    desk: Desk, signed_in: SignIn
) -> None:
    day = {"place": "KC-MANADO", "kind": "closed", "first": "2026-11-24", "last": "2026-11-24"}
    about = {"thing": "KC-MANADO", "branch": "KC-MANADO", "actor": "benny"}
    await desk.do(audit.note, action="calendar_changed", reason="listrik", added=[day], **about)
    page = (await (await signed_in(BENNY)).get("/admin/jejak")).text

    assert "sebab: listrik · Tutup Selasa 24 Nov 2026" in page
    assert "<td>KC Manado</td>" in page


async def test_pages_of_one_document_are_numbered_and_one_picture_sent_twice_has_both_titles(
    desk: Desk, signed_in: SignIn
) -> None:
    first, second, both = (Document(letter * 64, "image/jpeg", 5) for letter in "abc")
    sent = [("foto_kk", 1, first), ("foto_kk", 2, second), ("foto_kk", 3, both)]
    documents = [Attached(*one) for one in (*sent, ("foto_kartu", 1, both))]
    number = (await desk.file(documents=documents)).number
    for one in (first, second, both):
        await desk.do(reveals.open_document, BENNY, number, one.sha256)
    browser = await signed_in(BENNY)

    for page in (f"/admin/jejak?tiket={number}", f"/admin/tiket/{number}"):
        read = (await browser.get(page)).text.rpartition("Jejak</h")[2]
        for title in ("Foto KK 1", "Foto KK 2", "Foto KK 3, sama dengan Foto kartu JKN"):
            assert title in read, (page, title)
