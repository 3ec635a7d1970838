"""Message templates: texts that a network has approved for outside its window, one file each.

The files lie in ``bot/texts/templates``. What a network has approved is known by its account
alone; ``bot.py doctor --online`` asks it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from flows.source import Problem, Source
from forms.language import LANGUAGES

FOLDER: Final = Path(__file__).parent / "templates"

LONGEST_BODY: Final = 1024
"""Characters of a body, as providers of WhatsApp repeat Meta's limit (bird.com, 2026-11-30)."""

NAME: Final = re.compile(r"[a-z0-9_]{1,512}")
"""How a template may be called, by Meta's rule as commonly told; no dated source was found."""

VALUES: Final = ("tiket", "cabang")
"""What may fill a variable. Whoever reads a locked screen may read these: nobody's data."""

ACTIONS: Final = frozenset(
    {
        "claimed",
        "replied",
        "correction",
        "transferred",
        "released",
        "refused",
        "finished",
        "expired",
        "withdrawn",
        "rescheduled",
        "moved",
        "reopened",
    }
)
"""What officers do, as in `flows.events.Desk`."""

_VARIABLE = re.compile(r"\{\{(\d+)\}\}")
_AT_AN_END = re.compile(r"^\s*\{\{\d+\}\}|\{\{\d+\}\}\W*$")
_ADJACENT = re.compile(r"\}\}\s*\{\{")


class Template(msgspec.Struct, frozen=True):
    """One file. *body* by language has the variables ``{{1}}``, ``{{2}}`` … in any order.

    *variables* says what fills them, in the order of their numbers; *actions* are what an officer
    must have done for it. Only ``utility`` may be sent without an agreement to advertising.
    """

    name: str
    category: Literal["utility"]
    actions: tuple[str, ...]
    variables: tuple[str, ...]
    body: dict[str, str]

    def language(self, wanted: str) -> str:
        """The language of the text that somebody who reads *wanted* gets."""
        return wanted if wanted in self.body else "id"

    def parameters(self, values: Mapping[str, str]) -> list[str]:
        """What fills the variables, in the order of their numbers."""
        return [values[name] for name in self.variables]

    def text(self, values: Mapping[str, str], language: str = "id") -> str:
        """The message as it is read."""
        filled = self.parameters(values)
        body = self.body[self.language(language)]
        return _VARIABLE.sub(lambda found: filled[int(found[1]) - 1], body)


class TemplateErrors(ValueError):
    """Template files that cannot be used; *problems* are all there are."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Templates(msgspec.Struct, frozen=True):
    """The templates by name."""

    by_name: Mapping[str, Template] = msgspec.field(default_factory=dict)

    def for_action(self, action: str) -> Template | None:
        """The template that tells of what an officer did; None where nothing is worth one."""
        return next((one for one in self.by_name.values() if action in one.actions), None)


def load_templates(folder: Path = FOLDER) -> Templates:
    """All templates of *folder*; raises `TemplateErrors` with every problem."""
    found, problems = read(folder)
    if problems:
        raise TemplateErrors(problems)
    return Templates(found)


def read(folder: Path) -> tuple[dict[str, Template], list[Problem]]:
    """The templates that can be read, and what is wrong with any."""
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    told: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        source = Source.read(f"bot/texts/templates/{path.name}", path.read_text("utf-8"))
        template = None if source.problems else source.fill(Template, source.data, ())
        if template is not None:
            for where, message in _wrong(template, path.stem):
                source.refuse(where, message)
            for action in template.actions:
                if told.setdefault(action, template.name) != template.name:
                    told_by = told[action]
                    source.refuse(("actions",), f"{action!r} has a template already: {told_by}")
            found[template.name] = template
        problems += source.problems
    return found, problems


def _wrong(template: Template, stem: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where in the file, and what: with what to do instead."""
    if not NAME.fullmatch(template.name):
        yield ("name",), f"{template.name!r}: only small letters, figures and _, at most 512"
    if template.name != stem:
        yield ("name",), f"{template.name!r}: call it {stem!r}, as the file"
    for action in template.actions:
        if action not in ACTIONS:
            yield ("actions",), f"no action {action!r}; there are {', '.join(sorted(ACTIONS))}"
    for variable in template.variables:
        if variable not in VALUES:
            yield (
                ("variables",),
                f"{variable!r} may be somebody's data; a variable is one of {', '.join(VALUES)}",
            )
    for language in LANGUAGES:
        if language not in template.body:
            yield ("body",), f"no text in {language!r}: approved templates are needed in both"
    for language, body in template.body.items():
        for message in _wrong_body(body, len(template.variables)):
            yield ("body", language), message


def _wrong_body(body: str, variables: int) -> Iterator[str]:
    if len(body) > LONGEST_BODY:
        yield f"{len(body)} characters, at most {LONGEST_BODY}"
    if _AT_AN_END.search(body):
        yield "a variable stands at the beginning or the end: put a word before or after it"
    if _ADJACENT.search(body):
        yield "two variables stand side by side: put a word between them"
    numbers = sorted({int(number) for number in _VARIABLE.findall(body)})
    if numbers != list(range(1, variables + 1)):
        wanted = ", ".join(f"{{{{{n}}}}}" for n in range(1, variables + 1)) or "no variable"
        yield f"it has the variables {numbers}, `variables` asks for {wanted}"
