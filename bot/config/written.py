"""What people wrote, and where: config.yaml, .env and the environment, not yet converted."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import msgspec
import yaml

from bot.config.settings import KINDS, SECRETS, SECTIONS, VARIABLES, Key, variable
from bot.config.values import allowed, nearest
from forms.plain_yaml import PlainLoader

PREFIX = "CHIKA_"
LOOKS_SECRET = re.compile(r"\b\d{6,}:[\w-]{30,}|\bEAA\w{20,}|://[^/\s:@]*:[^/\s@]+@")
UNQUOTED_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


class Given(msgspec.Struct, frozen=True):
    """A value as somebody wrote it.

    *place* is ``config.yaml:12``, ``.env:3`` or ``environment``; *name* as it is written there.
    """

    place: str
    name: str
    value: str | list[str]


def from_yaml(path: Path, problems: list[str]) -> dict[Key, Given]:
    """The keys of config.yaml; all values stay strings."""
    given: dict[Key, Given] = {}
    tree = _read_tree(path, problems)
    for section, place, node in _entries(tree, path.name, "", problems):
        if section not in SECTIONS:
            problems.append(f"{place}: {section}: no such section{nearest(section, SECTIONS)}")
            continue
        known = [name for of, name in KINDS if of == section and (of, name) not in SECRETS]
        for name, where, value in _entries(node, path.name, section, problems):
            key, label = (section, name), f"{section}.{name}"
            if key in SECRETS:
                problems.append(
                    f"{where}: {label}: a secret never stands here; set {variable(key)} in the"
                    " environment or .env"
                )
            elif name not in known:
                problems.append(f"{where}: {label}: no such key{nearest(name, known)}")
            elif (plain := _plain_value(value)) is None:
                problems.append(f"{where}: {label}: allowed: {allowed(KINDS[key])}")
            elif _is_unquoted_time(value):
                problems.append(f'{where}: {label}: write the time in quotes: "HH:MM"')
            else:
                given[key] = Given(where, label, plain)
    return given


def _read_tree(path: Path, problems: list[str]) -> yaml.Node | None:
    try:
        text = path.read_text(encoding="utf-8")
        tree: yaml.Node | None = yaml.compose(text, Loader=PlainLoader)
    except FileNotFoundError:
        problems.append(f"{path.name}: no such file in {path.parent.resolve()}")
        return None
    except UnicodeDecodeError:
        problems.append(f"{path.name}: not UTF-8 text")
        return None
    except yaml.YAMLError as error:
        better = _in_better_words(text) or error
        mark = getattr(better, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(f"{path.name}:{line}: not YAML: {getattr(better, 'problem', 'unreadable')}")
        return None
    problems += [
        f"{path.name}:{number}: looks like a token or password; secrets come from the environment"
        " or .env"
        for number, line in enumerate(text.splitlines(), 1)
        if LOOKS_SECRET.search(line)
    ]
    return tree


def _in_better_words(text: str) -> yaml.YAMLError | None:
    """The slower reader names the tab or sign at fault; None where it finds none."""
    try:
        yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return error
    return None


def _entries(
    node: yaml.Node | None, file: str, of: str, problems: list[str]
) -> Iterator[tuple[str, str, yaml.Node]]:
    """Key, place and value of a mapping; an empty one may be left empty."""
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        problems.append(f"{file}:{line}: {of or file}: expected lines of the form `key: value`")
        return
    seen: set[str] = set()
    for key, value in node.value:
        place = f"{file}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            problems.append(f"{place}: {of or file}: a key is one word")
        elif key.value in seen:
            problems.append(f"{place}: {of + '.' if of else ''}{key.value}: stands here twice")
        else:
            seen.add(key.value)
            yield key.value, place, value


def _plain_value(node: yaml.Node) -> str | list[str] | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        items = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
        return items if len(items) == len(node.value) else None
    return None


def _is_unquoted_time(node: yaml.Node) -> bool:
    """Other YAML readers take 17:00 for the number 1020: it is refused before that can matter."""
    return (
        isinstance(node, yaml.ScalarNode)
        and not node.style
        and UNQUOTED_TIME.fullmatch(node.value) is not None
    )


def from_dotenv(path: Path, problems: list[str]) -> list[Given]:
    """The lines ``NAME=value`` of a file that may be missing; quotes around a value are dropped."""
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign or not re.fullmatch(r"[A-Za-z_]\w*", name):
            problems.append(f"{path.name}:{number}: expected NAME=value")
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found.append(Given(f"{path.name}:{number}", name, value))
    return found


def from_environment(found: list[Given], problems: list[str]) -> dict[Key, Given]:
    """Ours by name; a name that is nearly ours is a mistake, any other belongs to somebody else."""
    given: dict[Key, Given] = {}
    for one in found:
        if key := VARIABLES.get(one.name):
            if one.value or key not in SECRETS:  # an empty secret is a secret not set
                given[key] = one
        elif one.name.startswith(PREFIX):
            start = one.name[: one.name.find("_", len(PREFIX)) + 1]
            known = [name for name in VARIABLES if name.startswith(start)] if start else []
            known = known or get_close_matches(one.name, VARIABLES, 1, cutoff=0.9)
            if known:
                problems.append(f"{one.place}: {one.name}: no such key{nearest(one.name, known)}")
    return given
