"""The command line: a table of commands, each in a module that is imported only when it is used."""

import inspect
import re
import sys
from collections.abc import Sequence
from copy import copy
from importlib import import_module
from pathlib import Path

import click
import msgspec

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = "serve"
DONE, FAILED, MISUSE = 0, 1, 2  # exit codes of every command


class Command(msgspec.Struct, frozen=True):
    """One command: its words (``import facilities``) and its line in ``--help``.

    Its module, ``bot.cli.<words joined by _>``, has ``command``, a command of click.
    """

    words: str
    help: str

    @property
    def module(self) -> str:
        return "bot.cli." + re.sub(r"[ -]", "_", self.words)


GROUPS = {
    "import": "Load lists that come from outside.",
    "admin": "Give officers access.",
    "audit": "Prove that nobody changed who did what.",
}

COMMANDS = (
    Command("serve", "Run web chat, console and Telegram (the default command)."),
    Command("chat", "Talk with the bot in this terminal; --record keeps it."),
    Command("replay", "Replay scripted conversations, print the flows' coverage."),
    Command("test", "Run the tests: all but the slow ones, or --all."),
    Command("check", "Run every check of code, locks, texts, flows and docs."),
    Command("doctor", "Show environment, settings with their sources, store."),
    Command("understand", "Explain what a message means here; --file judges many."),
    Command("hours", "Say whether a branch is open, and when it opens next."),
    Command("seed", "Fill the store with invented requests, to show it."),
    Command("graph", "Draw the state machines as Mermaid."),
    Command("import facilities", "Load a full list of health facilities from CSV."),
    Command("import holidays", "Take national days of a decree into the calendar."),
    Command("admin link", "Print a one-time link to choose a password."),
    Command("admin add", "Enrol an officer and print the invitation."),
    Command("admin disable", "Let an officer in no more, or again."),
    Command("admin reset-totp", "Forget the second step of an officer."),
    Command("audit verify", "Walk the chains of the audit; 1 when one is broken."),
    Command("audit head", "Print the ends of the chains, to be kept elsewhere."),
    Command("bench", "Measure the runtime beside its peers; --gate decides."),
)


class Listed(click.Command):
    """Stands for a command in the list of them: only the one that is used is imported."""

    def __init__(self, entry: Command) -> None:
        super().__init__(entry.words.split()[-1], short_help=entry.help)
        self.entry = entry

    def imported(self) -> click.Command:
        """The command, its help beginning with the line that the list has."""
        command: click.Command = copy(import_module(self.entry.module).command)
        command.help = f"{self.entry.help}\n\n{inspect.cleandoc(command.help or '')}"
        return command


class Table(click.Group):
    """Commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        return name, found.imported() if isinstance(found, Listed) else found, rest


def _print_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        import tomllib  # 20 ms that no other command pays

        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        click.echo(project["project"]["version"])
        context.exit()


def _whole_table() -> Table:
    version = click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help="Print the version.",
    )
    words = "CHIKA: participants file requests in chat, branches serve them."
    root = Table(help=words, params=[version])
    groups = {name: Table(name, help=line, short_help=line) for name, line in GROUPS.items()}
    for entry in COMMANDS:
        groups.get(entry.words.split()[0], root).add_command(Listed(entry))
    for group in groups.values():
        root.add_command(group)
    return root


app = _whole_table()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed checks, 2 misuse.

    Raises KeyboardInterrupt where it was interrupted, which click by itself ends with 1.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or [DEFAULT]
    try:
        sys.exit(app.main(given, prog_name="bot.py", standalone_mode=False) or DONE)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except click.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        from bot.cli.faults import fault

        known = fault(error)
        if known is None:
            raise
        code, words = known
        sys.stderr.write(f"{words}\n")
        sys.exit(code)
