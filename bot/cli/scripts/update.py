"""Writing what was said into a script, in place: comments and everything else stay."""

import json
import re

import yaml

from bot.cli.scripts.outcome import Failure

PLAIN = re.compile(r"[^\W\d_][\w .,/()+%-]*[\w.,)%]|\d+")
"""Text that YAML takes as it is, in a list too."""


def rewrite(failure: Failure) -> bool:
    """Put what the failed step should say into its file; whether there was something to put."""
    better = failure.problem.better
    text = failure.place.file.read_text("utf-8")
    spans = []
    for path, value in better.items():
        node = _find(yaml.compose(text, Loader=yaml.BaseLoader), path)
        if node is None or str(node.value) == value:
            return False
        ending = re.search(r"\s*\Z", text[node.start_mark.index : node.end_mark.index])
        blank = len(ending[0]) if ending else 0
        spans.append((node.start_mark.index, node.end_mark.index - blank, written(value)))
    for start, end, value in sorted(spans, reverse=True):
        text = text[:start] + value + text[end:]
    failure.place.file.write_text(text, "utf-8")
    return bool(better)


def written(value: str) -> str:
    """*value* as YAML that reads back as the same text."""
    return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _find(node: yaml.Node | None, path: tuple[str, ...]) -> yaml.ScalarNode | None:
    for part in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
    return node if isinstance(node, yaml.ScalarNode) else None
