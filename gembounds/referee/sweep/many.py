"""A chunk of configurations that are decided in arrays, and what those leave open one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gembounds.points.batch import Batch
from gembounds.points.batches import Rng
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.referee.sweep.draws import batches, gridded, part
from gembounds.referee.sweep.mutate import Pools, mutated, row_at
from gembounds.referee.sweep.tally import EDGES, KEPT, Found, Tally, point_of
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.many import (
    CONSISTENT,
    HOLDS,
    OUTSIDE,
    REFUTED,
    UNDECIDED,
    Decisions,
    Singly,
    decide_many,
)

FINE = 1e-12
"""Relative error of population quantities where the usual one leaves a claim open."""

ROWS = 4096
"""Configurations a call (a choice: arrays stay in the cache)."""

NEAR, FEW = 1024, 64
"""Configurations of one mutation: then the nearest misses change; and of the first of a shape."""

OPEN = 64
"""Configurations of a mutation that are looked at again: near where both sides meet all of them
would have to be, and decided one by one."""

DRAWN = 0.25
"""Share of a later round's points that are drawn; of a first one's twice that (a choice)."""

SINGLY = 1000
"""One in so many points of a first round is drawn as ``check`` draws, with ties and limits."""

MOST = 4
"""Times the wanted points that are drawn or mutated, where many are of no use."""

NAMES = {HOLDS: "holds", REFUTED: "refuted", CONSISTENT: "consistent", OUTSIDE: "outside"}

Single = Callable[[Point], None]
"""Counts a point that is decided by itself."""


class Many:
    """Adds ``size`` configurations of a claim to ``tally``."""

    def __init__(self, tally: Tally, claim: Claim, size: int, single: Single) -> None:
        self.tally, self.claim, self.left, self.single = tally, claim, size, single
        self.tries = MOST * size
        self.pools = Pools()

    def run(self, key: int, starts: list[Found]) -> None:
        rng, size, known = np.random.default_rng(key), self.left, set[Any]()
        for f in starts:
            if (row := row_at(point_of(f.point))) is not None:
                self.pools.put(f.margin, row)
        self.tally.keep("nearest", starts)
        if not starts and size >= SINGLY:
            draw(self.claim, size // SINGLY, key, self._structured)
        drawn = round(size * DRAWN * (1 if starts else 2))
        if self.claim.sign == "==":
            drawn = size
        self._drawn(rng, self.left - size + drawn)
        while self.left > 0 and self.tries > 0 and self.pools.pools:
            shape, pool = self.pools.choose(rng)
            count = min(NEAR if shape in known else FEW, self.left)
            known.add(shape)
            batch = mutated(self.claim, rng, pool, count)
            if self.take(batch, OPEN) > len(batch) // 4:  # where both sides meet, or far out
                del self.pools.pools[shape]
        self._drawn(rng, self.left)

    def _drawn(self, rng: Rng, count: int) -> None:
        end = self.left - count
        while self.left > end and self.tries > 0:
            for batch in batches(self.claim, rng, min(self.left - end, 17 * ROWS)):
                for start in range(0, min(len(batch), self.left - end), ROWS):
                    stop = min(start + ROWS, start + self.left - end)
                    self.take(part(batch, slice(start, stop)))

    def _structured(self, point: Point) -> None:
        self.single(point)
        self.left -= 1
        if (row := row_at(point)) is not None and self.tally.nearest:
            near = next((f for f in self.tally.nearest if point_of(f.point) == point), None)
            if near is not None:
                self.pools.put(near.margin, row)

    def take(self, batch: Batch, most: int | None = None) -> int:
        """Decide a batch, and count it; how many are open at first, or slow. With ``most`` so many
        of these are looked at again, and none that stays open counts."""
        batch = gridded(self.claim, batch)
        self.tries -= len(batch)
        try:
            found = decide_many(self.claim, batch)
        except Singly:
            return self._all_singly(batch) if most is None else len(batch)
        opened, slow = _open(found), int(found.slow.sum())
        if most is not None:
            batch, found = _without(batch, found, opened[most:])
        self._refine(batch, found)
        if most is not None:
            batch, found = _without(batch, found, _open(found))
        outcomes, tally = found.outcomes, self.tally
        self.left -= int((outcomes != OUTSIDE).sum())
        for outcome, name in NAMES.items():
            tally.outcomes[name] += int((outcomes == outcome).sum())
        sure = (outcomes == HOLDS) | (outcomes == REFUTED)
        ratios = found.ratios[sure & ~np.isnan(found.ratios)]
        bins, counts = np.unique(np.searchsorted(EDGES, ratios, "right"), return_counts=True)
        tally.bins.update(dict(zip(bins.tolist(), counts.tolist(), strict=True)))
        for b in _open(found).tolist():
            self.single(batch.point(b))
        self._keep(batch, found, sure)
        return max(len(opened), slow)

    def _all_singly(self, batch: Batch) -> int:
        for b in range(len(batch)):
            self.single(batch.point(b))
        self.left -= len(batch)
        return len(batch)

    def _refine(self, batch: Batch, found: Decisions) -> None:
        """Decide again, with narrower population quantities, what is open; not where arrays
        cannot, as where each of these divides by 0."""
        rows = _open(found)
        if len(rows) and self.claim.sign != "==" and self._integrates:
            try:
                fine = decide_many(self.claim, part(batch, rows), FINE)
            except Singly:
                return
            found.outcomes[rows], found.margins[rows] = fine.outcomes, fine.margins
            found.ratios[rows] = fine.ratios

    @property
    def _integrates(self) -> bool:
        return any(s.needs for s in self.claim.symbols.values())

    def _keep(self, batch: Batch, found: Decisions, sure: Any) -> None:
        margins = np.where(sure, found.margins, np.inf)
        order = np.argsort(margins, kind="stable")[:32]
        rows = [int(b) for b in order if np.isfinite(margins[b])]
        bar = self.pools.bar()
        self.pools.add(margins, batch, [b for b in rows if margins[b] < bar])
        for kind, which in (("refuted", REFUTED), ("nearest", None)):
            known = getattr(self.tally, kind)
            bar = known[-1].margin if len(known) == KEPT else np.inf
            new = [b for b in rows if margins[b] < bar and which in (None, found.outcomes[b])]
            points = [(b, batch.point(b)) for b in new[:KEPT]]
            for _, point in points if which == REFUTED else ():
                self._confirm(point)
            self.tally.keep(
                kind, [Found.of(float(margins[b]), float(found.ratios[b]), p) for b, p in points]
            )

    def _confirm(self, point: Point) -> None:
        """What is kept as a violation is decided by itself too."""
        if decide(self.claim, point).outcome == "holds":
            raise ArithmeticError(f"{self.claim.id}: arrays and balls differ at {point!r}")


def _open(found: Decisions) -> Any:
    return np.flatnonzero(found.outcomes == UNDECIDED)


def _without(batch: Batch, found: Decisions, rows: Any) -> tuple[Batch, Decisions]:
    if not len(rows):
        return batch, found
    others = np.delete(np.arange(len(batch)), rows)
    return part(batch, others), found.at(others)
