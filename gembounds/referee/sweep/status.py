"""How far a sweep is, from its store alone: the parts' times give the rate."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gembounds.referee.sweep.run import Say, read
from gembounds.referee.sweep.store import Store
from gembounds.referee.sweep.summary import summary
from gembounds.tools.chains import Chunk

RECENT = 600.0
"""Seconds before the last part over which the rate is taken (a choice)."""


def status(folder: Path, say: Say = lambda line: None) -> dict[str, Any]:
    """``summary`` of what is done, and ``done``, ``left`` (points), ``chunks``, ``chunks_left``,
    ``rate`` (points a second, while parts came) and ``eta`` (seconds, by cost; None where it
    cannot be said)."""
    store = Store.read(folder)
    chunks: list[Chunk] = []
    sums = read(store, say, chunks.append)
    when: dict[tuple[str, int], float] = {}
    for chunk in chunks:
        names = (chunk.chain.digest(chunk.k, version) for version in store.versions)
        for path in map(store.parts.path, names):
            with suppress(FileNotFoundError):
                when[chunk.chain.name, chunk.k] = path.stat().st_mtime
    costs = {(c.name, k): (c.size(k), c.seconds(k)) for c in store.chains for k in range(c.units)}
    done = sum(costs[key][0] for key in when)
    left = sum(size for key, (size, _) in costs.items() if key not in when)
    rate = eta = None
    if when:
        last = max(when.values())
        recent = sorted((t, key) for key, t in when.items() if t > last - RECENT)
        span = last - recent[0][0]
        if span > 0 and len(recent) > 1:
            rate = sum(costs[key][0] for _, key in recent[1:]) / span
            speed = sum(costs[key][1] for _, key in recent[1:]) / span
            waiting = sum(s for key, (_, s) in costs.items() if key not in when)
            eta = waiting / speed if speed else None
    return {
        "done": done, "left": left, "chunks": len(when), "chunks_left": len(costs) - len(when),
        "rate": rate, "eta": eta, "idle": time.time() - max(when.values()) if when else None,
        "summary": summary(store, sums),
    }  # fmt: skip
