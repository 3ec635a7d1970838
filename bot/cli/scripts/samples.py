"""Identity numbers replaced by invented ones that fit the same questions."""

import re
from typing import Final

NUMBER: Final = re.compile(r"\+?\d(?:[ .\-]?\d){7,}")
MASKED: Final = re.compile(r"(?<=•)\d{4}\b")

NIK_LENGTH: Final = 16
CARD_LENGTH: Final = 13
REGION: Final = "717101"
LONGEST_PHONE: Final = 15


class Samples:
    """Gives every number one sample, the same each time, also where only its end is shown.

    A NIK keeps its birth date, so that it still fits the date that is typed beside it; its serial
    is one that people do not get.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._ends: dict[str, str] = {}

    def replace(self, text: str) -> str:
        """*text* with every number of eight figures or more replaced."""
        return MASKED.sub(self._end, NUMBER.sub(self._sample, text))

    def _sample(self, found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        if len(digits) == 8 and found[0] != digits:
            return found[0]  # a date such as 27-03-1956
        if digits not in self._known:
            sample = _invented(digits, len(self._known) + 1)
            self._known[digits], self._ends[digits[-4:]] = sample, sample[-4:]
        return self._known[digits]

    def _end(self, found: re.Match[str]) -> str:
        return self._ends.get(found[0], found[0])


def _invented(digits: str, count: int) -> str:
    """The *count*-th sample, of the kind that *digits* are."""
    if len(digits) == NIK_LENGTH:
        return f"{REGION}{digits[6:12]}{9900 + count}"
    if len(digits) == CARD_LENGTH and digits.startswith("0") and not digits.startswith("08"):
        return f"{count:0{CARD_LENGTH}}"
    if digits.startswith(("08", "62")) and len(digits) <= LONGEST_PHONE:
        return f"0812000001{count:02}"
    return f"{count}".rjust(len(digits), "9")
