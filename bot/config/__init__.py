"""config.yaml and the environment become one frozen Config; every mistake is told at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.config.conflicts import conflicts
from bot.config.settings import (
    KINDS,
    ROOT,
    SECTIONS,
    Config,
    ConfigError,
    Key,
    Secret,
    StoreUrl,
    variable,
)
from bot.config.signing import web_secret
from bot.config.values import convert, refusal
from bot.config.written import Given, from_dotenv, from_environment, from_yaml

__all__ = [
    "Config",
    "ConfigError",
    "Key",
    "Secret",
    "StoreUrl",
    "load",
    "load_with_sources",
    "variable",
    "web_secret",
]


def load(path: Path = ROOT / "config.yaml", environ: Mapping[str, str] = os.environ) -> Config:
    """Read *path*, the ``.env`` beside it and *environ*; later ones win.

    Raises ConfigError with all problems, each with its place.
    """
    return load_with_sources(path, environ)[0]


def load_with_sources(
    path: Path = ROOT / "config.yaml", environ: Mapping[str, str] = os.environ
) -> tuple[Config, dict[Key, str]]:
    """Like `load`, and where each key's value comes from (``default`` when nobody set it)."""
    problems: list[str] = []
    given = {
        **from_yaml(path, problems),
        **from_environment(from_dotenv(path.parent / ".env", problems), problems),
        **from_environment([Given("environment", *one) for one in environ.items()], problems),
    }
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for key, found in given.items():
        section, name = key
        try:
            values[section][name] = convert(KINDS[key], found.value)
        except ValueError:
            problems.append(f"{found.place}: {found.name}: {refusal(KINDS[key], found.value)}")
    sources = {key: given[key].place if key in given else "default" for key in KINDS}
    defaults = Config(root=path.parent.resolve())
    config = replace(
        defaults,
        **{name: replace(getattr(defaults, name), **found) for name, found in values.items()},
    )
    problems += [f"{sources[key]}: {'.'.join(key)}: {text}" for key, text in conflicts(config)]
    if problems:
        raise ConfigError(problems)
    return _anchored(config), sources


def _anchored(config: Config) -> Config:
    """The same settings with every relative path made absolute, from the folder of config.yaml."""
    url, file = config.store.url, config.store.url.removeprefix("sqlite:///")
    if file not in {url, ":memory:"}:
        url = StoreUrl(f"sqlite:///{config.root / file}")
    return replace(
        config,
        store=replace(config.store, url=url),
        documents=replace(config.documents, folder=config.root / config.documents.folder),
    )
