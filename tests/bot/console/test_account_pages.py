"""Accounts in the browser: password, second step, invitations, the profile, and the officers."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pyotp
import pytest
from msgspec.structs import force_setattr, replace

from bot.console.app import DOORS
from bot.console.deps import Deps
from bot.console.gate import COOKIE, HOST_COOKIE
from services import sign_in
from services.account_rules import ORDINARY
from services.officers import Officer
from tests.bot.console.conftest import Browser, SignIn
from tests.desk import ADMIN, BENNY, HENKY, RINA, TIO, WATI, Desk

PASSWORD = "Teduh-Sekali-7-Pohon"
OTHER = "Angin-Sore-4-Danau"

Browsers = Callable[[], Browser]


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little memory: these tests ask what becomes of it, not how hard it is."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("services.passwords._HASHER", quick)


async def invite(desk: Desk, browser: Browser, officer: Officer = RINA) -> httpx.Response:
    """Let *officer* choose `PASSWORD` by an invitation."""
    token = await desk.do(sign_in.make_link, officer.id)
    page = await browser.get(f"/admin/undangan?kunci={token}")
    assert officer.id in page.text
    return await browser.post("/admin/undangan", kunci=token, sandi=PASSWORD, ulangi=PASSWORD)


async def enter(browser: Browser, name: str = "rina", password: str = PASSWORD) -> httpx.Response:
    return await browser.client.post("/admin/masuk", data={"nama": name, "sandi": password})


async def is_in(browser: Browser) -> bool:
    return (await browser.get("/admin/antrean")).status_code == 200


async def test_an_invitation_leads_to_a_password_that_signs_in(
    desk: Desk, browsers: Browsers
) -> None:
    first, second = browsers(), browsers()
    assert (await invite(desk, first)).headers["location"] == "/admin/antrean"
    assert await is_in(first)

    answer = await enter(second, " Rina ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/antrean")
    assert await is_in(second)


async def test_a_password_that_does_not_do_comes_back_with_the_reason_and_the_link_still_holds(
    desk: Desk, browsers: Browsers
) -> None:
    token = await desk.do(sign_in.make_link, RINA.id)
    browser = browsers()
    for sandi, ulangi, reason in (
        ("Xy-1", "Xy-1", "paling sedikit 12 huruf"),
        (PASSWORD, OTHER, "tidak sama"),
        ("Rina-Teduh-7-Pohon", "", "nama Anda"),
    ):
        answer = await browser.post("/admin/undangan", kunci=token, sandi=sandi, ulangi=ulangi)
        assert (answer.status_code, reason in answer.text) == (409, True)
        assert sandi not in answer.text
    answer = await browser.post("/admin/undangan", kunci=token, sandi=PASSWORD, ulangi=PASSWORD)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("name", "password"), [("rina", OTHER), ("siapa", PASSWORD), ("dimas", ""), ("", "")]
)
async def test_whatever_was_wrong_the_answer_is_the_same(
    desk: Desk, browsers: Browsers, name: str, password: str
) -> None:
    await invite(desk, browsers())
    answer = await enter(browsers(), name, password)

    assert answer.status_code == 403
    assert "Nama masuk atau sandi tidak cocok" in answer.text
    assert "set-cookie" not in answer.headers
    assert not password or password not in answer.text


@pytest.mark.parametrize("name", ["rina", "siapa"])
async def test_after_five_wrong_tries_even_the_right_password_waits(
    desk: Desk, browsers: Browsers, name: str
) -> None:
    await invite(desk, browsers())
    tries = [(await enter(browsers(), name, OTHER)).status_code for _ in range(5)]
    answer = await enter(browsers(), name)

    assert tries == [403] * 5
    assert answer.status_code == 429
    assert "Coba lagi 1 menit lagi" in answer.text
    assert await is_open(browsers(), desk) if name == "rina" else True


async def is_open(browser: Browser, desk: Desk) -> bool:
    """After the wait, the right password signs in; a link does so at any time."""
    token = await desk.do(sign_in.make_link, RINA.id)
    by_link = await browser.client.post("/admin/masuk", data={"kunci": token})
    desk.clock.at += timedelta(minutes=1)
    return by_link.status_code == 303 and (await enter(browser)).status_code == 303


async def test_one_address_cannot_try_many_names(desk: Desk, browsers: Browsers) -> None:
    tries = [(await enter(browsers(), f"nama{n}", OTHER)).status_code for n in range(21)]

    assert tries == [403] * 20 + [429]


async def test_a_name_that_may_be_a_password_is_nowhere_in_the_store(
    desk: Desk, browsers: Browsers, tmp_path: object
) -> None:
    await enter(browsers(), "s4ndi-rahasia-saya", "")
    rows = [await desk.all("audit_of", object=thing) for thing in ("?", "s4ndi-rahasia-saya")]

    assert [len(one) for one in rows] == [1, 0]
    assert "s4ndi" not in str(rows)


# --- sessions -----------------------------------------------------------------------------------


async def test_changing_the_password_signs_every_other_device_out(
    desk: Desk, browsers: Browsers
) -> None:
    here, there = browsers(), browsers()
    await invite(desk, here)
    await enter(there)
    assert await is_in(there)
    await here.get("/admin/profil/sandi")
    fields = {"sandi": OTHER, "ulangi": OTHER}
    wrong = await here.post("/admin/profil/sandi", sandi_lama=OTHER, **fields)
    same = await here.post(
        "/admin/profil/sandi", sandi_lama=PASSWORD, sandi=PASSWORD, ulangi=PASSWORD
    )
    done = await here.post("/admin/profil/sandi", sandi_lama=PASSWORD, **fields)

    assert (wrong.status_code, "Sandi sekarang tidak cocok" in wrong.text) == (409, True)
    assert (same.status_code, "sama dengan yang lama" in same.text) == (409, True)
    assert done.headers["location"] == "/admin/profil?baru=sandi"
    assert await is_in(here)
    assert not await is_in(there)
    assert (await enter(there)).status_code == 403
    assert (await enter(there, password=OTHER)).status_code == 303


async def test_one_press_signs_out_everywhere(desk: Desk, browsers: Browsers) -> None:
    here, there = browsers(), browsers()
    await invite(desk, here)
    await enter(there)
    page = await here.get("/admin/profil")
    assert page.text.count("<li>Masuk ") == 2
    assert page.text.count("(perangkat ini)") == 1
    await here.post("/admin/profil/keluar-semua")

    assert not await is_in(here)
    assert not await is_in(there)


async def test_a_session_that_does_nothing_ends_but_work_keeps_it(
    desk: Desk, deps: Deps, browsers: Browsers, signed_in: SignIn
) -> None:
    force_setattr(deps, "accounts", ORDINARY)
    working, idle = await signed_in(RINA), await signed_in(RINA)
    number = (await desk.file()).number
    await idle.get(f"/admin/tiket/{number}")
    for _ in range(3):
        desk.clock.at += timedelta(minutes=40)
        assert await is_in(working)
        # what a page fetches or posts by itself is no work
        await idle.client.get("/admin/antrean/isi", headers={"Sec-Fetch-Dest": "empty"})
        await idle.post(f"/admin/tiket/{number}/hadir")

    assert not await is_in(idle)


async def test_over_https_the_cookie_is_bound_to_the_host(desk: Desk, browsers: Browsers) -> None:
    browser = browsers()
    browser.client.base_url = httpx.URL("https://konsol.test")
    token = await desk.do(sign_in.make_link, RINA.id)
    answer = await browser.client.post("/admin/masuk", data={"kunci": token})
    [cookie] = answer.headers.get_list("set-cookie")

    assert cookie.startswith(f"{HOST_COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    # a plain cookie that somebody planted is not read
    planted = browser.client.cookies[HOST_COOKIE]
    browser.client.cookies.clear()
    browser.client.cookies.set(COOKIE, planted, domain="konsol.test", path="/")
    assert not await is_in(browser)


async def test_every_page_has_the_other_headers_too(browsers: Browsers) -> None:
    headers = (await browsers().get("/admin/masuk")).headers

    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


# --- the second step ----------------------------------------------------------------------------


async def enrol(desk: Desk, browser: Browser, password: str = PASSWORD) -> tuple[str, list[str]]:
    """The secret that the page showed, and the recovery codes."""
    page = (await browser.get("/admin/profil/langkah-kedua")).text
    assert "<svg" in page
    secret = re.search(r'class="kunci">([A-Z2-7 ]+)<', page)
    assert secret is not None
    kept = secret[1].replace(" ", "")
    code = pyotp.TOTP(kept).at(int(desk.clock.at.timestamp()))
    answer = await browser.post("/admin/profil/langkah-kedua", kode=code, sandi=password)
    assert answer.status_code == 200, answer.text
    return kept, re.findall(r"<code>([A-Z0-9-]{14})</code>", answer.text)


async def test_with_a_second_step_the_password_alone_opens_nothing(
    desk: Desk, browsers: Browsers
) -> None:
    here, there = browsers(), browsers()
    await invite(desk, here)
    secret, codes = await enrol(desk, here)
    assert len(codes) == 8
    desk.clock.at += timedelta(minutes=1)
    await enter(there)

    assert (await there.get("/admin/antrean")).headers["location"] == "/admin/masuk"
    assert (await there.get("/admin/masuk")).headers["location"] == "/admin/masuk/kode"
    before = there.client.cookies[COOKIE]
    wrong = await there.post("/admin/masuk/kode", kode="000000")
    assert (wrong.status_code, "tidak cocok" in wrong.text) == (403, True)
    code = pyotp.TOTP(secret).at(int(desk.clock.at.timestamp()))
    right = await there.post("/admin/masuk/kode", kode=code)
    assert right.headers["location"] == "/admin/antrean"
    assert there.client.cookies[COOKIE] != before
    assert await is_in(there)


async def test_a_recovery_code_opens_once(desk: Desk, browsers: Browsers) -> None:
    here = browsers()
    await invite(desk, here)
    _, codes = await enrol(desk, here)
    answers = []
    for _ in range(2):
        there = browsers()
        await enter(there)
        answers.append((await there.post("/admin/masuk/kode", kode=codes[0].lower())).status_code)

    assert answers == [303, 403]
    assert "sisa 7 kode cadangan" in (await here.get("/admin/profil")).text


async def test_guessing_codes_becomes_slow(desk: Desk, browsers: Browsers) -> None:
    here, there = browsers(), browsers()
    await invite(desk, here)
    await enrol(desk, here)
    await enter(there)
    tries = [(await there.post("/admin/masuk/kode", kode=f"{n:06}")).status_code for n in range(6)]

    assert tries == [403] * 5 + [429]


async def test_who_must_have_a_second_step_takes_it_up_before_anything_else(
    desk: Desk, deps: Deps, browsers: Browsers
) -> None:
    must = replace(deps.accounts, second_step=frozenset(("supervisor",)))
    force_setattr(deps, "accounts", must)
    browser = browsers()
    await invite(desk, browser, BENNY)

    for path in ("antrean", "pengguna", "profil", "profil/telegram"):
        sent = await browser.get(f"/admin/{path}")
        assert sent.headers["location"] == "/admin/profil/langkah-kedua"
    await browser.get("/admin/profil/langkah-kedua")
    code = await browser.post("/admin/profil/telegram/kode")
    assert code.headers["location"] == "/admin/profil/langkah-kedua"
    await enrol(desk, browser)
    assert await is_in(browser)


def test_whoever_owes_something_finds_where_it_is_taken_up_and_the_way_out() -> None:
    assert {door.path for door in DOORS if door.cures} == {
        "/profil/sandi",
        "/profil/langkah-kedua",
        "/profil/keluar-semua",
        "/keluar",
    }


async def test_a_code_for_a_telephone_needs_the_password(desk: Desk, browsers: Browsers) -> None:
    browser = browsers()
    await invite(desk, browser)
    assert 'name="sandi"' in (await browser.get("/admin/profil/telegram")).text
    wrong = await browser.post("/admin/profil/telegram/kode", sandi=OTHER)
    right = await browser.post("/admin/profil/telegram/kode", sandi=PASSWORD)

    assert (wrong.status_code, "Sandi sekarang tidak cocok" in wrong.text) == (409, True)
    assert 'class="kode"' not in wrong.text
    assert (right.status_code, 'class="kode"' in right.text) == (200, True)


async def test_a_second_step_needs_the_password_too(desk: Desk, browsers: Browsers) -> None:
    browser = browsers()
    await invite(desk, browser)
    page = await browser.get("/admin/profil/langkah-kedua")
    [secret] = re.findall(r'class="kunci">([A-Z2-7 ]+)<', page.text)
    code = pyotp.TOTP(secret.replace(" ", "")).at(int(desk.clock.at.timestamp()))
    answer = await browser.post("/admin/profil/langkah-kedua", kode=code, sandi=OTHER)

    assert answer.status_code == 409
    assert "Belum dipasang" in (await browser.get("/admin/profil")).text


# --- the profile and the officers ---------------------------------------------------------------


async def test_the_profile_keeps_how_the_console_looks(signed_in: SignIn) -> None:
    browser = await signed_in(RINA)
    assert "checked> Pintasan" in (await browser.get("/admin/profil")).text
    await browser.post("/admin/profil/tampilan", huruf="larger")
    page = (await browser.get("/admin/profil")).text

    assert 'class="huruf-larger"' in page
    assert 'value="larger" checked' in page
    assert "checked> Pintasan" not in page
    assert 'class="huruf-larger"' in (await (await signed_in(RINA)).get("/admin/antrean")).text
    assert (await browser.post("/admin/profil/tampilan", huruf="x")).status_code == 409


async def test_head_office_invites_and_the_link_is_shown_once(
    signed_in: SignIn, browsers: Browsers
) -> None:
    admin = await signed_in(ADMIN)
    await admin.get("/admin/pengguna")
    fields = {"nama": "Lia <Contoh>", "nama_masuk": "lia.baru", "peran": "region"}
    wrong = await admin.post("/admin/pengguna", tempat="KC-MANADO", **fields)
    assert (wrong.status_code, "Lia &lt;Contoh&gt;" in wrong.text) == (409, True)
    made = await admin.post("/admin/pengguna", tempat="KW-10", **fields)
    link = html.unescape(
        re.findall(r"http://konsol\.test(/admin/undangan\?kunci=[^<]+)", made.text)[0]
    )
    guest = browsers()
    page = await guest.get(link)
    assert "Lia &lt;Contoh&gt;" in page.text
    key = link.partition("kunci=")[2]
    await guest.post("/admin/undangan", kunci=key, sandi=PASSWORD, ulangi=PASSWORD)

    assert await is_in(guest)
    assert "Kedeputian Wilayah X (Manado)" in (await guest.get("/admin/profil")).text


async def test_a_role_that_changes_ends_the_sessions_and_the_officers_page_says_so(
    signed_in: SignIn,
) -> None:
    rina, admin = await signed_in(RINA), await signed_in(ADMIN)
    await admin.get("/admin/pengguna/rina")
    moved = await admin.post(
        "/admin/pengguna/rina/pindah", nama="Rina K.", peran="supervisor", tempat="KC-TONDANO"
    )
    page = await admin.get(moved.headers["location"])

    assert "Perubahan tersimpan" in page.text
    assert not await is_in(rina)
    assert "KC Tondano" in page.text


async def test_who_may_not_change_an_account_reads_who_may(signed_in: SignIn) -> None:
    says = "Akun diundang, diubah, dan ditutup oleh pusat."
    pages = {
        who.id: (await (await signed_in(who)).get("/admin/pengguna/rina")).text
        for who in (BENNY, TIO, ADMIN)
    }

    assert [says in page for page in pages.values()] == [True, True, False]
    assert ["/pindah" in page for page in pages.values()] == [False, False, True]


async def test_closing_an_account_shows_first_what_follows_and_then_gives_it_back(
    desk: Desk, signed_in: SignIn
) -> None:
    rina, admin = await signed_in(RINA), await signed_in(ADMIN)
    number = (await desk.file()).number
    asked = (await admin.get("/admin/pengguna/rina")).text
    assert 'href="/admin/pengguna/rina/tutup"' in asked
    assert 'action="/admin/pengguna/rina/nonaktif"' not in asked
    first = (await admin.get("/admin/pengguna/rina/tutup")).text
    assert "Tidak ada permintaan yang sedang dipegangnya" in first
    await desk.claim(RINA, number)

    unasked = await admin.post("/admin/pengguna/rina/nonaktif")
    assert unasked.headers["location"] == "/admin/pengguna/rina/tutup"
    stale = await admin.post("/admin/pengguna/rina/nonaktif", dipegang="")
    assert (stale.status_code, "baru saja berubah" in stale.text) == (409, True)
    assert "<b>1 permintaan</b>" in stale.text
    assert await is_in(rina)
    closed = await admin.post("/admin/pengguna/rina/nonaktif", dipegang=number)
    page = (await admin.get(closed.headers["location"])).text

    assert "Akun ditutup." in page
    assert "1 permintaan kembali ke antrean" in page
    assert "Buka akun lagi" in page
    assert not await is_in(rina)
    assert await desk.place(number) == 1


async def test_an_invitation_begins_with_no_place_so_that_none_is_taken_by_mistake(
    signed_in: SignIn,
) -> None:
    admin = await signed_in(ADMIN)
    page = (await admin.get("/admin/pengguna")).text
    [place] = re.findall(r'<select id="tempat".*?</select>', page, re.DOTALL)

    assert '<option value="">Pilih tempat</option>' in place
    assert "selected" not in place
    assert "required" in place
    filtered = (await admin.get("/admin/pengguna?cabang=KC-TONDANO")).text
    assert 'value="KC-TONDANO" selected>KC Tondano</option>' in filtered.split('id="tempat"')[1]


@pytest.mark.parametrize("viewer", [BENNY, WATI, TIO], ids=lambda officer: officer.role)
async def test_who_may_only_look_sees_no_form_that_changes(
    signed_in: SignIn, viewer: Officer
) -> None:
    browser = await signed_in(viewer)
    pages = [await browser.get(f"/admin/pengguna{more}") for more in ("", "/rina")]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page.text.count('method="post"') for page in pages] == [1, 1], "only signing out"


async def test_the_list_is_filtered_and_another_branch_is_not_there(signed_in: SignIn) -> None:
    henky, wati = await signed_in(HENKY), await signed_in(WATI)

    assert "Rina K." not in (await henky.get("/admin/pengguna")).text
    assert (await henky.get("/admin/pengguna?cabang=KC-MANADO")).status_code == 404
    listed = (await wati.get("/admin/pengguna?cabang=KC-MANADO&cari=rin")).text
    assert ("Rina K." in listed, "Dimas P." in listed, "Sari T." in listed) == (True, False, False)
    assert "Tidak ada yang cocok" in (await wati.get("/admin/pengguna?cari=zzz")).text


async def test_the_menu_has_the_pages_that_the_role_may_open(signed_in: SignIn) -> None:
    async def menu(officer: Officer) -> list[str]:
        page = (await (await signed_in(officer)).get("/admin/profil")).text
        [line] = re.findall(r'<nav class="menu-baris".*?</nav>', page, re.DOTALL)
        return re.findall(r">([A-Z]\w+)</a>", line)

    rina, admin = await menu(RINA), await menu(ADMIN)
    assert (rina[0], rina[-1]) == ("Antrean", "Profil")
    assert "Pengguna" not in rina
    assert set(rina) < set(admin)
    assert "Jejak" in await menu(TIO)
