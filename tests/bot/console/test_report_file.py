"""The report as a file: masked for everybody of the branch, in full only behind a reveal."""

import io

import httpx
import pytest
from pypdf import PdfReader

from services import reveals
from tests.bot.console.conftest import SignIn
from tests.desk import DIMAS, NIK, RINA, SARI, Desk

PATH = "/admin/tiket/MND-G-0001"
MASKED, FULL = f"{PATH}/formulir/tersamar", f"{PATH}/formulir/lengkap"


@pytest.fixture(autouse=True)
async def filed(desk: Desk) -> None:
    await desk.file()


def read(answer: httpx.Response) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


async def test_the_masked_report_is_downloaded_with_headers_that_keep_it_harmless(
    desk: Desk, signed_in: SignIn
) -> None:
    browser = await signed_in(RINA)
    page = (await browser.get(PATH)).text
    answer = await browser.get(MASKED)

    assert f'href="{MASKED}">Unduh formulir tersamar (PDF)' in page
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="MND-G-0001-tersamar.pdf"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "••••••••••••9901" in read(answer)
    assert NIK not in read(answer)
    assert await desk.trail("MND-G-0001") == ["filed", "report_taken"]


async def test_the_full_report_needs_a_look_that_is_open(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    before = await browser.get(FULL)
    await browser.get(PATH)
    await browser.post(f"{PATH}/lihat")
    page = (await browser.get(PATH)).text
    shown = await browser.get(FULL)
    colleague = await (await signed_in(DIMAS)).get(FULL)
    desk.clock.at += reveals.ONE_LOOK
    later = await browser.get(FULL)

    assert f'href="{FULL}">Unduh formulir lengkap (PDF)' in page
    assert NIK in read(shown)
    assert shown.headers["content-disposition"].endswith('"MND-G-0001-lengkap.pdf"')
    for answer in (before, colleague, later):
        assert (answer.status_code, answer.headers["location"]) == (303, PATH)
        assert answer.content == b""
    assert await desk.trail("MND-G-0001") == ["filed", "revealed", "report_taken"]


async def test_each_variant_is_in_the_trail_once_a_look(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    for path in (PATH, MASKED, MASKED):
        await browser.get(path)
    await browser.post(f"{PATH}/lihat")
    for _ in range(2):
        await browser.get(FULL)
    desk.clock.at += reveals.ONE_LOOK
    await browser.get(MASKED)
    page = (await browser.get(PATH)).text

    assert (await desk.trail("MND-G-0001")).count("report_taken") == 3
    assert page.count("Mengunduh formulir: tersamar, Rina K.") == 2
    assert page.count("Mengunduh formulir: lengkap, Rina K.") == 1


async def test_nothing_is_sent_when_the_audit_cannot_be_written(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: object, **values: object) -> None:
        raise RuntimeError("audit")

    browser = await signed_in(RINA)
    monkeypatch.setattr("services.audit.note", broken)

    with pytest.raises(RuntimeError, match="audit"):
        await browser.get(MASKED)


async def test_another_branch_and_another_variant_get_nothing(
    desk: Desk, signed_in: SignIn
) -> None:
    other = await (await signed_in(SARI)).get(MASKED)
    unknown = await (await signed_in(RINA)).get(f"{PATH}/formulir/semua")

    assert (other.status_code, unknown.status_code) == (404, 404)
    assert await desk.trail("MND-G-0001") == ["filed"]
