"""The inequalities of Theorem 2's proof at every step of a trajectory, decided in balls."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np
from flint import arb

from gembounds.dynamics.trajectory.record import Trajectory
from gembounds.evaluators.balls.radial import ball
from gembounds.papers.xu_fazel_du_2024.claims.section_5_weights import factor_of
from gembounds.papers.xu_fazel_du_2024.claims.step import (
    STEP_FACTOR,
    U0,
    any_eta,
    gamma,
    step_size,
)
from gembounds.papers.xu_fazel_du_2024.claims.theorem_2_rate import SHARP, sharp_gamma
from gembounds.papers.xu_fazel_du_2024.rate.bounds import Bounds
from gembounds.papers.xu_fazel_du_2024.rate.record import Check
from gembounds.points.point import Point
from gembounds.statements.evaluate import evaluate
from gembounds.statements.logic import compare
from gembounds.statements.operations import Operations, interval_ball
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture

Sides = Callable[[int], tuple[Any, Any] | None]


def checks(mix: Mixture, run: Trajectory, bounds: Bounds) -> list[Check]:
    """Every inequality of :mod:`gembounds.papers.xu_fazel_du_2024.rate.run`, at the t that the
    trajectory reaches."""
    loss = _balls(run.loss)
    if run.kind == "em":
        falls = _decided("em-decrease", "L(mu(t+1)) <= L(mu(t))", run.steps,
                         lambda t: (loss[t], loss[t + 1]))  # fmt: skip
        return [falls, *_within("rate-em", bounds, loss, run.steps)]
    total, slope = _balls(run.U), _balls(run.gradient_norm)
    least = ball(min(mix.exact_weights))
    speeds = [ball(eta * min(Fraction(1), 2 - eta)) for eta in run.eta]

    def size(u: Any) -> Any:
        return min(mix.n, mix.d) + (2 * u).min(arb(3))

    ops, start = Operations(), Point(mix, {"eta": Fraction(1)})
    one = ball(evaluate(sharp_gamma(any_eta, U0), ops, start, {"factor": SHARP}))
    gammas = {"": [one * x for x in speeds]}
    if max(run.eta) <= 1:
        gammas["-paper"] = [paper_gamma(mix) * ball(eta) for eta in run.eta]

    def drop(t: int) -> Any:
        return loss[t] - loss[t + 1]

    def slowest(t: int) -> Any:
        root = (ball(SHARP) * least).sqrt() / size(total[t])
        return root * (-total[t] / 2).exp() * _power(loss[t], 3)

    found = [
        _decided("eq-29", "U(mu(t)) <= U(0)", run.steps, lambda t: (total[0], total[t + 1])),
        _decided("eq-33", "L(mu(t)) - L(mu(t+1)) >= (eta/2) min(1, 2 - eta) |g|^2", run.steps,
                 lambda t: (drop(t), speeds[t] / 2 * slope[t] ** 2)),
        _decided("eq-34", "|g| >= sqrt(8 pi_min) exp(-U/2) L^(3/2) / (min(n, d) + min(2U, 3))",
                 run.steps, lambda t: (slope[t], slowest(t))),
    ]  # fmt: skip
    for name, growth in gammas.items():
        found += _with_gamma(name, growth, loss, run.steps)
    return found + _within("rate-gradient", bounds, loss, run.steps)


def _within(name: str, bounds: Bounds, loss: list[Any], steps: int) -> list[Check]:
    """L against the bounds of :mod:`gembounds.papers.xu_fazel_du_2024.rate.bounds`, where they
    are finite."""

    def above(t: int) -> tuple[Any, Any] | None:
        top = bounds.upper[t + 1]
        return (arb(float(top)), loss[t + 1]) if math.isfinite(top) else None

    def below(t: int) -> tuple[Any, Any]:
        return loss[t + 1], arb(float(bounds.lower[t + 1]))

    found = [_decided(f"{name}-upper", "L(mu(t)) <= upper", steps, above)]
    if np.isfinite(bounds.lower[1:]).all():
        found.append(_decided(f"{name}-lower", "L(mu(t)) >= lower", steps, below))
    return found


def _with_gamma(name: str, gammas: list[Any], loss: list[Any], steps: int) -> list[Check]:
    sums = list(accumulate(gammas))
    whose = "the paper's gamma" if name else "gamma"

    def growth(t: int) -> tuple[Any, Any]:
        # 1/b^2 - 1/a^2 as (a - b)(a + b)/(a b)^2, where less cancels
        a, b = loss[t], loss[t + 1]
        return (a - b) * (a + b) / (a * b) ** 2, gammas[t]

    def rate(t: int) -> tuple[Any, Any]:
        return 1 / sums[t].sqrt(), loss[t + 1]

    return [
        _decided(f"eq-30{name}", f"1/L^2(mu(t+1)) - 1/L^2(mu(t)) >= {whose}", steps, growth),
        _decided(f"eq-35{name}", f"L(mu(t)) - L(mu(t+1)) >= ({whose}/2) L^3", steps,
                 lambda t: (loss[t] - loss[t + 1], gammas[t] / 2 * loss[t] ** 3)),
        _decided(f"theorem-2{name}", f"L(mu(t)) <= 1/sqrt({whose} t)", steps, rate),
    ]  # fmt: skip


def _decided(name: str, text: str, steps: int, sides: Sides) -> Check:
    """``sides(t)`` are a larger and a smaller one, for t = 0, ..., steps - 1."""
    check = Check(name, text)
    for t in range(steps):
        larger, smaller = sides(t) or (arb(0), arb(0))
        truth = compare(larger, ">=", smaller)
        if truth:
            check.holds += 1
            ratio = float_ends(larger / smaller)[0] if smaller > 0 else None
            if ratio is not None and (check.closest is None or ratio < check.closest):
                check.closest = ratio
        elif truth is None:
            check.undecided += 1
        else:
            check.violated += 1
            check.first_violated = t if check.first_violated is None else check.first_violated
    return check


def paper_step(mix: Mixture) -> float:
    """log10 of the largest eta that Theorem 2 allows, with the constant of its proof."""
    largest = step_size(STEP_FACTOR)
    found = ball(evaluate(largest, Operations(), Point(mix, {"share": Fraction(1)}), {}))
    return float((found.log() / arb(10).log()).mid())


def paper_gamma(mix: Mixture) -> Any:
    """Theorem 2's gamma for a step size of 1, with the constant of its proof."""
    return ball(evaluate(gamma(any_eta), Operations(), Point(mix, {"eta": Fraction(1)}), {}))


def growth_of(mix: Mixture, run: Trajectory) -> tuple[float | None, tuple[float, float] | None]:
    """The expected growth of L^(-1/2) a step (None for one component, whose L decays at a linear
    rate, and for step sizes that change), and its mean over the last half (None if L may be 0).
    The rank that the expectation needs is taken in float64: it decides nothing."""
    expected = None
    if run.kind == "em":
        rank = int(np.linalg.matrix_rank(mix.means[1:] - mix.means[0])) if mix.n > 1 else 0
        expected = 4 / math.sqrt(rank) if rank else None
    elif (
        len(set(run.eta)) == 1
        and mix.n > 1
        and int(np.linalg.matrix_rank(mix.means[1:] - mix.means[0])) == mix.n - 1
    ):
        factor = ball(factor_of(mix.exact_weights))  # may be beyond float64's range
        expected = float((ball(4 * run.eta[0]) / factor.sqrt()).mid())
    loss, half = _balls(run.loss), run.steps // 2
    if not (loss[half] > 0 and loss[-1] > 0):
        return expected, None
    mean = (1 / loss[-1].sqrt() - 1 / loss[half].sqrt()) / (run.steps - half)
    return expected, float_ends(mean)


def _power(x: Any, power: int) -> Any:
    return x.nonnegative_part().sqrt() ** power


def _balls(values: Any) -> list[Any]:
    if values.balls is not None:
        return [ball(x) for x in values.balls.tolist()]
    ends = zip(values.lower.tolist(), values.upper.tolist(), strict=True)
    return [interval_ball(low, high) for low, high in ends]
