"""Opening a store by its address."""

from pathlib import Path

from data.store import Store


def is_there(url: str) -> bool:
    """Whether a store was ever made at *url*; of a server it is supposed."""
    scheme, _, rest = url.partition("://")
    return scheme != "sqlite" or Path(rest[1:]).is_file()


def open_store(url: str) -> Store:
    """The store at *url*, not yet opened.

    ``sqlite:///relative/path``, ``sqlite:////absolute/path`` or ``postgresql://...``. Raises
    ValueError for any other scheme; the address is not quoted, as it may hold a password.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from data.sqlite import SqliteStore

        return SqliteStore(Path(rest[1:]))
    if scheme in ("postgresql", "postgres"):
        from data.postgres import PostgresStore

        return PostgresStore(url)
    raise ValueError(
        f"a store is sqlite:///PATH or postgresql://HOST/DATABASE, not {scheme or 'nothing'}://"
    )
