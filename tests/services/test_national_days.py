"""The national calendar against the decrees of 2024 to 2027 (rows copied from the SKB)."""

import csv
from pathlib import Path

from data.facts import load_facts
from services.national_days import national_days

DECREED = Path(__file__).parents[1] / "data" / "national_days.csv"


def test_holidays_and_joint_leave_of_2024_to_2027_are_those_of_the_decrees() -> None:
    decreed = {}
    for row in csv.DictReader(DECREED.read_text(encoding="utf-8").splitlines()):
        kind = {"libur_nasional": "libur nasional", "cuti_bersama": "cuti bersama"}[row["kind"]]
        decreed[row["date"]] = f"{kind}: {row['name'].removeprefix('Cuti Bersama ')}"
    of_year = national_days(load_facts().holiday_changes)
    ours = {
        day.isoformat(): name for year in range(2024, 2028) for day, name in of_year(year).items()
    }
    assert ours == decreed
    assert len(ours) == 108


def test_what_no_decree_confirms_yet_is_called_an_estimate() -> None:
    names = national_days({})(2028).values()
    assert "libur nasional: Hari Raya Idul Fitri (perkiraan)" in names
