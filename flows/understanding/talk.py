"""What people say in a chat besides their need: ``talk.yaml``, read once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from forms import plain_yaml


class SmallTalk(msgspec.Struct, frozen=True):
    """One kind of small talk: *alone* are whole messages, *phrases* parts of one."""

    alone: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


def _read() -> dict[str, SmallTalk]:
    data = plain_yaml.read(Path(__file__).with_name("talk.yaml"))
    return msgspec.convert(data, dict[str, SmallTalk])


TALK: Final[Mapping[str, SmallTalk]] = _read()
