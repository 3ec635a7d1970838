"""Project checks: each module here exposes `check(root) -> list[str]`, the problems it found."""
