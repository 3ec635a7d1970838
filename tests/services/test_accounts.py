"""Passwords, second steps, delays and invitations: what they take and what they refuse."""

import asyncio
from datetime import timedelta

import pyotp
import pytest
from msgspec.structs import replace

from services import (
    corrections,
    delays,
    officers,
    passwords,
    second_step,
    sessions,
    sign_in,
    staff,
    staff_links,
)
from services.account_rules import ASVS, BSSN, ORDINARY, SHARED, Delays, Rules
from services.corrections import Part
from services.officers import Officer
from services.refusals import NotFound, Refused
from tests.desk import ADMIN, ANDI, BENNY, DIMAS, HENKY, RINA, TIO, TONDANO, WATI, Desk

GOOD = "Teduh-Sekali-7-Pohon"
SECRET = pyotp.random_base32()

# --- passwords ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("Teduh-7-Phn", "sandi.pendek"),
        ("T7-" + "x" * 200, "sandi.panjang"),
        ("Rina-Teduh-7-Pohon", "sandi.nama"),
        ("teduh-RINA-7-pohon", "sandi.nama"),
        ("Password-2026!", "sandi.umum"),
        ("Aa1!Aa1!Aa1!", "sandi.umum"),
        ("teduh sekali pohon", "sandi.susunan"),
        ("Teduh7SekaliPohon", "sandi.susunan"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        passwords.check(password, RINA, BSSN)
    assert refused.value.key == key


def test_a_good_password_is_taken_and_the_other_policy_asks_for_length_only() -> None:
    passwords.check(GOOD, RINA, BSSN)
    passwords.check("teduh sekali pohon", RINA, ASVS)
    with pytest.raises(Refused, match=r"sandi\.beda"):
        passwords.check_chosen(GOOD, GOOD + " ", RINA, BSSN)


def test_what_is_kept_is_argon2id_and_fits_only_its_password() -> None:
    kept = passwords.hashed(GOOD)

    assert kept.startswith("$argon2id$")
    assert passwords.hashed(GOOD) != kept
    assert passwords.fits(kept, GOOD)
    assert not passwords.fits(kept, GOOD.lower())
    assert not passwords.fits("", "tidak ada")
    assert not passwords.fits("no hash at all", GOOD)


# --- delays -------------------------------------------------------------------------------------


def test_a_wait_doubles_up_to_the_longest() -> None:
    minutes = [Delays().after(tries) / timedelta(minutes=1) for tries in range(4, 12)]

    assert minutes == [0, 1, 2, 4, 8, 15, 15, 15]
    assert Delays().after(10_000) == timedelta(minutes=15)


async def fail(desk: Desk, key: str = "account:rina", rules: Delays | None = None) -> int:
    """One try that fails: 0 when it was admitted, else the minutes to wait."""
    try:
        await desk.do(delays.admit, key, rules or Delays())
    except Refused as refused:
        assert refused.key == "masuk.tunggu"
        return int(refused.values["minutes"])
    return 0


async def test_guessing_becomes_slow_and_is_never_locked_for_good(desk: Desk) -> None:
    assert [await fail(desk) for _ in range(7)] == [0, 0, 0, 0, 0, 1, 1]
    desk.clock.at += timedelta(minutes=1)
    assert [await fail(desk) for _ in range(2)] == [0, 2]
    assert await fail(desk, "account:dimas") == 0
    for _ in range(50):
        desk.clock.at += timedelta(minutes=15)
        assert await fail(desk) == 0
    assert await fail(desk) == 15


async def test_of_many_tries_at_once_only_five_are_admitted(desk: Desk) -> None:
    waits = await asyncio.gather(*(fail(desk) for _ in range(25)))

    assert sorted(waits) == [0] * 5 + [1] * 20


async def test_a_day_without_a_try_forgets_them(desk: Desk) -> None:
    for _ in range(5):
        await fail(desk)
    desk.clock.at += timedelta(days=1, seconds=1)

    assert [await fail(desk) for _ in range(5)] == [0] * 5


async def test_a_try_that_succeeds_frees_the_account_but_its_address_by_half(desk: Desk) -> None:
    for _ in range(4):
        await fail(desk)
        await fail(desk, "address:10.0.0.7")
    await desk.do(delays.forgive, "account:rina", "address:10.0.0.7", delays=Delays())

    assert [await fail(desk) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert [await fail(desk, "address:10.0.0.7") for _ in range(5)] == [0, 0, 0, 0, 1]


async def test_an_office_that_mistypes_every_day_is_not_kept_waiting(desk: Desk) -> None:
    address = "address:10.0.0.7"
    for day in range(30):
        for who in range(8):
            assert await fail(desk, address, SHARED) == 0, (day, who)
            await desk.do(delays.admit, address, SHARED)
            await desk.do(delays.forgive, f"account:{who}", address, delays=Delays())
        desk.clock.at += timedelta(hours=20)


def test_of_a_name_that_nobody_has_next_to_nothing_is_kept() -> None:
    key = delays.account_key("S4ndi-Saya-Rahasia", known=False)

    assert key.startswith("nobody:")
    assert len(key) == len("nobody:") + 4
    assert delays.account_key("rina", known=True) == "account:rina"


# --- signing in ---------------------------------------------------------------------------------


async def with_password(desk: Desk, officer: Officer = RINA) -> str:
    """Give *officer* a password; the session of that."""
    token = await desk.do(sign_in.make_link, officer.id)
    return await desk.do(sign_in.accept_invitation, token, "kept")


async def is_in(desk: Desk, session: str, rules: Rules = ORDINARY) -> bool:
    async with desk.store.read() as tx:
        return await sessions.who(tx, session, now=desk.clock.at, rules=rules) is not None


async def test_an_invitation_gives_a_password_once_and_ends_what_was_before(desk: Desk) -> None:
    before = (await desk.do(sign_in.use_link, await desk.do(sign_in.make_link, RINA.id)))[1]
    unused = await desk.do(sign_in.make_link, RINA.id)
    token = await desk.do(sign_in.make_link, RINA.id)
    session = await desk.do(sign_in.accept_invitation, token, "kept")

    assert await is_in(desk, session)
    assert not await is_in(desk, before)
    for spent in (token, unused):
        with pytest.raises(Refused, match=r"petugas\.tautan_habis"):
            await desk.do(sign_in.accept_invitation, spent, "other")
    async with desk.store.read() as tx:
        known = await sign_in.account(tx, "rina")
    assert known == sign_in.Account(RINA, "kept")


async def test_a_new_password_ends_every_other_session(desk: Desk) -> None:
    old = await with_password(desk)
    async with desk.store.read() as tx:
        known = await sign_in.account(tx, "rina")
    mine = await desk.do(sign_in.by_password, known, "10.0.0.7", rules=ORDINARY)
    await desk.do(sign_in.set_password, RINA, "new", kept=mine)

    assert await is_in(desk, mine)
    assert not await is_in(desk, old)


async def test_a_password_that_was_changed_meanwhile_lets_nobody_in(desk: Desk) -> None:
    session = await with_password(desk)
    async with desk.store.read() as tx:
        known = await sign_in.account(tx, "rina")
    await desk.do(sign_in.set_password, RINA, "new", kept=session)

    with pytest.raises(NotFound):
        await desk.do(sign_in.by_password, known, "10.0.0.7", rules=ORDINARY)


async def test_the_trail_has_failures_without_the_name_that_was_typed(desk: Desk) -> None:
    await with_password(desk)
    async with desk.store.read() as tx:
        known = await sign_in.account(tx, "rina")
    await desk.do(sign_in.failed, None)
    await desk.do(sign_in.failed, known)
    for _ in range(5):
        await desk.do(sign_in.admit, "rina", known, "10.0.0.7", rules=ORDINARY)

    assert await desk.trail("?") == ["sign_in_failed"]
    assert await desk.trail("rina") == [
        "officer_added",
        "signed_in",
        "password_set",
        "sign_in_failed",
        "sign_in_delayed",
    ]


async def test_what_is_wanting_is_said_with_the_session(desk: Desk) -> None:
    async def wanting(session: str, rules: Rules) -> str:
        async with desk.store.read() as tx:
            who = await sessions.who(tx, session, now=desk.clock.at, rules=rules)
        assert who is not None
        return who.wanting

    strict = replace(
        ORDINARY,
        own_password=True,
        second_step=frozenset(("supervisor",)),
        session=timedelta(days=400),
        idle=timedelta(days=400),
    )
    by_link = (await desk.do(sign_in.use_link, await desk.do(sign_in.make_link, "dimas")))[1]
    assert await wanting(by_link, strict) == "password"
    assert await wanting(by_link, ORDINARY) == ""
    benny, rina = await with_password(desk, BENNY), await with_password(desk, RINA)
    assert await wanting(benny, strict) == "second_step"
    assert await wanting(rina, strict) == ""
    token = await desk.do(sign_in.make_link, RINA.id)
    rina = await desk.do(sign_in.accept_invitation, token, "kept", rules=strict)
    desk.clock.at += timedelta(days=181)
    assert await wanting(rina, strict) == "password"
    assert await wanting(rina, replace(strict, policy=ASVS)) == ""


async def test_whatever_ends_every_session_ends_the_telephones_too(desk: Desk) -> None:
    session, lasts = await with_password(desk), timedelta(minutes=10)
    for end in (
        lambda: desk.do(sign_in.set_password, RINA, "new", kept=session),
        lambda: desk.do(sessions.sign_out_everywhere, RINA, by=RINA.id),
        lambda: desk.do(staff.reset_second_step, ADMIN, RINA.id),
        lambda: desk.do(staff.disable, ADMIN, RINA.id),
    ):
        code = await desk.do(staff_links.make_code, RINA, lasts=lasts)
        await desk.do(staff_links.use_code, "staff:5", code)
        unused = await desk.do(staff_links.make_code, RINA, lasts=lasts)
        await end()

        assert await desk.all("staff_link_of", officer=RINA.id) == []
        with pytest.raises(Refused, match=r"staf\.kode_salah"):
            await desk.do(staff_links.use_code, "staff:5", unused)
        await desk.do(staff.enable, ADMIN, RINA.id)
    ended = await desk.all("audit_of", object=RINA.id)
    assert [row["actor"] for row in ended if row["action"] == "telegram_unlinked"] == [
        *("rina", "rina", "pusat", "pusat")
    ]


# --- the second step ----------------------------------------------------------------------------


def code_at(desk: Desk, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(int(desk.clock.at.timestamp()) + 30 * steps)


async def with_second_step(desk: Desk) -> tuple[list[str], str]:
    """Recovery codes of Rina, and a session that awaits her code."""
    codes = await desk.do(second_step.enrol, RINA, SECRET, code_at(desk))
    desk.clock.at += timedelta(seconds=60)
    token = await desk.do(sign_in.make_link, RINA.id)
    return codes, (await desk.do(sign_in.use_link, token))[1]


async def test_a_session_that_awaits_its_code_is_good_for_nothing_else(desk: Desk) -> None:
    _, session = await with_second_step(desk)
    assert not await is_in(desk, session)
    async with desk.store.read() as tx:
        assert await sessions.awaited(tx, session, now=desk.clock.at) == RINA

    entered = await desk.do(sign_in.by_code, RINA, session, code_at(desk), rules=ORDINARY)

    assert entered != session
    assert await is_in(desk, entered)
    async with desk.store.read() as tx:
        assert await sessions.awaited(tx, session, now=desk.clock.at) is None


async def test_a_code_is_taken_once_and_only_around_its_time(desk: Desk) -> None:
    await with_second_step(desk)

    async def accepted(code: str) -> str:
        return await desk.do(second_step.accept, RINA.id, code)

    assert not await accepted("000000")
    assert not await accepted(code_at(desk, -3))
    assert not await accepted(code_at(desk, 3))
    assert await accepted(code_at(desk)) == "totp"
    assert not await accepted(code_at(desk))
    assert not await accepted(code_at(desk, -1))
    assert await accepted(code_at(desk, 1)) == "totp"


async def test_a_recovery_code_is_taken_once_however_it_is_written(desk: Desk) -> None:
    codes, _ = await with_second_step(desk)
    assert len(set(codes)) == second_step.CODES

    written = codes[0].lower().replace("-", " ")
    assert await desk.do(second_step.accept, RINA.id, written) == "recovery"
    assert not await desk.do(second_step.accept, RINA.id, codes[0])
    assert not await desk.do(second_step.accept, DIMAS.id, codes[1])
    async with desk.store.read() as tx:
        assert await second_step.codes_left(tx, RINA) == second_step.CODES - 1


async def test_a_first_code_that_does_not_fit_changes_nothing(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"masuk\.kode_salah"):
        await desk.do(second_step.enrol, RINA, SECRET, "000000")
    assert not await desk.do(second_step.accept, RINA.id, code_at(desk))


async def test_no_secret_or_recovery_code_is_in_the_trail(desk: Desk) -> None:
    codes, _ = await with_second_step(desk)
    text = str(await desk.all("audit_of", object=RINA.id))

    assert SECRET not in text
    assert not any(code in text for code in codes)


# --- staff --------------------------------------------------------------------------------------

LIA = Officer("lia.baru", "Lia Contoh", "KC-MANADO")


async def test_head_office_invites_moves_and_disables(desk: Desk) -> None:
    token = await desk.do(staff.invite, ADMIN, LIA)
    session = await desk.do(sign_in.accept_invitation, token, "kept")
    await desk.do(staff.move, ADMIN, replace(LIA, branch="KC-TONDANO", role="supervisor"))
    assert not await is_in(desk, session)
    ticket = await desk.file()
    with pytest.raises(NotFound):
        await desk.claim(LIA, ticket.number)
    token = await desk.do(staff.link, ADMIN, LIA.id)
    session = await desk.do(sign_in.accept_invitation, token, "kept")
    await desk.do(staff.disable, ADMIN, LIA.id)
    assert not await is_in(desk, session)
    with pytest.raises(NotFound):
        await desk.do(staff.link, ADMIN, LIA.id)
    await desk.do(staff.enable, ADMIN, LIA.id)
    assert await desk.do(staff.link, ADMIN, LIA.id)

    trail = await desk.trail(LIA.id)
    assert {"officer_moved", "officer_disabled", "officer_enabled", "link_made"} <= set(trail)


@pytest.mark.parametrize("by", [RINA, BENNY, WATI, TIO], ids=lambda officer: officer.role)
async def test_nobody_but_head_office_changes_an_account(desk: Desk, by: Officer) -> None:
    for attempt in (
        desk.do(staff.invite, by, LIA),
        desk.do(staff.link, by, DIMAS.id),
        desk.do(staff.move, by, replace(DIMAS, role="supervisor")),
        desk.do(staff.disable, by, DIMAS.id),
        desk.do(staff.enable, by, DIMAS.id),
        desk.do(staff.reset_second_step, by, DIMAS.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await desk.trail(DIMAS.id) == ["officer_added"]


async def test_supervisors_and_regions_see_only_their_officers(desk: Desk) -> None:
    async def names(viewer: Officer, **given: str) -> set[str]:
        async with desk.store.read() as tx:
            return {row["id"] for row in await staff.seen(tx, viewer, **given)}

    assert await names(BENNY) == {"rina", "dimas", "benny"}
    assert await names(HENKY) == {"sari", "henky"}
    assert await names(WATI) == {"rina", "dimas", "benny", "sari", "henky"}
    assert len(await names(ADMIN)) == len(await names(TIO)) == 10
    assert await names(ADMIN, branch="KC-TONDANO", words="SAR") == {"sari"}
    assert await names(ADMIN, words="%") == await names(ADMIN)
    async with desk.store.read() as tx:
        assert (await staff.find(tx, WATI, "sari"))[0].name == "Sari T."
        for viewer, who in ((BENNY, "sari"), (WATI, ANDI.id), (ADMIN, "hantu")):
            with pytest.raises(NotFound):
                await staff.find(tx, viewer, who)


@pytest.mark.parametrize(
    ("officer", "key"),
    [
        (replace(LIA, id="Lia Baru"), "pengguna.nama_masuk"),
        (replace(LIA, name=" "), "pengguna.nama"),
        (replace(LIA, role="boss"), "konsol.pilihan"),
        (replace(LIA, branch=""), "pengguna.tempat"),
        (replace(LIA, role="region"), "pengguna.tempat"),
        (replace(LIA, id="rina"), "petugas.nama_terpakai"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(desk: Desk, officer: Officer, key: str) -> None:
    with pytest.raises(Refused) as refused:
        await desk.do(staff.invite, ADMIN, officer)
    assert refused.value.key == key


async def test_the_last_of_head_office_stays(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"pengguna\.admin_terakhir"):
        await desk.do(staff.move, ADMIN, replace(ADMIN, role="auditor"))
    with pytest.raises(Refused, match=r"pengguna\.diri_sendiri"):
        await desk.do(staff.disable, ADMIN, ADMIN.id)


BOSS = replace(ADMIN, id="pusat.dua", name="Pusat Dua")


async def test_of_two_admins_that_take_each_other_out_at_once_one_stays(desk: Desk) -> None:
    def demoted(officer: Officer) -> Officer:
        return replace(officer, role="auditor")

    await desk.do(officers.add, BOSS)
    for _ in range(10):
        tries = await asyncio.gather(
            desk.do(staff.disable, ADMIN, BOSS.id),
            desk.do(staff.move, BOSS, demoted(ADMIN)),
            desk.do(staff.move, ADMIN, demoted(BOSS)),
            desk.do(staff.disable, BOSS, ADMIN.id),
            return_exceptions=True,
        )
        seen = await desk.all("officers_seen", viewer=TIO.id, only="", words="%", limit=99)
        left = [row["id"] for row in seen if row["role"] == "admin" and not row["disabled"]]
        assert len(left) == 1, (tries, left)
        for officer in (ADMIN, BOSS):
            await desk.do(staff.move, staff.HOST, officer)
            await desk.do(staff.enable, staff.HOST, officer.id)


async def test_whoever_goes_gives_back_what_was_in_hand_and_participants_hear_of_it(
    desk: Desk,
) -> None:
    first = (await desk.file()).number
    second = (await desk.file(chat="web:lain")).number
    asked = (await desk.file(chat="web:tiga")).number
    for number in (second, asked):
        await desk.claim(RINA, number)
    wording = {"parts": [Part("nik", "NIK belum cocok.")], "rules": desk.rules}
    await desk.do(corrections.ask_correction, RINA, asked, **wording)

    with pytest.raises(Refused, match=r"pengguna\.dipegang_berubah"):
        await desk.do(staff.disable, ADMIN, RINA.id, seen=[asked])
    assert (await desk.request(second)).officer == RINA.id
    assert await desk.do(staff.disable, ADMIN, RINA.id, seen=[second, asked]) == 2

    assert [await desk.place(number) for number in (first, second, asked)] == [1, 2, 3]
    assert (await desk.request(asked)).officer == ""
    told = [
        (event.ticket, event.officer) for event in await desk.told() if event.action == "released"
    ]
    assert sorted(told) == [(second, "Rina K."), (asked, "Rina K.")]
    *_, entry = await desk.all("audit_of", object=second)
    assert (entry["action"], entry["actor"]) == ("released", ADMIN.id)


async def test_whoever_moves_keeps_only_what_can_still_be_served(desk: Desk) -> None:
    here, there = await desk.file(), await desk.file(branch=TONDANO)
    for ticket in (here, there):
        await desk.claim(WATI, ticket.number)

    moved = Officer(WATI.id, WATI.name, "KC-TONDANO", "supervisor")
    assert await desk.do(staff.move, ADMIN, moved) == 1
    held = [(await desk.request(one.number)).officer for one in (here, there)]
    assert held == ["", WATI.id]
    assert await desk.do(staff.move, ADMIN, replace(ADMIN, id=WATI.id, role="auditor")) == 1
