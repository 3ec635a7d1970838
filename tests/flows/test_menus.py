"""Lists inside menus, rows that give answers, links to rows, and the menus that are shipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.checks.declarations import sources
from flows.events import Opened
from flows.facts import AskedHours, AskedStatus
from flows.load import FlowErrors
from flows.menus import MOST_ROWS
from flows.menus_file import load_menus, read_menus
from flows.source import Source
from tests.declared import JOURNEYS
from tests.flows.world import CHANGES, MENUS, MOVE, Chat, journeys

ROOT = Path(__file__).parents[2]

NESTED = (
    MENUS
    + """\
lain:
  source: {key: S3, date: 2024-07-24}
  items:
    administrasi:
      label: Administrasi
      items:
        data:
          label: Perbaiki data
          row: Ubah atau perbaiki data
          items:
            nomor-hp: {label: Nomor HP, service: E, answers: {ubah.apa: hp}}
            dinas: {label: Tugas dinas, service: G, answers: {alasan: dinas}}
            faskes: {service: G}
            baru: {label: Pendaftaran baru, service: A}
    tiket: {label: Cek nomor tiket, does: tiket}
"""
)


def nested() -> Chat:
    chat = Chat(menus=NESTED)
    chat.say("halo")
    return chat


# --- lists and the way back ----------------------------------------------------------------------


def test_a_list_says_what_it_is_and_offers_its_rows_and_the_way_back() -> None:
    chat = nested()

    assert chat.say("administrasi", "perbaiki data") == ["menu.daftar"]
    assert chat.says[0].values == {"judul": "Ubah atau perbaiki data"}
    assert [one.label for one in chat.options] == [
        "Nomor HP",
        "Tugas dinas",
        "Pindah faskes",
        "Pendaftaran baru",
        "Kembali",
    ]


@pytest.mark.parametrize("way", ["0", "kembali", "Kembali"])
def test_the_way_back_leads_up_list_by_list(way: str) -> None:
    chat = nested()
    chat.say("administrasi", "1")

    assert chat.say(way) == ["menu.daftar"]
    assert chat.says[0].values == {"judul": "Administrasi"}
    assert chat.say(way) == ["menu.utama"]
    assert chat.options[0].label == "Urus administrasi"
    assert chat.say("0") == ["menu.utama"]


def test_the_way_back_from_consent_leads_to_the_list_of_the_service() -> None:
    chat = nested()
    chat.say("administrasi", "1", "tugas dinas")

    assert chat.say("0") == ["menu.daftar"]
    assert chat.says[0].values == {"judul": "Ubah atau perbaiki data"}
    assert (chat.session.journey, chat.session.drafts) == (None, {})


def test_the_way_back_from_consent_without_a_list_leads_to_the_menu() -> None:
    chat = nested()

    assert chat.say("G", "0") == ["menu.utama"]


def test_the_way_back_can_be_pressed() -> None:
    chat = nested()
    chat.say("administrasi", "1")

    chat.press("kembali")

    assert chat.says[0].values == {"judul": "Administrasi"}


def test_menu_leads_to_the_greeting_menu_from_any_depth() -> None:
    chat = nested()
    chat.say("administrasi", "1")

    assert chat.say("menu") == ["menu.utama"]
    assert chat.put.state == "kecil"


def test_an_answer_from_another_menu_leaves_the_list_on_the_table() -> None:
    chat = nested()
    chat.say("administrasi", "1")

    assert chat.say("cek status peserta") == ["info.cek_status"]
    assert chat.say("Nomor HP") == ["persetujuan"]


def test_ten_rows_leave_no_room_for_the_way_back() -> None:
    rows = "".join(f"        r{n}: {{label: Baris {n}, does: tiket}}\n" for n in range(MOST_ROWS))
    text = MENUS + f"    penuh:\n      label: Penuh\n      items:\n{rows}"
    chat = Chat(menus=text)
    chat.say("halo", "penuh")

    assert len(chat.options) == MOST_ROWS
    assert chat.say("0") == ["menu.utama"]


def test_a_row_that_several_share_by_name_is_not_guessed() -> None:
    text = NESTED.replace("Tugas dinas", "Kotak biru")
    text = text.replace("label: Pendaftaran baru", "label: Kotak biru")
    chat = Chat(menus=text)
    chat.say("halo")

    assert chat.say("kotak biru") == ["menu.ulang"]


# --- answers that a row gives --------------------------------------------------------------------


def test_a_given_answer_is_not_asked_and_stands_in_the_review() -> None:
    chat = nested()
    chat.say("tugas dinas")

    assert chat.say("setuju") == ["siapkan", "G.step.nama.ask"]
    assert chat.answers == {"alasan": "dinas"}
    chat.say("Siti Aminah", "7171012703569901", "27-03-1956", "lewati", "manado", "1")
    chat.send()
    assert chat.keys[-1] == "periksa"
    line = chat.says[-1].values["baris"][0]
    assert (line.label, line.value) == ("Alasan", "Tugas dinas")


def test_a_given_answer_can_be_changed_before_and_at_the_review() -> None:
    chat = nested()
    chat.say("tugas dinas", "setuju")

    assert chat.say("0") == ["nav.kembali", "G.step.alasan.ask"]
    assert chat.say("lain-lain") == ["G.step.sejak.ask"]
    assert chat.answers == {"alasan": "biasa"}


def test_a_given_answer_inside_a_group_belongs_to_its_first_item() -> None:
    chat = nested()
    chat.say("nomor hp", "setuju")

    assert chat.answers == {"ubah": [{"apa": "hp"}]}
    assert chat.say("Siti Aminah") == ["E.step.ubah.hp_baru.ask"]


def test_only_questions_that_were_asked_are_counted() -> None:
    chat = nested()
    chat.say("tugas dinas", "setuju")
    assert chat.says[-1].values["langkah"] == "1"
    chat.say("Siti Aminah")
    assert chat.says[-1].values["langkah"] == "2"

    chat.say("0", "0")
    assert (chat.put.state, chat.says[-1].values["langkah"]) == ("alasan", "1")
    chat.say("TETAP")
    assert (chat.put.state, chat.says[-1].values["langkah"]) == ("nik", "3")


def test_a_given_answer_of_a_group_does_not_count_for_any_item() -> None:
    chat = nested()
    chat.say("nomor hp", "setuju", "Siti Aminah")
    assert chat.says[-1].values["langkah"] == "2"

    chat.say("081200000142", "ya")
    assert (chat.put.state, chat.says[-1].values["langkah"]) == ("ubah.apa", "4")
    chat.say("hp", "081200000143", "tidak")
    assert (chat.put.state, chat.says[-1].values["langkah"]) == ("kota", "7")


def test_starting_again_begins_with_what_the_row_gives() -> None:
    chat = nested()
    chat.say("G", "setuju", "lain-lain", "menu")
    assert chat.say("tugas dinas") == ["simpan.lanjut"]

    assert chat.say("mulai dari awal") == ["persetujuan"]
    assert chat.answers == {"alasan": "dinas"}


def test_going_on_with_a_parked_form_keeps_its_answers() -> None:
    chat = nested()
    chat.say("G", "setuju", "lain-lain", "menu", "tugas dinas")

    assert chat.say("lanjutkan") == ["G.step.sejak.ask"]
    assert chat.answers == {"alasan": "biasa"}


def test_a_given_answer_that_the_form_does_not_take_any_more_is_asked() -> None:
    chat = nested()
    chat.say("G", "setuju", "lain-lain", "menu", "tugas dinas")
    chat.menus = MENUS
    chat.upgrade(CHANGES, MOVE.replace("dinas: {label", "tugas: {label"))

    chat.say("mulai dari awal")

    assert chat.answers == {}
    assert chat.say("setuju") == ["siapkan", "G.step.alasan.ask"]


def test_refusing_consent_forgets_what_was_given() -> None:
    chat = nested()

    chat.say("tugas dinas", "tidak")

    assert chat.session.journey is None


# --- links ---------------------------------------------------------------------------------------


def test_a_link_may_name_a_row_and_its_answers() -> None:
    chat = Chat(menus=NESTED)
    chat.happen(Opened("kc_manado_dinas"))

    assert chat.keys == ["sapa.baru", "tautan.cabang", "persetujuan"]
    assert chat.session.branch == "KC-MANADO"
    assert chat.say("setuju") == ["siapkan", "G.step.nama.ask"]


def test_a_link_may_name_a_list() -> None:
    chat = Chat(menus=NESTED)
    chat.happen(Opened("kc_manado_data"))

    assert chat.keys == ["sapa.baru", "menu.daftar"]


# --- what is refused -----------------------------------------------------------------------------


def refused(text: str) -> list[str]:
    source = Source.read("menus.yaml", text)
    read_menus(source, journeys())
    return [str(problem) for problem in sorted(source.problems)]


HEAD = """\
satu:
  source: {key: S4, date: 2020-11-01}
  items:
"""


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x: {label: X}", "x: a row leads to just one of items, services, service, info, does"),
        ("x: {label: X, service: G, does: tiket}", "x: a row leads to just one of"),
        ("x: {does: tiket}", "x: 'label' is missing"),
        ("X: {label: X, does: tiket}", "'X' cannot be the name of a row"),
        ("x: {label: X, does: terbang}", "does: Invalid enum value 'terbang'"),
        ("x: {label: X, lables: Y, does: tiket}", "unknown key 'lables' (did you mean 'label'?)"),
        ("x: {label: X, service: Q}", "unknown service 'Q'"),
        ("x: {label: X, services: [G, Q]}", "unknown service 'Q'"),
        ("x: {label: X, info: cek_statu}", "'cek_statu' (did you mean 'cek_status'?)"),
        (
            "x: {service: G, answers: {alasam: dinas}}",
            "no choice 'alasam' (did you mean 'alasan'?)",
        ),
        (
            "x: {service: G, answers: {alasan: dinass}}",
            "alasan: unknown option 'dinass' (did you mean 'dinas'?)",
        ),
        ("x: {service: G, answers: {nama: Siti}}", "no choice 'nama'"),
        ("x: {label: X, service: A, answers: {a: b}}", "no choice 'a'"),
        ("x: {label: X, info: lokasi, answers: {a: b}}", "x: answers are given with a service"),
    ],
)
def test_a_row_that_cannot_work_is_refused_with_its_line(row: str, told: str) -> None:
    [problem] = refused(f"{HEAD}    {row}\n")

    assert problem.startswith("menus.yaml:4: ")
    assert told in problem


def test_two_rows_of_one_name_are_refused_unless_they_are_the_same() -> None:
    same = "    a: {label: A, does: tiket}\n"
    other = same.replace("tiket", "petugas")

    assert refused(HEAD + same + HEAD.replace("satu", "dua") + same) == []
    assert refused(HEAD + same + HEAD.replace("satu", "dua") + other) == [
        "menus.yaml:8: 'a' is the name of another row"
    ]


def test_a_list_that_stands_in_two_places_is_refused() -> None:
    same = "    a: {label: A, services: [G]}\n"

    [problem] = refused(HEAD + same + HEAD.replace("satu", "dua") + same)

    assert problem == "menus.yaml:8: 'a' is the name of another row"


def test_lists_have_at_most_ten_rows_and_menus_leave_one_for_a_correction() -> None:
    def rows(count: int, indent: int) -> str:
        return "".join(f"{' ' * indent}r{n}: {{label: R{n}, does: tiket}}\n" for n in range(count))

    assert refused(HEAD + rows(9, 4)) == []
    assert refused(HEAD + rows(10, 4)) == ["menus.yaml:3: satu: 10 rows, at most 9 fit here"]
    deep = HEAD + "    x:\n      label: X\n      items:\n"
    assert refused(deep + rows(10, 8)) == []
    assert refused(deep + rows(11, 8)) == ["menus.yaml:6: x: 11 rows, at most 10 fit here"]


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "menus.yaml").write_text(f"{HEAD}    x: {{service: Q}}\n")

    with pytest.raises(FlowErrors) as told:
        load_menus(tmp_path, journeys())

    assert str(told.value) == "menus.yaml:4: unknown service 'Q'"


# --- the rest of the services --------------------------------------------------------------------


def test_others_are_the_services_that_the_menu_names_nowhere_else() -> None:
    rows = "    x: {service: G}\n    rest: {label: Lain, services: [others]}\n"

    menus = read_menus(Source.read("menus.yaml", HEAD + rows), journeys())

    assert menus.lists["rest"] == ("A", "E")


def test_a_list_in_which_nothing_is_left_is_not_offered() -> None:
    rows = "    x: {label: X, services: [A, E, G]}\n    rest: {label: Lain, services: [others]}\n"

    menus = read_menus(Source.read("menus.yaml", HEAD + rows), journeys())

    assert menus.lists["satu"] == ("x",)


# --- the menus that are shipped ------------------------------------------------------------------

SHIPPED = load_menus(ROOT / "flows", JOURNEYS)
SHIPPED_TEXT = (ROOT / "flows" / "menus.yaml").read_text("utf-8")

Tree = dict[str, "Tree"] | str

OF_2024: Tree = {
    "administrasi": {
        "baru": {"baru-pns": "A", "wna": "A", "baru-mandiri": "A"},
        "tambah": {
            "tambah-pns": "B",
            "tambah-pensiunan": "B",
            "bayi-pbi": "C",
            "tambah-mandiri": "B",
        },
        "kurang": {"meninggal": "H", "pembaharuan-kk": "H", "ke-luar-negeri": "H"},
        "data": {"identitas": "E", "nomor-hp": "E", "golongan": "F"},
        "aktif": {
            "jadi-mandiri": "D",
            "kuliah": "J",
            "registrasi-ulang": "J",
            "bayi-nik": "J",
            "pulang": "J",
            "ganda": "I",
        },
        "faskes": "G",
        "kelas": "KR",
        "nomor-bayar": "NP",
    },
    "informasi": {
        "status": "cek_status",
        "iuran": "cek_tagihan",
        "va": "cek_va",
        "skrining": "skrining",
        "jkn": "info_jkn",
        "panduan": "panduan",
        "lokasi": "lokasi",
    },
    "pengaduan": "pengaduan",
}
"""The menu of S3 as docs/domain.md tells it: lists, and the service or answer of each row."""


def leads(name: str) -> Tree:
    """What a shipped row leads to, lists unfolded."""
    if below := SHIPPED.lists.get(name):
        return {one: leads(one) for one in below}
    item = SHIPPED.items.get(name)
    return item.service or item.info if item else name


def missing(wanted: Tree, found: Tree) -> list[str]:
    """The rows of *wanted* that *found* has not, or has leading elsewhere."""
    if isinstance(wanted, str) or isinstance(found, str):
        return [] if wanted == found else [f"{wanted}: {found}"]
    gone = [name for name in wanted if name not in found]
    both = [name for name in wanted if name in found]
    return gone + [one for name in both for one in missing(wanted[name], found[name])]


def test_every_row_of_the_menu_of_2024_is_there() -> None:
    found = {name: leads(name) for name in SHIPPED.lists["2024"]}

    assert missing(OF_2024, found) == []
    assert missing({"aktif": {"kuliah": "J"}}, {"aktif": {"ganda": "I"}}) == ["kuliah"]


def test_the_menu_of_2020_lists_the_ten_letters_and_then_the_rest() -> None:
    assert SHIPPED.lists["urus"] == tuple("ABCDEFGHIJ")
    rest = (*SHIPPED.lists["kelas-bayar"], *SHIPPED.lists["lain"])
    assert {*SHIPPED.lists["urus"], *rest} == set(JOURNEYS.flows)


@pytest.mark.parametrize("menu", ["2020", "2024"])
def test_every_service_can_be_reached_by_pressing(menu: str) -> None:
    def services(name: str) -> set[str]:
        below = SHIPPED.lists.get(name)
        if below is not None:
            return set().union(*map(services, below))
        return {SHIPPED.items[name].service if name in SHIPPED.items else name}

    assert services(menu) >= set(JOURNEYS.flows)


@pytest.mark.parametrize("menu", ["2020", "2024"])
def test_the_sources_of_the_menus_are_known(menu: str) -> None:
    data = Source.read("menus.yaml", SHIPPED_TEXT).data

    assert data[menu]["source"]["key"] in sources(ROOT)


def test_every_row_has_words_of_its_own() -> None:
    for name in SHIPPED.lists:
        shown = [one.row or one.label for one in SHIPPED.options(name, "id")]
        assert len(set(shown)) == len(shown)


def ways(name: str) -> Iterator[tuple[str, ...]]:
    """What to press, one after the other, to come to every row below the list *name*."""
    for row in SHIPPED.lists[name]:
        yield (row,)
        if row in SHIPPED.lists:
            yield from ((row, *further) for further in ways(row))


@pytest.mark.parametrize("menu", ["2020", "2024"])
def test_every_row_leads_where_it_says(menu: str) -> None:
    """Pressed one after the other in a chat: a list, a service with what it gives, an answer."""
    for way in ways(menu):
        chat = Chat(JOURNEYS, SHIPPED_TEXT, menu)
        chat.say("halo")
        for row in way:
            chat.press(row)
        item = SHIPPED.items.get(way[-1])
        code = item.service if item else way[-1]
        if code:
            journey = chat.session.journey
            assert (chat.put.kind, journey and journey.service) == ("consent", code), way
            assert answered(chat) == (item.answers if item else {}), way
        elif way[-1] in SHIPPED.lists:
            assert (chat.put.kind, chat.put.state) == ("menu", way[-1])
            assert len(chat.options) <= MOST_ROWS
        elif item and item.info:
            assert chat.keys == [f"info.{item.info}"]
        else:
            assert chat.facts[0] in (AskedStatus(), AskedHours(""))


def answered(chat: Chat) -> dict[str, str]:
    """The answers that the journey has, by the names of their states."""
    found: dict[str, str] = {}
    for name, value in chat.answers.items():
        if isinstance(value, list):
            found |= {f"{name}.{inner}": one for inner, one in value[0].items()}
        else:
            found[name] = value
    return found


@pytest.mark.parametrize("menu", ["2020", "2024"])
def test_the_words_of_both_menus_are_understood_in_either(menu: str) -> None:
    for said, name in {"urus administrasi": "urus", "ADMINISTRASI": "administrasi"}.items():
        chat = Chat(JOURNEYS, SHIPPED_TEXT, menu)
        chat.say("halo", said)
        assert chat.put.state == name
    chat = Chat(JOURNEYS, SHIPPED_TEXT, menu)
    assert chat.say("halo", "np")[-1] == "persetujuan"


def test_what_is_given_has_a_label_without_which_no_review_lists_it() -> None:
    for item in SHIPPED.items.values():
        for name in item.answers:
            step = JOURNEYS.services[item.service].states[name].step
            assert step is not None and step.label
