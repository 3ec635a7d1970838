"""Machines refuse what they would not do, and do the rest as the library says."""

from types import SimpleNamespace
from typing import Any

import pytest

from flows.machines import Shared


def moved(**how: Any) -> bool:
    """Whether a model that is open goes on by a transition that is made so."""
    machine = Shared("door", ["open", "shut"], "state")
    machine.add_transition("push", "open", "shut", **how)
    model = SimpleNamespace(state="open")
    went: bool = machine.events["push"].trigger(model)
    assert model.state == ("shut" if went else "open")
    return went


@pytest.mark.parametrize("holds", [True, False])
def test_conditions_must_hold_and_exceptions_must_not(holds: bool) -> None:
    assert moved(conditions=[lambda model: holds]) is holds
    assert moved(unless=[lambda model: holds]) is not holds
    assert not moved(conditions=[lambda model: True], unless=[lambda model: True])


@pytest.mark.parametrize(
    "how",
    [
        {"conditions": "locked"},
        {"unless": "locked"},
        {"before": "knock"},
        {"after": [print]},
        {"prepare": [print]},
    ],
)
def test_what_would_never_be_called_is_refused(how: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="from open to shut: only functions"):
        moved(**how)
