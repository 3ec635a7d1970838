"""The catalogue: what is rendered, and what a value can never do."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, UndefinedError
from msgspec.structs import asdict

from bot.config.settings import Disputed
from bot.texts.catalogue import Catalogue, TextErrors
from bot.texts.lint import names
from flows.facts import Line
from flows.journey import Journeys
from flows.load import load_all
from flows.sentences import SHARED
from forms.language import words
from tests.declared import JOURNEYS

ROOT = Path(__file__).parents[3]
SAMPLES = {
    "baris": [Line(1, "Nama", "Siti"), Line(2, "Email", "")],
    "bagian": [Line(1, "NIK", "NIK kurang jelas."), Line(2, "Foto KK", "Foto terpotong.")],
    "barang": ["KTP", "KK"],
    "buka": datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Makassar")),
    "opens_at": datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Makassar")),
    "seconds": 75,
    "sampai": date(2026, 11, 27),
}


@pytest.fixture(scope="module")
def journeys() -> Journeys:
    return JOURNEYS


@pytest.fixture(scope="module")
def catalogue(journeys: Journeys) -> Catalogue:
    return Catalogue.load(ROOT / "bot" / "texts", journeys, asdict(Disputed()))


def one(text: str, **values: object) -> str:
    return Catalogue({"id": {"x": text}}).render("x", values)


def test_every_sentence_that_the_conversation_declares_can_be_said(catalogue: Catalogue) -> None:
    for key, given in SHARED.items():
        said = catalogue.render(key, {name: SAMPLES.get(name, "contoh") for name in given})

        assert said.strip() == said
        assert "\n\n" not in said
        assert "{" not in said


def test_every_sentence_of_every_service_can_be_said(
    catalogue: Catalogue, journeys: Journeys
) -> None:
    for code, flow in journeys.flows.items():
        for name, sentence in flow.sentences():
            values = dict.fromkeys(names(words(sentence)), "contoh") | {"langkah": "3"}
            values |= dict.fromkeys(("berkas", "dari", "terbaca"), "")

            said = catalogue.render(f"{code}.{name}", values)

            assert said
            assert said.startswith("\x02Langkah 3\x03\n") == name.endswith(".ask")


def test_a_question_without_a_number_has_no_line_above(catalogue: Catalogue) -> None:
    said = catalogue.render("E.step.nama.ask", {"langkah": ""})

    assert said == "Nama lengkap peserta?\nTulis sesuai KTP."


def test_the_review_lists_the_answers_and_names_empty_ones(catalogue: Catalogue) -> None:
    said = catalogue.render("periksa", {"judul": "Pindah faskes", "baris": SAMPLES["baris"]})

    assert said.splitlines() == [
        "\x02Mohon periksa sebelum dikirim\x03",
        "Pindah faskes",
        "1. Nama: Siti",
        "2. Email: Tidak diisi",
        "Permintaan belum terkirim. Ketik KIRIM, atau nomor yang ingin diubah.",
    ]


def test_the_opening_of_every_service_fits_a_message_with_buttons(
    catalogue: Catalogue, journeys: Journeys
) -> None:
    for service in journeys.services.values():
        flow = service.flow
        data = {"judul": flow.title, "data": flow.consent.data, "hari": 7, "ingat": 30}
        ready = {"barang": list(flow.prepare.items), "menit": flow.prepare.minutes, "hari": 7}
        said = [
            catalogue.render("persetujuan", data),
            catalogue.render("persetujuan.rinci", data),
            catalogue.render("siapkan", ready),
        ]

        assert all(len(text) <= 1024 and len(text.splitlines()) <= 10 for text in said)


def test_a_translated_question_has_its_number_above(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "id.yaml").write_text("soal.langkah: '*Langkah {{ langkah }}*'\n")
    (tmp_path / "z_coba.yaml").write_text(
        "code: Z\ntitle: Coba\nmenu: {order: 1, row: Coba}\nsource: {key: S3, date: 2024}\n"
        "steps:\n"
        "  nama: {type: name, ask: {id: Nama, en: Name}, label: Nama}\n"
        "  kota: {type: regency, ask: Kota, label: Kota}\n"
        "  cabang: {type: branch, from: kota, ask: Kantor, label: Kantor}\n"
        "report: z.txt.j2\n"
    )

    texts = Catalogue.load(tmp_path / "texts", Journeys(load_all(tmp_path)), {})

    values = {"langkah": "1"}
    assert texts.render("Z.step.nama.ask", values, "en") == "\x02Langkah 1\x03\nName"
    assert texts.render("Z.step.kota.ask", values, "en") == "\x02Langkah 1\x03\nKota"


def test_a_value_in_several_languages_is_said_in_that_of_the_sentence() -> None:
    texts = Catalogue({"id": {"x.a": "Isi {{ judul }}"}, "en": {"x.a": "Fill {{ judul }}"}})
    values = {"judul": {"id": "Pindah", "en": "Move"}}

    assert texts.render("x.a", values) == "Isi Pindah"
    assert texts.render("x.a", values, "en") == "Fill Move"


def test_a_request_after_hours_is_told_day_hour_and_zone(catalogue: Catalogue) -> None:
    values = {
        "tiket": "MND-G-0051",
        "cabang": "KC Manado",
        "urutan": 3,
        "buka": SAMPLES["buka"],
        "sebab": "sesudah jam tutup",
    }

    said = catalogue.render("tiket.luar_jam", values)

    assert "Nomor tiket: \x02MND-G-0051\x03" in said
    assert "mulai Selasa, 24 November 2026, 08.00 WITA" in said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("*tebal* biasa", "\x02tebal\x03 biasa"),
        ("tiket *{{ x }}*.", "tiket \x02ABC\x03."),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a*b*c", "a*b*c"),
        ("*dua kata* dan *satu*", "\x02dua kata\x03 dan \x02satu\x03"),
    ],
)
def test_stars_around_words_are_bold(source: str, said: str) -> None:
    assert one(source, x="ABC") == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("*tebal*", "*tebal*"),
        ("\x02tebal\x03", "tebal"),
        ("kanan\u202ekiri", "kanankiri"),
        ("nol\u200blebar", "nollebar"),
        ("baris\nbaru", "baris\nbaru"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("Siti\u00a0Aminah", "Siti\u00a0Aminah"),
        ("baris\u2028baru", "barisbaru"),
    ],
)
def test_a_value_can_never_become_formatting(value: str, said: str) -> None:
    assert one("{{ x }}.", x=value) == said + "."
    assert one("{% for y in x %}{{ y }}{% endfor %}.", x=[value]) == said + "."


def test_dates_and_moments_are_written_in_words() -> None:
    assert one("{{ x }}", x=date(1956, 3, 27)) == "27 Maret 1956"
    assert one("{{ x }}", x=datetime(2026, 11, 24, 8, tzinfo=UTC)).endswith("08.00 UTC")
    assert [one("{{ x|lama }}", x=n) for n in (12, 200, 8000)] == ["12 detik", "3 menit", "2 jam"]


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        one("Halo {{ nama }}")


@pytest.mark.parametrize("missing", ["langkah", "terbaca"])
def test_a_question_without_a_value_of_its_frame_names_it(
    catalogue: Catalogue, missing: str
) -> None:
    values = {"langkah": "9", "berkas": 2, "dari": 3, "terbaca": "Nomor KK"}
    del values[missing]

    with pytest.raises(UndefinedError, match=missing):
        catalogue.render("E.step.foto_kk.ask", values)


def test_a_value_that_lacks_indonesian_is_not_said_to_be_missing() -> None:
    with pytest.raises(KeyError, match="id"):
        one("Halo {{ nama }}", nama={"later": "1"})


@pytest.mark.parametrize(
    "text",
    [
        "{{ x.__class__.__mro__ }}",
        "{% for y in x %}{{ y._z }}{% endfor %}",
        "{{ x['__class__'] }}",
        "{{ x|attr('__class__') }}",
        "{{ x.upper() }}",
        "{% set y = x %}{{ y }}",
        "{% macro y() %}{% endmacro %}",
        "{% block y %}{% endblock %}",
    ],
)
def test_a_sentence_cannot_reach_into_the_program(text: str) -> None:
    with pytest.raises(TextErrors):
        one(text, x="a")


def test_an_unknown_key_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        catalogue.render("tidak.ada", {})


def test_what_is_not_translated_is_said_in_indonesian() -> None:
    texts = Catalogue({"id": {"a": "satu", "b": "dua"}, "en": {"a": "one"}})

    assert [texts.render(key, {}, "en") for key in "ab"] == ["one", "dua"]
    assert texts.render("a", {}, "jv") == "satu"


def test_all_broken_sentences_are_told_at_once() -> None:
    with pytest.raises(TextErrors) as refused:
        Catalogue(
            {
                "id": {"a": "{{ x", "b": "baik", "c": "{% if %}", "d": "{{ x|jm }}"},
                "en": {"a": (("", "{% if x is jam %}"), ("", "one")), "e": "{{ x is jam }}"},
            }
        )

    told = [problem.split(":")[0] for problem in refused.value.problems]
    assert told == ["a (id)", "c (id)", "d (id)", "a (en)", "e (en)"]


def test_a_warm_catalogue_has_nothing_left_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    greeting = "Halo{% if x %} {{ x }}{% endif %}"
    catalogue = Catalogue({"id": {"a": greeting, "b": (("", "{{ x }}"), ("y", "baik"))}})
    catalogue.warm()
    monkeypatch.delattr(Environment, "from_string")

    assert catalogue.render("a", {"x": "Siti"}) == "Halo Siti"
    assert catalogue.render("b", {"x": "Siti", "y": 1}) == "Siti\nbaik"
    assert catalogue.render("b", {"x": "", "y": 1}) == "baik"
    assert catalogue.render("b", {"x": "Siti", "y": ""}) == "Siti"


def test_a_question_for_a_document_is_counted_and_says_what_must_be_legible(
    catalogue: Catalogue,
) -> None:
    values = {"langkah": "9", "berkas": 2, "dari": 3, "terbaca": "Nomor KK"}

    said = catalogue.render("E.step.foto_kk.ask", values)

    assert said.startswith("\x02Langkah 9, berkas 2 dari 3\x03\n")
    assert said.endswith("\nNomor KK harus terbaca.")
    only = catalogue.render("E.step.foto_kk.ask", values | {"berkas": "", "terbaca": ""})
    assert only.startswith("\x02Langkah 9\x03\n")
    assert "terbaca" not in only
