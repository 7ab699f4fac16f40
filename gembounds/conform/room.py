"""Where a core may be used, as it declares."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from gembounds.conform.case import Case
from gembounds.conform.core import Core
from gembounds.conform.protocol import LIMITS

LEAST = 5e-324
"""The smallest positive float64: weights of exactly 0 are for cores that declare ``min_weight``
0."""


ZERO = "weights of exactly 0 are for cores that declare min_weight = 0"


class Room(NamedTuple):
    """The tightest limits of some functions."""

    max_rank: float = math.inf
    max_n: float = math.inf
    max_d: float = math.inf
    max_norm: float = math.inf
    min_weight: float = LEAST


def room_of(core: Core, functions: Iterable[str]) -> Room:
    """Where all of ``functions`` may be used."""
    found = {}
    functions = list(functions)
    for which, usual in zip(LIMITS, Room(), strict=True):
        given = [usual if (v := core.limit(which, f)) is None else v for f in functions]
        if given:
            found[which] = max(given) if which == "min_weight" else min(given)
    return Room(**found)


def outside(room: Room, case: Case) -> str | None:
    """The limit that ``case`` is beyond, in words; None where it is inside."""
    for which, limit in zip(LIMITS, room, strict=True):
        if which == "min_weight":
            if case.size(which) < limit:
                return ZERO if limit == LEAST else f"{which} = {limit:g}"
        elif limit != math.inf and case.size(which) > limit:
            return f"{which} = {limit:g}"
    return None
