"""YAML as text, lists and mappings: ``08:00``, ``ya`` and ``0812`` stay what somebody wrote."""

from pathlib import Path
from typing import Any

import yaml


class PlainLoader(yaml.CBaseLoader):
    """Asks of no value what kind it is: that costs half of reading, and nobody looks at it."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, node: object, index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


def read(path: Path) -> Any:
    """What the file holds, every scalar a str; raises `yaml.YAMLError`."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506  text only
