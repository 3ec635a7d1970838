"""Compiled modules are kept where many processes of one kind start: for tests and benchmarks."""

import os


def keep_compiled() -> None:
    """Let processes started from here keep what they compiled, as Python does unless forbidden.

    Each would else compile every module again: a third of a start, and four seconds of each
    process that tests.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
