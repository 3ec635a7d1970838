"""YAML as text, lists and mappings: ``08:00``, ``ya`` and ``0812`` stay what somebody wrote."""

from pathlib import Path
from typing import Any

import yaml


class PlainLoader(yaml.CBaseLoader):
    """Looks for no value's kind: nobody asks for it, and it costs half of reading."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, node: object, index: object) -> None:
        """Kinds by place are for `resolve`."""

    def ascend_resolver(self) -> None:
        """As above."""


def read(path: Path) -> Any:
    """What the file holds, every scalar a str; raises `yaml.YAMLError`."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506  text only
