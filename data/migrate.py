"""The schema's version: bringing a database up to date, and refusing one that is ahead of us."""

from pathlib import Path
from typing import TYPE_CHECKING

from data.store import SchemaMismatch

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"
VERSION_QUERY = "SELECT version_num FROM alembic_version"


def versions() -> list[str]:
    """Every schema version that this program knows, oldest first."""
    return sorted(path.name.partition("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))


def is_current(version: str | None) -> bool:
    """Whether a database of *version* (None for an empty one) can be used as it is.

    Asking this first spares a start the second that loading Alembic takes. Raises
    `SchemaMismatch` for a version that this program does not know.
    """
    known = versions()
    if version is not None and version not in known:
        raise SchemaMismatch(
            f"the database has schema {version}, this program knows schemas up to {known[-1]}: "
            "start the newer program, or restore the backup that was made before it"
        )
    return version == known[-1]


def upgrade(connection: "Connection") -> None:
    """Run the missing migrations in the open transaction of *connection*."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
