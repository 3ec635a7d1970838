"""Parts of flow files: taken from one home, and said otherwise beside it."""

from pathlib import Path

import pytest

from flows.load import FlowErrors, load_all
from flows.spec import Flow, Group, Step
from tests.flows.world import JOINS

PARTS = """
rules:
  batas: {value: 21, source: FAQ, date: 2025}
steps:
  nama:
    type: name
    label: {id: Nama, en: Name}
    ask: {id: "Siapa namanya?", en: "What is the name?"}
    help: Tulis nama.
  anak:
    type: group
    more: Ada lagi?
    steps:
      umur: {type: name, label: Umur, ask: "Umur?"}
      nama_anak: {type: name, label: Nama, ask: "Nama anak?"}
"""
OWN = '  nama: {type: name, label: Nama, ask: "Siapa namanya?"}\n'


def shipped(folder: Path, parts: str, taken: str) -> dict[str, Flow]:
    (folder / "parts.yaml").write_text(parts)
    (folder / "a_daftar.yaml").write_text(JOINS.replace(OWN, taken))
    return load_all(folder)


def test_a_part_is_the_same_as_what_it_says_word_for_word(tmp_path: Path) -> None:
    """Also by its digest, so that open forms notice nothing when words move there."""
    parts = 'steps:\n  orang: {type: name, label: Nama, ask: "Siapa namanya?"}'

    flow = shipped(tmp_path, parts, "  nama: {part: orang}\n")["A"]

    assert flow.digest == shipped(tmp_path, "", OWN)["A"].digest


def test_what_stands_beside_a_part_replaces_what_it_says(tmp_path: Path) -> None:
    taken = """  nama: {part: nama, label: {en: Full name}, ask: "Nama lengkap?"}
  anak:
    part: anak
    when: {nama: Siti}
    steps:
      umur: {}
      kelas: {type: name, label: Kelas, ask: "Kelas berapa?"}
      nama_anak: {differs: nama}
rules: {batas: {part: batas, value: 22}}
"""
    text = JOINS.replace(OWN, taken.partition("rules")[0]) + taken[taken.index("rules") :]
    (tmp_path / "parts.yaml").write_text(PARTS)
    (tmp_path / "a_daftar.yaml").write_text(text)

    flow = load_all(tmp_path)["A"]

    nama, anak = flow.steps[:2]
    assert isinstance(nama, Step)
    assert isinstance(anak, Group)
    assert nama.label == {"id": "Nama", "en": "Full name"}
    assert (nama.ask, nama.help) == ("Nama lengkap?", "Tulis nama.")
    assert [step.name for step in anak.steps] == ["umur", "kelas", "nama_anak"]
    assert [step.params.differs for step in anak.steps] == ["", "", "nama"]
    assert (flow.rules["batas"].value, flow.rules["batas"].source) == (22, "FAQ")


@pytest.mark.parametrize(
    ("parts", "taken", "complaint"),
    [
        (PARTS, "  nama: {part: name}\n", "a_daftar.yaml:8: unknown part 'name' (did you mean"),
        ("steps: [", "  nama: {part: nama}\n", "not YAML"),
        (PARTS, OWN, "parts.yaml:5: no service takes the part 'nama'"),
        (PARTS.replace("help", "helpp"), "  nama: {part: nama}\n", "unknown key 'helpp'"),
    ],
)
def test_a_part_that_cannot_work_is_refused_with_its_line(
    tmp_path: Path, parts: str, taken: str, complaint: str
) -> None:
    with pytest.raises(FlowErrors) as refused:
        shipped(tmp_path, parts, taken)

    assert complaint in str(refused.value)
