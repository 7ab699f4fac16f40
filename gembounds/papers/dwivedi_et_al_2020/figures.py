"""The figures: bounds of the step, best constants by the weight, the rate; all certified."""

from __future__ import annotations

from fractions import Fraction

from gembounds.evaluators.balls.radial import ball, norm_survival
from gembounds.evaluators.balls.tanh import tanh_means
from gembounds.papers.dwivedi_et_al_2020.arithmetic import best_share
from gembounds.referee.curves import Chart, Curve, Figures, Point, at, curve
from gembounds.values.balls import float_ends
from gembounds.values.precision import working_precision

BITS = 80


def balanced(quick: bool) -> Chart:
    """|M(theta)|/theta for equal weights, between its bounds."""
    xs = [Fraction(k, 16) for k in range(0, 97, 4 if quick else 1)]
    with working_precision(BITS):
        p = 1 - norm_survival(Fraction(1), 1) / 2
        half = p.pi() / 2
    curves = [
        curve("stated, above", xs, lambda x: 1 - p + p / ball(1 + x * x / 2), BITS, stated=True),
        curve("stated, below", xs, lambda x: 1 / ball(1 + 2 * x * x), BITS, stated=True),
        curve("|M(theta)|/theta", xs, lambda x: tanh_means(0, x)[1], BITS),
        curve(
            "(1 + (pi/2) theta^2)^(-1/2)", xs, lambda x: 1 / (1 + half * ball(x * x)).sqrt(), BITS
        ),
        curve("(1 + 2 theta^2)^(-1/2)", xs, lambda x: 1 / ball(1 + 2 * x * x).sqrt(), BITS),
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


figures = Figures(
    "Two components fitted to one: figures",
    {"pair_balanced": balanced, "pair_unbalanced": unbalanced, "pair_rate": rate},
)

NAMES = tuple(figures.charts)
