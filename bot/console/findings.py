"""What ``bot.py doctor`` finds, in the officers' language; what has no words stays as it prints."""

import re
from collections.abc import Mapping
from typing import Any, Final

TITLES: Final[Mapping[str, str]] = {"python": "Python", "clock": "Jam", "store": "Basis data"}
NAMES: Final[Mapping[str, str]] = {
    "version": "Versi",
    "environment": "Lingkungan",
    "locked to run": "Paket untuk berjalan sesuai kunci",
    "locked to test": "Paket untuk uji sesuai kunci",
    "utc": "UTC",
    "tzdata": "Data zona waktu",
    "url": "Alamat",
    "schema": "Skema yang ada",
    "schema wanted": "Skema yang diperlukan",
    "state": "Keadaan",
}
VALUES: Final[Mapping[Any, str]] = {
    True: "ya",
    False: "tidak",
    None: "belum ada",
    ".venv of this folder": ".venv di folder ini",
    "answers": "menjawab",
    "unreachable": "tidak terjangkau",
    "not made yet; the first start makes it": "belum dibuat; dibuat saat pertama berjalan",
}
PROBLEMS: Final = (
    (r"store: no answer: (\w+)", r"Basis data tidak menjawab (\1). Periksa alamatnya."),
    (
        r"store: its schema is (\S+), this program works with (\S+)",
        r"Skema basis data \1, program ini memerlukan \2. Jalankan bot.py serve sekali.",
    ),
)


def tables(report: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Names and values of each part, by its title."""
    return {
        title: {NAMES.get(name, name): _value(value) for name, value in report[part].items()}
        for part, title in TITLES.items()
        if part in report
    }


def problem(told: str) -> str:
    """One thing that has to be mended."""
    for pattern, words in PROBLEMS:
        if found := re.fullmatch(pattern, told):
            return found.expand(words)
    return told


def _value(value: Any) -> Any:
    return VALUES.get(value, value) if isinstance(value, bool | str | None) else value
