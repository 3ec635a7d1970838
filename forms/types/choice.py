"""One of several answers."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from forms.agreement import yes_or_no
from forms.choices import Option, match, not_offered
from forms.fields import Asking, Invalid, Read, Reading, Reply, field
from forms.language import LANGUAGES, Words, words
from forms.typed import Typed, typed


class Possible(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One possible answer; *redo* names steps that the engine forgets when it is picked.

    *also* lists what people type instead of its label.
    """

    label: Words
    row: Words = ""
    note: Words = ""
    redo: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class ChoiceParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The possible answers by their value, in the order in which they are numbered.

    *unique* is ``<group>.<step>`` of a question that is asked once per item: an answer that
    another item already has is not offered again.
    """

    options: dict[str, Possible]
    unique: str = ""

    def __post_init__(self) -> None:
        if self.unique and not all(self.unique.partition(".")):
            raise ValueError("unique: expected <group>.<step>")
        for language in LANGUAGES:
            offered = _offered(self.options, language)
            nameless = [msgspec.structs.replace(one, value="") for one in offered]
            for option, own in zip(offered, nameless, strict=True):
                if match(option.value, nameless) not in (None, own):
                    told = f"option {option.value!r}: whoever types that means another one"
                    raise ValueError(told)
                for text in option.also:
                    if match(text, offered) != option:
                        raise ValueError(f"option {option.value!r}: {text!r} may mean another one")


@field
class Choice(Typed):
    """One of the declared options, by number, words or a near spelling. Value: its name."""

    name: ClassVar[str] = "choice"
    Params: ClassVar[type[msgspec.Struct]] = ChoiceParams
    expects: ClassVar[str] = "choice"

    def options(self, asking: Asking) -> tuple[Option, ...]:
        taken = _taken(asking)
        offered = _offered(asking.params.options, asking.language)
        return tuple(one for one in offered if one.value not in taken)

    def read(self, reply: Reply, asking: Asking) -> Reading:
        return Read(_picked(reply, self.options(asking)).value)

    def show(self, value: Any, asking: Asking) -> str:
        known = asking.params.options.get(value)  # a filed report outlives the options of its flow
        return words(known.label, asking.language) if known else str(value)


class YesNoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the two buttons say."""

    yes: Words = msgspec.field(default_factory=lambda: {"id": "Ya", "en": "Yes"})
    no: Words = msgspec.field(default_factory=lambda: {"id": "Tidak", "en": "No"})


@field
class YesNo(Typed):
    """Yes or no in any of the spellings of ux.md 1.3.5. Value: ``ya`` or ``tidak``."""

    name: ClassVar[str] = "yes_no"
    Params: ClassVar[type[msgspec.Struct]] = YesNoParams
    expects: ClassVar[str] = "choice"

    def options(self, asking: Asking) -> tuple[Option, ...]:
        return (
            Option("ya", words(asking.params.yes, asking.language)),
            Option("tidak", words(asking.params.no, asking.language)),
        )

    def read(self, reply: Reply, asking: Asking) -> Reading:
        said = yes_or_no(typed(reply))
        if said is not None:
            return Read("ya" if said else "tidak")
        return Read(_picked(reply, self.options(asking)).value)

    def show(self, value: Any, asking: Asking) -> str:
        yes, no = self.options(asking)
        return yes.label if value == yes.value else no.label


def _taken(asking: Asking) -> list[Any]:
    """What the other items of the group were answered with."""
    group, _, step = asking.params.unique.partition(".")
    taken = [item[step] for item in asking.answers.get(group, ()) if step in item]
    if asking.answers.get(step) in taken:
        taken.remove(asking.answers[step])
    return taken


def _offered(options: Mapping[str, Possible], language: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            name,
            words(one.label, language),
            words(one.row, language),
            words(one.note, language),
            also=one.also,
        )
        for name, one in options.items()
    )


def _picked(reply: Reply, options: tuple[Option, ...]) -> Option:
    text = typed(reply)
    option = match(text, options)
    if option is None:
        raise Invalid("salah.pilihan", **not_offered(text, len(options)))
    return option
