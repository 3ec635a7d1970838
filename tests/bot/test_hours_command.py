"""``bot.py hours`` explains instants to people and machines."""

import json

import pytest
from click.testing import CliRunner

from bot.cli.hours import command


def run(*arguments: str, stdin: str = "") -> tuple[int, list[str], str]:
    """Exit code, lines on stdout, text on stderr."""
    result = CliRunner().invoke(command, list(arguments), input=stdin)
    return result.exit_code, result.stdout.splitlines(), result.stderr


def test_json_has_exactly_the_promised_keys_in_the_branch_s_offset() -> None:
    code, lines, _ = run("2026-12-24T16:59:59+07:00", "--branch", "KC-MANADO", "--json")
    assert code == 0
    assert [json.loads(line) for line in lines] == [
        {
            "branch": "KC-MANADO",
            "at": "2026-12-24T17:59:59+08:00",
            "open": False,
            "reason": "cuti bersama: Hari Raya Natal",
            "next_opening": "2026-12-28T08:00:00+08:00",
            "closes_at": None,
        }
    ]


def test_an_open_branch_names_its_closing_hour() -> None:
    _, lines, _ = run("2026-11-24T07:59:59Z", "--branch", "kc-jayapura", "--json")
    answer = json.loads(lines[0])
    assert answer["open"] is True
    assert answer["next_opening"] == answer["at"] == "2026-11-24T16:59:59+09:00"
    assert answer["closes_at"] == "2026-11-24T17:00:00+09:00"


def test_people_read_it_in_indonesian() -> None:
    code, lines, _ = run("2026-11-20T17:00+08:00", "--branch", "KC-MANADO")
    assert code == 0
    assert lines == [
        "Kantor Cabang Manado: Senin-Jumat, 08.00-17.00 WITA",
        "Jumat, 20 November 2026 17.00 WITA: tutup, sesudah jam tutup; "
        "buka Senin, 23 November 2026 08.00 WITA",
    ]


def test_instants_on_stdin_give_one_object_a_line() -> None:
    instants = "2026-11-20T16:59:59+08:00\n\n2026-11-20T17:00:00+08:00\n"
    code, lines, _ = run("--branch", "KC-MANADO", "--json", stdin=instants)
    assert code == 0
    assert [json.loads(line)["open"] for line in lines] == [True, False]


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    instants = "tomorrow\n2026-11-20T17:00:00+08:00\n2026-11-20T17:00:00\n"
    code, lines, errors = run("--branch", "KC-MANADO", "--json", stdin=instants)
    assert code == 2
    assert len(lines) == 1
    assert "line 1: tomorrow is no instant" in errors
    assert "line 3: 2026-11-20T17:00:00 has no offset; add one: +07:00 WIB" in errors


@pytest.mark.parametrize(
    ("at", "branch", "told"),
    [
        ("2026-11-20T17:00:00", "KC-MANADO", "has no offset"),
        ("2026-13-20T17:00:00+08:00", "KC-MANADO", "is no instant"),
        ("2026-11-20T17:00:00+08:00", "KC-MANADU", "no branch KC-MANADU; did you mean KC-MANADO?"),
        ("9999-12-31T23:59:59-11:00", "KC-MANADO", "outside every calendar"),
        ("2150-01-01T00:00:00Z", "KC-MANADO", "from 1946 to 2100"),
    ],
)
def test_misuse_is_explained_and_exits_2(at: str, branch: str, told: str) -> None:
    code, lines, errors = run(at, "--branch", branch, "--json")
    assert (code, lines) == (2, [])
    assert told in errors
