"""Other people's Telegram servers as processes on loopback."""

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PEERS = Path(os.environ.get("CHIKA_PEERS", "")).absolute()
HERE = Path(__file__).parent
SECONDS_TO_START = 60.0


def installed() -> bool:
    """Tell whether CHIKA_PEERS has both servers (``.ci/run`` installs them)."""
    return (
        bool(os.environ.get("CHIKA_PEERS"))
        and (PEERS / "node_modules/telegram-test-api").is_dir()
        and (PEERS / "venv/bin/mockpost").exists()
    )


def has_botium() -> bool:
    """Tell whether CHIKA_PEERS has npm botium-core."""
    return bool(os.environ.get("CHIKA_PEERS")) and (PEERS / "node_modules/botium-core").is_dir()


@asynccontextmanager
async def telegram_test_api() -> AsyncIterator[str]:
    """The address of npm telegram-test-api."""
    command = ["node", str(HERE / "telegram_test_api.cjs")]
    async with _running(command, r"listening (\d+)", {}, HERE) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def mockpost(folder: Path) -> AsyncIterator[str]:
    """The address of PyPI mockpost, which keeps its database and keys in *folder*."""
    python = str(PEERS / "venv/bin/python")
    serve = ["-m", "uvicorn", "mockpost.main:app", "--host", "127.0.0.1", "--port", "0"]
    others = ("SMTP", "FTP", "FTPS", "FTPS_IMPLICIT", "SFTP")
    ports = {f"MOCKPOST_{name}_PORT": str(_free_port()) for name in others}
    async with _running([python, *serve], r"running on http://[\d.]+:(\d+)", ports, folder) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _running(
    command: list[str], ready: str, environment: dict[str, str], folder: Path
) -> AsyncIterator[str]:
    """What the first group of *ready* finds in the output, while the process runs."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "CHIKA_PEERS": str(PEERS), **environment},
        cwd=folder,
    )
    assert process.stdout is not None
    told: list[str] = []
    try:
        async with asyncio.timeout(SECONDS_TO_START):
            while not (found := re.search(ready, told[-1] if told else "")):
                line = await process.stdout.readline()
                assert line, "the server ended:\n" + "".join(told)
                told.append(line.decode(errors="replace"))
        rest = asyncio.create_task(_swallow(process.stdout))
        yield found[1]
        process.terminate()
        await rest
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _swallow(output: asyncio.StreamReader) -> None:
    """Read on, so that a full pipe never stops the server."""
    while await output.read(65536):
        pass


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
