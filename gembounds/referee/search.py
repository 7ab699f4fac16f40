"""Drawing points from a claim's generator and deciding the claim at each of them.

Points come from Hypothesis's engine run for generation only, with a seed, without its database and
without the numbers of loaded modules, so the same seed draws the same points on every machine with
the same Hypothesis.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture import providers

from gembounds.points.moves import movable
from gembounds.points.point import Point
from gembounds.points.shrink import shrink, size
from gembounds.referee.margin import WORST, margin
from gembounds.referee.optimise import STARTS, Margins, push
from gembounds.referee.ratio import Extremes, extremes, ratio
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision, decide
from gembounds.statements.drawing import points_of
from gembounds.statements.operations import LADDER
from gembounds.tools.alone import ALONE

T = TypeVar("T")

SHOWN = 3
"""Undecided points that are kept to be looked at."""

SHRINKING = LADDER[:4]
"""Rungs that decide candidates while shrinking: those further up cost more than they help."""


@dataclass
class Findings:
    """What a search found: how many points had each outcome, the smallest point that refutes,
    some undecided ones, the extremes of the ratio, and the points nearest to a violation with
    their margins, nearest first (the others those that the optimiser can start from)."""

    outcomes: Counter[str] = field(default_factory=Counter)
    witness: Point | None = None
    undecided: list[Point] = field(default_factory=list)
    ratios: Extremes | None = None
    closest: list[tuple[float, Point]] = field(default_factory=list)
    pushed: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def decided(self) -> int:
        return sum(self.outcomes[k] for k in ("holds", "refuted", "consistent"))

    def add(self, claim: Claim, point: Point, decision: Decision) -> None:
        """Count one decision."""
        self.outcomes[decision.outcome] += 1
        if decision.outcome == "refuted" and (
            self.witness is None or size(point) < size(self.witness)
        ):
            self.witness = point
        if decision.outcome == "undecided" and len(self.undecided) < SHOWN:
            self.undecided.append(point)
        if decision.decided:
            self._near([(margin(decision.pairs, claim.sign), point)])
            self._extend(extremes(ratio(a, claim.sign, b) for a, b in decision.pairs))

    def merge(self, other: Findings) -> None:
        """Count everything that ``other`` found."""
        self.outcomes += other.outcomes
        if other.witness is not None and (
            self.witness is None or size(other.witness) < size(self.witness)
        ):
            self.witness = other.witness
        self.undecided = (self.undecided + other.undecided)[:SHOWN]
        self._extend(other.ratios)
        self._near(other.closest)
        self.pushed += other.pushed
        self.seconds += other.seconds

    def _near(self, found: list[tuple[float, Point]]) -> None:
        known = [*self.closest, *(f for f in found if f[0] < WORST)]
        known.sort(key=lambda f: f[0])
        others = {f[0]: f for f in reversed(known[1:]) if movable(f[1])}  # one of equal margins
        self.closest = known[:1] + sorted(others.values(), key=lambda f: f[0])[:STARTS]

    @property
    def starts(self) -> list[Point]:
        """Points for the optimiser to start from."""
        nearest = {margin: point for margin, point in reversed(self.closest) if movable(point)}
        return [nearest[margin] for margin in sorted(nearest)][:STARTS]

    def _extend(self, found: Extremes | None) -> None:
        if found is not None:
            known = [found] if self.ratios is None else [self.ratios, found]
            self.ratios = Extremes(max(e.largest for e in known), min(e.smallest for e in known))


def draw(claim: Claim, points: int, key: int, visit: Callable[[Point], Any]) -> None:
    """Call ``visit`` with ``points`` points of the claim's generator, determined by ``key``; with
    none where none is found in its domain."""

    @seed(key)
    @settings(
        max_examples=points,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(points_of(claim))
    def each(point: Point) -> None:
        visit(point)

    with same_everywhere(), suppress(Unsatisfiable):
        each()


@contextmanager
def same_everywhere() -> Iterator[None]:
    """Inside, Hypothesis draws no numbers that stand in loaded modules: which those are depends on
    where gembounds is installed, and on what the process did before."""
    # newer ones do so; no public setting keeps them from it
    known = getattr(providers, "_get_local_constants", None)
    cache = getattr(providers, "CONSTANTS_CACHE", None)
    if known is None or cache is None:
        yield
        return
    none = providers.Constants()  # type: ignore[attr-defined]
    with ALONE:
        cache.cache.clear()
        providers._get_local_constants = lambda: none
        try:
            yield
        finally:
            providers._get_local_constants = known
            cache.cache.clear()


def search(claim: Claim, points: int, key: int) -> Findings:
    """Decide ``claim`` at ``points`` generated points."""
    return search_all([claim], points, key)[0]


def alike(items: Iterable[T], of: Callable[[T], Any]) -> list[list[T]]:
    """The items in groups for which ``of`` is the same, in the order of the first of each."""
    groups: dict[Any, list[T]] = {}
    for item in items:
        groups.setdefault(of(item), []).append(item)
    return list(groups.values())


def search_all(claims: Sequence[Claim], points: int, key: int) -> list[Findings]:
    """Decide claims that share their ``drawing`` at ``points`` points, each drawn once: what is
    evaluated of its mixture serves them all. Each has its share of the time of drawing."""
    start = time.perf_counter()
    found = [Findings() for _ in claims]

    def visit(point: Point) -> None:
        for claim, findings in zip(claims, found, strict=True):
            began = time.perf_counter()
            findings.add(claim, point, decide(claim, point))
            findings.seconds += time.perf_counter() - began

    draw(claims[0], points, key, visit)
    drawing = time.perf_counter() - start - sum(f.seconds for f in found)
    for findings in found:
        findings.seconds += drawing / len(found)
    return found


def pushed(claim: Claim, starts: Sequence[Point], evaluations: int) -> Findings:
    """What the optimiser finds from each of ``starts``, up to the first that leads to a violation,
    decided by the first two rungs: a point each, which is not counted among the outcomes unless it
    refutes the claim."""
    began = time.perf_counter()
    findings, margins = Findings(), Margins(claim)
    for start in starts:
        found = push(claim, start, evaluations, margins)
        decision = found.refuted or decide(claim, found.point, LADDER[:2])
        one = Findings(pushed=found.evaluations)
        one.add(claim, found.point, decision)
        if decision.outcome != "refuted":
            one.outcomes.clear()
            one.undecided.clear()
        findings.merge(one)
        if findings.witness is not None:
            break
    findings.seconds = time.perf_counter() - began
    return findings


def smallest_witness(claim: Claim, witness: Point) -> Point:
    """The witness shrunk, the violation certified at every step."""
    return shrink(witness, lambda point: decide(claim, point, SHRINKING).outcome == "refuted")
