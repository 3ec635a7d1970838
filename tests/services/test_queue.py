"""The queue: tickets, places, claims with a lease, handing on, and who may do what."""

from datetime import timedelta

import pytest

from data import statements
from data.instants import to_us
from forms.language import words
from services import conversation, corrections, endings, leases, queue, reopening, status
from services.corrections import Part
from services.refusals import NotFound, Refused
from tests.desk import (
    ADMIN,
    BENNY,
    CALENDAR,
    CHAT,
    DIMAS,
    MANADO,
    MONDAY_NIGHT,
    MONDAY_TEN,
    NIK,
    RINA,
    RULES,
    SARI,
    TONDANO,
    Desk,
)

# --- filing -----------------------------------------------------------------------------------


async def test_tickets_are_counted_for_each_branch_and_service(desk: Desk) -> None:
    numbers = [
        (await desk.file()).number,
        (await desk.file()).number,
        (await desk.file(service="E")).number,
        (await desk.file(branch=TONDANO)).number,
    ]

    assert numbers == ["MND-G-0001", "MND-G-0002", "MND-E-0001", f"{TONDANO.ticket_code}-G-0001"]


async def test_a_submission_that_comes_twice_gets_the_same_ticket(desk: Desk) -> None:
    first = await desk.file(submission="one")
    second = await desk.file(submission="one")
    third = await desk.file(submission="other")

    assert (first.number, first.new) == ("MND-G-0001", True)
    assert (second.number, second.new) == ("MND-G-0001", False)
    assert third.number == "MND-G-0002"
    assert await desk.trail("MND-G-0001") == ["filed"]


async def test_the_ticket_tells_that_the_branch_is_open(desk: Desk) -> None:
    await desk.file()
    ticket = await desk.file(chat="web:other")

    assert (ticket.open, ticket.opens_at) == (True, MONDAY_TEN)
    assert await desk.place(ticket.number) == 2


async def test_filing_and_looking_count_no_place_which_whoever_tells_it_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = "postgres" if "Postgres" in type(desk.store).__name__ else "sqlite"
    monkeypatch.delitem(statements.load(engine), "request_ahead")
    ticket = await desk.file()
    async with desk.store.read() as tx:
        standing = await status.standing(tx, CHAT)

    assert standing.request == ticket.request


async def test_the_ticket_of_the_night_tells_when_the_branch_opens(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    ticket = await desk.file()

    assert not ticket.open
    assert ticket.opens_at.isoformat() == "2026-11-24T08:00:00+08:00"
    assert words(ticket.reason) == "sesudah jam tutup"


# --- claims -----------------------------------------------------------------------------------


async def test_the_second_officer_learns_who_was_faster_and_when(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    desk.clock.at += timedelta(seconds=12)

    with pytest.raises(Refused) as refusal:
        await desk.claim(DIMAS, ticket.number)

    assert refusal.value.key == "petugas.sudah_diambil"
    assert refusal.value.values == {"number": ticket.number, "name": "Rina K.", "seconds": 12}
    assert (await desk.request(ticket.number)).officer == RINA.id


async def test_claiming_twice_by_a_double_tap_is_no_error_and_told_once(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    again = await desk.claim(RINA, ticket.number)

    assert again.officer == RINA.id
    assert [event.action for event in await desk.told()] == ["claimed"]


async def test_claim_next_takes_the_oldest_and_then_nothing(desk: Desk) -> None:
    numbers = []
    for _ in range(2):
        numbers.append((await desk.file()).number)
        desk.clock.at += timedelta(seconds=1)

    first, second = await desk.claim_next(RINA), await desk.claim_next(DIMAS)

    assert first and second
    assert [first.number, second.number] == numbers
    assert await desk.claim_next(RINA) is None


async def test_an_urgent_request_goes_before_those_that_wait_longer(desk: Desk) -> None:
    waiting = (await desk.file()).number
    desk.clock.at += timedelta(seconds=1)
    urgent = await desk.file(urgent=True)
    desk.clock.at += timedelta(seconds=1)
    second = await desk.file(urgent=True)

    places = [await desk.place(number) for number in (urgent.number, second.number, waiting)]
    assert places == [1, 2, 3]
    claimed = [await desk.claim_next(RINA) for _ in range(3)]
    assert [request.number for request in claimed if request] == [
        urgent.number, second.number, waiting,
    ]  # fmt: skip


async def test_a_claim_outside_hours_is_refused_with_the_opening_time(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at = MONDAY_NIGHT

    for claim in (lambda: desk.claim(RINA, ticket.number), lambda: desk.claim_next(RINA)):
        with pytest.raises(Refused) as refusal:
            await claim()
        assert refusal.value.key == "petugas.di_luar_jam"
        assert refusal.value.values["opens_at"].isoformat() == "2026-11-24T08:00:00+08:00"
    assert (await desk.request(ticket.number)).status == "waiting"


async def test_a_supervisor_may_claim_at_night(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at = MONDAY_NIGHT

    assert (await desk.claim(BENNY, ticket.number)).officer == BENNY.id


async def test_the_settings_may_allow_every_officer_to_claim_at_night(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at = MONDAY_NIGHT
    desk.rules = leases.Rules(lease=RULES.lease, claims_outside_hours=True)

    assert (await desk.claim(RINA, ticket.number)).officer == RINA.id


async def test_replying_and_finishing_stay_possible_after_closing(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at = MONDAY_TEN + timedelta(hours=6, minutes=59)
    await desk.claim(RINA, ticket.number)
    desk.clock.at = MONDAY_NIGHT
    await desk.do(leases.tidy, calendar=CALENDAR, rules=RULES)

    await desk.do(conversation.reply, RINA, ticket.number, "Sebentar, Bu.", rules=RULES)
    done = await desk.do(endings.finish, RINA, ticket.number, outcome="Faskes sudah pindah.")

    assert (done.status, done.outcome) == ("done", "Faskes sudah pindah.")


# --- leases -----------------------------------------------------------------------------------


async def test_an_ended_lease_gives_the_request_back_to_its_old_place(desk: Desk) -> None:
    first = await desk.file()
    desk.clock.at += timedelta(seconds=1)
    await desk.file()
    await desk.claim(RINA, first.number)
    desk.clock.at += RULES.lease

    assert await desk.do(leases.tidy, calendar=CALENDAR, rules=RULES) == 1

    request = await desk.request(first.number)
    assert (request.status, request.officer, request.lease_until) == ("waiting", "", None)
    taken = await desk.claim_next(DIMAS)
    assert taken and taken.number == first.number
    assert "lapsed" in await desk.trail(first.number)


async def test_an_ended_lease_can_be_taken_over_at_once(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    desk.clock.at += RULES.lease

    assert (await desk.claim(DIMAS, ticket.number)).officer == DIMAS.id
    with pytest.raises(Refused, match=r"petugas\.bukan_milik"):
        await desk.do(conversation.reply, RINA, ticket.number, "Halo", rules=RULES)


async def test_no_lease_ends_while_the_branch_is_shut_for_whoever_may_claim_then(
    desk: Desk,
) -> None:
    ticket = await desk.file()
    desk.clock.at = MONDAY_TEN + timedelta(hours=6, minutes=59)
    await desk.claim(RINA, ticket.number)
    desk.clock.at = MONDAY_NIGHT
    desk.rules = leases.Rules(lease=RULES.lease, claims_outside_hours=True)

    for other in (BENNY, DIMAS):
        with pytest.raises(Refused, match=r"petugas\.sudah_diambil"):
            await desk.claim(other, ticket.number)
    assert (await desk.request(ticket.number)).officer == RINA.id


async def test_activity_renews_the_lease(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    desk.clock.at += RULES.lease - timedelta(seconds=1)
    await desk.do(conversation.reply, RINA, ticket.number, "Sedang dicek.", rules=RULES)
    desk.clock.at += timedelta(seconds=2)

    with pytest.raises(Refused, match=r"petugas\.sudah_diambil"):
        await desk.claim(DIMAS, ticket.number)


# --- the officer's words ----------------------------------------------------------------------


async def test_a_reply_joins_the_conversation_and_reaches_the_participants_chat(
    desk: Desk,
) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    await desk.do(conversation.reply, RINA, ticket.number, " Baik, Bu. ", rules=RULES)

    events = await desk.told()
    assert [(event.action, event.officer, event.text) for event in events] == [
        ("claimed", "Rina K.", ""),
        ("replied", "Rina K.", "Baik, Bu."),
    ]
    async with desk.store.read() as tx:
        written = await conversation.messages(tx, await desk.request(ticket.number))
    assert [(one.author, one.name, one.body) for one in written] == [
        ("officer", "Rina K.", "Baik, Bu.")
    ]


async def test_what_an_officer_did_wakes_the_participants_chat(desk: Desk) -> None:
    ticket = await desk.file()
    assert await desk.store.next_due() is None
    await desk.claim(RINA, ticket.number)

    assert await desk.store.next_due() == to_us(desk.clock.at)


@pytest.mark.parametrize("verb", ["reply", "ask_correction", "finish", "refuse", "release"])
async def test_only_who_holds_a_request_may_act_on_it(desk: Desk, verb: str) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    verbs = {
        "reply": (conversation.reply, {"text": "Halo", "rules": RULES}),
        "ask_correction": (
            corrections.ask_correction,
            {"parts": [Part("nik", "Salah")], "rules": RULES},
        ),
        "finish": (endings.finish, {"outcome": "Selesai"}),
        "refuse": (endings.refuse, {"reason": "Belum 3 bulan", "calendar": CALENDAR}),
        "release": (queue.release, {}),
    }
    act, values = verbs[verb]

    with pytest.raises(Refused, match=r"petugas\.bukan_milik"):
        await desk.do(act, DIMAS, ticket.number, **values)

    await desk.do(act, RINA, ticket.number, **values)


async def test_empty_and_overlong_replies_are_refused(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)

    with pytest.raises(Refused, match=r"petugas\.kosong"):
        await desk.do(conversation.reply, RINA, ticket.number, " \n", rules=RULES)
    with pytest.raises(Refused, match=r"petugas\.terlalu_panjang"):
        await desk.do(conversation.reply, RINA, ticket.number, "a" * 3501, rules=RULES)


async def test_a_note_is_never_told_to_the_participant(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.do(conversation.note, DIMAS, ticket.number, "KK cocok.")

    assert await desk.told() == []


async def test_what_the_participant_writes_joins_only_an_own_request(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.do(conversation.wrote, CHAT, ticket.number, text="Sudah pindah rumah")

    with pytest.raises(NotFound):
        await desk.do(conversation.wrote, "web:stranger", ticket.number, text="Halo")
    async with desk.store.read() as tx:
        written = await conversation.messages(tx, await desk.request(ticket.number))
    assert [one.body for one in written] == ["Sudah pindah rumah"]


# --- corrections ------------------------------------------------------------------------------

CORRECTED = {"answers": {"nik": NIK}, "report": "baru", "report_masked": "baru", "rules": RULES}


async def test_a_quick_correction_goes_back_to_the_same_officer(desk: Desk) -> None:
    ticket = await desk.file()
    before = await desk.claim(RINA, ticket.number)
    asked = await desk.do(
        corrections.ask_correction,
        RINA,
        ticket.number,
        parts=[Part("nik", "NIK kurang jelas")],
        rules=RULES,
    )
    assert (asked.status, asked.correction_step) == ("needs_correction", "nik")
    after = await desk.do(corrections.corrected, CHAT, ticket.number, **CORRECTED)

    assert (after.status, after.officer, after.report) == ("claimed", RINA.id, "baru")
    assert after.queued_at == before.queued_at
    event = (await desk.told())[-1]
    assert (event.action, event.step, event.text) == ("correction", "nik", "NIK kurang jelas")
    assert event.values == {"answers": {"nama": "Siti Aminah", "nik": NIK}, "item": 0}


async def test_a_late_correction_waits_at_its_old_place(desk: Desk) -> None:
    first = await desk.file()
    desk.clock.at += timedelta(seconds=1)
    await desk.file(chat="web:other")
    await desk.claim(RINA, first.number)
    await desk.do(
        corrections.ask_correction, RINA, first.number, parts=[Part("nik", "x")], rules=RULES
    )
    desk.clock.at += timedelta(hours=3)
    after = await desk.do(corrections.corrected, CHAT, first.number, **CORRECTED)

    assert (after.status, after.officer) == ("waiting", "")
    async with desk.store.read() as tx:
        assert await queue.position(tx, after) == 1


async def test_a_correction_that_never_comes_expires_and_the_participant_hears_it(
    desk: Desk,
) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    await desk.do(
        corrections.ask_correction, RINA, ticket.number, parts=[Part("nik", "x")], rules=RULES
    )
    desk.clock.at += RULES.correction + RULES.lease
    await desk.do(leases.tidy, calendar=CALENDAR, rules=RULES)

    assert (await desk.request(ticket.number)).status == "expired"
    assert (await desk.told())[-1].action == "expired"
    with pytest.raises(Refused, match=r"petugas\.tidak_bisa"):
        await desk.do(corrections.corrected, CHAT, ticket.number, **CORRECTED)


async def test_nobody_corrects_another_persons_request(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    await desk.do(
        corrections.ask_correction, RINA, ticket.number, parts=[Part("nik", "x")], rules=RULES
    )

    with pytest.raises(NotFound):
        await desk.do(corrections.corrected, "web:stranger", ticket.number, **CORRECTED)


# --- handing on and ending --------------------------------------------------------------------


async def test_a_transfer_keeps_the_number_and_the_place_by_time(desk: Desk) -> None:
    ticket = await desk.file()
    queued_at = (await desk.request(ticket.number)).queued_at
    await desk.claim(RINA, ticket.number)
    after = await desk.do(
        queue.transfer,
        RINA,
        ticket.number,
        to=TONDANO,
        reason="Alamat di Minahasa",
        calendar=CALENDAR,
    )

    assert (after.number, after.branch, after.status) == (ticket.number, "KC-TONDANO", "waiting")
    assert (after.officer, after.queued_at) == ("", queued_at)
    with pytest.raises(NotFound):
        await desk.claim(RINA, ticket.number)
    assert (await desk.claim(SARI, ticket.number)).officer == SARI.id
    assert [event.branch for event in await desk.told()] == ["KC-MANADO", *["KC-TONDANO"] * 2]


async def test_a_transfer_to_the_same_branch_is_refused(desk: Desk) -> None:
    ticket = await desk.file()

    with pytest.raises(Refused, match=r"petugas\.cabang_sama"):
        await desk.do(
            queue.transfer, RINA, ticket.number, to=MANADO, reason="Salah tekan", calendar=CALENDAR
        )


async def test_a_supervisor_releases_what_another_officer_holds(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)

    after = await desk.do(queue.release, BENNY, ticket.number)

    assert (after.status, after.officer) == ("waiting", "")


async def test_a_refusal_tells_the_reason_and_the_first_date_to_ask_again(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    after = await desk.do(
        endings.refuse,
        RINA,
        ticket.number,
        reason="Baru 2 bulan di faskes lama.",
        again_from=MONDAY_TEN.date() + timedelta(days=53),
        calendar=CALENDAR,
    )

    told = "Baru 2 bulan di faskes lama.\nBisa diajukan lagi mulai 15 Januari 2027."
    assert (after.status, after.reason) == ("refused", told)
    event = (await desk.told())[-1]
    assert (event.action, event.text) == ("refused", told)


async def test_the_day_that_is_over_is_that_of_the_branch(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    desk.clock.at = MONDAY_TEN.replace(hour=17)  # Tuesday, 01.00 in Manado
    tuesday = MONDAY_TEN.date() + timedelta(days=1)
    values = {"reason": "Belum", "calendar": CALENDAR}

    with pytest.raises(Refused, match=r"petugas\.tanggal_lewat"):
        await desk.do(endings.refuse, RINA, ticket.number, again_from=tuesday, **values)
    tomorrow = tuesday + timedelta(days=1)
    await desk.do(endings.refuse, RINA, ticket.number, again_from=tomorrow, **values)


async def test_a_finished_request_takes_no_more_replies(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    await desk.do(endings.finish, RINA, ticket.number, outcome="Selesai.")

    with pytest.raises(Refused, match=r"petugas\.tidak_bisa"):
        await desk.do(conversation.reply, RINA, ticket.number, "Satu lagi", rules=RULES)


async def test_only_a_supervisor_reopens_and_the_old_place_comes_back(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    ended = await desk.do(endings.finish, RINA, ticket.number, outcome="Selesai.")

    with pytest.raises(Refused, match=r"petugas\.hanya_penyelia"):
        await desk.do(reopening.reopen, RINA, ticket.number, reason="Keliru", calendar=CALENDAR)
    after = await desk.do(
        reopening.reopen, BENNY, ticket.number, reason="Keliru", calendar=CALENDAR
    )

    assert (after.status, after.outcome, after.ended_at) == ("waiting", "", None)
    assert after.queued_at == ended.queued_at


async def test_the_participant_withdraws_an_own_request_only(desk: Desk) -> None:
    ticket = await desk.file()

    with pytest.raises(NotFound):
        await desk.do(endings.withdraw, "web:stranger", ticket.number)
    await desk.claim(RINA, ticket.number)
    await desk.do(
        corrections.ask_correction, RINA, ticket.number, parts=[Part("nik", "x")], rules=RULES
    )
    after = await desk.do(endings.withdraw, CHAT, ticket.number)
    assert [event.action for event in await desk.told()][-2:] == ["correction", "withdrawn"]

    assert after.status == "withdrawn"
    with pytest.raises(Refused, match=r"petugas\.tidak_bisa"):
        await desk.claim(RINA, ticket.number)


async def test_two_changes_of_the_same_version_cannot_both_count(desk: Desk) -> None:
    from services.requests import change

    ticket = await desk.file()
    seen = await desk.request(ticket.number)
    await desk.store.write(lambda tx: change(tx, seen, "withdraw"))

    with pytest.raises(Refused, match=r"petugas\.berubah"):
        await desk.store.write(lambda tx: change(tx, seen, "transfer", branch="KC-TONDANO"))


# --- who sees what ----------------------------------------------------------------------------


async def test_another_branchs_request_is_not_found_by_any_verb(desk: Desk) -> None:
    ticket = await desk.file()
    verbs = [
        (queue.claim, {"calendar": CALENDAR, "rules": RULES}),
        (queue.release, {}),
        (queue.transfer, {"to": TONDANO, "reason": "x", "calendar": CALENDAR}),
        (conversation.reply, {"text": "x", "rules": RULES}),
        (conversation.note, {"text": "x"}),
        (corrections.ask_correction, {"parts": [Part("nik", "x")], "rules": RULES}),
        (endings.finish, {"outcome": "x"}),
        (endings.refuse, {"reason": "x", "calendar": CALENDAR}),
    ]
    for verb, values in verbs:
        with pytest.raises(NotFound):
            await desk.do(verb, SARI, ticket.number, **values)
    with pytest.raises(NotFound):
        await desk.claim_next(SARI, "KC-MANADO")
    assert await desk.trail(ticket.number) == ["filed"]


async def test_an_admin_serves_every_branch(desk: Desk) -> None:
    ticket = await desk.file()

    assert (await desk.claim(ADMIN, ticket.number)).officer == ADMIN.id


# --- the participant's view -------------------------------------------------------------------


async def test_status_shows_the_latest_own_request_and_its_timeline(desk: Desk) -> None:
    await desk.file()
    desk.clock.at += timedelta(minutes=1)
    latest = await desk.file()
    await desk.claim(RINA, latest.number)
    async with desk.store.read() as tx:
        standing = await status.standing(tx, CHAT)

    assert standing.request.number == latest.number
    assert [(one.action, one.name) for one in standing.timeline] == [
        ("filed", ""),
        ("claimed", "Rina K."),
    ]


async def test_status_gives_nothing_away_about_other_peoples_tickets(desk: Desk) -> None:
    ticket = await desk.file()
    async with desk.store.read() as tx:
        for chat, number in (("web:stranger", ticket.number), ("web:stranger", "")):
            with pytest.raises(NotFound):
                await status.standing(tx, chat, number)
        with pytest.raises(NotFound):
            await status.standing(tx, CHAT, "MND-G-0099")
        assert (await status.standing(tx, CHAT, " mnd-g-0001 ")).request.number == ticket.number
