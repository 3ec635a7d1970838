"""The commands that let officers in: a link that works, invented officers that can sign in."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from data.instants import SystemClock
from data.sqlite import SqliteStore
from services import sign_in
from services.refusals import Refused


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "chika.db"
    monkeypatch.setenv("CHIKA_STORE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("CHIKA_WEB_BASE_URL", "http://localhost:9000")
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app(arguments), arguments)
    return result.exit_code, result.output


async def signed_in(path: Path, *links: str) -> list[str]:
    """Who each link signs in; raises `Refused` for one that does not work."""
    store = SqliteStore(path)
    await store.open()
    try:
        found = []
        for link in links:
            address, _, token = link.partition("?kunci=")
            assert address == "http://localhost:9000/admin/masuk"
            use = SystemClock().now()
            officer, _ = await store.write(lambda tx: sign_in.use_link(tx, token, now=use))  # noqa: B023
            found.append(officer.id)
        return found
    finally:
        await store.close()


def test_the_first_link_needs_no_officer_and_every_call_makes_a_new_one(path: Path) -> None:
    import asyncio

    first, second = run("admin", "link"), run("admin", "link")

    assert (first[0], second[0]) == (0, 0)
    assert first != second
    links = [output.strip() for _, output in (first, second)]
    assert asyncio.run(signed_in(path, *links)) == ["admin", "admin"]
    with pytest.raises(Refused):
        asyncio.run(signed_in(path, links[0]))


def test_an_unknown_officer_gets_no_link(path: Path) -> None:
    assert run("admin", "link", "--officer", "siapa") == (2, "no officer siapa may sign in\n")


def test_seeding_enrols_officers_who_can_sign_in_and_may_be_repeated(path: Path) -> None:
    import asyncio

    for _ in range(2):
        code, output = run("seed", "--branch", "kc-tondano")
        assert code == 0
    lines = [line.split() for line in output.splitlines()]

    assert [(line[1], line[2]) for line in lines] == [
        ("officer", "KC-TONDANO"),
        ("officer", "KC-TONDANO"),
        ("supervisor", "KC-TONDANO"),
    ]
    who = asyncio.run(signed_in(path, *(line[-1] for line in lines)))
    assert who == [line[0] for line in lines]


def test_seeding_an_unknown_branch_names_the_nearest(path: Path) -> None:
    code, output = run("seed", "--branch", "KC-MANADOO")

    assert code == 2
    assert "KC-MANADO" in output
