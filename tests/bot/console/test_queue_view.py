"""The address of the queue page is the view: lists, search, filters, pages; and what rows say."""

import re
from datetime import timedelta

import httpx
import pytest

from bot.console.badges import span
from bot.console.queue_view import View, view_of
from services import board, corrections, endings, queue
from services.corrections import Part
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import BENNY, CALENDAR, DIMAS, MANADO, RINA, RULES, SARI, TONDANO, Desk


async def tickets(browser: Browser, **view: str) -> list[str]:
    """The numbers on the page of this view, from top to bottom."""
    page = await browser.client.get("/admin/antrean", params=view)
    return re.findall(r'<tr id="r-([A-Z0-9-]+)"', page.text)


async def test_each_filter_narrows_and_all_stand_in_the_address(
    desk: Desk, signed_in: SignIn
) -> None:
    await desk.file(chat="web:a")
    await desk.file(chat="telegram:7", service="NP")
    await desk.file(chat="web:b", urgent=True)
    browser = await signed_in(RINA)

    assert await tickets(browser, layanan="NP") == ["MND-NP-0001"]
    assert await tickets(browser, kanal="web") == ["MND-G-0002", "MND-G-0001"]
    assert await tickets(browser, mendesak="1") == ["MND-G-0002"]
    assert await tickets(browser, layanan="NP", kanal="web") == []
    page = (await browser.get("/admin/antrean?kanal=telegram&mendesak=1")).text
    assert "Tidak ada yang cocok." in page
    assert "Saringan (2 dipakai)" in page
    assert 'href="/admin/antrean?tab=menunggu&amp;cabang=KC-MANADO">Hapus saringan' in page
    assert 'hx-get="/admin/antrean/isi?tab=menunggu&amp;cabang=KC-MANADO&amp;kanal=telegram' in page
    assert ">Hapus pencarian</a>" in (await browser.get("/admin/antrean?cari=siti")).text


async def test_deadlines_are_told_in_words_and_can_be_filtered(
    desk: Desk, signed_in: SignIn
) -> None:
    await desk.file()
    desk.clock.at += timedelta(minutes=200)
    await desk.file(service="NP")
    browser = await signed_in(RINA)

    soon = (await browser.get("/admin/antrean")).text
    assert ">Sisa 40 mnt<" in soon
    assert ">Sisa 2 jam<" in soon
    assert await tickets(browser, batas="segera") == ["MND-G-0001"]
    assert await tickets(browser, batas="lewat") == []
    assert await tickets(browser, batas="hari-ini") == ["MND-G-0001", "MND-NP-0001"]
    desk.clock.at += timedelta(minutes=51)
    assert ">Lewat 11 mnt<" in (await browser.get("/admin/antrean")).text
    assert await tickets(browser, batas="lewat") == ["MND-G-0001"]


async def test_an_ended_request_was_in_time_or_late_by_open_minutes(
    desk: Desk, signed_in: SignIn
) -> None:
    for late in (timedelta(minutes=5), timedelta(days=1)):
        ticket = await desk.file()
        await desk.claim(BENNY, ticket.number)
        desk.clock.at += late
        await desk.do(endings.finish, BENNY, ticket.number, outcome="Selesai.")
    page = (await (await signed_in(RINA)).get("/admin/antrean?tab=semua")).text

    assert ">Tepat waktu<" in page
    assert ">Lewat 5 jam<" in page  # nine open hours after ten o'clock, four were allowed


async def test_the_list_of_everything_can_be_narrowed_to_an_officer(
    desk: Desk, signed_in: SignIn
) -> None:
    mine, other = await desk.file(), await desk.file()
    await desk.claim(RINA, mine.number)
    await desk.claim(DIMAS, other.number)
    browser = await signed_in(RINA)

    assert await tickets(browser, tab="semua", petugas="dimas") == [other.number]
    assert await tickets(browser, tab="saya") == [mine.number]


@pytest.mark.parametrize(
    "typed", ["MND-G-0002", "mnd g 2", "0002", "2", "Siti", "nur AMINAH", "aminah", "9901", "990"]
)
async def test_a_request_is_found_by_number_name_and_last_digits(
    desk: Desk, signed_in: SignIn, typed: str
) -> None:
    await desk.file(found_by=["budi", "1234"])
    await desk.file(found_by=["siti nur aminah", "nur aminah", "aminah", "9901", "0990"])

    assert await tickets(await signed_in(RINA), cari=typed) == ["MND-G-0002"]


@pytest.mark.parametrize(
    "typed",
    [
        *("7171015708909901", "7171 0157 0890 9901", "7171.0157.0890.9901", "7171-0157-0890-9901"),
        *("71710/157089/09901", "NIK: 7171015708909901", "Siti 7171015708909901", "0001234579901"),
        "79901",
    ],
)
async def test_of_a_long_number_only_the_end_stays_in_the_address(
    signed_in: SignIn, typed: str
) -> None:
    browser = await signed_in(RINA)
    answer = await browser.client.get("/admin/antrean", params={"cari": typed})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/admin/antrean?tab=menunggu&cari=9901"


async def test_a_search_ends_at_the_branch_and_goes_along_with_a_transfer(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file(found_by=["siti"])
    manado, tondano = await signed_in(RINA), await signed_in(SARI)
    assert await tickets(tondano, cari="siti") == []
    await desk.do(
        queue.transfer, BENNY, ticket.number, to=TONDANO, reason="Alamat", calendar=CALENDAR
    )

    assert await tickets(manado, cari="siti") == []
    assert await tickets(tondano, cari="siti") == [ticket.number]


async def test_a_correction_changes_what_a_request_is_found_by(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file(found_by=["sity"])
    await desk.claim(RINA, ticket.number)
    await desk.do(
        corrections.ask_correction, RINA, ticket.number, parts=[Part("nama", "Eja")], rules=RULES
    )
    await desk.do(
        corrections.corrected,
        "web:siti",
        ticket.number,
        answers={"nama": "Siti"},
        report="x",
        report_masked="x",
        rules=RULES,
        found_by=["siti"],
    )
    browser = await signed_in(RINA)

    assert await tickets(browser, tab="semua", cari="siti") == [ticket.number]
    assert await tickets(browser, tab="semua", cari="sity") == []


async def test_what_is_not_found_among_the_waiting_is_offered_among_all(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file(found_by=["siti"])
    await desk.claim(DIMAS, ticket.number)
    browser = await signed_in(RINA)
    page = (await browser.get("/admin/antrean?cari=siti")).text
    offered = re.search(r'href="([^"]+)">Cari di semua permintaan', page)

    assert offered
    assert ticket.number in (await browser.get(offered[1].replace("&amp;", "&"))).text


async def test_pages_follow_one_another_and_none_is_left_out(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PAGE", 3)
    for n in range(7):
        await desk.file(urgent=n in (2, 5))
    browser, seen = await signed_in(RINA), []
    for tab in ("menunggu", "semua"):
        address, shown = f"/admin/antrean?tab={tab}", []
        while address:
            page = (await browser.get(address)).text
            shown.append(re.findall(r'<tr id="r-MND-G-000(\d)"', page))
            following = re.search(r'href="([^"]+)">Halaman berikutnya', page)
            address = following[1].replace("&amp;", "&") if following else ""
        seen.append(shown)

    assert seen == [
        [["3", "6", "1"], ["2", "4", "5"], ["7"]],
        [["7", "6", "5"], ["4", "3", "2"], ["1"]],
    ]


async def test_nonsense_in_the_address_shows_the_first_page(desk: Desk, signed_in: SignIn) -> None:
    ticket = await desk.file()
    browser = await signed_in(RINA)

    for view in ({"tab": "x"}, {"sesudah": "1.x"}, {"sesudah": "9" * 40}, {"batas": "besok"}):
        assert await tickets(browser, **view) == [ticket.number]
    assert (await browser.get("/admin/antrean?cabang=KC-TIADA")).status_code == 404


async def test_four_numbers_tell_how_the_day_goes(desk: Desk, signed_in: SignIn) -> None:
    for _ in range(3):
        await desk.file()
    desk.clock.at += timedelta(minutes=20)
    await desk.claim(RINA, "MND-G-0001")
    await desk.claim(RINA, "MND-G-0002")
    await desk.do(endings.finish, RINA, "MND-G-0001", outcome="Selesai.")
    page = (await (await signed_in(RINA)).get("/admin/antrean")).text

    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page) == [
        ("Menunggu", "1"),
        ("Dikerjakan", "1"),
        ("Selesai hari ini", "1"),
        ("Rata-rata tunggu", "20 mnt"),
    ]


async def test_a_lost_claim_changes_the_row_where_a_script_asked(
    desk: Desk, signed_in: SignIn
) -> None:
    ticket = await desk.file()
    rina, dimas = await signed_in(RINA), await signed_in(DIMAS)
    await rina.post(f"/admin/tiket/{ticket.number}/ambil")
    lost: httpx.Response = await dimas.client.post(
        f"/admin/tiket/{ticket.number}/ambil",
        data={"csrf": dimas.token},
        headers={"HX-Request": "true"},
    )

    assert lost.status_code == 409
    assert lost.text.strip().startswith(f'<tr id="r-{ticket.number}">')
    assert "sudah diambil Rina K." in lost.text


async def test_who_finds_nothing_left_hears_of_what_is_still_open(
    desk: Desk, signed_in: SignIn
) -> None:
    await desk.file()
    browser = await signed_in(RINA)
    for _ in range(2):
        answer = await browser.post("/admin/antrean/berikutnya", cabang="KC-MANADO")

    assert "Tidak ada lagi yang menunggu. 1 milik Anda masih terbuka." in answer.text


async def test_pages_are_compressed_and_photos_are_not_again(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    page = await browser.get("/admin/antrean")
    script = await browser.get("/admin/static/vendor/htmx.min.js")

    assert page.headers["content-encoding"] == "gzip"
    assert script.headers["content-encoding"] == "gzip"


def test_open_time_is_told_in_hours_and_minutes() -> None:
    assert [span(minutes) for minutes in (0, 16, 60, 200)] == [
        "0 mnt",
        "16 mnt",
        "1 jam",
        "3 jam 20 mnt",
    ]


def test_a_view_survives_its_own_address() -> None:
    view = View(tab="semua", cabang=MANADO.id, cari="nur aminah", layanan="G", mendesak="1")
    assert view_of(dict(httpx.QueryParams(view.query).items())) == view
