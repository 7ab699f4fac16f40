"""The best value of a constant on a box: a point that refutes what is beyond one end, a proof of
the other.

Which way a constant acts is seen from the form of the sides (:func:`larger_is_stronger`). At each
point its critical value is where the margin is 0; the supremum of the strongest ones over the box
is what is stated. A local search climbs to it from many points; the claim is then proved with the
constant a little weaker, and every violation that the proof meets is a better point to climb from.
Points are float64, and only seek: the one end is a decision at an exact point, the other a
proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.points.point import Point
from gembounds.proving.boxes.chart import CellBatch
from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.margins import direction
from gembounds.proving.boxes.operations import CellOperations
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.boxes.ranges import Range
from gembounds.proving.boxes.search import Found
from gembounds.proving.boxes.symmetries import left_out
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.evaluate import Undefined, entries, evaluate
from gembounds.tools.errors import InputError

STARTS, KEPT, STEPS = 1500, 12, 60
"""Points drawn, climbed from, and rounds of climbing (choices)."""

SHARE = 0.85
"""Of the wanted width, what the first proof leaves between its constant and the best point's."""

TRIES = 12
"""Proofs at most: each violation gives a better point, or the gap is widened up to the width."""

DIGITS = 12
"""Decimal digits of the value that is proved: what they move it is far below any width."""

SLACKS = (1e-9, 1e-8, 1e-7, 1e-6)
"""How far beyond the critical value, relatively, the refuted value is; the first that is
decided."""

STILL = 1e-12
"""A relative change of margins by a quarter more of a constant that rounding may have made."""

Prove = Callable[[Claim], tuple[Problem, Found]]


@dataclass(frozen=True)
class Sharp:
    """No value stronger than ``refuted`` holds on the box, by ``point``; ``proved`` holds
    (None where no proof was finished), by ``problem`` and ``found``. ``larger``: whether
    larger values are stronger."""

    constant: str
    larger: bool
    refuted: Fraction | None
    point: Point | None
    proved: Fraction | None
    problem: Problem | None
    found: Found | None


class Values:
    """Margins at points of the unit cube, (K, B), for a constant that may differ from point to
    point."""

    def __init__(self, problem: Problem, constant: str, t: Any, face: int) -> None:
        self.problem, self.constant = problem, constant
        self.batch = CellBatch(problem.chart, t, t, face)
        self.ops = CellOperations(self.batch, problem.expectations)
        with np.errstate(all="ignore"):
            self.outside = problem.out_of_domain(self.ops) | left_out(self.batch)[0]

    def margin(self, value: Any) -> Any:
        """The least entry of the margin at each point, (B,)."""
        size, count = self.batch.size, self.problem.chart.count
        value = np.broadcast_to(np.asarray(value, dtype=float), size)
        constants = {
            **self.problem.claim.constants,
            self.constant: Jet.constant(Range(value, value), count),
        }
        least = np.full(size, np.inf)
        with np.errstate(all="ignore"):
            for one in self.ops.passes():
                try:
                    found = entries(evaluate(self.problem.margin, self.ops, Point(), constants))  # type: ignore[arg-type]
                except Undefined:
                    continue
                for jet in (self.ops.cleared(x, False) for x in found):
                    middle = np.broadcast_to(0.5 * (jet.at.lo + jet.at.hi), size)
                    least = np.fmin(least, np.where(one.impossible, np.inf, middle))
        return least

    def critical(self, start: float) -> Any:
        """Where the margin is 0 in the constant, by secants from ``start``; nan outside the
        domain, where it does not seem to depend on it, or to be > 0 for all constants > 0."""
        size = self.batch.size
        a, b = np.full(size, start), np.full(size, start * 1.25)
        fa, fb = self.margin(a), self.margin(b)
        last = np.full(size, np.nan)
        with np.errstate(all="ignore"):
            none = np.abs(fb - fa) <= STILL * (np.abs(fa) + np.abs(fb))
            for _ in range(40):
                c = np.where(fb == fa, b, b - fb * (b - a) / (fb - fa))
                none |= (fb > 0) & (c <= 0) & (np.abs(c - last) <= 1e-6 * np.abs(c))
                last, c = c, np.clip(c, b / 16, b * 16)
                if not np.any(~none & (np.abs(c - b) > 1e-13 * np.abs(b))):
                    break
                a, fa = b, fb
                b, fb = c, self.margin(c)
        return np.where(self.outside | none | ~np.isfinite(fb), np.nan, b)


def larger_is_stronger(claim: Claim, constant: str) -> bool:
    """Whether every larger value of a constant makes a stronger claim, by the form of its sides.

    Raises :class:`InputError` where neither that nor the opposite is seen from there, and for a
    constant that is not > 0 or stands in a condition.
    """
    if not claim.constants[constant] > 0:
        raise InputError(f"{claim.id}: {constant} is not positive: turn its sign")
    if any(constant in w.constants for w in claim.conditions):
        raise InputError(
            f"{claim.id}: {constant} stands in a condition: its best value is not sought"
        )
    less, more = claim.decided.lhs, claim.decided.rhs
    if claim.sign in (">", ">="):
        less, more = more, less
    found = direction(more - less, constant, claim.constants)
    if not found:
        raise InputError(
            f"{claim.id}: whether a larger {constant} is stronger does not show in its form: "
            "write it as a factor, or an exponent, on one side"
        )
    return found < 0


def climb(problem: Problem, constant: str, sign: float, starts: Any) -> tuple[Any, Any]:
    """Points of the cube and critical values, best first: ``sign`` > 0 where large ones are
    wanted."""
    now = float(problem.claim.constants[constant])

    def value(t: Any) -> Any:
        out = np.full(t.shape[1], -np.inf)
        for face, where in problem.chart.groups(t, t):
            if problem.chart.has(face):
                found = sign * Values(problem, constant, t[:, where], face).critical(now)
                out[where] = np.where(np.isnan(found), -np.inf, found)
        return out

    values = value(starts)
    order = np.argsort(-values)[:KEPT]
    best, value_best = starts[:, order].copy(), values[order]
    count, kept = best.shape
    step = np.full(kept, 0.1)
    rng = np.random.default_rng(1)
    for _ in range(STEPS):
        moves = np.concatenate(
            [np.eye(count), -np.eye(count), rng.normal(size=(2 * count, count))]
        )
        t = best[:, :, None] + step[None, :, None] * moves.T[:, None, :]
        t = np.clip(t, 0.0, 1.0)
        found = value(t.reshape(count, -1)).reshape(kept, -1)
        k = np.argmax(found, axis=1)
        rows = np.arange(kept)
        better = found[rows, k] > value_best
        best[:, better] = t[:, rows, k][:, better]
        step = np.where(better, step * 1.5, step * 0.5)
        value_best = np.maximum(value_best, found[rows, k])
        if np.all(step < 1e-9):
            break
    order = np.argsort(-value_best)
    return best[:, order], sign * value_best[order]


def sharp(problem: Problem, constant: str, width: float, prove: Prove) -> Sharp:
    """Both ends of the best value of ``constant`` on the box, ``width`` apart, relatively, if that
    is reached."""
    rng = np.random.default_rng(0)
    larger = larger_is_stronger(problem.claim, constant)
    # the constant must be weak enough at every point: the largest critical value where smaller
    # is stronger, the smallest where larger is
    sign = -1.0 if larger else 1.0
    count = problem.chart.count
    corners = np.array(np.meshgrid(*[[0.0, 0.5, 1.0]] * min(count, 6))).reshape(min(count, 6), -1)
    corners = np.concatenate([corners, np.full((count - len(corners), corners.shape[1]), 0.5)])
    starts = np.concatenate([rng.uniform(size=(count, STARTS)), corners], axis=1)
    t, values = climb(problem, constant, sign, starts)
    refuted, point, gap = None, None, SHARE * width
    for _ in range(TRIES):
        here, there = _certified(problem, constant, larger, t, values)
        if here is not None and (
            refuted is None or (here < refuted if larger else here > refuted)
        ):
            refuted, point = here, there
        if refuted is None:
            break
        gap_now = Fraction(gap)
        tried = refuted * (1 - gap_now) if larger else refuted * (1 + gap_now)
        tried = Fraction(f"{float(tried):.{DIGITS}g}")
        with_it, found = prove(problem.claim.with_constants(**{constant: tried}))
        if found.verdict == "proved":
            return Sharp(constant, larger, refuted, point, tried, with_it, found)
        if found.point is None:
            break
        t, values = climb(problem, constant, sign, _near(problem, found.point, t, rng))
    return Sharp(constant, larger, refuted, point, None, None, None)


def _near(problem: Problem, point: Point, t: Any, rng: Any) -> Any:
    """Points around a violation, and those known."""
    place = problem.place(point)
    around = place[:, None] + rng.normal(size=(len(place), 200)) * np.geomspace(1e-4, 0.1, 200)
    return np.clip(np.concatenate([place[:, None], around, t], axis=1), 0.0, 1.0)


def _certified(
    problem: Problem, constant: str, larger: bool, t: Any, values: Any
) -> tuple[Fraction | None, Point | None]:
    """The strongest value that is certainly refuted at one of the points."""
    for k in range(t.shape[1]):
        if not np.isfinite(values[k]):
            continue
        batch = CellBatch(problem.chart, t[:, k : k + 1], t[:, k : k + 1])
        point = problem.point(batch.at[:, 0])
        if point is None:
            continue
        for slack in SLACKS:
            moved = values[k] * (1 + slack if larger else 1 - slack)
            value = Fraction(float(moved))
            if (
                decide(problem.claim.with_constants(**{constant: value}), point).outcome
                == "refuted"
            ):
                return value, point
    return None, None
