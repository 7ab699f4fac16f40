"""What a configuration of each claim costs: the tables that sweeps are planned with.

``python -m tests.costs [PAPER...]`` adds to each paper's ``costs.json`` the claims that it lacks;
``--all`` measures all anew. Microseconds of processor time a configuration, over the rounds of a
strand until they have taken a second, so that drawing, deciding, nearest misses and the optimiser
count as in a sweep. What is set up once a process (imports, rules, tables) is paid before.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from gembounds.referee.origin import folder_of, origin
from gembounds.referee.sweep.chunk import work
from gembounds.referee.sweep.plan import MANY, ROUNDS, SINGLE, TABLE, in_arrays
from gembounds.statements import library
from gembounds.statements.every import every_point
from gembounds.statements.paper import papers

SECONDS = 1.0
"""That a claim's rounds are to take in all."""

LEAST, MOST = 4, 40_000
"""Configurations of a round: beyond ``MOST`` they cost the same."""


def cost(claim: Any) -> float:
    """Microseconds a configuration."""
    paper, source = origin(claim.home)
    points = every_point(claim)
    many = points is None and in_arrays(claim)
    arguments = {
        "paper": paper, "claim": claim.id, "home": claim.home, "source": source, "seed": 0,
        "strand": 0, "many": many, "firsts": [0] * (ROUNDS + 1),
    }  # fmt: skip
    most = MOST if points is None else len(points)
    first = _sized(SECONDS / ROUNDS, MANY if many else SINGLE * claim.cost, most)
    _, usual = _timed(arguments, 0, first, None)
    size = _sized(SECONDS / ROUNDS, usual, most)
    done, spent, before = 0, 0.0, None
    for k in range(ROUNDS):
        before, each = _timed({**arguments, "strand": 1}, k, size, before)
        done, spent = done + size, spent + each * size
        if spent > SECONDS * 1e6:
            break
    return spent / done


def _sized(seconds: float, micro: float, most: int) -> int:
    return max(min(LEAST, most), min(most, round(seconds * 1e6 / micro)))


def _timed(arguments: Any, k: int, size: int, before: Any) -> tuple[Any, float]:
    """A chunk's result, and its microseconds a configuration."""
    start = time.process_time()
    found = work({**arguments, "size": size}, k, before)
    assert found["outcomes"]
    return found, (time.process_time() - start) / size * 1e6


def main(words: list[str]) -> None:
    names = [x for x in words if x != "--all"]
    for name in names or list(papers()):
        place = folder_of(name) / TABLE
        known = json.loads(place.read_text()) if place.is_file() else {}
        claims = library.collection(name)
        found = {k: x for k, x in known.items() if k in claims}
        for claim in (c for c in claims.values() if c.id not in found or "--all" in words):
            found[claim.id] = float(f"{cost(claim):.3g}")
            sys.stderr.write(f"{claim.id}: {found[claim.id]:g} us\n")
            ordered = {k: found[k] for k in claims if k in found}
            place.write_text(json.dumps(ordered, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
