"""Whatever comes in whatever order: turns never fail, and answers stay with their questions."""

import copy
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flows.conditions import as_date
from flows.events import Contact, Desk, Edited, Event, Opened, Press, Sent, Text, TimerFired, Unfit
from flows.facts import Say
from flows.journey import At
from flows.moves import REVIEW
from flows.sentences import SHARED
from flows.session import DECODER, ENCODER, PHASES
from flows.turn import turn
from forms.fields import ContactCard, Document
from forms.reserved import RESERVED
from tests.flows.test_position import position
from tests.flows.world import BORN, CHANGES, MOVE, NIK, Chat, SmallFacts, journeys

USUAL = [
    "halo", "1", "2", "3", "G", "E", "A", "setuju", "ya", "tidak", "Siti Aminah", NIK, BORN,
    "28-03-1956", "03-04-56", "01-11-2026", "siti@contoh.id", "manado", "0812-0000-0142",
    "ubah 3", "kecelakaan", "👍", "lain-lain", "lanjutkan", "mulai dari awal", "simpan dulu",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from([*USUAL, *RESERVED]), st.text(max_size=40))
DOCUMENTS = st.builds(
    Document,
    sha256=st.integers(0, 9).map(lambda n: f"{n:064}"),
    mime=st.just("image/jpeg"),
    size=st.just(9),
    album=st.sampled_from(["", "7", "8"]),
)
DESK = st.builds(
    Desk,
    action=st.sampled_from(
        ["claimed", "replied", "correction", "transferred", "released", "refused", "finished"]
    ),
    ticket=st.sampled_from(["MND-G-0001", "MND-G-0002"]),
    service=st.sampled_from(["G", "Z"]),
    branch=st.just("KC-MANADO"),
    step=st.sampled_from(["nik", "foto", "mobile", "nothing"]),
    values=st.just({"answers": {"alasan": "dinas", "nama": "Siti"}}),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    TEXTS.map(Text),
    TEXTS.map(Text),
    st.builds(Press, value=st.one_of(st.sampled_from(USUAL), st.text(max_size=5)),
              put=st.integers(0, 30)),
    DOCUMENTS.map(Sent),
    st.builds(Unfit, why=st.sampled_from(["voice", "too_big", "lost", "?"])),
    st.just(Contact(ContactCard("081200000142", own=True))),
    st.just(Edited()),
    st.builds(Opened, start=st.sampled_from(["", "kc_manado_G", "_E", "x"])),
    st.builds(TimerFired, kind=st.sampled_from(["remind", "draft", "rate", "other"])),
    DESK,
)  # fmt: skip

PHONE = "  hp: {type: phone, label: HP, ask: HP}\n"
FORMS = [
    (MOVE, CHANGES),
    (MOVE.replace("  nik: {type", f"{PHONE}  nik: {{type"), CHANGES),
    (MOVE.replace("optional: yes,", ""), CHANGES.replace("max: 3", "max: 2")),
    (CHANGES,),
]
WORLDS = [journeys(*texts) for texts in FORMS]

FITS = {
    "alasan": {"dinas", "biasa"},
    "nik": {NIK},
    "surel": {None, "siti@contoh.id"},
    "kota": {"7171", "branch:KC-MANADO"},
    "kantor": {"KC-MANADO"},
    "cek": {"nik", "benar"},
    "apa": {"nama", "hp"},
    "hp": {"+6281200000142"},
    "hp_baru": {"+6281200000142"},
}


def fits(name: str, value: Any) -> bool:
    """Whether a stored value can be an answer to the question *name* at all."""
    if value == {"skipped": True}:
        return True
    if name in FITS:
        return value in FITS[name]
    if name in ("sejak", "lahir"):
        return as_date(value) is not None
    if name == "foto":
        return isinstance(value, list) and all("sha256" in page for page in value)
    return isinstance(value, str)


class Conversation(RuleBasedStateMachine):
    """Events in any order and number, with the forms changing underneath."""

    def __init__(self) -> None:
        super().__init__()
        self.chat = Chat(WORLDS[0])

    def apply(self, event: Event, received: datetime | None = None) -> None:
        chat = self.chat
        before = copy.deepcopy(chat.session)
        assets = chat.assets(received)
        chat.happen(event, received)
        again = turn(before, event, assets)
        assert ENCODER.encode(again.session) == ENCODER.encode(chat.session)
        assert again.facts == chat.facts
        chat.pass_time(seconds=1)

    @rule(event=EVENTS)
    def anything(self, event: Event) -> None:
        self.apply(event)

    @rule()
    def the_right_answer(self) -> None:
        put = self.chat.session.put
        name = put.state.rpartition(".")[2] if put else ""
        answers = {"nama": "Siti Aminah", "nama_baru": "Budi", "nik": NIK, "lahir": BORN,
                   "sejak": "01-11-2026", "surel": "lewati", "kota": "manado", "hp": "081200000142",
                   "hp_baru": "081200000142"}  # fmt: skip
        if name == "foto":
            self.apply(Sent(Document("f" * 64, "image/png", 5)))
        else:
            self.apply(Text(answers.get(name, "1")))

    @rule(text=TEXTS)
    def written_before_the_question_was_seen(self, text: str) -> None:
        session = self.chat.session
        put, journey, phase = session.put, session.journey, session.phase
        if put is None or journey is None or phase not in ("filling", "review"):
            return
        answers, digest = copy.deepcopy(journey.answers), journey.digest
        self.apply(Text(text), put.at - timedelta(seconds=1))
        after = self.chat.session.journey
        if after is not None and after.digest == digest:
            assert after.answers == answers

    @rule(data=st.data())
    def a_button_on_the_table(self, data: st.DataObject) -> None:
        put = self.chat.session.put
        if put and put.options:
            option = data.draw(st.sampled_from(put.options))
            self.apply(Press(option.value, put.serial))

    @rule(n=st.integers(0, len(WORLDS) - 1))
    def the_forms_change(self, n: int) -> None:
        self.chat.services = WORLDS[n]

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.chat.pass_time(hours=hours)

    @invariant()
    def every_answer_fits_its_question(self) -> None:
        session = self.chat.session
        found = [session.journey, *session.drafts.values()]
        for journey in filter(None, found):
            for name, value in journey.answers.items():
                if name == "ubah":
                    assert all(fits(k, v) for item in value for k, v in item.items())
                elif name == "ubah.more":
                    assert value in ("tidak", {"skipped": True})
                else:
                    assert fits(name, value), (name, value)

    @invariant()
    def phase_and_table_agree(self) -> None:
        session = self.chat.session
        assert session.phase in PHASES
        assert (session.journey is not None) == (session.phase in ("consent", "filling", "review"))
        if session.phase in ("consent", "filling", "review", "correcting", "rating"):
            assert session.put is not None
        if session.phase == "correcting":
            assert session.corrections
        assert ENCODER.encode(DECODER.decode(ENCODER.encode(session))) == ENCODER.encode(session)

    @invariant()
    def a_review_is_complete(self) -> None:
        session, services = self.chat.session, self.chat.services.services
        journey = session.journey
        if session.phase != "review" or journey is None or journey.service not in services:
            return
        service = services[journey.service]
        today = self.chat.now.date()
        if journey.digest == service.flow.digest and not service.derive:
            at = At(service, journey.answers, today, SmallFacts())
            assert position(service, at) == (REVIEW, 0), journey

    @invariant()
    def every_sentence_is_known_and_filled(self) -> None:
        for fact in self.chat.facts:
            if isinstance(fact, Say) and fact.key in SHARED:
                assert set(fact.values) >= set(SHARED[fact.key]), fact.key
            elif isinstance(fact, Say):
                code, _, key = fact.key.partition(".")
                flow = self.chat.services.flows.get(code)
                assert (flow and key in dict(flow.sentences())) or key, fact.key
                assert code in "AEG" or code in ("info", "salah", "pasti", "soal"), fact.key


Conversation.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestConversation = Conversation.TestCase


@given(st.lists(EVENTS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_same_events_make_the_same_session(events: list[Event]) -> None:
    one, other = Chat(WORLDS[0]), Chat(WORLDS[0])
    for event in events:
        one.happen(event)
        other.happen(event)

    assert ENCODER.encode(one.session) == ENCODER.encode(other.session)


def test_fifty_thousand_characters_are_survived() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.say("a" * 50_000) != []
    assert "nama" not in chat.answers
