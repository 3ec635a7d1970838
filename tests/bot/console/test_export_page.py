"""Reports of many requests: masked unless a reason is given, noted first, safe to open."""

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from bot.console import export_page
from bot.console.deps import Deps
from bot.console.gate import Visit
from services import endings, exports
from services.officers import Officer
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import ADMIN, BENNY, HENKY, MONDAY_TEN, NIK, RINA, TIO, TONDANO, Desk

EVERY = ",".join(export_page.COLUMNS)
REASON = "Diminta untuk pencocokan data bulanan."
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(autouse=True)
async def filed(desk: Desk) -> None:
    """One finished request whose participant is called like a formula, one in Tondano."""
    ticket = await desk.file(answers={"nama": FORMULA, "nik": NIK})
    await desk.claim(RINA, ticket.number)
    await desk.do(endings.finish, RINA, ticket.number, outcome=f"NIK {NIK} sudah benar")
    await desk.file(branch=TONDANO)


async def take(browser: Browser, **fields: str) -> Any:
    await browser.get("/admin/laporan")
    return await browser.post("/admin/laporan/unduh", bentuk="csv", kolom=EVERY, **fields)


def lines_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def noted(desk: Desk, officer: Officer) -> list[dict[str, Any]]:
    rows = await desk.all("audit_of", object=officer.id)
    return [msgspec.json.decode(row["detail"]) for row in rows if row["action"] == "exported"]


async def test_the_page_says_how_many_requests_there_are(signed_in: SignIn) -> None:
    own = (await (await signed_in(BENNY)).get("/admin/laporan")).text
    every = (await (await signed_in(ADMIN)).get("/admin/laporan")).text

    assert "<b>1 permintaan</b>" in own
    assert "<b>2 permintaan</b>" in every


async def test_a_file_is_masked(desk: Desk, signed_in: SignIn) -> None:
    answer = await take(await signed_in(BENNY))
    [line] = lines_of(answer)

    assert NIK not in answer.text
    assert line["NIK"] == "••••••••••••9901"
    assert line["Hasil"] == "NIK ************9901 sudah benar"
    assert line["Status"] == "Selesai"
    assert line["Masuk (jam cabang)"] == "2026-11-23 10:00 WITA"
    assert line["Peserta"] == f"'{FORMULA}"
    [entry] = await noted(desk, BENNY)
    assert (entry["rows"], entry["full"], entry["reason"]) == (1, False, "")


async def test_a_file_is_named_by_the_day_of_the_branch(desk: Desk, signed_in: SignIn) -> None:
    desk.clock.at = MONDAY_TEN.replace(hour=16)  # midnight in Manado
    browser = await signed_in(BENNY)
    answer = await take(browser)

    assert '"laporan-kc-manado-20261124.csv"' in answer.headers["content-disposition"]


async def test_a_reason_gives_full_numbers_and_is_noted(desk: Desk, signed_in: SignIn) -> None:
    [line] = lines_of(await take(await signed_in(BENNY), lengkap="ya", alasan=REASON))

    assert line["NIK"] == NIK
    assert NIK in line["Formulir"]
    [entry] = await noted(desk, BENNY)
    assert (entry["rows"], entry["full"], entry["reason"]) == (1, True, REASON)
    assert entry["filter"].startswith("cabang KC-MANADO, 2026-10-24T16:00Z/")


@pytest.mark.parametrize("reason", ["", "   ", "perlu", "\u200b" * 20])
async def test_a_reason_that_says_nothing_is_asked_again_and_nothing_is_lost(
    desk: Desk, signed_in: SignIn, reason: str
) -> None:
    answer = await take(
        await signed_in(BENNY), lengkap="ya", alasan=reason, dari="2026-11-20", sampai="2026-11-23"
    )

    assert answer.status_code == 409
    assert "Tulis alasannya" in answer.text
    assert 'value="2026-11-20"' in answer.text
    assert NIK not in answer.text
    assert await noted(desk, BENNY) == []


async def test_an_auditor_gets_no_full_numbers(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(TIO)
    page = (await browser.get("/admin/laporan")).text
    answer = await take(browser, lengkap="ya", alasan=REASON)

    assert "Dengan nomor lengkap" not in page
    assert answer.status_code == 404
    assert NIK not in answer.text
    assert await noted(desk, TIO) == []


async def test_another_branch_is_not_there(desk: Desk, signed_in: SignIn) -> None:
    answer = await take(await signed_in(HENKY), cabang="KC-MANADO")

    assert answer.status_code == 404
    assert await noted(desk, HENKY) == []


async def test_an_officer_has_no_reports(signed_in: SignIn) -> None:
    assert (await (await signed_in(RINA)).get("/admin/laporan")).status_code == 404


async def test_nothing_found_is_said_and_not_noted(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    page = (await browser.get("/admin/laporan?dari=2026-01-01&sampai=2026-01-31")).text
    answer = await take(browser, dari="2026-01-01", sampai="2026-01-31")

    assert "Tidak ada tiket pada rentang itu." in page
    assert answer.status_code == 409
    assert await noted(desk, BENNY) == []


async def test_the_note_is_written_before_the_first_byte(desk: Desk, deps: Deps) -> None:
    fields = {"bentuk": "csv", "kolom": "nomor", "lengkap": "ya", "alasan": REASON}
    request: Any = None

    await export_page.take_export(deps, Visit(BENNY, ""), request, fields)  # nobody reads it

    assert [entry["rows"] for entry in await noted(desk, BENNY)] == [1]


async def test_a_long_file_is_read_in_stretches(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        await desk.file()
    monkeypatch.setattr(exports, "STRETCH", 2)
    answer = await take(await signed_in(BENNY))

    numbers = [line["Nomor"] for line in lines_of(answer)]
    assert numbers == [f"MND-G-{n:04}" for n in range(1, 8)]


async def test_only_the_chosen_columns_are_there(signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    await browser.get("/admin/laporan")
    answer = await browser.post("/admin/laporan/unduh", bentuk="csv", kolom="status,nomor")

    assert list(lines_of(answer)[0]) == ["Nomor", "Status"]


async def test_a_workbook_has_texts_only_as_texts(signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    await browser.get("/admin/laporan")
    answer = await browser.post("/admin/laporan/unduh", bentuk="xlsx", kolom=EVERY)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

    cells = list(sheet.iter(f"{name}c"))
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    assert not list(sheet.iter(f"{name}f"))
    assert f"'{FORMULA}" in [text.text for text in sheet.iter(f"{name}t")]


async def test_an_unknown_form_of_file_is_not_there(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    await browser.get("/admin/laporan")

    assert (await browser.post("/admin/laporan/unduh", bentuk="exe")).status_code == 404
    assert await noted(desk, BENNY) == []
