"""Where somebody lives, who serves them, where they are treated.

A participant types a kabupaten or kota, or browses from province to branch office as CHIKA did.
Browsing ends at a branch, not at a regency (a province has too many of those to list): the
regency's value is then ``branch:KC-MANADO``, and the branch step takes that branch from it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from forms.agreement import yes_or_no
from forms.choices import Option, match, not_offered
from forms.cleaning import clean, excerpt, fold
from forms.fields import Asking, Invalid, Offer, Read, Reading, Reply, Unsure, field
from forms.language import Words, words
from forms.places import paged, place_option
from forms.typed import Differs, Typed, distinct, typed

EXACT = 100
SHOWN = 3
"""Names offered when several fit."""

BROWSE = "page:"
"""``page:2`` is the second page of the provinces."""
PROVINCE = "prov:"
"""``prov:71`` are the branches of a province, ``prov:32:2`` their second page."""
BRANCH = "branch:"
"""``branch:KC-MANADO``: a branch that was found by browsing."""
NONE_OF_THEM = "none"
AS_TYPED = "="
"""``=Klinik Sehat`` keeps a facility as it was typed."""

LONGEST_NAME = 60

BY_PROVINCE: Words = {"id": "Pilih provinsi", "en": "Choose a province"}
NONE: Words = {"id": "Bukan semuanya", "en": "None of these"}
YES: Words = {"id": "Ya, benar", "en": "Yes, right"}
OTHER: Words = {"id": "Ubah", "en": "Change"}
OTHER_OFFICE: Words = {"id": "Kantor lain", "en": "Another office"}
OTHER_PROVINCE: Words = {"id": "Provinsi lain", "en": "Another province"}
MORE_OFFICES: Words = {"id": "Kantor lainnya", "en": "More offices"}
MORE: Words = {"id": "Lainnya", "en": "More"}
"""What the buttons say that belong to no place."""


def chosen_branch(regency: Any) -> str:
    """The branch id in the value of a regency step, '' when that is a regency."""
    named = str(regency)
    return named.removeprefix(BRANCH) if named.startswith(BRANCH) else ""


@field
class Regency(Typed):
    """Kabupaten or kota. Value: its code of four figures, or ``branch:<id>`` after browsing.

    One exact name is taken; one likely name is asked back; several are offered, with ways out.
    """

    name: ClassVar[str] = "regency"

    def options(self, asking: Asking) -> tuple[Option, ...]:
        return (Option(BROWSE + "1", words(BY_PROVINCE, asking.language)),)

    def read(self, reply: Reply, asking: Asking) -> Reading:
        text = typed(reply)
        picked = match(text, self.options(asking))
        text = picked.value if picked else text
        if text == NONE_OF_THEM:
            return Offer(self.options(asking), "soal.kota_ulang", {})
        if chosen_branch(text) and asking.facts.branch(chosen_branch(text)):
            return Read(text)
        if text.isdecimal() and text.isascii() and asking.facts.regency_name(text):
            return Read(text)
        return _browsed(text, BRANCH, asking) or self._found(excerpt(text), asking)

    def _found(self, text: str, asking: Asking) -> Reading:
        found = asking.facts.find_regencies(text)
        exact = [place for place in found if place.score >= EXACT]
        if not exact and (province := _province_called(text, asking)):
            return _branches_of(province, 1, BRANCH, asking)
        if not found:
            raise Invalid("salah.kota", text=text)
        if len(exact) == 1:
            return Read(exact[0].code)
        if len(found) == 1:
            return Unsure(found[0].code, "pasti.kota", {"name": found[0].name, "text": text})
        offered = [
            place_option(place.code, place.name) for place in found[: max(SHOWN, len(exact))]
        ]
        ways_out = (Option(NONE_OF_THEM, words(NONE, asking.language)), *self.options(asking))
        return Offer((*offered, *ways_out), "soal.kota_pilih", {"text": text})

    def show(self, value: Any, asking: Asking) -> str:
        branch = chosen_branch(value)
        if branch:
            return _branch_name(branch, asking)
        return str(asking.facts.regency_name(value) or value)


class BranchParams(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """*from* names the regency step whose branch is proposed."""

    from_: str


@field
class Branch(Typed):
    """The branch office that serves the request. Value: its id, ``KC-MANADO``.

    Offered is what the regency step leads to: one branch to confirm or change, or both where the
    map is unsure; without a regency, the provinces. `values` has ``branch`` and ``hours`` for a
    question about one branch, both empty otherwise.
    """

    name: ClassVar[str] = "branch"
    Params: ClassVar[type[msgspec.Struct]] = BranchParams
    expects: ClassVar[str] = "choice"

    def options(self, asking: Asking) -> tuple[Option, ...]:
        return _branches(_proposed(asking), asking)

    def values(self, asking: Asking) -> Mapping[str, Any]:
        proposed = _proposed(asking)
        if len(proposed) != 1:
            return {"branch": "", "hours": ""}
        branch = proposed[0]
        return {"branch": branch.name, "hours": asking.facts.hours_text(branch.id, asking.today)}

    def read(self, reply: Reply, asking: Asking) -> Reading:
        text = typed(reply)
        if asking.facts.branch(text):
            return Read(text)
        proposed = _proposed(asking)
        options = _branches(proposed, asking)
        picked = match(text, options) or (_agreed(text, options) if len(proposed) == 1 else None)
        text = picked.value if picked else text
        if asking.facts.branch(text):
            return Read(text)
        browsed = _browsed(text, "", asking)
        if browsed is None:
            raise Invalid("salah.pilihan", **not_offered(text, len(options)))
        return browsed

    def show(self, value: Any, asking: Asking) -> str:
        return _branch_name(value, asking)


class FacilityParams(Differs, frozen=True, forbid_unknown_fields=True):
    """*regency* names the regency step: facilities there are looked at first."""

    regency: str = ""


@field
class Facility(Typed):
    """A first-level health facility (FKTP). Value: ``{"code": …, "name": …}`` when our list has
    it; otherwise ``{"typed": …}``, accepted as written and left to the officer.
    """

    name: ClassVar[str] = "facility"
    any_words: ClassVar[bool] = True
    Params: ClassVar[type[msgspec.Struct]] = FacilityParams

    def read(self, reply: Reply, asking: Asking) -> Reading:
        if isinstance(reply, dict):
            return Read(_stored(reply))
        written = typed(reply)
        name = clean(written)
        listed = asking.facts.facility_name(name)
        if listed:
            return _different({"code": name, "name": listed}, asking)
        if len(name.removeprefix(AS_TYPED)) > LONGEST_NAME:
            raise Invalid("salah.terlalu_panjang", limit=LONGEST_NAME, got=len(written))
        if name.startswith(AS_TYPED):
            return _different({"typed": clean(name.removeprefix(AS_TYPED))}, asking)
        return self._found(name, asking)

    def _found(self, name: str, asking: Asking) -> Reading:
        regency = asking.answers.get(asking.params.regency, "")
        known = isinstance(regency, str) and not chosen_branch(regency)
        found = asking.facts.find_facilities(name, regency if known else "")
        exact = [place for place in found if place.score >= EXACT]
        if len(exact) == 1:
            return _different({"code": exact[0].code, "name": exact[0].name}, asking)
        if found:
            offered = [place_option(place.code, place.name) for place in found[:SHOWN]]
            other = Option(AS_TYPED + name, words(NONE, asking.language))
            return Offer((*offered, other), "soal.faskes_pilih", {"text": name})
        value = {"typed": name}
        distinct(value, asking)
        return Unsure(value, "pasti.faskes_tak_dikenal", {"name": name})

    def show(self, value: Any, asking: Asking) -> str:
        return str(value.get("name") or value.get("typed"))


def _stored(value: dict[str, Any]) -> dict[str, Any]:
    named = all(isinstance(text, str) and text for text in value.values())
    if not named or set(value) not in ({"code", "name"}, {"typed"}):
        raise Invalid("salah.perlu_tulisan")
    return value


def _different(value: dict[str, Any], asking: Asking) -> Read:
    if not all(value.values()):
        raise Invalid("salah.kosong")
    distinct(value, asking)
    return Read(value)


def _proposed(asking: Asking) -> Sequence[Any]:
    """The branches that the answer of the regency step leads to, at most two."""
    regency = asking.answers.get(asking.params.from_)
    if not isinstance(regency, str):
        return ()
    chosen = chosen_branch(regency)
    if chosen:
        branch = asking.facts.branch(chosen)
        return (branch,) if branch else ()
    return tuple(asking.facts.branches_for(regency))[:2]


def _branches(proposed: Sequence[Any], asking: Asking) -> tuple[Option, ...]:
    """What is offered where one branch is *proposed*, or two; the provinces where none is."""
    if not proposed:
        return _provinces(1, asking).options
    if len(proposed) == 1:
        yes, other = words(YES, asking.language), words(OTHER, asking.language)
        return (Option(proposed[0].id, yes), Option(BROWSE + "1", other))
    branches = [place_option(branch.id, branch.name) for branch in proposed]
    return (*branches, Option(BROWSE + "1", words(OTHER_OFFICE, asking.language)))


def _agreed(text: str, options: tuple[Option, ...]) -> Option | None:
    """The answer of somebody who says yes or no to the one branch that is proposed."""
    agreed = yes_or_no(text)
    return None if agreed is None else options[0 if agreed else 1]


def _browsed(text: str, prefix: str, asking: Asking) -> Offer | None:
    """What a browsing value opens; the branches' values begin with *prefix*."""
    if text.startswith(BROWSE):
        return _provinces(_page(text.removeprefix(BROWSE)), asking)
    if not text.startswith(PROVINCE):
        return None
    code, _, page = text.removeprefix(PROVINCE).partition(":")
    if code not in _province_names(asking):
        return None
    return _branches_of(code, _page(page), prefix, asking)


def _branches_of(province: str, page: int, prefix: str, asking: Asking) -> Offer:
    """The branches of a province; their values begin with *prefix*."""
    name = _province_names(asking)[province]
    branches = asking.facts.branches_in(province)
    if not branches:
        raise Invalid("salah.provinsi_tanpa_kantor", province=name)
    options = [place_option(prefix + branch.id, branch.name) for branch in branches]
    more = words(MORE_OFFICES, asking.language)
    shown, pages = paged(options, page, f"{PROVINCE}{province}:", more)
    back = Option(BROWSE + "1", words(OTHER_PROVINCE, asking.language))
    values = {"province": name, "page": min(page, pages), "pages": pages}
    return Offer((*shown, back), "soal.provinsi_cabang", values)


def _province_names(asking: Asking) -> Mapping[str, str]:
    return {place.code: place.name for place in asking.facts.provinces()}


def _province_called(text: str, asking: Asking) -> str:
    """The code of the province whose name was typed, '' for anything else."""
    names = _province_names(asking).items()
    return next((code for code, name in names if fold(name) == fold(text)), "")


def _provinces(page: int, asking: Asking) -> Offer:
    options = [place_option(PROVINCE + one.code, one.name) for one in asking.facts.provinces()]
    shown, pages = paged(options, page, BROWSE, words(MORE, asking.language))
    return Offer(shown, "soal.provinsi", {"page": min(page, pages), "pages": pages})


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and 0 < len(text) < 3 else 1


def _branch_name(branch_id: str, asking: Asking) -> str:
    branch = asking.facts.branch(branch_id)
    return branch.name if branch else branch_id
