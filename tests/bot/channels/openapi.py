"""What docs/bridge-openapi.yaml says of a payload."""

from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from bot.config.settings import ROOT

SPEC = ROOT / "docs" / "bridge-openapi.yaml"


@cache
def spec() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(SPEC.read_text(), Loader=yaml.CSafeLoader)
    return found


def wrong(schema: str, payload: Any) -> list[str]:
    """What is wrong with *payload* as the schema of that name has it."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": spec()["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(payload)]


def check(schema: str, payload: Any) -> None:
    found = wrong(schema, payload)
    assert not found, (found, payload)
