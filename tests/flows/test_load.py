"""Flow files: what is refused, where, and what was probably meant."""

from pathlib import Path

import pytest

from flows.load import FlowErrors, load, load_all
from tests.flows.world import CHANGES, JOINS, MOVE, flow

CLOSES = """closing:
  x: {when: {alasan: dinas}, say: "{{ tungu }}", source: {key: S3, date: 2024}}
flags:"""


def problems(text: str) -> list[str]:
    return [str(problem) for problem in load("g_x.yaml", text)[1]]


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("type: name, label", "tipe: name, label", "unknown type"),
        ("type: email", "type: emial", "unknown type 'emial' (did you mean 'email'?)"),
        ("help: Pilih", "helpp: Pilih", "unknown key 'helpp' (did you mean 'help'?)"),
        ("prepare:", "prepair:", "unknown key 'prepair' (did you mean 'prepare'?)"),
        ("when: {alasan: biasa}", "when: {alasen: biasa}", "unknown step 'alasen' (did you mean"),
        ("when: {alasan: biasa}", "when: {nama: biasa}", "'nama' is not asked before this step"),
        ("when: {alasan: biasa}", "when: {alasan: bisa}", "has no option 'bisa' (did you mean"),
        ("at_least: tunggu", "at_least: tungu", "'tungu' is neither a number nor a rule"),
        ("at_least: tunggu", "atleast: tunggu", "expected a text, a list of texts or one of"),
        ("document: kk", "document: kkk", "unknown document 'kkk' (did you mean 'kk'?)"),
        ("redo: [nik]", "redo: [foto]", "'foto' is not asked before this step"),
        ("from: kota", "from: kotta", "unknown step 'kotta' (did you mean 'kota'?)"),
        ("result: referral", "result: referal", "unknown result 'referal' (did you mean"),
        ("months_since: sejak", "month_since: sejak", "unknown function 'month_since'"),
        ("months_since: sejak", "months_since: sejk", "unknown step 'sejk'"),
        ("{value: 3, source: FAQ, date: 2025}", "{value: 3, date: 2025}", "'source' is missing"),
        ("{value: 3, source: FAQ, date: 2025}", "{value: 3, source: FAQ}", "'date' is missing"),
        ("{value: 3,", "{value: tiga,", "value: Expected"),
        ("{{ tunggu }}", "{{ tungu }}", "unknown value 'tungu' (did you mean 'tunggu'?)"),
        ("{{ tunggu }}", "{{ tunggu }", "result.mobile:"),
        ("{{ tunggu }}", "{{ tunggu|rp }}", "result.mobile: No filter named 'rp'"),
        ("ask: Kirim foto KK.", 'ask: ""', "ask: the sentence is empty"),
        ("ask: Kirim foto KK.", "ask: {en: Send it.}", "(id) is missing"),
        ("ask: Kirim foto KK.", "ask: {id: KK., eng: KK.}", "unknown key 'eng' (did you mean"),
        ("title: Pindah", "languages: [en]\ntitle: Pindah", "languages: 'id' is missing"),
        ("title: Pindah", "languages: [id, jv]\ntitle: Pindah", "Invalid enum value 'jv'"),
        ("nik: {type", "nik: {reuse: nk, type", "unknown name 'nk' (did you mean 'nik'?)"),
        ("nik: {type", "nik: {reuse: kk, type", "'kk' needs the type 'kk'"),
        ("{type: branch", "{reuse: cabang, type: branch", "'kota' must be used again as well"),
        ("    source: {key: FAQ, date: 2025}", "    note: x", "'source' is missing"),
        ("type: branch, from: kota", "type: name", "exactly one step of type branch"),
        ("report: g.txt.j2", "", "'report' is missing"),
        ("  nik: {type", "  review: {type", "cannot be the name of a step"),
        ("  nama: {type: name", "  alasan: {type: name", "'alasan' is written twice"),
        ("optional: yes", "optional: maybe", "optional: Expected"),
        ("flags:", "closing: {x: {when: {nam: a}}}\nflags:", "'say' is missing"),
        (
            "flags:",
            CLOSES.replace("alasan", "alasen"),
            "unknown step 'alasen' (did you mean 'alasan'?)",
        ),
        ("flags:", CLOSES, "unknown value 'tungu' (did you mean 'tunggu'?)"),
        ("{months_since: sejak}", "{count: sejak.nama}", "unknown step 'sejak.nama'"),
    ],
)
def test_a_mistake_is_refused_at_its_line(old: str, new: str, complaint: str) -> None:
    assert old in MOVE
    changed = MOVE.replace(old, new, 1)

    found = problems(changed)

    assert any(complaint in problem for problem in found), found
    if new.strip() and "missing" not in complaint and "branch" not in complaint:
        near = line_of(changed, new.splitlines()[0])
        lines = [int(problem.split(":")[1]) for problem in found if complaint in problem]
        assert any(abs(line - near) <= 4 for line in lines), (near, found)


def test_what_is_asked_for_each_item_is_not_used_again() -> None:
    broken = CHANGES.replace("hp_baru: {type", "hp_baru: {reuse: hp, type")

    assert any("for each item cannot be used again" in told for told in problems(broken))


def test_every_mistake_is_told_at_once_in_order() -> None:
    broken = MOVE.replace("type: email", "type: emial").replace("document: kk", "document: kkk")
    broken = broken.replace("help: Pilih", "helpp: Pilih")

    found = problems(broken)

    assert len(found) == 3
    assert "helpp" in found[0]


def test_a_step_that_no_combination_of_choices_leads_to_is_refused() -> None:
    unreachable = MOVE.replace("  nik: {type: nik,", "  nik: {type: nik, when: {alasan: biasa},")
    unreachable = unreachable.replace(
        "  surel: {type: email,", "  surel: {type: email, when: {alasan: dinas, cek: benar},"
    )
    assert problems(unreachable) == []  # cek follows from computed values: it may be asked

    dead = MOVE.replace(
        "      biasa: {label: Lain-lain}", "      biasa: {label: Lain-lain}"
    ).replace(
        "    when: {alasan: biasa, bulan: {at_least: tunggu}}",
        "    when: {alasan: [], bulan: {at_least: tunggu}}",
    )
    assert any("expected a text" in problem for problem in problems(dead))

    never = CHANGES.replace(
        "      nama_baru: {type: name, label: Nama, when: {apa: nama},",
        "      warna: {type: yes_no, when: {apa: nama}, ask: Warna}\n"
        "      nama_baru: {type: name, label: Nama, when: {warna: ya, apa: hp},",
    )
    assert any("this can never hold" in problem for problem in problems(never))


def test_the_first_step_and_the_first_of_a_group_are_always_asked() -> None:
    first = MOVE.replace("    label: Alasan\n", "    label: Alasan\n    when: {nama: x}\n", 1)
    assert any("the first step cannot have a condition" in p for p in problems(first))

    inner = CHANGES.replace("        label: Yang diubah\n", "        when: {nama: Siti}\n")
    assert any("the first step of a group" in p for p in problems(inner))


def test_a_file_that_is_not_yaml_says_where() -> None:
    [found] = problems("code: G\ntitle: [a\n")

    assert found.startswith("g_x.yaml:3: not YAML")


def test_a_result_can_offer_only_services_that_there_are(tmp_path: Path) -> None:
    offers = "    result: referral\n    next: [GA]"
    (tmp_path / "a_one.yaml").write_text(JOINS)
    (tmp_path / "g_two.yaml").write_text(MOVE.replace("    result: referral", offers))

    with pytest.raises(FlowErrors, match=r"g_two.yaml:1: mobile: no service 'GA' \(did you mean"):
        load_all(tmp_path)


def test_a_code_can_be_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a_one.yaml").write_text(JOINS)
    (tmp_path / "a_two.yaml").write_text(JOINS)

    with pytest.raises(FlowErrors, match=r"a_two.yaml:1: code 'A' is taken"):
        load_all(tmp_path)


def test_a_code_stays_text_whatever_yaml_would_make_of_it() -> None:
    assert flow(JOINS.replace("code: A", "code: No")).code == "No"


def test_the_digest_changes_with_the_steps_and_with_nothing_else() -> None:
    one = flow(MOVE)

    assert flow(MOVE.replace("title: Pindah faskes", "title: Ganti faskes")).digest == one.digest
    assert flow(MOVE.replace("label: NIK,", "label: Nomor,")).digest != one.digest
    assert len(one.digest) == 12


def test_each_sentence_knows_the_values_that_it_names() -> None:
    assert flow(MOVE).uses["step.nik.ask"] == ("nama",)
    assert flow(MOVE).uses["result.mobile"] == ("tunggu",)


def test_the_shipped_services_load() -> None:
    flows = load_all(Path(__file__).parents[2] / "flows")

    assert {"C", "E", "G"} <= {code for code, one in flows.items() if one.steps}


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ("{ubah.apa: alamat}", "apa has no option 'alamat'"),
        ("{ubah.apo: nama}", "unknown step 'ubah.apo'"),
        ("{kota.apa: nama}", "unknown step 'kota.apa'"),
    ],
)
def test_a_condition_on_a_group_names_one_of_its_questions(when: str, complaint: str) -> None:
    kota = "  kota: {type: regency,"
    broken = CHANGES.replace(kota, f"  email: {{type: email, ask: X, when: {when}}}\n{kota}")

    assert any(complaint in problem for problem in problems(broken)), problems(broken)
