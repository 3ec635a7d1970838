"""What the states of a flow are called for those who look at counts of people."""

from typing import Final

from bot.console.deps import ServiceWords
from flows.moves import MORE, REVIEW

AGAIN: Final = "Ada lagi?"
CHECKED: Final = "Pemeriksaan akhir"
ADVICE: Final = "Nasihat, tanpa formulir"


def state_name(service: ServiceWords | None, state: str) -> str:
    """The label of a question; a word for the loop question, the review, and early results."""
    if state == REVIEW:
        return CHECKED
    if state.rpartition(".")[2] == MORE:
        return AGAIN
    return service.steps.get(state, ADVICE) if service else state
