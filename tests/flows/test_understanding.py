"""What messages mean: traps of the language, reasons, and how good it is on labelled messages."""

import os
import subprocess
import sys

import pytest

from bot.cli.figures import judged
from bot.config.settings import ROOT
from flows.load import load
from flows.understanding.affixes import stem
from flows.understanding.lexicon import FILE, Lexicon
from flows.understanding.messages import read_messages
from flows.understanding.router import Router, Understood
from forms import plain_yaml
from tests.declared import FLOWS, JOURNEYS

MESSAGES = read_messages()
ROUTER = JOURNEYS.router


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("kartu bpjs ibu saya mati", "J"),
        ("suami saya mati kemarin", "H"),
        ("bapak meninggal kartunya mau dimatikan", "H"),
        ("mau ubah nomor kk", "E"),
        ("kk saya hilang", "OOS.DUKCAPIL"),
        ("sk pangkat pns sudah keluar", "F"),
        ("saldo bpjs ketenagakerjaan cair kapan", "OOS.TK"),
        ("va bank mandiri", "INFO.VA"),
        ("dari pt mau pindah mandiri", "D"),
        ("perusahaan saya ga daftarin bpjs", "PENGADUAN"),
        ("baru pulang dari malaysia mau aktif lagi", "J.LN"),
        ("mau kerja ke malaysia bpjs distop dulu", "H.LN"),
        ("suami orang malaysia mau daftar bpjs", "A.WNA"),
        ("anak umur 22 tahun kuliah kartu mati", "J.KULIAH"),
        ("nenek 91 tahun kartunya nonaktif", "J.LANSIA"),
        ("TOLOOOONG PINDAH PUSKESMASS DONG", "G"),
        ("bayar2 lewat indomaret gmn", "INFO.BAYAR"),
        ("piye carane ndaftar bpjs", "A"),
        ("kumaha carana pindah puskesmas", "G"),
        ("g", "TIDAK"),
        ("p", "SAPA"),
        ("27-03-1956", "DATA"),
        ("tiket mnd-g-0034 gimana", "LACAK"),
    ],
)
def test_traps_and_spellings(said: str, intent: str) -> None:
    assert ROUTER.understand(said).intent == intent


@pytest.mark.parametrize(
    "said", ["", "???", "asdf qwerty", "x" * 9000, "a " * 4000, "\u202e\u0000", "cek resi jne"]
)
def test_what_is_none_of_ours_begins_no_service(said: str) -> None:
    found = ROUTER.understand(said)

    assert found.decision == "none" or found.intent.startswith("OOS.")
    assert 0 <= found.confidence <= 1


def test_two_needs_are_both_named() -> None:
    found = ROUTER.understand("pindah kota jadi mau ganti alamat sama faskes")

    assert found.decision == "ask"
    assert {found.intent, found.second} == {"E", "G"}


def test_a_decision_tells_its_reasons() -> None:
    found = ROUTER.understand("krtu mati")

    assert found.because == ("kartu mati", "krtu = kartu", "mati = mati")


def test_every_process_decides_the_same() -> None:
    def told(seed: str) -> str:
        return subprocess.run(
            [
                sys.executable,
                str(ROOT / "bot.py"),
                "understand",
                "--file",
                str(FILE.with_name("messages.csv")),
                "--json",
            ],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout

    assert told("1") == told("2")


def test_messages_that_were_put_aside_are_understood_well_enough() -> None:
    """Each quarter is judged by a router that learned from the others only.

    The phrases know them all the same: the figures on messages that nobody looked at are in docs.
    """
    found: list[tuple[str, Understood]] = []
    for quarter in range(4):
        router = Router(FLOWS, [m for n, m in enumerate(MESSAGES) if n % 4 != quarter])
        found += [(label, router.understand(text)) for label, text in MESSAGES[quarter::4]]
    everything = judged(found)[-1]

    assert everything.messages == len(MESSAGES) > 1000
    assert everything.first >= 0.9
    assert everything.second >= 0.94
    assert everything.wrong <= 0.02
    assert everything.let_in <= 0.05


def test_labelled_messages_teach_words_that_no_phrase_has() -> None:
    taught = Router(FLOWS, [*MESSAGES, ("G", "zorkan"), ("G", "mau zorkan bpjs")])

    assert ROUTER.understand("zorkan dong").decision == "none"
    assert taught.understand("zorkan dong").intent == "G"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("dfatar", "daftar"),
        ("tagihn", "tagihan"),
        ("kelurga", "keluarga"),
        ("puskesmaas", "puskesmas"),
        ("lapar", "lapar"),
        ("penting", "penting"),
        ("sebelum", "sebelum"),
        ("makan", "makan"),
        ("manado", "manado"),
        ("kuningan", "kuningan"),
    ],
)
def test_slips_are_forgiven_where_they_are_no_other_word(said: str, meant: str) -> None:
    assert ROUTER.lexicon.meaning(said) == meant


def test_stems_are_found_only_where_they_are_known() -> None:
    known = {"bayar", "tagih", "tunggak", "ubah", "aktif", "cek", "sapu"}

    assert stem("pembayarannya", known) == "bayar"
    assert stem("menagih", known) == "tagih"
    assert stem("nunggak", known) == "tunggak"
    assert stem("ngaktifin", known) == "aktif"
    assert stem("ngecekin", known) == "cek"
    assert stem("nyapu", known) == "sapu"
    assert stem("perempuan", known) == ""


def test_no_pattern_has_a_word_that_is_dropped_before_it_is_looked_for() -> None:
    data = plain_yaml.read(FILE)
    lexicon = Lexicon(data)
    dropped = [
        f"{name}: {pattern}"
        for name, patterns in data["together"].items()
        for pattern in patterns
        for word in pattern.split()
        if "_" not in word and not lexicon.meaning(word)
    ]

    assert dropped == []


def test_a_spelling_means_one_thing() -> None:
    data = plain_yaml.read(FILE)
    meanings: dict[str, set[str]] = {}
    for word, spellings in data["words"].items():
        for spelling in spellings.split():
            meanings.setdefault(spelling, set()).add(word)

    assert {spelling: words for spelling, words in meanings.items() if len(words) > 1} == {}


CASE = """
code: Q
title: Coba
menu: {order: 1, row: Coba}
source: {key: S3, date: 2024-07-24}
cases:
  SATU: {answers: {%s: %s}, phrases: [coba satu]}
steps:
  apa: {type: choice, label: Apa, ask: "Apa?", options: {satu: {label: Satu}}}
  kota: {type: regency, label: Kota, ask: "Di mana?"}
  kantor: {type: branch, from: kota, label: Kantor, ask: "Kantor?"}
report: q.txt.j2
"""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (("apa", "satu"), []),
        (("ap", "satu"), ["q.yaml:7: no choice 'ap' (did you mean 'apa'?)"]),
        (("apa", "sato"), ["q.yaml:7: apa: unknown option 'sato' (did you mean 'satu'?)"]),
    ],
)
def test_the_answers_of_a_sub_case_are_checked(answer: tuple[str, str], told: list[str]) -> None:
    _, problems = load("q.yaml", CASE % answer)

    assert [str(problem) for problem in problems] == told
