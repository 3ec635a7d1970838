"""Statement files are refused with file and line, and compiled for each engine."""

from pathlib import Path

import pytest

from data import statements
from data.statements import BadStatement, load


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "some.sql").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_statement_is_compiled_for_each_engine(tmp_path: Path) -> None:
    text = (
        "-- pick: A row.\n"
        "SELECT ':no', a::text FROM t -- not :this\n"
        " WHERE a = :a AND b = :b OR c = :a\n"
    )
    place = folder(tmp_path, text)
    assert load("sqlite", place)["pick"].sql.endswith("WHERE a = ?1 AND b = ?2 OR c = ?1")
    assert load("sqlite", place)["pick"].arguments({"b": 2, "a": 1}) == (1, 2)
    assert load("postgres", place)["pick"].sql.endswith("WHERE a = $1 AND b = $2 OR c = $1")
    assert load("postgres", place)["pick"].arguments({"b": 2, "a": 1}) == (1, 2)
    assert "':no', a::text FROM t -- not :this" in load("postgres", place)["pick"].sql


def test_an_engine_gets_its_own_form(tmp_path: Path) -> None:
    place = folder(tmp_path, "-- pick: A row.\nSELECT 1\n\n-- pick@postgres: A row.\nSELECT 2\n")
    assert load("sqlite", place)["pick"].sql == "SELECT 1"
    assert load("postgres", place)["pick"].sql == "SELECT 2"


def test_a_part_stands_only_within_others(tmp_path: Path) -> None:
    text = (
        "-- part kind: Its kind.\nkind = :kind\n\n-- part both: All.\n{kind} AND name = :name\n\n"
        "-- pick: A row.\nSELECT 1 FROM t WHERE {both}\n"
    )
    known = load("sqlite", folder(tmp_path, text))
    assert set(known) == {"pick"}
    assert known["pick"].sql == "SELECT 1 FROM t WHERE kind = ?1 AND name = ?2"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-- a: One.\nSELECT 1\n\n-- a: Two.\nSELECT 2\n", "some.sql:4: a is there twice"),
        ("\nSELECT 1\n", "some.sql:2: a block is"),
        ("-- a: Nothing follows.\n", "some.sql:1: a block is"),
        ("-- a@oracle: One.\nSELECT 1\n", "some.sql:1: no engine is named oracle"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadStatement, match=told):
        load("sqlite", folder(tmp_path, text))


def test_values_must_fit_their_statement(tmp_path: Path) -> None:
    known = load("sqlite", folder(tmp_path, "-- a: One.\nSELECT :x\n"))
    with pytest.raises(BadStatement, match="a needs the value 'x'"):
        known["a"].arguments({})
    with pytest.raises(BadStatement, match="a does not know y"):
        known["a"].arguments({"x": 1, "y": 2})
    with pytest.raises(BadStatement, match="no statement is named b"):
        known["b"]


def test_every_statement_of_the_product_loads_for_both_engines() -> None:
    sqlite, postgres = (load(engine) for engine in statements.MARKS)
    assert set(sqlite) <= set(postgres)
