"""The pages of docs/ that follow from the code: commands, settings, field types."""

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import msgspec

import forms.types  # noqa: F401  fills the registry of field types
from bot.cli import COMMANDS, Command, Listed
from bot.config.settings import KINDS, SECRETS, variable
from forms.fields import FIELDS, Field

MADE = "<!-- Made by `python3 -m bot.cli.checks.docs` from the code; do not edit. -->\n\n"
SECTION = re.compile(r"(\w+):(?:\s*#.*)?$")
SETTING = re.compile(r"  (\w+): (.+?)\s+# (.+)$")


def pages(root: Path) -> Mapping[str, str]:
    """The text of each generated page by its path from *root*."""
    made = {
        "docs/cli.md": _lines(_commands()),
        "docs/settings.md": _lines(_settings(root)),
        "docs/fields.md": _lines(_fields()),
    }
    return {path: MADE + text for path, text in made.items()}


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "`python3 bot.py COMMAND --help` says the same. Every command exits 0 when it is done,"
    yield "1 when it found something wrong, 2 when it was called wrongly.\n"
    for entry in COMMANDS:
        yield from _command(entry)


def _command(entry: Command) -> Iterator[str]:
    command = Listed(entry).imported()
    yield f"## {entry.words}\n"
    yield f"{command.help}\n"
    shown = [_parameter(one) for one in command.params]
    if shown:
        yield from ("| option | what it does |", "|---|---|", *shown, "")


def _parameter(parameter: click.Parameter) -> str:
    argument = isinstance(parameter, click.Argument)
    name = parameter.human_readable_name if argument else max(parameter.opts)
    return f"| `{name}` | {parameter.help or ''} |"


def _settings(root: Path) -> Iterator[str]:
    """Every key with default and meaning, as config.yaml says them; then the secrets."""
    yield "# Settings\n"
    yield "`config.yaml` holds every setting; the variable beside it overrides the file."
    yield "`python3 bot.py doctor` shows each value and where it comes from.\n"
    yield from ("| setting | default | variable | meaning |", "|---|---|---|---|")
    section = ""
    for line in (root / "config.yaml").read_text("utf-8").splitlines():
        if heading := SECTION.match(line):
            section = heading[1]
        elif setting := SETTING.match(line):
            name, default, meaning = setting.groups()
            named = variable((section, name))
            yield f"| `{section}.{name}` | `{default}` | `{named}` | {meaning} |"
    yield "\nSecrets stand in the environment or in `.env`, never in `config.yaml`:\n"
    yield from (f"- `{variable(key)}`" for key in KINDS if key in SECRETS)


def _fields() -> Iterator[str]:
    yield "# Field types\n"
    yield "What a step of a flow may have as `type`, and the settings that may stand beside it."
    yield "A new type is one class with `@field` in a file of `forms/types`.\n"
    for name, kind in sorted(FIELDS.items()):
        yield from _field(name, kind)


def _field(name: str, kind: Field) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"{inspect.cleandoc(type(kind).__doc__ or '')}\n"
    settings = msgspec.structs.fields(kind.Params)
    if settings:
        yield f"{inspect.cleandoc(kind.Params.__doc__ or '')}\n"
        yield from ("| setting | default |", "|---|---|")
        for one in settings:
            yield f"| `{one.encode_name}` | {_default(one)} |"
        yield ""


def _default(setting: msgspec.structs.FieldInfo) -> str:
    if setting.required:
        return "required"
    value = setting.default
    if setting.default_factory is not msgspec.NODEFAULT:
        value = setting.default_factory()
    return f"`{msgspec.json.encode(value).decode()}`"


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
