"""What a command says when it cannot do its work for a reason that its user can mend."""

from bot.cli import FAILED, MISUSE
from bot.config import ConfigError
from bot.texts.catalogue import TextErrors
from data.store import SchemaMismatch, StoreBusy
from data.table import TableError
from flows.load import FlowErrors

BUSY = (
    "the store cannot be written now ({}): another program holds it, its disk is full, or its"
    " server is away; python3 bot.py doctor tells more"
)


def fault(error: BaseException) -> tuple[int, str] | None:
    """The exit code and the words for *error*; None for a mistake of the program itself."""
    match error:
        case ConfigError():
            return MISUSE, str(error)
        case FlowErrors() | TextErrors() | TableError():
            return FAILED, str(error)
        case SchemaMismatch():
            return FAILED, str(error)
        case StoreBusy():
            return FAILED, BUSY.format(error)
    return None
