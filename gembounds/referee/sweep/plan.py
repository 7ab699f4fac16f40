"""What a sweep computes: strands of chunks, as many of each claim as its share of the points asks.

A strand is a sequence of rounds, a chunk each, and round k + 1 starts from what round k of the
strand found. So a chunk depends on its claim, its seed, its strand and its round alone, and
strands need nothing of each other: that is what makes shards. The first strands are short, and
come first of all claims, so that a run that is ended early has seen each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np

from gembounds.referee.check import usual_points
from gembounds.referee.origin import folder_of, origin
from gembounds.referee.sweep.chunk import work
from gembounds.referee.sweep.draws import batches, gridded
from gembounds.statements.claim import Claim
from gembounds.statements.every import every_point
from gembounds.statements.many import OUTSIDE, UNDECIDED, decide_many, why_singly
from gembounds.statements.paper import papers
from gembounds.tools.chains import Chain

ROUNDS = 8
"""Of a strand (a choice)."""

FIRST, LONGEST = 0.25, 20.0
"""About the seconds of a chunk of the first strands, and of those from which on all are alike."""

SINGLE = 5000.0
"""Microseconds a configuration that is decided by itself, where no table says it (a guess),
times the claim's ``cost``."""

MANY = 30.0
"""The same of one that is decided in arrays."""

TRIED, ENOUGH = 340, 0.1
"""Configurations that say whether arrays decide a claim, and the share that they must decide."""

TABLE = "costs.json"
"""In a paper's folder: microseconds a configuration, by claim."""


@dataclass(frozen=True)
class Share:
    """A claim's part of a sweep: ``points`` configurations of about ``micro`` microseconds;
    ``source`` is the digest of its paper or file, ``whole`` says that its domain is finite, and
    ``many`` that it is decided in arrays."""

    paper: str
    claim: str
    home: str
    source: str
    points: int
    micro: float
    whole: bool = False
    many: bool = False

    def chains(self, seed: int) -> list[Chain]:
        """Its strands."""
        common = {"paper": self.paper, "claim": self.claim, "source": self.source, "seed": seed,
                  "many": self.many}  # fmt: skip
        out, first = [], 0
        for strand, sizes in enumerate(strands(self.points, self.micro)):
            arguments: dict[str, Any] = {**common, "strand": strand}
            if self.whole:
                arguments["firsts"] = [first + sum(sizes[:k]) for k in range(len(sizes))]
                first += sum(sizes)
            out.append(Chain(
                f"{self.paper}:{self.claim}, strand {strand + 1}", work, arguments, len(sizes),
                self.micro * 1e-6 * sum(sizes), sizes, {"home": self.home}, strand,
            ))  # fmt: skip
        return out

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of(data: Any) -> Share:
        """That of :meth:`to_json`; raises ``TypeError`` or ``ValueError`` for anything else."""
        found = Share(**data)
        kinds: dict[str, Any] = {"str": str, "int": int, "float": (int, float), "bool": bool}
        for field in fields(found):
            value = getattr(found, field.name)
            if not isinstance(value, kinds[str(field.type)]):
                raise TypeError(field.name)
        if found.points < 1 or not 0 < found.micro < math.inf:
            raise ValueError(f"{found.points} points of {found.micro} us")
        return found


def strands(points: int, micro: float) -> list[tuple[int, ...]]:
    """The sizes of the chunks of each strand, ``points`` in all."""
    out: list[tuple[int, ...]] = []
    while points > 0:
        seconds = min(LONGEST, FIRST * 2 ** min(20, len(out) // 2))
        size = max(1, round(seconds * 1e6 / micro))
        sizes = [size] * min(ROUNDS, points // size)
        points -= sum(sizes)
        if len(sizes) < ROUNDS and points:
            sizes, points = [*sizes, points], 0
        out.append(tuple(sizes))
    return out


def shares(claims: Sequence[Claim], points: int, planned: Sequence[Share] = ()) -> list[Share]:
    """``points`` configurations in all: as many of each claim as are drawn by ``check``, if they
    suffice, and the rest so that all take about the same time. Of a finite domain all are. What
    ``planned`` says of a claim holds on."""
    before = {(s.claim, s.source): s for s in planned}
    known = [before.get((c.id, origin(c.home)[1])) for c in claims]
    finite = [every_point(c) for c in claims]
    whole = [None if points is None else len(points) for points in finite]
    many = [
        old.many if old else w is None and in_arrays(c)
        for c, w, old in zip(claims, whole, known, strict=True)
    ]
    costs = [
        old.micro if old else cost_of(c, m) for c, m, old in zip(claims, many, known, strict=True)
    ]
    each = points // len(claims)
    least = [min(each, usual_points(c)) for c in claims]
    rest = max(0, points - sum(least))
    total = sum(1 / x for x, w in zip(costs, whole, strict=True) if w is None) or 1.0
    out = []
    for claim, cost, few, every, arrays in zip(claims, costs, least, whole, many, strict=True):
        number = every or max(1, few + int(rest / cost / total))
        paper, source = origin(claim.home)
        out.append(
            Share(paper, claim.id, claim.home, source, number, cost, every is not None, arrays)
        )
    spare = points - sum(s.points for s in out)
    quick = min(range(len(out)), key=lambda k: (out[k].whole, costs[k]))
    return [replace(s, points=s.points + max(0, spare) * (k == quick and not s.whole))
            for k, s in enumerate(out)]  # fmt: skip


@cache
def table(paper: str) -> dict[str, float]:
    """The paper's table of costs, empty where it has none."""
    path = folder_of(paper) / TABLE
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def in_arrays(claim: Claim) -> bool:
    """Whether a claim is decided in arrays: where enough of a few of its configurations are."""
    decided = total = 0
    try:
        for batch in batches(claim, np.random.default_rng(0), TRIED):
            some = gridded(claim, batch)
            if why_singly(claim, some) is not None:
                return False
            outcomes = decide_many(claim, some).outcomes
            decided += int((~np.isin(outcomes, (UNDECIDED, OUTSIDE))).sum())
            total += len(outcomes)
    except Exception:  # noqa: BLE001 - of a claim's own code: its chunks say which
        return False
    return decided >= ENOUGH * total > 0


def cost_of(claim: Claim, many: bool) -> float:
    """About the microseconds that a configuration takes."""
    known = table(claim.home) if claim.home in papers() else {}
    return known.get(claim.id) or (MANY if many else SINGLE * claim.cost)
