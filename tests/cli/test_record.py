"""Recording: a conversation becomes a script that passes, and identity numbers stay out of it."""

import asyncio
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli import ROOT
from bot.cli.scripts.record import SAMPLE_PHOTO, Recorder
from bot.cli.scripts.run import play
from bot.cli.scripts.samples import Samples
from bot.cli.scripts.script import load
from bot.cli.scripts.stage import Theatre
from bot.runtime.messages import Outbound
from forms.choices import Option

NOW = datetime.fromisoformat("2026-11-24T09:00+07:00")


@pytest.mark.parametrize(
    ("text", "sample"),
    [
        ("3204 1203 7803 0005", "7171010378039901"),
        ("NIK saya 3204120378030005.", "NIK saya 7171010378039901."),
        ("0001999912345", "0000000000001"),
        ("0813-2222-3333", "081200000101"),
        ("+62 813 2222 3333", "081200000101"),
        ("987654321", "999999991"),
        ("12-03-1978", "12-03-1978"),
        ("Jalan Melati 5, RT 02", "Jalan Melati 5, RT 02"),
        ("2026", "2026"),
    ],
)
def test_a_number_becomes_a_sample_of_its_kind(text: str, sample: str) -> None:
    assert Samples().replace(text) == sample


def test_the_same_number_has_the_same_sample_also_where_it_is_masked() -> None:
    samples = Samples()

    assert samples.replace("3204120378030005") == "7171010378039901"
    assert samples.replace("3204120378030006") == "7171010378039902"
    assert samples.replace("3204120378030005") == "7171010378039901"
    assert samples.replace("NIK: ••••••••••••0005") == "NIK: ••••••••••••9901"
    assert samples.replace("NIK: ••••••••••••1234") == "NIK: ••••••••••••1234"


def test_every_word_of_the_terminal_becomes_its_step(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    recorder = Recorder(file, lambda: NOW)

    recorder.typed("halo")
    recorder.said(Outbound("Selamat \x02pagi\x03\nPilih", (Option("G", "Pindah faskes"),), put=1))
    for line in (
        ":tekan 1",
        ":foto /home/siti/ktp-siti.jpg",
        ":suara",
        ":stiker",
        ":lokasi",
        ":kontak 0813-2222-3333",
        ":maju 2j",
        ":jam",
        ": smiley",
    ):
        recorder.typed(line)

    text = file.read_text("utf-8")
    assert [line.strip() for line in text.splitlines()[3:]] == [
        "- user: halo",
        "- bot: [Selamat pagi Pilih]",
        "- press: Pindah faskes",
        f"- send: {{photo: {SAMPLE_PHOTO}}}",
        "- send: {voice: suara}",
        "- send: {sticker: stiker}",
        "- send: {location: lokasi}",
        "- send: {contact: 081200000101}",
        "- advance: 2h",
        '- user: ": smiley"',
    ]


def chat(file: Path, typed: list[str]) -> str:
    """Talk in a terminal chat that is recorded into *file*; what it showed."""
    told = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "chat", "--record", str(file)],
        input="\n".join([*typed, ""]),
        env={**os.environ, "CHIKA_STORE_URL": f"sqlite:///{file.with_suffix('.db')}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


async def test_a_recorded_chat_is_a_script_that_passes_without_real_numbers(
    house: Theatre, tmp_path: Path
) -> None:
    file = tmp_path / "rekaman.yaml"
    typed = ["halo", "G", ":tekan 1", "1", "ya", "Siti Aminah", "3204124703780005", "7 maret 1978"]
    told = await asyncio.to_thread(chat, file, typed)

    text = file.read_text("utf-8")
    assert "3204124703780005" in told
    assert "3204124703780005" not in text
    assert "7171014703789901" in text
    [script] = load([file])
    assert len(script.steps) == 2 * len(typed)
    outcome = await play(house, script, "terminal")
    assert outcome.failure is None
