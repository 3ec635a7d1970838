"""Options of commands that override a setting: they go the way of the environment."""

import os

from bot.config import Config, load, variable


def settings(store: str = "", port: int | None = None) -> Config:
    """The settings with what was given on the command line, checked alike.

    Raises `bot.config.ConfigError` with all problems.
    """
    given = dict(os.environ)
    if store:
        given[variable(("store", "url"))] = store
    if port is not None:
        given[variable(("web", "port"))] = str(port)
    return load(environ=given)
