"""``bot.py understand``: an explanation, objects for a file, a table of figures."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.figures import judged
from flows.understanding.router import NOTHING, Understood


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["understand", *arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_message_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "krtu mati")

    assert code == 0
    first, *reasons = out.splitlines()
    assert first.startswith("J: answer, confidence 0.")
    assert reasons[:2] == ["  kartu mati", "  krtu = kartu"]


def test_a_file_becomes_one_object_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "messages.csv"
    file.write_text('text,label\n"pindah faskes, cepat",G\nharga emas,OOS.LAIN\n')
    code, out, _ = run(capsys, "--file", str(file), "--json")
    objects = [json.loads(line) for line in out.splitlines()]

    assert code == 0
    assert [(one["text"], one["intent"]) for one in objects] == [
        ("pindah faskes, cepat", "G"),
        ("harga emas", "OOS.LAIN"),
    ]
    assert set(objects[0]) == {"text", "intent", "second", "confidence", "decision"}


def test_a_file_with_labels_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "messages.csv"
    file.write_text("text,label\npindah faskes,G\nkartu mati,E\nharga emas,OOS.LAIN\n")
    code, out, _ = run(capsys, "--file", str(file))

    assert code == 0
    assert out.splitlines()[-1].split() == ["all", "3", "66.7%", "66.7%", "33.3%", "0.0%"]


@pytest.mark.parametrize("arguments", [[], ["halo", "--file", "x.csv"], ["--file", "none.csv"]])
def test_misuse_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *arguments)

    assert code == 2
    assert err


def test_what_was_let_in_counts_only_what_is_outside() -> None:
    let_in = Understood("G", "", 1.0, "answer", NOTHING)
    kept_out = Understood("OOS.TK", "", 1.0, "answer", NOTHING)
    everything = judged([("OOS.LAIN", let_in), ("OOS.TK", kept_out), ("G+E", let_in)])[-1]

    assert (everything.messages, everything.outside, everything.let_in) == (3, 2, 0.5)
    assert everything.first == pytest.approx(2 / 3)
    assert everything.wrong == pytest.approx(1 / 3)
