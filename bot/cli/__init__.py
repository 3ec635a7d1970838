"""The command line: a table of commands, each in a module that is imported only when it is used."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = "serve"
DONE, FAILED, MISUSE = 0, 1, 2  # exit codes of every command


@dataclass(frozen=True)
class Command:
    """One command: its words (``import facilities``) and its line in ``--help``.

    Its module, ``bot.cli.<words joined by _>``, has ``command`` with typer options, and may have
    ``SETTINGS``, the context settings of that command.
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


def app(arguments: Sequence[str]) -> typer.Typer:
    """Build the command line for these arguments: only the command they name is imported."""
    style: dict[str, Any] = {
        "add_completion": False,
        "pretty_exceptions_enable": False,
        "rich_markup_mode": "rich"
        if sys.stdout.isatty() and "NO_COLOR" not in os.environ
        else None,
    }
    root = typer.Typer(
        help="CHIKA: participants file requests in chat, branches serve them.", **style
    )
    root.callback()(_root)
    groups = {name: typer.Typer(help=line, **style) for name, line in GROUPS.items()}
    for name, group in groups.items():
        group.callback()(_group)
        root.add_typer(group, name=name)
    for entry in COMMANDS:
        *group_words, name = entry.words.split()
        function, settings = _load(entry, arguments)
        parent = groups[group_words[0]] if group_words else root
        parent.command(name, help=entry.help, context_settings=settings)(function)
    return root


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed checks, 2 misuse."""
    given = list(sys.argv[1:] if arguments is None else arguments) or [DEFAULT]
    try:
        app(given)(given, prog_name="bot.py")
    except Exception as error:
        from bot.cli.faults import fault

        known = fault(error)
        if known is None:
            raise
        code, words = known
        sys.stderr.write(f"{words}\n")
        sys.exit(code)


def _load(entry: Command, arguments: Sequence[str]) -> tuple[Callable[..., Any], dict[str, Any]]:
    words = entry.words.split()
    if list(arguments[: len(words)]) != words:
        return _listed, {}
    module = import_module(entry.module)
    return module.command, getattr(module, "SETTINGS", {})


def _listed() -> None:
    """Stand for a command that is only listed in the help."""


def _group() -> None:
    """Keep a group a group while it has one command."""


def _print_version(wanted: bool) -> None:
    if wanted:
        import tomllib  # 20 ms that no other command pays

        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        typer.echo(project["project"]["version"])
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_print_version
    ),
) -> None:
    """Take the options that need no command."""
