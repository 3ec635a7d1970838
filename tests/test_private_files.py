"""What is kept on the disk belongs to the one who runs the program, and what is deleted is gone."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import Config, web_secret
from data.sqlite import SqliteStore
from tests.house import open_house, photo

CANARY = b"7171014703569907"


@pytest.fixture
def careless() -> Iterator[None]:
    """A process that would let everybody read what it writes."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
async def test_nobody_else_may_read_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    web_secret(Config(root=tmp_path))
    async with open_house(folder) as house:
        visitor = await house.visitor()
        await visitor.open()
        await visitor.send(("ktp.jpg", photo()))
        await visitor.send(("kk.pdf", b"%PDF-1.4\n%%EOF"))
        async with asyncio.timeout(20):
            while "Sebentar…" in visitor.page:
                await visitor.open()
        kept = [folder, *folder.rglob("*")]
        open_to_others = {
            str(path.relative_to(tmp_path)): oct(path.stat().st_mode)
            for path in kept
            if path.stat().st_mode & 0o077
        }

    assert {"secret", "chika.db", "chika.db-wal", "documents", "incoming"} <= {
        path.name for path in kept
    }
    assert open_to_others == {}


def test_what_is_deleted_does_not_stay_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "chika.db"
    with closing(SqliteStore(file)._connect()) as connection:
        connection.execute("CREATE TABLE said (text)")
        connection.executemany("INSERT INTO said VALUES (?)", [(CANARY.decode(),)] * 500)
        assert CANARY in file.read_bytes()
        connection.execute("DELETE FROM said")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert CANARY not in file.read_bytes()
