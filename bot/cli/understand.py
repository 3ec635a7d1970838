"""``bot.py understand``: explain what a message means to the product, or judge a file of them."""

import csv
import json as json_text
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.cli import MISUSE, ROOT
from bot.cli.figures import Judged, judged
from flows.load import load_all
from flows.understanding.router import Router, Understood


@click.command
@click.argument("text", default="", help="A message.")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="CSV with the columns text and label: judge each message.",
)
@click.option("--json", is_flag=True, help="One JSON object a line.")
def command(text: str, file: Path | None, json: bool) -> None:
    """Show intent, second, confidence and decision (answer, ask or none), and why."""
    if bool(text) == bool(file):
        click.echo("give one message, or --file", err=True)
        raise SystemExit(MISUSE)
    router = Router(load_all(ROOT / "flows"))
    if file is None:
        click.echo(_as_json(text, router.understand(text)) if json else _explained(router, text))
        return
    rows = list(_rows(file))
    if json:
        for said, _ in rows:
            click.echo(_as_json(said, router.understand(said)))
        return
    _print(judged((label, router.understand(said)) for said, label in rows))


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    """Each message of a file with its label, '' where the file has none."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield row["text"], row.get("label") or ""
    except (OSError, UnicodeDecodeError, KeyError) as error:
        click.echo(
            f"{file}: {'no column text' if isinstance(error, KeyError) else error}", err=True
        )
        raise SystemExit(MISUSE) from None


def _as_json(text: str, found: Understood) -> str:
    return json_text.dumps(
        {
            "text": text,
            "intent": found.intent,
            "second": found.second,
            "confidence": found.confidence,
            "decision": found.decision,
        },
        ensure_ascii=False,
    )


def _explained(router: Router, text: str) -> str:
    found = router.understand(text)
    lines = [f"{found.intent}: {found.decision}, confidence {found.confidence}"]
    lines += [f"  {reason}" for reason in found.because]
    if found.second:
        lines.append(f"then {found.second}")
    return "\n".join(lines)


def _print(figures: Iterable[Judged]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("label", "messages", "top-1", "top-2", "wrong", "let in"):
        table.add_column(title, justify="left" if title == "label" else "right")
    for one in figures:
        let_in = f"{one.let_in:.1%}" if one.outside else ""
        shown = (f"{share:.1%}" for share in (one.first, one.second, one.wrong))
        table.add_row(one.label, str(one.messages), *shown, let_in)
    Console().print(table)
