"""Documents of a form: counted, page by page, promised for later, doubted and insisted on."""

import pytest

from flows.events import Sent
from flows.facts import Brought, Corrected, Filed
from flows.load import load
from forms.fields import Document
from tests.flows.world import Chat, journeys

PAPERS = """
code: G
title: Urus berkas
menu: {order: 1, row: Urus berkas}
source: {key: S3, date: 2024-07-24}
rules:
  susul: {value: 14, unit: hari, source: FAQ, date: 2025}
  batas: {value: 3, unit: bulan, source: FAQ, date: 2025}
documents:
  kk: {name: KK, readable: Nomor KK, source: FAQ, date: 2025}
  surat: {name: Surat, source: FAQ, date: 2025}
consent: {data: NIK dan foto KK}
derive:
  akhir: {months_after: [lahir, batas]}
steps:
  lahir: {type: date, label: Lahir, earliest_years: 5, ask: "Kapan lahir?"}
  bayi: {type: yes_no, label: Bayi, ask: "Ada bayi?"}
  kota: {type: regency, label: Kota, ask: "Tinggal di mana?"}
  kantor: {type: branch, from: kota, label: Kantor, ask: "Kantor mana?"}
  kk: {type: photo, document: kk, pages: 3, label: Foto KK, ask: Kirim foto KK.}
  akta: {type: photo, document: surat, later: akhir, when: {bayi: ya}, label: Akta, ask: Akta?}
  slip: {type: photo, document: surat, later: susul, label: Slip, ask: Kirim slip.}
  izin: {type: photo, document: surat, later: yes, optional: yes, label: Izin, ask: Kirim izin.}
report: g.txt.j2
"""

BABY = ("20-11-2026", "ya", "manado", "1")
NO_BABY = ("20-11-2026", "tidak", "manado", "1")


def at_papers(*answers: str) -> Chat:
    """A chat that has come to the first document."""
    chat = Chat(journeys(PAPERS)).begin()
    chat.say(*(answers or BABY))
    assert chat.put.state == "kk"
    return chat


def picture(letter: str, doubt: str = "", album: str = "", mime: str = "image/jpeg") -> Sent:
    return Sent(Document(letter * 64, mime, 1000, album=album, doubt=doubt))


def filed(chat: Chat) -> Filed:
    chat.say("kirim")
    [report] = chat.made(Filed)
    return report


@pytest.mark.parametrize(("answers", "count"), [(BABY, 4), (NO_BABY, 3)])
def test_documents_are_counted_on_the_path_of_these_answers(answers, count) -> None:
    chat = at_papers(*answers)
    assert chat.says[-1].values == {
        "langkah": "5",
        "berkas": 1,
        "dari": count,
        "terbaca": "Nomor KK",
    }

    chat.send()
    chat.say("selesai")

    assert (chat.says[-1].values["berkas"], chat.says[-1].values["terbaca"]) == (2, "")


def test_documents_of_a_group_are_counted_item_by_item() -> None:
    twins = """
  anak:
    type: group
    label: Anak
    max: 3
    more: Ada lagi?
    steps:
      nama: {type: name, label: Nama, ask: Nama?}
      skl: {type: photo, document: surat, label: SKL, ask: Kirim SKL.}
      foto: {type: photo, document: surat, label: Foto, ask: Kirim foto.}
"""
    chat = Chat(journeys(PAPERS.replace("report:", f"{twins.lstrip(chr(10))}report:")))
    chat.begin()
    chat.say(*NO_BABY)
    chat.send()
    chat.say("selesai")
    chat.send()
    chat.say("lewati")
    counted = []
    for letter in "bc":
        chat.say(f"Siti {letter}")
        counted.append((chat.says[-1].values["berkas"], chat.says[-1].values["dari"]))
        chat.send(letter * 64)
        counted.append((chat.says[-1].values["berkas"], chat.says[-1].values["dari"]))
        chat.send(letter.upper() * 64)
        chat.say("ya")

    assert counted == [(4, 5), (5, 5), (6, 7), (7, 7)]


def test_an_only_document_is_not_counted() -> None:
    chat = Chat().begin()
    chat.say("dinas", "Siti Aminah", "7171012703569901", "27-03-1956", "lewati", "manado", "1")

    assert (chat.says[-1].values["berkas"], chat.says[-1].values["dari"]) == ("", "")


def test_pages_come_one_by_one_until_selesai() -> None:
    chat = at_papers()

    assert chat.send("a" * 64) == ["foto.halaman"]
    assert [option.value for option in chat.options] == ["SELESAI"]
    assert chat.send("b" * 64) == ["foto.halaman"]
    assert chat.says[-1].values == {"judul": "Foto KK", "ada": 2}

    assert chat.press("SELESAI") == ["foto.terima", "G.step.akta.ask"]
    assert [page["sha256"][0] for page in chat.answers["kk"]] == ["a", "b"]


def test_the_last_page_that_a_document_may_have_ends_it() -> None:
    chat = at_papers()
    chat.send("a" * 64)
    chat.send("b" * 64)

    assert chat.send("c" * 64) == ["foto.terima", "G.step.akta.ask"]
    assert len(chat.answers["kk"]) == 3


def test_the_pages_of_an_album_are_told_once() -> None:
    chat = at_papers()

    said = [chat.send(letter * 64, album="1") for letter in "abc"]

    assert said == [["foto.halaman"], [], ["foto.terima", "G.step.akta.ask"]]


def test_a_pdf_needs_no_further_page() -> None:
    chat = at_papers()
    chat.happen(picture("a", mime="application/pdf"))

    assert chat.keys == ["foto.terima", "G.step.akta.ask"]


@pytest.mark.parametrize("way", ["selesai", "1", "selesia", "tidak", "lewati", "tetap"])
def test_there_are_many_ways_to_say_that_there_is_no_other_page(way: str) -> None:
    chat = at_papers()
    chat.send()

    assert chat.say(way)[-1] == "G.step.akta.ask"
    assert len(chat.answers["kk"]) == 1


def test_words_instead_of_a_page_are_told_both_ways_on() -> None:
    chat = at_papers()
    chat.send()

    assert chat.say("apa lagi ya") == ["salah.halaman"]
    assert chat.say("kirim") == ["nav.kirim_belum", "foto.halaman"]
    assert chat.say("menyusul") == ["nav.menyusul_wajib"]


@pytest.mark.parametrize("way", [("menu", "lanjut"), ("batal", "teruskan"), ("0", "tetap")])
def test_whoever_leaves_between_two_pages_comes_back_to_them(way: tuple[str, ...]) -> None:
    chat = at_papers()
    chat.send("a" * 64)

    assert chat.say(*way)[-1] == "foto.halaman"
    chat.send("b" * 64)
    chat.say("selesai")
    assert [page["sha256"][0] for page in chat.answers["kk"]] == ["a", "b"]


def test_a_promise_names_its_last_day_and_is_flagged() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()
    chat.say("selesai")

    assert chat.press("MENYUSUL") == ["foto.menyusul", "G.step.izin.ask"]
    assert chat.says[0].values["sampai"].isoformat() == "2026-12-04"
    assert chat.answers["slip"] == {"later": "2026-12-04"}

    assert chat.say("menyusul")[0] == "foto.menyusul"
    assert chat.says[0].values == {"judul": "Izin", "sampai": ""}
    shown = {line.label: line.value for line in chat.says[-1].values["baris"]}
    assert shown["Slip"] == "menyusul, paling lambat 4 Desember 2026"
    assert shown["Izin"] == "menyusul"
    assert filed(chat).flags == ("later:slip", "later:izin")


@pytest.mark.parametrize(("born", "may"), [("20-08-2026", True), ("19-08-2026", False)])
def test_a_document_may_be_promised_up_to_the_day_of_the_rule(born: str, may: bool) -> None:
    chat = at_papers(born, "ya", "manado", "1")
    chat.send()
    chat.say("selesai")

    assert ("MENYUSUL" in [option.value for option in chat.options]) is may
    assert (chat.say("menyusul")[0] == "foto.menyusul") is may


def test_what_may_not_come_later_is_refused_with_what_to_do() -> None:
    chat = at_papers()

    assert chat.say("menyusul") == ["nav.menyusul_wajib"]
    assert chat.put.state == "kk"


def test_not_having_it_yet_promises_a_document() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()

    assert chat.say("selesai", "belum ada")[0] == "foto.menyusul"
    assert chat.answers["slip"] == {"later": "2026-12-04"}


def test_a_promise_can_be_kept_from_the_review() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()
    chat.say("selesai", "menyusul", "lewati")
    line = next(line for line in chat.says[-1].values["baris"] if line.label == "Slip")
    chat.say(str(line.number))

    assert chat.send("d" * 64)[0] == "foto.terima"
    assert filed(chat).flags == ()


def test_a_doubtful_photo_is_refused_once_then_insisted_on_and_flagged() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()
    chat.say("selesai")

    chat.happen(picture("d", doubt="blurred"))
    assert chat.keys == ["foto.buram"]
    assert "slip" not in chat.answers
    chat.happen(picture("d", doubt="blurred"))
    assert chat.keys == ["pasti.foto"]

    assert chat.press("ya") == ["foto.terima", "G.step.izin.ask"]
    assert chat.says[0].values == {"judul": "Slip", "kurang": "ya"}
    chat.say("lewati")
    assert filed(chat).flags == ("unclear:slip",)


@pytest.mark.parametrize(
    ("doubt", "key"),
    [
        ("dark", "foto.gelap"),
        ("bright", "foto.silau"),
        ("blurred", "foto.buram"),
        ("small", "foto.kecil"),
    ],
)
def test_each_doubt_has_its_words(doubt: str, key: str) -> None:
    chat = at_papers()
    chat.happen(picture("d", doubt=doubt))

    assert chat.keys == [key]


def test_a_better_photo_takes_the_place_of_a_doubtful_one() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()
    chat.say("selesai")
    chat.happen(picture("d", doubt="dark"))
    chat.happen(picture("e", doubt="dark"))

    assert chat.send("f" * 64) == ["foto.terima", "G.step.izin.ask"]
    assert [page["sha256"][0] for page in chat.answers["slip"]] == ["f"]


def test_no_to_a_doubtful_photo_asks_for_another() -> None:
    chat = at_papers()
    chat.happen(picture("d", doubt="dark"))
    chat.happen(picture("d", doubt="dark"))

    assert chat.press("ulang") == ["G.step.kk.ask"]
    assert "kk" not in chat.answers


def test_a_doubtful_photo_that_begins_an_album_is_taken_and_told() -> None:
    chat = Chat().begin()
    chat.say("dinas", "Siti Aminah", "7171012703569901", "27-03-1956", "lewati", "manado", "1")
    chat.happen(picture("a", doubt="dark", album="1"))

    assert chat.keys == ["foto.terima", "periksa"]
    assert chat.says[0].values["kurang"] == "ya"


def test_a_doubtful_page_of_an_album_stays_in_its_place_and_is_told() -> None:
    chat = Chat().begin()
    chat.say("dinas", "Siti Aminah", "7171012703569901", "27-03-1956", "lewati", "manado", "1")
    chat.send("a" * 64, album="1")
    chat.happen(picture("b", doubt="blurred", album="1"))

    assert chat.keys == ["foto.terima"]
    assert chat.says[0].values == {"judul": "Foto KK", "kurang": "ya"}
    assert filed(chat).flags == ("unclear:foto",)


def test_a_corrected_document_is_whole_before_it_is_handed_on_and_takes_its_mark_along() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()
    chat.say("selesai", "menyusul", "lewati")
    answers = filed(chat).answers
    chat.desk("correction", step="kk", values={"answers": answers})

    assert chat.send("d" * 64) == ["foto.halaman"]
    assert chat.made(Corrected) == []
    assert chat.say("selesai") == []

    [corrected] = chat.made(Corrected)
    assert [page["sha256"][0] for page in corrected.answers["kk"]] == ["d"]
    assert corrected.flags == ()


def test_what_an_officer_asks_for_cannot_be_promised_again() -> None:
    chat = at_papers(*NO_BABY)
    chat.send()
    chat.say("selesai", "menyusul", "lewati")
    answers = filed(chat).answers
    chat.desk("correction", step="slip", values={"answers": answers})

    assert "MENYUSUL" not in [option.value for option in chat.options]
    assert chat.say("menyusul") == ["nav.menyusul_wajib"]


def test_a_photo_that_nothing_asked_for_may_be_a_promised_one() -> None:
    chat = Chat(journeys(PAPERS))
    chat.say("halo")
    chat.happen(picture("a"))

    assert [one.document.sha256[0] for one in chat.made(Brought)] == ["a"]


@pytest.mark.parametrize(
    ("later", "problem"),
    [
        ("sussul", "unknown rule 'sussul' (did you mean 'susul'?)"),
        ("bayar", "rule 'bayar' must have the unit hari or bulan"),
    ],
)
def test_a_promise_needs_a_rule_that_names_a_day(later: str, problem: str) -> None:
    text = PAPERS.replace("later: susul", f"later: {later}").replace(
        "rules:\n", "rules:\n  bayar: {value: 1, unit: rupiah, source: FAQ, date: 2025}\n"
    )
    flow, problems = load("g_test.yaml", text)

    assert flow is None
    assert any(problem in str(one) for one in problems), problems
