"""Plain words in the menu lead to a service, an answer or a question; small talk is answered."""

import pytest

from flows.facts import AskedHours, AskedStatus
from tests.declared import JOURNEYS
from tests.flows.world import MENUS, Chat

FEW = MENUS.replace("[others]", "[A, E, G]")


def met() -> Chat:
    chat = Chat(JOURNEYS, FEW)
    chat.say("halo")
    return chat


@pytest.mark.parametrize(
    ("said", "key", "service"),
    [
        ("mau ganti faskes", "persetujuan", "G"),
        ("FAKSES saya pindah", "persetujuan", "G"),
        ("tolong pindah puskesmass", "persetujuan", "G"),
        ("bayi saya baru lahir", "persetujuan", "C"),
        ("nama saya salah di kartu", "persetujuan", "E"),
        ("bapak saya meninggal kemarin", "persetujuan", "H"),
        ("kartu mati", "persetujuan", "J"),
    ],
)
def test_a_need_begins_its_service_with_consent_which_names_it(
    said: str, key: str, service: str
) -> None:
    chat = met()

    assert chat.say(said)[-1] == key
    assert chat.session.journey is not None
    assert chat.session.journey.service == service


def test_a_need_in_the_first_message_is_greeted_and_begun() -> None:
    chat = Chat(JOURNEYS, FEW)

    assert chat.say("selamat pagi bu, kartu bpjs saya mati")[:1] == ["sapa.baru"]
    assert chat.keys[-1] == "persetujuan"
    assert chat.session.journey is not None
    assert chat.session.journey.service == "J"


def test_a_sub_case_is_begun_with_its_answer_given() -> None:
    chat = met()
    chat.say("anak saya 22 tahun masih kuliah kartunya mati")

    assert chat.session.journey is not None
    assert chat.session.journey.service == "J"
    assert chat.answers == {"sebab": "kuliah"}


def test_a_question_is_answered_with_the_numbers_of_its_rules() -> None:
    chat = met()

    assert chat.say("iuran kelas 3 brp ya") == ["info.iuran"]
    assert chat.says[0].values["kelas_3"] == {"id": "Rp35.000", "en": "Rp35,000"}
    assert chat.options, "what can be picked stays in sight"


def test_what_belongs_to_another_office_is_sent_there() -> None:
    chat = met()

    assert chat.say("cara cairkan jht") == ["info.ketenagakerjaan"]
    assert chat.say("bikin ktp baru") == ["info.dukcapil"]


def test_where_two_fit_both_are_offered_with_a_way_out() -> None:
    chat = met()

    assert chat.say("pindah kota jadi mau ganti alamat sama faskes") == ["menu.yang_mana"]
    titles = [option.label for option in chat.options]
    assert sorted(titles[:2]) == ["Pindah faskes", "Ubah data identitas"]
    assert titles[2] == "Bukan keduanya"

    assert chat.say("ubah data identitas")[-1] == "persetujuan"


@pytest.mark.parametrize("number", [1, 2])
def test_the_number_of_one_of_the_two_picks_that_one(number: int) -> None:
    chat = met()
    chat.say("pindah kota jadi mau ganti alamat sama faskes")
    meant = chat.options[number - 1].label

    assert chat.say(str(number))[-1] == "persetujuan"
    assert chat.session.journey is not None
    assert {"G": "Pindah faskes", "E": "Ubah data identitas"}[chat.session.journey.service] == meant


def test_which_of_two_is_asked_again_in_the_other_language() -> None:
    chat = met()
    chat.say("pindah kota jadi mau ganti alamat sama faskes")

    assert chat.say("ya") == ["menu.yang_mana_ulang"], "yes is no answer to which of two"
    assert len(chat.options) == 3
    assert chat.say("english") == ["bahasa.ganti", "menu.yang_mana"]
    assert [option.label for option in chat.options][-1] == "Neither of them"
    assert chat.say("neither of them") == ["menu.utama"]


def test_neither_of_the_two_leads_back_to_the_menu() -> None:
    chat = met()
    chat.say("pindah kota jadi mau ganti alamat sama faskes")

    assert chat.say("bukan keduanya") == ["menu.utama"]


@pytest.mark.parametrize("greeting", ["halo", "P", "Assalamualaikum, Bu", "selamat pagi min"])
def test_a_greeting_in_the_menu_is_greeted(greeting: str) -> None:
    assert met().say(greeting) == ["sapa.kembali", "menu.utama"]


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("makasih banyak ya", ["obrolan.terima_kasih"]),
        ("anjing lama bgt", ["obrolan.kasar"]),
        ("saya ga ngerti", ["info.panduan"]),
        ("7171012703569901", ["menu.nomor"]),
        ("balik ke menu", ["menu.utama"]),
        ("qwerty asdfgh", ["menu.ulang"]),
        ("", ["menu.ulang"]),
        ("x" * 9000, ["menu.ulang"]),
    ],
)
def test_small_talk_in_the_menu(said: str, keys: list[str]) -> None:
    assert met().say(said) == keys


def test_people_and_tickets_are_asked_for_in_plain_words() -> None:
    chat = met()
    chat.say("mau ngomong sama petugas langsung")
    assert chat.made(AskedHours)

    chat.say("gimana kabar tiket mnd-g-0034")
    assert chat.made(AskedStatus) == [AskedStatus("MND-G-0034")]
