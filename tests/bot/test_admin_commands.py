"""The commands that let officers in: a link that works, invented officers that can sign in."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

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


ADDRESSES = [f"http://localhost:9000/admin/{page}" for page in ("masuk", "undangan")]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


async def signed_in(path: Path, *links: str) -> list[str]:
    """Who each link signs in; raises `Refused` for one that does not work."""
    store = SqliteStore(path)
    await store.open()
    try:
        found = []
        for link in links:
            address, _, token = link.partition("?kunci=")
            assert address in ADDRESSES
            use = SystemClock().now()
            officer, _ = await store.write(lambda tx: sign_in.use_link(tx, token, now=use))  # noqa: B023
            found.append(officer.id)
        return found
    finally:
        await store.close()


def test_the_first_link_needs_no_officer_and_the_newest_holds(path: Path) -> None:
    import asyncio

    first, second = run("admin", "link"), run("admin", "link")

    assert (first[0], second[0]) == (0, 0)
    links = [output.strip() for _, output in (first, second)]
    assert links[0] != links[1]
    with pytest.raises(Refused):
        asyncio.run(signed_in(path, links[0]))
    assert asyncio.run(signed_in(path, links[1])) == ["admin"]
    with pytest.raises(Refused):
        asyncio.run(signed_in(path, links[1]))


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


def test_an_officer_is_enrolled_disabled_and_let_in_again(path: Path) -> None:
    import asyncio

    run("admin", "link")
    rina = ("rina.mnd", "--name", "Rina K.", "--branch", "KC-MANADO")
    code, told = run("admin", "add", *rina, "--json")
    made = json.loads(told)

    assert (code, made["role"], made["branch"]) == (0, "officer", "KC-MANADO")
    assert "/admin/undangan?kunci=" in made["link"]
    assert run("admin", "add", *rina) == (
        2,
        "Nama masuk rina.mnd sudah dipakai. Pilih nama lain.\n",
    )
    assert run("admin", "disable", "rina.mnd")[0] == 0
    assert run("admin", "link", "--officer", "rina.mnd")[0] == 2
    with pytest.raises(Refused):
        asyncio.run(signed_in(path, made["link"]))
    assert run("admin", "disable", "rina.mnd", "--undo", "--json") == (
        0,
        '{"officer": "rina.mnd", "disabled": false}\n',
    )
    assert run("admin", "link", "--officer", "rina.mnd")[0] == 0
    assert run("admin", "reset-totp", "rina.mnd")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("x.y", "--name", "X", "--branch", "KC-MENADO"), "did you mean KC-MANADO"),
        (("x.y", "--name", "X", "--role", "region"), "wilayah"),
        (("sistem", "--name", "X", "--branch", "KC-MANADO"), "sudah dipakai"),
        (("X Y", "--name", "X", "--branch", "KC-MANADO"), "huruf kecil"),
    ],
)
def test_an_officer_that_cannot_be_is_refused(
    path: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, said = run("admin", "add", *arguments)

    assert code == 2
    assert told in said


@pytest.mark.parametrize("name", ["disable", "reset-totp"])
def test_nobody_of_that_name_is_told(path: Path, name: str) -> None:
    assert run("admin", name, "siapa") == (2, "no officer siapa\n")


def test_the_last_admin_is_not_disabled(path: Path) -> None:
    run("admin", "link")

    assert run("admin", "disable", "admin")[0] == 2
