"""A conversation at the terminal written down as a script while it goes on."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.channels import layout
from bot.channels.terminal import Terminal
from bot.channels.terminal_decode import colon_word
from bot.cli.scripts.samples import Samples
from bot.cli.scripts.update import written
from bot.runtime.messages import Outbound

SAMPLE_PHOTO: Final = "contoh.jpg"
"""Pictures of people are not taken along; this file has to stand in for them."""

SENT: Final = {
    "foto": f"send: {{photo: {SAMPLE_PHOTO}}}",
    "suara": "send: {voice: suara}",
    "stiker": "send: {sticker: stiker}",
    "lokasi": "send: {location: lokasi}",
}
UNITS: Final = {"m": "m", "j": "h", "h": "d"}
"""The letters of ``:maju`` and those of `advance`."""


class Recorder:
    """Keeps what is typed and said as steps, and writes the file after each of them."""

    def __init__(self, file: Path, now: Callable[[], datetime]) -> None:
        self._file = file
        self._now = now
        self._samples = Samples()
        self._lines = [
            f"name: {written(file.stem.replace('_', ' '))}",
            f"at: {now().isoformat(timespec='minutes')}",
            "steps:",
        ]
        self._said: list[str] = []
        self._shown: Outbound | None = None

    async def listen(self, lines: AsyncIterator[str]) -> AsyncIterator[str]:
        """The same lines, each of them written down."""
        async for line in lines:
            self.typed(line)
            yield line
        self.save()

    def typed(self, line: str) -> None:
        """The participant typed *line*."""
        self._flush()
        word, rest = colon_word(line) or ("", "")
        if not word:
            self._lines.append(f"  - user: {written(self._samples.replace(line))}")
        elif step := self._step(word, rest):
            self._lines.append(f"  - {step}")
        self.save()

    def said(self, message: Outbound) -> None:
        """The bot said *message*."""
        if message.options or message.put:
            self._shown = message
        text = layout.marked(message.text, layout.unmarked, str)
        begin = " ".join([line for line in text.split("\n") if line.strip()][:2])
        self._said.append(self._samples.replace(begin))

    def save(self) -> None:
        """Write the file as it stands."""
        self._flush()
        self._file.write_text("\n".join([*self._lines, ""]), "utf-8")

    def _flush(self) -> None:
        if self._said:
            said = ", ".join(map(written, self._said))
            self._lines.append(f"  - bot: [{said}]")
            self._said = []

    def _step(self, word: str, rest: str) -> str:
        if word == "tekan" and self._shown and rest.isdecimal():
            options = self._shown.options[int(rest) - 1 : int(rest)] if int(rest) else ()
            return f"press: {written(options[0].label)}" if options else ""
        if word == "kontak":
            return f"send: {{contact: {written(self._samples.replace(rest))}}}"
        span = re.fullmatch(r"(\d+)\s*([mjh])", rest)
        if word == "maju" and span:
            return f"advance: {span[1]}{UNITS[span[2]]}"
        return SENT.get(word, "")


class RecordedTerminal(Terminal):
    """The terminal, with everything it says written down too."""

    def __init__(self, *arguments: Any, recorder: Recorder, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._recorder = recorder

    async def send(self, chat: str, message: Outbound) -> str:
        self._recorder.said(message)
        return await super().send(chat, message)
