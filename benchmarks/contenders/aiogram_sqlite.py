"""aiogram with aiogram-sqlite-storage: states kept in a file, two commits and more a turn."""

from pathlib import Path

from aiogram_sqlite_storage.sqlitestore import SQLStorage

from benchmarks.contenders.aiogram_memory import play_with
from benchmarks.load import Sample, Task


async def play(task: Task) -> Sample:
    path = Path(task.folder) / "aiogram.db"
    return await play_with(SQLStorage(str(path), serializing_method="json"), task)
