"""What is kept of many configurations of one claim: counts, a histogram, those that matter.

Tallies merge in any order to the same. A configuration is kept as JSON text, so that equal ones
are one, and ties are ordered alike everywhere.
"""

from __future__ import annotations

import bisect
import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gembounds.points.point import Point

KEPT = 8
"""Configurations of each kind that are kept of a chunk, or of a claim (a choice)."""

EDGES = (0.0, 1e-9, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1e3, 1e4)
"""Of the bins of log10(larger side / smaller side): below the first a violation."""


class Found(NamedTuple):
    """A configuration: its margin (:mod:`gembounds.referee.margin`), log10 of its ratio or None
    where it has none, and its JSON."""

    margin: float
    ratio: float | None
    point: str

    @staticmethod
    def of(margin: float, ratio: float | None, point: Point) -> Found:
        known = ratio is not None and math.isfinite(ratio)
        return Found(margin, ratio if known else None, text_of(point))


def text_of(point: Point) -> str:
    return json.dumps(point.to_json(), sort_keys=True)


def point_of(text: str) -> Point:
    return Point.from_json(json.loads(text))


def bin_of(ratio: float) -> int:
    """From 0, of violations, to ``len(EDGES)``."""
    return bisect.bisect_right(EDGES, ratio)


@dataclass
class Tally:
    """``outcomes``: how many configurations had each (holds, refuted, consistent, undecided,
    undefined, outside), and how many went up the ladder (single); ``bins`` of their ratios;
    ``refuted`` and ``nearest``, least margins first; ``undecided``, some of them."""

    outcomes: Counter[str] = field(default_factory=Counter)
    bins: Counter[int] = field(default_factory=Counter)
    refuted: list[Found] = field(default_factory=list)
    nearest: list[Found] = field(default_factory=list)
    undecided: list[Found] = field(default_factory=list)

    @property
    def decided(self) -> int:
        return sum(self.outcomes[k] for k in ("holds", "refuted", "consistent"))

    def keep(self, kind: str, found: Iterable[Found], most: int = KEPT) -> None:
        """Add configurations of that kind, and keep the first of all, in order, once each."""
        known = {
            f.point: f for f in sorted([*getattr(self, kind), *found], key=_order, reverse=True)
        }
        setattr(self, kind, sorted(known.values(), key=_order)[:most])

    def merge(self, other: Tally) -> None:
        self.outcomes.update(other.outcomes)
        self.bins.update(other.bins)
        for kind in KINDS:
            self.keep(kind, getattr(other, kind))

    def to_json(self) -> dict[str, Any]:
        return {
            "outcomes": {k: self.outcomes[k] for k in sorted(self.outcomes) if self.outcomes[k]},
            "bins": [[k, self.bins[k]] for k in sorted(self.bins) if self.bins[k]],
            **{kind: [list(f) for f in getattr(self, kind)] for kind in KINDS},
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Tally:
        kept = {kind: [Found(*f) for f in data[kind]] for kind in KINDS}
        return Tally(Counter(data["outcomes"]), Counter(dict(data["bins"])), **kept)


KINDS = ("refuted", "nearest", "undecided")


def _order(found: Found) -> tuple[float, int, str]:
    """By margin, then the shortest first: the simplest of equal ones."""
    return found.margin, len(found.point), found.point
