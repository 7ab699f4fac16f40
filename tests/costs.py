"""What a configuration of each claim costs: the tables that sweeps are planned with.

``python -m tests.costs [PAPER...]`` adds to each paper's ``costs.json`` the claims that it lacks:
microseconds of processor time a decided configuration, from the first two chunks of a strand, so
that drawing, deciding, nearest misses and the optimiser count. About a second a claim.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from gembounds.referee.sweep.chunk import work
from gembounds.referee.sweep.plan import MANY, SINGLE, TABLE, folder_of, in_arrays, origin
from gembounds.statements import library
from gembounds.statements.every import every_point
from gembounds.statements.paper import papers

SECONDS = 0.3
"""That a chunk is meant to take."""


def cost(claim: Any) -> float:
    """Microseconds a configuration."""
    paper, source = origin(claim.home)
    points = every_point(claim)
    many = points is None and in_arrays(claim)
    usual = MANY if many else SINGLE * claim.cost
    size = max(4, round(SECONDS * 1e6 / usual))
    if points is not None:
        size = min(size, len(points))
    arguments = {
        "paper": paper, "claim": claim.id, "home": claim.home, "source": source, "seed": 0,
        "strand": 0, "many": many, "size": size, "firsts": [0, 0],
    }  # fmt: skip
    start = time.process_time()
    first = work(arguments, 0, None)
    if points is None:
        second = work(arguments, 1, first)
        size *= 2
    else:
        second = first
    assert second["outcomes"]
    return (time.process_time() - start) / size * 1e6


def main(names: list[str]) -> None:
    for name in names or list(papers()):
        place = folder_of(name) / TABLE
        known = json.loads(place.read_text()) if place.is_file() else {}
        claims = library.collection(name)
        found = {k: x for k, x in known.items() if k in claims}
        for claim in (c for c in claims.values() if c.id not in found):
            found[claim.id] = float(f"{cost(claim):.3g}")
            sys.stderr.write(f"{claim.id}: {found[claim.id]:g} us\n")
            ordered = {k: found[k] for k in claims if k in found}
            Path(place).write_text(json.dumps(ordered, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
