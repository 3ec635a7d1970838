"""Compiled modules are kept where many processes of one kind start: for tests and benchmarks."""

import os


def keep_compiled() -> None:
    """Let processes started from here keep what they compiled, as Python does unless forbidden.

    Each would else compile every module, and every test file, again.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
