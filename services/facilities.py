"""Health facilities by name: what a participant typed, found in a regency first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec
from rapidfuzz import fuzz, process

from data.facility_list import Facility
from services.place_names import words

EXACT = 100.0
OTHER_TYPE = 6.0  # taken off where a clinic was asked for and a puskesmas is called so
FEWER_WORDS = 0.93  # share of the score left where only some words of the name were typed
LEAST = 70.0
REACH = 20.0  # matches this far behind the best are not worth showing
LONGEST = 120  # characters of a text that are looked at

TYPE_WORDS = {
    **dict.fromkeys(("puskesmas", "pkm", "pusk", "puskes", "puskesmes"), "puskesmas"),
    **dict.fromkeys(("klinik", "clinic", "bp", "poli", "poliklinik", "polkes"), "klinik"),
    **dict.fromkeys(("dokter", "dr", "drg"), "dokter"),
}
EMPTY_WORDS = frozenset(("kel", "kelurahan", "kec", "kecamatan", "upt", "uptd", "blud", "pratama"))


class FacilityMatch(msgspec.Struct, frozen=True):
    """A facility that a text may mean; *score* 100 is an exact name."""

    code: str
    name: str
    type: str
    regency: str
    score: float


class Spelled(msgspec.Struct, frozen=True):
    """A facility with the words that tell it from others of its type."""

    core: str
    facility: Facility


class Facilities:
    """Every facility we know, by code, regency and name. Pure, in memory.

    A facility that is not found is no error: the list is never complete.
    """

    def __init__(self, facilities: Iterable[Facility]) -> None:
        self._by_code: dict[str, Facility] = {}
        self._by_regency: dict[str, list[Spelled]] = defaultdict(list)
        self._by_core: dict[str, list[Spelled]] = defaultdict(list)
        for facility in facilities:
            spelled = Spelled(_core(_words(facility.name)), facility)
            self._by_code[facility.code] = facility
            self._by_regency[facility.regency].append(spelled)
            self._by_core[spelled.core].append(spelled)

    def get(self, code: str) -> Facility | None:
        """The facility of a code."""
        return self._by_code.get(code)

    def find(self, text: str, regency: str | None = None, limit: int = 3) -> list[FacilityMatch]:
        """Facilities that *text* may mean, best first; one when type and name are exactly its.

        Those of *regency* come first, then those of the same name in its province. Without a
        regency the whole country is searched.
        """
        typed = text[:LONGEST].strip()
        if known := self._by_code.get(typed.upper()):
            return [_match(known, EXACT)]
        asked = _words(typed)
        core = _core(asked)
        if not core:
            return []
        kinds = {TYPE_WORDS[word] for word in asked if word in TYPE_WORDS}
        near = self._by_regency.get(regency, []) if regency else list(self._everywhere())
        found = _ranked(_alike(core, kinds, near))
        exact = [match for match in found if match.score == EXACT]
        if len(exact) == 1 and kinds:
            return exact
        if regency and not exact:
            found += _ranked(_alike(core, kinds, self._namesakes(core, regency)))
        return found[:limit]

    def _namesakes(self, core: str, regency: str) -> list[Spelled]:
        """Facilities of that very name elsewhere in the province of *regency*."""
        return [
            spelled
            for spelled in self._by_core.get(core, ())
            if spelled.facility.regency[:2] == regency[:2] and spelled.facility.regency != regency
        ]

    def _everywhere(self) -> Iterator[Spelled]:
        for spelled in self._by_regency.values():
            yield from spelled


def _words(text: str) -> list[str]:
    return words(text, {})


def _core(parts: list[str]) -> str:
    kept = [part for part in parts if part not in TYPE_WORDS and part not in EMPTY_WORDS]
    return " ".join(kept)


def _alike(core: str, kinds: set[str], among: list[Spelled]) -> Iterator[tuple[Facility, float]]:
    cores = [spelled.core for spelled in among]
    joined, joined_cores = core.replace(" ", ""), [other.replace(" ", "") for other in cores]
    scores: dict[int, float] = {}
    for _, score, index in process.extract_iter(
        joined, joined_cores, scorer=fuzz.ratio, score_cutoff=LEAST
    ):
        scores[index] = score
    for _, score, index in process.extract_iter(
        core, cores, scorer=fuzz.token_set_ratio, score_cutoff=LEAST / FEWER_WORDS
    ):
        scores[index] = max(score * FEWER_WORDS, scores.get(index, 0.0))
    for index, score in scores.items():
        facility = among[index].facility
        fits = not kinds or any(facility.type.startswith(kind) for kind in kinds)
        yield facility, score if fits else score - OTHER_TYPE


def _ranked(scored: Iterable[tuple[Facility, float]]) -> list[FacilityMatch]:
    found = [_match(facility, score) for facility, score in scored]
    found.sort(key=lambda match: (-match.score, match.name, match.code))
    return [match for match in found if match.score > found[0].score - REACH]


def _match(facility: Facility, score: float) -> FacilityMatch:
    return FacilityMatch(facility.code, facility.name, facility.type, facility.regency, score)
