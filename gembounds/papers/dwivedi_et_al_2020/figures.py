"""The figures: bounds of the step, best constants by the weight, the rate; all certified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from gembounds.evaluators.balls.radial import ball, norm_survival
from gembounds.evaluators.balls.tanh import tanh_means
from gembounds.papers.dwivedi_et_al_2020.arithmetic import best_share
from gembounds.referee.curves import Chart, Curve, Point, at, make
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

BITS = 80


def _curve(name: str, xs: Iterable[Any], f: Callable[[Any], Any], **more: Any) -> Curve:
    with working_precision(BITS):
        return Curve(name, [at(x, f(ball(x))) for x in xs], **more)


def balanced(quick: bool) -> Chart:
    """|M(theta)|/theta for equal weights, between its bounds."""
    xs = [Fraction(k, 16) for k in range(0, 97, 4 if quick else 1)]
    with working_precision(BITS):
        p = 1 - norm_survival(Fraction(1), 1) / 2
        half = p.pi() / 2
    curves = [
        _curve("stated, above", xs, lambda x: 1 - p + p / (1 + x * x / 2), stated=True),
        _curve("stated, below", xs, lambda x: 1 / (1 + 2 * x * x), stated=True),
        _curve("|M(theta)|/theta", xs, lambda x: tanh_means(0, x)[1]),
        _curve("(1 + (pi/2) theta^2)^(-1/2)", xs, lambda x: 1 / (1 + half * x * x).sqrt()),
        _curve("(1 + 2 theta^2)^(-1/2)", xs, lambda x: 1 / (1 + 2 * x * x).sqrt()),
    ]
    return Chart("Equal weights: the step and its bounds", "theta", "factor", curves)


def unbalanced(quick: bool) -> Chart:
    """The best c in |M(theta)| <= (1 - c rho^2) |theta|, by the larger weight."""
    shares = [Fraction(k, 40) for k in range(22, 40, 4 if quick else 1)]
    shares += [1 - Fraction(1, 10**k) for k in ((2,) if quick else (2, 3, 4, 6))]
    width = Fraction(1, 10 if quick else 40)
    points: list[Point] = []
    for share in shares:
        low, high = best_share(2 * share - 1, width)
        points.append((float(share), float_ends(low)[0], float_ends(high)[1]))
    curves = [
        Curve("stated: 1/2", [(0.5, 0.5, 0.5), (1.0, 0.5, 0.5)], stated=True),
        Curve("best, certified", points),
    ]
    least = min(points, key=lambda p: p[2])
    return Chart(
        "Unequal weights: the best constant", "the larger weight", "c", curves,
        numbers={"least here": {"weight": least[0], "ends": list(least[1:])}},
    )  # fmt: skip


def rate(quick: bool) -> Chart:
    """t theta_t^2 along runs of equal weights, and what is proved of every start."""
    most = 40 if quick else 400
    curves = []
    with working_precision(160):
        for start in (Fraction(10), Fraction(1), Fraction(1, 4)):
            x, points = ball(start), []
            for t in range(1, most + 1):
                x = x * tanh_means(0, x)[1]
                points.append(at(t, t * x * x))
            curves.append(Curve(f"theta_0 = {start}", points))
        above = at(1, 2 / x.pi())
    ends = [(1.0, *above[1:]), (float(most), *above[1:])]
    curves.append(Curve("2/pi: above it never", ends, stated=True))
    half = [(1.0, 0.5, 0.5), (float(most), 0.5, 0.5)]
    curves.append(Curve("1/2: its limit", half, stated=True))
    return Chart("Equal weights: t theta_t^2", "t", "t theta_t^2", curves, log_x=True)


CHARTS: Mapping[str, Callable[[bool], Chart]] = {
    "pair_balanced": balanced, "pair_unbalanced": unbalanced, "pair_rate": rate,
}  # fmt: skip

NAMES = tuple(CHARTS)


def figures(
    out: Path, *, only: Sequence[str] | None = None, quick: bool = False, seed: int = 0,
    jobs: int = 1, progress: Any = None,
) -> list[str]:  # fmt: skip
    """Make them in ``out``; nothing is drawn at random, and one process is enough."""
    title = "Two components fitted to one: figures"
    return make(CHARTS, out, title=title, only=only, quick=quick, progress=progress)
