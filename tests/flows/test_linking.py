"""Going on in another chat, as the two sessions see it."""

import pytest

from flows.events import HandOver, TakeOver
from flows.facts import AskedCode, AskedStatus, Corrected, DropTimer, GaveCode, HandedOver, SetTimer
from flows.linking import code_in
from tests.flows.test_desk import ANSWERS, TICKET, served
from tests.flows.world import Chat

ELSEWHERE = "telegram:7"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SAMBUNG ABCDE23456", "ABCDE23456"),
        ("  sambung: abcde-23456 ", "ABCDE23456"),
        ("/sambung ABCDE 23456", "ABCDE23456"),
        ("sambung ABCDE234", "ABCDE234"),  # a slip: it is told, not taken for an answer
        ("connect ABCDE23456", ""),
        ("sambung", ""),
        ("sambung petugas", ""),
        ("sambung kepesertaan", ""),  # as long as a code, but without a figure
        ("Sambung Macan", ""),
        ("Jalan Sambung 12 blok C34567", ""),
        ("sambung 12", ""),
    ],
)
def test_a_code_is_the_word_and_letters_with_a_figure(text: str, code: str) -> None:
    assert code_in(text) == code
    assert code_in("connect ABCDE23456", "en") == "ABCDE23456"


def test_the_word_alone_asks_for_a_code_wherever_the_chat_stands() -> None:
    for chat in (Chat().begin(), served(), Chat().fill()):
        before = chat.session.put
        assert chat.say("sambung") == []
        assert len(chat.made(AskedCode)) == 1
        assert chat.session.put == before


def test_a_code_is_no_answer_and_may_be_the_first_word_of_a_chat() -> None:
    chat = Chat()
    assert chat.say("SAMBUNG ABCDE23456") == ["sapa.baru"]
    assert chat.made(GaveCode) == [GaveCode("ABCDE23456")]

    form = Chat().begin()
    form.say("dinas", "sambung abcde23456")
    assert form.made(GaveCode) == [GaveCode("ABCDE23456")]
    assert "nama" not in form.answers


def followed(old: Chat, new: Chat) -> Chat:
    """The requests of *old* go on in *new*."""
    old.happen(HandOver(ELSEWHERE))
    [fact] = old.made(HandedOver)
    assert fact.to == ELSEWHERE
    new.happen(TakeOver(**{**{n: getattr(fact.taken, n) for n in TAKEN}, "tickets": [TICKET]}))
    return new


TAKEN = ("open", "ended", "serving", "corrections", "rating")


def test_who_is_being_served_goes_on_there_and_not_here() -> None:
    old, new = served(), Chat()
    new.say("halo")

    followed(old, new)

    assert (old.session.phase, old.session.serving, old.session.open) == ("menu", [], [])
    old.say("status")
    [asked] = old.made(AskedStatus)
    assert asked.elsewhere
    assert new.keys == ["sambung.jadi"]
    assert new.made(AskedStatus) == [AskedStatus(TICKET)]
    assert new.session.phase == "serving"
    assert [one.ticket for one in new.session.open] == [TICKET]


def test_a_correction_is_asked_there_and_given_there() -> None:
    old, new = served(), Chat()
    old.desk("correction", text="NIK tidak terbaca", step="nik", values=ANSWERS)
    new.say("halo")

    followed(old, new)
    assert old.session.phase == "menu"
    assert new.keys == ["sambung.jadi", "petugas.perbaikan", "G.step.nik.ask"]

    assert new.say("7171012703569902") == []
    assert len(new.made(Corrected)) == 1
    assert new.session.phase == "serving"


def test_a_correction_waits_for_the_form_that_is_open_there() -> None:
    old, new = served(), Chat().fill()
    old.desk("correction", text="NIK tidak terbaca", step="nik", values=ANSWERS)

    followed(old, new)

    assert new.keys == ["sambung.jadi", "petugas.perbaikan_nanti"]
    assert new.say("kirim") == ["petugas.perbaikan", "G.step.nik.ask"]


def test_a_form_stays_where_it_is() -> None:
    old, new = Chat().fill(), Chat()
    old.desk("claimed")

    followed(old, new)

    assert old.session.phase == "review"
    assert old.session.journey is not None
    assert (new.session.journey, new.session.drafts) == (None, {})


def test_the_rating_is_asked_there() -> None:
    old, new = served(), Chat()
    new.say("halo")
    old.desk("finished", text="Sudah pindah")

    followed(old, new)

    assert [fact.kind for fact in old.made(DropTimer)] == ["rate"]
    assert old.session.rating is None
    assert [fact.kind for fact in new.made(SetTimer)] == ["rate"]
    assert new.session.rating is not None
    assert [one.ticket for one in new.session.ended] == [TICKET]
    # the button below the result, which was told here, belongs to the other chat now
    assert old.session.put is None


def test_nothing_is_promised_where_everything_ended_meanwhile() -> None:
    chat = Chat()
    chat.say("halo")
    chat.happen(TakeOver())
    assert chat.keys == ["sambung.tak_ada_lagi"]
