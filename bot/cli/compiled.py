"""Compiled modules are kept by the commands that start many processes."""

import os


def keep_compiled() -> None:
    """Let processes started from here keep what they compiled, as Python does unless forbidden.

    Each would else compile every module again: a third of a start, and four seconds of each
    process that tests.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
