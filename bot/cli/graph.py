"""``bot.py graph``: write the pages of docs/flows with every machine as Mermaid, or print one."""

import json as json_text

import click

from bot.cli import FAILED, MISUSE, ROOT
from bot.cli.diagrams import FOLDER, pages
from data.table import nearest
from flows.load import FlowErrors


@click.command
@click.argument(
    "page", default="", help="Print this page only: a service's letter, session or request."
)
@click.option("--json", is_flag=True, help="Print the pages as one object.")
def command(page: str, json: bool) -> None:
    """Write docs/flows. Example: python3 bot.py graph G"""
    try:
        made = pages(ROOT)
    except FlowErrors as errors:
        click.echo(str(errors), err=True)
        raise SystemExit(FAILED) from None
    if page:
        name = page if page in made else page.upper()
        if name not in made:
            click.echo(f"no page {page}{nearest(page, made)}", err=True)
            raise SystemExit(MISUSE)
        made = {name: made[name]}
    if json:
        click.echo(json_text.dumps(made, ensure_ascii=False))
    elif page:
        click.echo(made[name], nl=False)
    else:
        _write(made)


def _write(made: dict[str, str]) -> None:
    folder = ROOT / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if old.stem not in made:
            old.unlink()
    for name, text in made.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    click.echo(f"{FOLDER}: {len(made)} pages")
