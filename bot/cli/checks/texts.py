"""Every sentence that people read keeps the rules of the voice, and is said somewhere."""

from pathlib import Path

from bot.texts import lint, translation, written
from bot.texts.uses import uses
from flows.sentences import SHARED


def check(root: Path) -> list[str]:
    """The problems of all sentences, each with its file and line."""
    shared = list(written.shared(root))
    of_files = [
        *written.buttons(root),
        *written.menus(root),
        *written.flows(root),
        *written.information(root),
    ]
    texts: dict[str, dict[str, written.Sentence]] = {"id": {}}
    for sentence in shared:
        texts.setdefault(sentence.language, {})[sentence.key] = sentence
    said = uses(root)
    return [
        *lint.lint([*shared, *of_files, *written.officers(root)]),
        *lint.check_keys(texts, SHARED, said),
        *translation.of_shared(texts, said.refusals()),
        *translation.of_files(of_files, written.promised(root)),
    ]
