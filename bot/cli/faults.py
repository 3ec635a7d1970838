"""What a command says when it cannot do its work for a reason that its user can mend."""

import sqlite3

from asyncpg import (
    InsufficientPrivilegeError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
)

from bot.cli import FAILED, MISUSE
from bot.config import ConfigError
from bot.texts.catalogue import TextErrors
from bot.texts.templates import TemplateErrors
from data.store import SchemaMismatch, StoreBusy
from data.table import TableError
from flows.load import FlowErrors
from forms.report import FormErrors

IN_FILES = (
    *(ConfigError, FlowErrors, TextErrors, FormErrors, TemplateErrors, TableError),
    SchemaMismatch,
)
"""Errors that say themselves what is to be mended, and where."""

BUSY = (
    "the store cannot be written now ({}): another program holds it, its disk is full, or its"
    " server is away; python3 bot.py doctor tells more"
)
DAMAGED = "the store's file cannot be used ({}): check store.url, or restore a backup"
UNKNOWN = "the server of the store refuses us ({}): check store.url and its rights there"


def fault(error: BaseException) -> tuple[int, str] | None:
    """The exit code and the words for *error*; None for a mistake of the program itself."""
    words = _words(error)
    if words is None:
        return None
    return MISUSE if isinstance(error, ConfigError) else FAILED, words


def _words(error: BaseException) -> str | None:
    match error:
        case _ if isinstance(error, IN_FILES):
            return str(error)
        case StoreBusy():
            return BUSY.format(error)
        case (
            InvalidAuthorizationSpecificationError()
            | InvalidCatalogNameError()
            | InsufficientPrivilegeError()
        ):
            return UNKNOWN.format(error)
        case sqlite3.DatabaseError() if type(error) is sqlite3.DatabaseError:
            return DAMAGED.format(error)
        case OSError(filename=str(name), strerror=str(why)):
            return f"{name}: {why}"
    return None
