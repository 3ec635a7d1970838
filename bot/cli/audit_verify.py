"""``bot.py audit verify``: walk the chains of the audit; exit 1 at the first broken one."""

import asyncio
import json as json_text
from collections.abc import Sequence
from pathlib import Path

import click
from msgspec.structs import asdict

from bot.cli import FAILED, MISUSE
from bot.cli.audit_head import ALL, head_of
from bot.config import load
from data.opening import open_store
from services import audit_chain
from services.audit_chain import Break, Head

WHY = {
    "changed": "is not as it was written",
    "unlinked": "does not follow from the one before: something was removed, put in or moved",
    "cut_off": "is gone: the chain was cut off behind a head that was kept",
}


@click.command
@click.option(
    "--branch", default="", help="Only the chain of this branch; * is that of all branches."
)
@click.option(
    "--heads",
    type=click.Path(path_type=Path),
    help="Heads that were kept (bot.py audit head): finds what was cut off.",
)
@click.option("--json", is_flag=True, help="One JSON object.")
def command(branch: str, heads: Path | None, json: bool) -> None:
    """Walk every chain from its first entry. Example: python3 bot.py audit verify --heads FILE"""
    kept = _kept(heads) if heads else []
    found = asyncio.run(_verify(str(load().store.url), branch.upper(), kept))
    broken = [one for one in found if isinstance(one, Break)]
    if json:
        chains = [{"whole": isinstance(one, Head), **asdict(one)} for one in found]
        click.echo(json_text.dumps({"whole": not broken, "chains": chains}))
    else:
        for one in found:
            click.echo(_line(one), err=isinstance(one, Break))
    if broken:
        raise SystemExit(FAILED)


def _kept(file: Path) -> list[Head]:
    try:
        return [head_of(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError):
        click.echo(f"{file}: not what bot.py audit head prints", err=True)
        raise SystemExit(MISUSE) from None


def _line(one: Head | Break) -> str:
    name = one.branch or ALL
    if isinstance(one, Head):
        return f"{name}: {one.entries} entries, whole"
    return f"{name}: entry {one.id} {WHY[one.why]}"


async def _verify(url: str, branch: str, kept: Sequence[Head]) -> list[Head | Break]:
    store = open_store(url)
    await store.open()
    try:
        names = [one async for one in audit_chain.branches(store)]
        names += sorted({head.branch for head in kept} - {*names})  # a chain may be gone as a whole
        if branch:
            names = ["" if branch == ALL else branch]
        return [await audit_chain.verify(store, name, kept) for name in names]
    finally:
        await store.close()
