"""What WhatsApp shows of a message, within what Meta takes."""

import pytest

from bot.channels.whatsapp.shape import bodies, plain
from bot.runtime.messages import Outbound
from forms.choices import Option
from tests.fakes import graph_limits
from tests.fakes.graph_limits import Refused
from tests.fakes.whatsapp_person import offers_of, text_of

LABEL = {"id": "Lihat pilihan", "en": "See choices"}
ABOUT = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "628110000081"}


def options(count: int, row: str = "") -> tuple[Option, ...]:
    return tuple(Option(f"v{n}", f"Pilihan {n}", row and f"{row} {n}") for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (Outbound("halo"), "text"),
        (Outbound("halo", options(1)), "button"),
        (Outbound("halo", options(3)), "button"),
        (Outbound("halo", options(4)), "list"),
        (Outbound("halo", options(10)), "list"),
        (Outbound("halo", options(11)), "text"),
        (Outbound("x" * 3000, options(3)), "button"),
        (Outbound("kata " * 2000, options(10)), "list"),
        (Outbound("kata " * 2000), "text"),
        (Outbound("halo", options(3, "Sebuah baris yang panjang sekali")), "button"),
        (Outbound("halo", options(9, "Sebuah baris yang panjang sekali")), "list"),
        (Outbound("Nomor HP?", expects="contact"), "request_contact_info"),
        (Outbound("x " * 900, options(2), expects="contact"), "request_contact_info"),
        (Outbound("\x02x\x03 " * 300, options(2)), "button"),
    ],
)
def test_every_message_is_within_the_limits_of_meta(message: Outbound, kind: str) -> None:
    said = bodies(message, LABEL)
    for body in said:
        graph_limits.whatsapp({**ABOUT, **body})
    shown = said[-1]
    assert (shown["interactive"]["type"] if "interactive" in shown else "text") == kind
    assert all(body["type"] == "text" for body in said[:-1])


def test_the_fake_refuses_what_meta_refuses() -> None:
    button = {"type": "button", "body": {"text": "x"}}

    def refused(replies: list[dict[str, str]]) -> bool:
        action = {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}
        try:
            shown = {**button, "action": action}
            graph_limits.whatsapp({**ABOUT, "type": "interactive", "interactive": shown})
        except Refused:
            return True
        return False

    assert not refused([{"id": str(n), "title": "x" * n} for n in (1, 2, 20)])
    assert refused([{"id": str(n), "title": str(n)} for n in range(4)])
    assert refused([{"id": "1", "title": "x" * 21}])
    assert refused([{"id": "1", "title": "x"}, {"id": "2", "title": "x"}])


def test_the_rows_of_a_list_can_be_typed_by_what_the_text_says() -> None:
    [shown] = bodies(Outbound("Pilih layanan.", options(4), 5), LABEL)
    assert text_of(shown).startswith("Pilih layanan.\n1. Pilihan 1\n2. Pilihan 2")
    assert offers_of(shown)[1] == ("list", "5|v2", "Pilihan 2")
    assert shown["interactive"]["action"]["button"] == "Lihat pilihan"


def test_buttons_in_sight_are_not_said_twice() -> None:
    [shown] = bodies(Outbound("Benar?", options(3)), LABEL)
    assert text_of(shown) == "Benar?"


def test_without_buttons_everything_stands_in_the_text() -> None:
    [shown] = plain(Outbound("Benar?", options(2)))
    assert text_of(shown) == "Benar?\n1. Pilihan 1  2. Pilihan 2"


def test_a_long_text_is_cut_between_words() -> None:
    whole = "kata " * 2000
    said = [text_of(body) for body in bodies(Outbound(whole, options(2)), LABEL)]
    assert " ".join(said).split() == whole.split()
