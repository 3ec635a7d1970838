"""How an error is told: by its kind and place, never by its message, which may quote somebody."""

import traceback
from pathlib import Path


def told(error: BaseException) -> dict[str, str]:
    """The fields of a log line: *error* such as ``KeyError``, *where* such as ``acts.py:81``."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}
