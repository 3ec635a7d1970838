"""The commands that prove the audit: whole chains, the first broken entry, heads kept elsewhere."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import app
from tests.desk import RINA, sqlite_desk


@pytest.fixture
async def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async with sqlite_desk(tmp_path) as desk:
        for _ in range(2):
            await desk.claim(RINA, (await desk.file()).number)
    monkeypatch.setenv("CHIKA_STORE_URL", f"sqlite:///{tmp_path}/desk.db")
    return tmp_path / "desk.db"


def run(*arguments: str) -> tuple[int, str]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as apart:  # the command has a loop of its own
        result = apart.submit(CliRunner().invoke, app, arguments).result()
    return result.exit_code, result.output


def tamper(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TRIGGER IF EXISTS audit_keeps_rows")
        connection.execute("DROP TRIGGER IF EXISTS audit_keeps_values")
        connection.execute(statement)


def asked(file: Path, question: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        [[found]] = connection.execute(question).fetchall()
    return int(found)


async def test_whole_chains_are_counted(file: Path) -> None:
    code, output = run("audit", "verify")

    assert code == 0
    count = asked(file, "SELECT COUNT(*) FROM audit WHERE branch = 'KC-MANADO'")
    assert f"KC-MANADO: {count} entries, whole" in output.splitlines()


async def test_a_broken_chain_is_named_with_its_entry_and_exits_1(file: Path) -> None:
    tamper(file, "UPDATE audit SET actor = 'lain' WHERE object = 'MND-G-0001'")
    code, output = run("audit", "verify", "--branch", "KC-MANADO")
    told = json.loads(run("audit", "verify", "--json")[1])

    first = asked(file, "SELECT MIN(id) FROM audit WHERE object = 'MND-G-0001'")
    assert code == 1
    assert output == f"KC-MANADO: entry {first} is not as it was written\n"
    assert not told["whole"]
    assert {"whole": False, "branch": "KC-MANADO", "id": first, "why": "changed"} in told["chains"]


async def test_heads_that_were_kept_find_what_was_cut_off(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "heads.txt"
    kept.write_text(run("audit", "head")[1])
    assert run("audit", "verify", "--heads", str(kept))[0] == 0

    tamper(file, "DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)")
    assert run("audit", "verify")[0] == 0
    code, output = run("audit", "verify", "--heads", str(kept))

    assert code == 1
    assert "is gone: the chain was cut off" in output


async def test_a_chain_that_is_gone_as_a_whole_is_missed(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "heads.txt"
    kept.write_text(run("audit", "head")[1])
    tamper(file, "DELETE FROM audit WHERE branch = 'KC-TONDANO'")

    code, output = run("audit", "verify", "--heads", str(kept))

    assert code == 1
    assert "KC-TONDANO: entry" in output


async def test_a_file_without_heads_is_refused(file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("nothing of the kind\n")

    assert run("audit", "verify", "--heads", str(wrong))[0] == 2
    assert run("audit", "verify", "--heads", str(tmp_path / "none.txt"))[0] == 2
