"""The format of scripts: plain text in, steps out, every mistake with file and line."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.scripts.script import ScriptErrors, load
from bot.cli.scripts.steps import Bot, Clock, Expect, Officer, Press, Send, Silent, User
from tests.cli.scripts_help import write


def problems(*paths: Path) -> list[str]:
    """What is wrong, as ``s.yaml:3: message``."""
    with pytest.raises(ScriptErrors) as refused:
        load(paths)
    return [f"{Path(one.file).name}:{one.line}: {one.message}" for one in refused.value.problems]


def test_every_value_keeps_the_shape_in_which_it_was_written(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """\
        steps:
          - user: 0812
          - user: 08:00
          - user: ya
          - user: "9"
        """,
    )

    [script] = load([file])

    assert [step.text for step in script.steps if isinstance(step, User)] == [
        "0812",
        "08:00",
        "ya",
        "9",
    ]


def test_every_step_word_is_understood(tmp_path: Path) -> None:
    write(tmp_path, "part: true\nsteps:\n  - user: setuju\n", "part.yaml")
    file = write(
        tmp_path,
        """\
        name: all words
        channels: [engine, whatsapp]
        at: 2026-11-20T16:58+08:00
        branch: KC-MANADO
        menu: 2024
        strict: true
        steps:
          - user: halo
            as: budi
          - bot: [Selamat, /\\d+/]
          - press: G
          - include: part
          - expect: {phase: filling, request: {status: waiting}}
          - send: [{photo: kk.jpg}, {contact: "0812", of: budi}]
          - again: 2
          - silent: true
          - restart: true
          - press_old: Setuju
          - officer: {name: rina, do: refuse, text: tidak, again_from: 2027-02-01}
          - refused: di luar jam
          - at: 2026-11-20T17:00+08:00
          - advance: 2h30m
        """,
    )

    [script] = load([file])

    assert script.head.strict
    assert script.head.menu == "2024"
    assert script.head.channels == ("engine", "whatsapp")
    assert script.steps[0] == User(script.steps[0].place, "halo", "budi")
    assert isinstance(script.steps[1], Bot)
    assert script.steps[3].place.file.name == "part.yaml"
    assert isinstance(script.steps[4], Expect)
    assert isinstance(script.steps[5], Send)
    assert [one.of for one in script.steps[5].things] == ["", "budi"]
    assert isinstance(script.steps[7], Silent)
    old = script.steps[9]
    assert isinstance(old, Press)
    assert old.old
    assert isinstance(script.steps[10], Officer)
    last = script.steps[13]
    assert isinstance(last, Clock)
    assert last.by == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("- usr: halo", "unknown step 'usr' (did you mean 'user'?)"),
        ("- halo", "a step is a word and its value, such as 'user: halo'"),
        ("- {user: halo, bot: halo}", "a step has one word; here are user, bot"),
        ("- {bot: halo, as: budi}", "'as' does not go with 'bot'"),
        ("- user: [halo]", "user: expected text"),
        ("- bot: []", "nothing is expected; 'silent: true' says so"),
        ("- bot: ''", "nothing is expected; 'silent: true' says so"),
        ("- bot: /(/", "not a regular expression"),
        ("- silent: no", "silent: true is all it can be"),
        ("- restart: maybe", "restart: true is all it can be"),
        ("- again: 0", "again: how many times, 1 to 9"),
        ("- at: 2026-11-20 17:00", "expected an instant with its offset"),
        ("- advance: 40", "expected a time span, such as 40m"),
        ("- include: nowhere", "no part nowhere.yaml"),
        ("- expect: {fase: menu}", "unknown key 'fase' (did you mean 'phase'?)"),
        ("- expect: {request: {stat: x}}", "unknown key 'stat' (did you mean 'status'?)"),
        ("- send: {foto: kk.jpg}", "unknown key 'foto' (did you mean 'photo'?)"),
        ("- send: {photo: kkk.jpg}", "no file files/kkk.jpg (did you mean 'kk.jpg'?)"),
        ("- send: {photo: kk.jpg, of: budi}", "'of' goes with contact"),
        ("- officer: {name: rina, do: clame}", "unknown action 'clame' (did you mean 'claim'?)"),
        ("- officer: {name: rina, do: reply}", "reply: 'text' is missing"),
        ("- officer: {do: claim}", "claim: 'name' is missing"),
        ("- officer: {name: rina, do: claim, text: x}", "unknown key 'text'"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, step: str, message: str) -> None:
    file = write(tmp_path, f"branch: KC-MANADO\nsteps:\n  - user: halo\n  {step}\n")

    [told] = problems(file)

    assert told.startswith("s.yaml:4: ")
    assert message in told


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    one = write(tmp_path, "stepz: []\nsteps:\n  - usr: a\n  - bott: b\n", "one.yaml")
    two = write(tmp_path, "steps: [\n", "two.yaml")

    told = problems(one, two, tmp_path / "three.yaml")

    assert [line.split(" ")[0] for line in told] == [
        "one.yaml:1:",
        "one.yaml:3:",
        "one.yaml:4:",
        "three.yaml:1:",
        "two.yaml:2:",
    ]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("channels: [telegramm]", "unknown channel 'telegramm' (did you mean 'telegram'?)"),
        ("at: yesterday", "expected an instant with its offset"),
        ("strict: perhaps", "strict: true or false"),
        ("menu: 2023", "menu: 2020 or 2024, not '2023'"),
        ("brunch: KC-MANADO", "unknown key 'brunch' (did you mean 'branch'?)"),
    ],
)
def test_what_stands_above_the_steps_is_looked_at_too(
    tmp_path: Path, head: str, message: str
) -> None:
    file = write(tmp_path, f"{head}\nsteps:\n  - user: halo\n")

    [told] = problems(file)

    assert told.startswith("s.yaml:1: ")
    assert message in told


def test_officers_need_a_branch(tmp_path: Path) -> None:
    file = write(tmp_path, "steps:\n  - officer: {name: rina, do: claim}\n")

    assert problems(file) == ["s.yaml:1: officers act, but no 'branch' says where"]


def test_only_a_part_is_included_and_never_itself(tmp_path: Path) -> None:
    whole = write(tmp_path, "steps:\n  - user: halo\n", "whole.yaml")
    part = write(tmp_path, "part: true\nsteps:\n  - include: part\n", "part.yaml")
    file = write(tmp_path, "steps:\n  - include: whole\n  - include: part\n")

    told = problems(file)

    assert told == [
        "part.yaml:3: part.yaml includes itself",
        "s.yaml:2: whole.yaml is a script of its own; a part says 'part: true'",
    ]
    assert load([whole])
    assert problems(part) == ["part.yaml:3: part.yaml includes itself"]


def test_a_part_is_not_played_by_itself(tmp_path: Path) -> None:
    write(tmp_path, "part: true\nsteps:\n  - user: halo\n", "part.yaml")
    write(tmp_path, "steps:\n  - include: part\n")
    (tmp_path / "files").unlink()

    assert [script.file.name for script in load([tmp_path])] == ["s.yaml"]


def test_a_folder_has_no_part_and_no_file_that_nobody_uses(tmp_path: Path) -> None:
    write(tmp_path, "part: true\nsteps:\n  - user: halo\n", "part.yaml")
    write(tmp_path, "steps:\n  - user: halo\n")
    (tmp_path / "files").unlink()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "kk.jpg").write_bytes(b"x")

    assert problems(tmp_path) == [
        "kk.jpg:1: this file is never sent",
        "part.yaml:1: this part is never included",
    ]
