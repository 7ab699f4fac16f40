"""Where a core may be used, as it declares."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from gembounds.conform.case import Case
from gembounds.conform.core import Core
from gembounds.conform.protocol import LIMITS


class Room(NamedTuple):
    """The tightest limits of some functions."""

    max_rank: float = math.inf
    max_n: float = math.inf
    max_d: float = math.inf
    max_norm: float = math.inf
    min_weight: float = 0.0


def room_of(core: Core, functions: Iterable[str]) -> Room:
    """Where all of ``functions`` may be used."""
    found = {}
    for which in LIMITS:
        given = [v for f in functions if (v := core.limit(which, f)) is not None]
        if given:
            found[which] = max(given) if which == "min_weight" else min(given)
    return Room(**found)


def outside(room: Room, case: Case) -> str | None:
    """The limit that ``case`` is beyond, in words; None where it is inside."""
    for which, limit, usual in zip(LIMITS, room, Room(), strict=True):
        if limit != usual:
            value = case.size(which)
            if (value < limit) if which == "min_weight" else (value > limit):
                return f"{which} = {limit:g}"
    return None
