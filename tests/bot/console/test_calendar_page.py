"""Branches and calendars in the console: what is seen, what is typed, and the look ahead."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import cycle

import httpx
import pytest
from msgspec.structs import replace

from bot.console.deps import Deps
from data.instants import from_us
from data.store import Store
from flows.facts import Say
from services import calendar_watch
from services.hours import Calendar
from tests.bot.console.conftest import CATALOGUE, Browser, SignIn
from tests.desk import (
    ADMIN,
    BENNY,
    FACTS,
    MANADO,
    MONDAY_NIGHT,
    RINA,
    SARI,
    TONDANO,
    WEEK,
    Desk,
)

PAGE = "/admin/cabang/KC-MANADO"
CLOSE = {"dari": "24-11-2026", "sampai": "", "alasan": "Perbaikan listrik"}


@pytest.fixture
def deps(deps: Deps, desk: Desk) -> Deps:
    """Everything the console uses, with a calendar that no other test changes."""
    desk.calendar = Calendar(FACTS, WEEK)
    languages = cycle(("id", "en"))

    def say(session: bytes | None, say: Say) -> tuple[str, str]:
        language = next(languages)
        return language, CATALOGUE.render(say.key, say.values, language)

    branches = desk.calendar.branches
    return replace(deps, calendar=desk.calendar, branches=branches, say=say)


def text(answer: httpx.Response) -> str:
    """A page as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def shown(answer: httpx.Response) -> dict[str, str]:
    """The fields of the preview, as its button sends them."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text)
    return {name: html.unescape(value) for name, value in fields}


async def send(browser: Browser, form: str, fields: Mapping[str, str]) -> httpx.Response:
    answer = await browser.post(f"{PAGE}/{form}", **fields)
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text)
    browser.token = found[1] if found else browser.token
    return answer


async def confirm(browser: Browser, form: str, preview: httpx.Response) -> httpx.Response:
    return await browser.client.post(f"{PAGE}/{form}", data=shown(preview))


async def change(browser: Browser, form: str, fields: Mapping[str, str]) -> httpx.Response:
    """Both posts; the page afterwards."""
    preview = await send(browser, form, fields)
    assert preview.status_code == 200, text(preview)
    saved = await confirm(browser, form, preview)
    assert saved.status_code == 303, text(saved)
    return await browser.get(saved.headers["location"])


async def test_the_consequence_is_shown_before_anything_is_saved(
    signed_in: SignIn, desk: Desk
) -> None:
    desk.clock.at = MONDAY_NIGHT
    for n in range(7):
        await desk.file(chat=f"web:{n}")
    browser = await signed_in(BENNY)

    preview = await send(browser, "tutup", CLOSE)

    assert "belum disimpan" in text(preview)
    assert "Selasa 24 Nov jadi tutup." in text(preview)
    assert (
        "7 permintaan yang dijanjikan Selasa 24 Nov 08.00 WITA pindah ke Rabu 25 Nov 08.00 WITA."
        in text(preview)
    )
    assert "7 peserta dikabari." in text(preview)
    assert await desk.all("calendar_entries") == []

    saved = await confirm(browser, "tutup", preview)
    assert saved.headers["location"] == f"{PAGE}?baru=tutup&dikabari=7#baru"
    page = text(await browser.get(saved.headers["location"]))
    assert "Tersimpan. 7 peserta dikabari." in page
    assert "Selasa 24 Nov 2026 Perbaikan listrik" in page
    assert "Tutup Selasa 24 Nov 2026 23 Nov 20.00 WITA · Benny W.: Perbaikan listrik" in page
    assert not desk.calendar.is_open("KC-MANADO", datetime(2026, 11, 24, 2, 0, tzinfo=UTC))


async def test_the_check_shows_the_message_in_each_language_and_tells_nobody(
    signed_in: SignIn, desk: Desk
) -> None:
    desk.clock.at = MONDAY_NIGHT
    for n in range(3):
        await desk.file(chat=f"web:{n}")
    promised = (await desk.request("MND-G-0001")).promised
    preview = await send(await signed_in(BENNY), "tutup", CLOSE)

    seen = text(preview)
    assert "Jadwal layanan Kantor Cabang Manado berubah." in seen
    assert "Tiket \x02MND-G-0001\x03 dilayani mulai Rabu, 25 November 2026, 08.00 WITA." in seen
    assert "The hours of Kantor Cabang Manado have changed." in seen
    assert 'lang="en"' in preview.text
    assert (await desk.request("MND-G-0001")).promised == promised
    assert await desk.told() == []


async def test_whoever_saves_lands_on_what_is_new_and_the_history_says_what_it_was(
    signed_in: SignIn,
) -> None:
    browser = await signed_in(BENNY)
    for fields in ({**CLOSE, "dari": "01-12-2026", "alasan": "Cat ulang"}, CLOSE):
        preview = await send(browser, "tutup", fields)
        saved = await confirm(browser, "tutup", preview)
        page = await browser.get(saved.headers["location"])
    [closed] = re.findall(r"<h2>Tutup setempat</h2>.*?</section>", page.text, re.DOTALL)
    assert page.text.count('id="baru"') == closed.count('id="baru"') == 1
    [new] = re.findall(r'<li class="baru">.*?</li>', closed, re.DOTALL)
    assert "Perbaikan listrik" in new

    number = re.findall(r'name="isian" value="(\d+)"', new)[0]
    page = await change(browser, "batal", {"isian": number, "alasan": "listrik sudah baik"})
    [history] = re.findall(r"<h2>Riwayat perubahan</h2>.*?</section>", page.text, re.DOTALL)
    assert 'id="baru"' in history
    told = [html.unescape(one) for one in re.findall(r"<b>(.*?)</b>", history)]
    assert told == [
        "Dibatalkan: tutup Selasa 24 Nov 2026",
        "Tutup Selasa 24 Nov 2026",
        "Tutup Selasa 1 Des 2026",
    ]


async def test_what_was_filed_while_the_calendar_changed_is_planned_by_the_new_one(
    signed_in: SignIn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.clock.at = MONDAY_NIGHT
    browser = await signed_in(BENNY)
    preview = await send(browser, "tutup", CLOSE)
    follow = calendar_watch.follow

    async def file_meanwhile(store: Store, calendar: Calendar) -> bool:
        await desk.file()  # by a process that has not heard of the change which is saved
        return await follow(store, calendar)

    monkeypatch.setattr(calendar_watch, "follow", file_meanwhile)
    await confirm(browser, "tutup", preview)

    due = desk.calendar.after("KC-MANADO", MONDAY_NIGHT, timedelta(minutes=240))
    assert from_us((await desk.request("MND-G-0001")).due_at) == due
    desk.clock.at += timedelta(minutes=2)
    assert [event.action for event in await desk.told()] == ["rescheduled"]


async def test_pressing_save_twice_saves_once(signed_in: SignIn, desk: Desk) -> None:
    browser = await signed_in(BENNY)
    preview = await send(browser, "tutup", CLOSE)

    answers = [await confirm(browser, "tutup", preview) for _ in range(2)]

    assert [one.headers["location"] for one in answers] == [
        f"{PAGE}?baru=tutup&dikabari=0#baru",
        f"{PAGE}?baru=tutup&dikabari=#baru",
    ]
    assert len(await desk.all("calendar_entries")) == 1


async def test_only_what_was_shown_is_saved(signed_in: SignIn, desk: Desk) -> None:
    browser = await signed_in(BENNY)
    fields = shown(await send(browser, "tutup", CLOSE)) | {"dari": "25-11-2026"}

    answer = await browser.client.post(f"{PAGE}/tutup", data=fields)

    assert answer.status_code == 200
    assert "Rabu 25 Nov jadi tutup." in text(answer)
    assert await desk.all("calendar_entries") == []


async def test_a_token_of_another_officer_saves_nothing(signed_in: SignIn, desk: Desk) -> None:
    fields = shown(await send(await signed_in(BENNY), "tutup", CLOSE))
    browser = await signed_in(ADMIN)

    answer = await browser.client.post(f"{PAGE}/tutup", data=fields | {"csrf": browser.token})

    assert "belum disimpan" in text(answer)
    assert await desk.all("calendar_entries") == []


async def test_a_calendar_that_changed_meanwhile_is_shown_anew(
    signed_in: SignIn, desk: Desk
) -> None:
    desk.clock.at = MONDAY_NIGHT
    await desk.file()
    benny, admin = await signed_in(BENNY), await signed_in(ADMIN)
    preview = await send(benny, "tutup", CLOSE)
    await change(admin, "tutup", CLOSE | {"dari": "25-11-2026"})

    refused = await confirm(benny, "tutup", preview)

    assert refused.status_code == 409
    assert "baru saja diubah orang lain" in text(refused)
    assert "pindah ke Kamis 26 Nov 08.00 WITA" in text(refused)
    assert len(await desk.all("calendar_entries")) == 1
    assert (await confirm(benny, "tutup", refused)).status_code == 303
    assert len(await desk.all("calendar_entries")) == 2


async def test_what_was_typed_can_be_mended_from_the_preview(signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)
    preview = await send(browser, "tutup", CLOSE)

    page = await browser.client.post(f"{PAGE}/tutup", data=shown(preview) | {"ubah": "ya"})

    assert page.status_code == 200
    assert 'value="Perbaikan listrik"' in page.text
    assert 'value="24-11-2026"' in page.text


@pytest.mark.parametrize(
    ("form", "fields", "said"),
    [
        ("tutup", CLOSE | {"dari": "kapan-kapan"}, "Tanggal awal belum bisa dibaca"),
        ("tutup", CLOSE | {"dari": "31-11-2026"}, "tanggal 31 November tidak ada"),
        ("tutup", CLOSE | {"dari": "20-11-2026"}, "sudah lewat: 20 November 2026"),
        ("tutup", CLOSE | {"sampai": "23-11-2026"}, "harus sesudah tanggal awal"),
        ("tutup", CLOSE | {"sampai": "24-12-2027"}, "Paling lama satu tahun"),
        ("tutup", CLOSE | {"alasan": " "}, "Alasan belum diisi."),
        ("tutup", CLOSE | {"alasan": "x" * 121}, "Batasnya 120 huruf"),
        ("buka", {"tanggal": "28-11-2026", "jam": "12-8", "alasan": "x"}, "sesudah jam buka"),
        ("buka", {"tanggal": "28-11-2026", "jam": "", "alasan": "x"}, "Jam belum diisi"),
        ("buka", {"tanggal": "25-12-2026", "jam": "8-12", "alasan": "x"}, "hanya bisa diubah"),
        ("minggu", {"jam_0": "8-12, 11-17", "alasan": "x"}, "Senin: Jam"),
        ("minggu", {"alasan": "x"}, "paling sedikit satu hari"),
    ],
)
async def test_what_cannot_be_meant_is_told_kindly_and_nothing_is_lost(
    signed_in: SignIn, desk: Desk, form: str, fields: dict[str, str], said: str
) -> None:
    answer = await send(await signed_in(BENNY), form, fields)

    assert answer.status_code == 409
    assert said in text(answer)
    for name, value in fields.items():
        assert not value.strip() or f'value="{html.escape(value)}"' in answer.text, name
    assert await desk.all("calendar_entries") == []


@pytest.mark.parametrize(
    ("form", "fields", "said"),
    [
        ("zona", {"zona": "Asia/Jakarta", "alasan": "x"}, "hanya bisa diubah oleh pusat"),
        ("batal", {"isian": "99", "alasan": "x"}, "sudah tidak ada"),
        ("batal", {"isian": "abc", "alasan": "x"}, "Isian itu tidak ada"),
    ],
)
async def test_what_has_no_form_on_the_page_is_refused_above_it(
    signed_in: SignIn, desk: Desk, form: str, fields: dict[str, str], said: str
) -> None:
    answer = await send(await signed_in(BENNY), form, fields)

    assert answer.status_code == 409
    assert said in text(answer)
    assert await desk.all("calendar_entries") == []


async def test_every_problem_is_told_at_once(signed_in: SignIn) -> None:
    fields = {"jam_0": "pagi", "jam_1": "17-8", "alasan": ""}
    answer = text(await send(await signed_in(BENNY), "minggu", fields))

    assert 'Senin: Jam "pagi" belum bisa dibaca' in answer
    assert 'Selasa: Jam "17-8"' in answer
    assert "Alasan belum diisi." in answer


async def test_ramadan_hours_are_entered_shown_and_taken_back(
    signed_in: SignIn, desk: Desk
) -> None:
    browser = await signed_in(BENNY)
    hours = {f"jam_{n}": "8:00 - 13.30" for n in range(5)}
    fields = {"dari": "2026-11-30", "sampai": "2026-12-11", "alasan": "jam Ramadan"} | hours
    preview = await send(browser, "khusus", fields)
    assert "Senin 30 Nov sampai Jumat 11 Des (10 hari) jadi buka 08.00-13.30." in text(preview)

    page = await change(browser, "khusus", fields)
    assert "jam Ramadan: Senin-Jumat, 08.00-13.30" in text(page)

    [entry] = await desk.all("calendar_entries")
    page = await change(browser, "batal", {"isian": str(entry["id"]), "alasan": "keliru"})
    assert "Tidak ada jam khusus." in text(page)
    assert "keliru" in text(page)


async def test_an_ordinary_week_is_changed_from_a_day_on(signed_in: SignIn, desk: Desk) -> None:
    hours = {f"jam_{n}": "8-12, 13-16" for n in range(5)}
    fields = {"mulai": "24-11-2026", "alasan": "jam baru"} | hours
    browser = await signed_in(BENNY)

    preview = await send(browser, "minggu", fields)
    assert (
        "Jam biasa jadi Senin-Jumat, 08.00-12.00 dan 13.00-16.00 WITA mulai Selasa 24 Nov. "
        "Sebelumnya Senin-Jumat, 08.00-17.00 WITA." in text(preview)
    )
    await change(browser, "minggu", fields)
    assert not desk.calendar.is_open("KC-MANADO", datetime(2026, 11, 24, 4, 30, tzinfo=UTC))


async def test_a_saturday_is_opened(signed_in: SignIn) -> None:
    fields = {"tanggal": "28 nov 2026", "jam": "8-12", "alasan": "pelayanan akhir pekan"}
    page = await change(await signed_in(BENNY), "buka", fields)

    assert "Sabtu 28 Nov 2026 pelayanan akhir pekan, buka 08.00-12.00" in text(page)


async def test_national_days_are_switched_by_the_centre_alone(
    signed_in: SignIn, desk: Desk
) -> None:
    admin, benny = await signed_in(ADMIN), await signed_in(BENNY)
    national = "/admin/cabang/nasional"
    fields = {"tanggal": "2026-12-24", "jenis": "none", "nama": "Natal", "alasan": "SKB baru"}
    page = await admin.get(national)
    assert "Kamis 24 Des 2026" in text(page)

    preview = await admin.post(f"{national}/libur", **fields)
    assert "Semua cabang" in text(preview)
    assert "Kamis 24 Des 2026 jadi hari kerja." in text(preview)
    saved = await admin.client.post(f"{national}/libur", data=shown(preview))

    assert saved.status_code == 303
    assert desk.calendar.is_open("KC-MANADO", datetime(2026, 12, 24, 2, 0, tzinfo=UTC))
    assert "Natal Bukan libur 08.00-17.00" in text(await benny.get(PAGE))
    for answer in (await benny.get(national), await benny.post(f"{national}/libur", **fields)):
        assert answer.status_code == 404


async def test_reckoned_dates_are_marked_as_estimates(signed_in: SignIn, desk: Desk) -> None:
    desk.clock.at = datetime(2027, 11, 23, 2, 0, tzinfo=UTC)
    browser = await signed_in(ADMIN)

    for address in (PAGE, "/admin/cabang/nasional"):
        page = text(await browser.get(address))
        assert re.search(r"2028 Libur nasional: Hari Raya Idul Fitri Perkiraan", page)
        assert "(perkiraan)" not in page


async def test_an_officer_sees_the_calendar_and_changes_nothing(
    signed_in: SignIn, desk: Desk
) -> None:
    browser = await signed_in(RINA)
    page = await browser.get(PAGE)

    assert page.status_code == 200
    assert "Kalender diubah oleh kepala cabang." in text(page)
    assert f'action="{PAGE}' not in page.text
    assert (await send(browser, "tutup", CLOSE)).status_code == 404
    assert await desk.all("calendar_entries") == []


@pytest.mark.parametrize("place", ["KC-MANADO", "KC-TIDAK-ADA", "nasional"])
async def test_another_branch_s_calendar_is_not_there(
    signed_in: SignIn, desk: Desk, place: str
) -> None:
    browser = await signed_in(SARI)

    assert (await browser.get(f"/admin/cabang/{place}")).status_code == 404
    assert (await browser.post(f"/admin/cabang/{place}/tutup", **CLOSE)).status_code == 404
    assert await desk.all("calendar_entries") == []


async def test_the_list_says_how_each_branch_is_today(signed_in: SignIn, desk: Desk) -> None:
    page = text(await (await signed_in(ADMIN)).get("/admin/cabang"))
    assert f"{MANADO.short_name} Hari ini: buka 08.00-17.00 WITA 3 petugas" in page
    assert f"{TONDANO.short_name} Hari ini: buka 08.00-17.00 WITA 2 petugas" in page
    assert "KC Jayapura Hari ini: buka 08.00-17.00 WIT Belum ada petugas" in page

    desk.clock.at = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    page = text(await (await signed_in(RINA)).get("/admin/cabang"))
    assert "tutup (hari Minggu). Buka lagi Senin 23 Nov 08.00 WITA" in page
    assert TONDANO.short_name not in page


async def test_the_list_can_be_searched(signed_in: SignIn) -> None:
    browser = await signed_in(ADMIN)

    assert "1 cabang, keadaan hari ini" in text(await browser.get("/admin/cabang?cari=manado"))
    assert "Tidak ada cabang yang cocok" in text(await browser.get("/admin/cabang?cari=zzz"))


async def test_a_zone_is_changed_by_the_centre_for_every_page(
    signed_in: SignIn, desk: Desk
) -> None:
    browser = await signed_in(ADMIN)
    await change(browser, "zona", {"zona": "Asia/Jakarta", "alasan": "salah isi"})

    assert "Hari ini: buka 08.00-17.00 WIB" in text(await browser.get("/admin/cabang?cari=manado"))
    await desk.file()
    assert re.search(r"\d WIB", text(await browser.get("/admin/antrean?cabang=KC-MANADO")))


async def test_a_reason_is_shown_as_text_only(signed_in: SignIn) -> None:
    fields = CLOSE | {"alasan": '<b onclick="x">"'}
    browser = await signed_in(BENNY)
    preview = await send(browser, "tutup", fields)
    page = await change(browser, "tutup", fields)

    assert "<b onclick" not in preview.text + page.text
    assert '<b onclick="x">"' in html.unescape(page.text)
