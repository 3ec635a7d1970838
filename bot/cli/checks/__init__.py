"""Project checks: each module here exposes `check(root) -> list[str]`, the problems it found.

One that looks at figures may expose `table(root) -> str`, too.
"""
