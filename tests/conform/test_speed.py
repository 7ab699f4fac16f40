"""How often a core is called for its time."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gembounds.conform import speed


class Counted:
    """A core that answers at once."""

    functions = ("loss",)

    def __init__(self, name: str) -> None:
        self.name, self.turns = name, 0

    def several(self, batch: Any, how: Any) -> None:
        self.turns += 1

    def close(self) -> None: ...


@pytest.mark.parametrize(("enough", "turns"), [(math.inf, speed.TURNS), (0.0, 1)])
def test_once_enough_time_is_spent_there_is_no_other_turn(
    enough: float, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    core: Any = Counted("mine")
    own = Counted("own")
    monkeypatch.setattr(speed, "ENOUGH", enough)
    monkeypatch.setattr(speed, "load", lambda _: own)
    assert set(speed.speed(core)) == {"loss"}
    assert core.turns == own.turns == turns
