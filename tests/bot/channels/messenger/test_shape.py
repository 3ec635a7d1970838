"""What is said as bodies of the Send API, held against what Meta refuses."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.shape import bodies, plain
from bot.runtime.messages import Outbound
from forms.choices import Option
from tests.fakes.messenger_page import messenger, offers_of, text_of

OPTIONS = st.lists(
    st.builds(
        Option,
        value=st.text(min_size=1, max_size=80),
        label=st.text(max_size=40),
        row=st.text(max_size=40),
    ),
    max_size=16,
).map(tuple)

MESSAGES = st.builds(
    Outbound,
    text=st.text(st.sampled_from("ab \n\x02\x03"), max_size=4096).map("Halo".__add__),
    options=OPTIONS,
    put=st.integers(0, 10**6),
    expects=st.sampled_from(["choice", "contact", "text"]),
)


@given(MESSAGES)
def test_meta_takes_whatever_is_said(message: Outbound) -> None:
    for said in (bodies(message), plain(message)):
        for body in said:
            about = {"recipient": {"id": "1"}, "messaging_type": "RESPONSE"}
            messenger({**about, "message": body})


def ask(*labels: str, **more: str) -> Outbound:
    options = tuple(Option(label, label) for label in labels)
    return Outbound("\x02Sudah benar?\x03", options, 4, **more)


def test_three_options_are_buttons_that_stay() -> None:
    [body] = bodies(ask("Ya, benar", "Ubah", "Kembali"))
    payload = body["attachment"]["payload"]
    assert payload["text"] == "Sudah benar?"
    assert [one["payload"] for one in payload["buttons"]] == ["4|Ya, benar", "4|Ubah", "4|Kembali"]


def test_more_options_go_with_the_next_message_so_the_text_numbers_them() -> None:
    [body] = bodies(ask("Satu", "Dua", "Tiga", "Empat"))
    assert body["text"] == "Sudah benar?\n1. Satu\n2. Dua\n3. Tiga\n4. Empat"
    assert [one["title"] for one in body["quick_replies"]] == ["Satu", "Dua", "Tiga", "Empat"]


def test_too_many_options_are_numbered_lines() -> None:
    [body] = bodies(ask(*(f"Pilihan {n}" for n in range(14))))
    assert list(body) == ["text"]
    assert text_of({"message": body}).endswith("\n14. Pilihan 13")


def test_where_a_number_is_asked_it_can_be_sent_by_button() -> None:
    [body] = bodies(ask("Lewati", expects="contact"))
    assert body["quick_replies"][0] == {"content_type": "user_phone_number"}
    assert [title for _, _, title in offers_of({"message": body})] == ["Lewati"]
