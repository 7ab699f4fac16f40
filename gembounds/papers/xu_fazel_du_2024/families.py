"""Families of points along which constants of this paper's claims tend to their best values."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point, Value, repeated
from gembounds.points.short import decimal
from gembounds.statements.best import Family
from gembounds.values.mixture import Mixture


def radial_best(name: str) -> Callable[[], Any]:
    """The best value that a function of :mod:`.arithmetic.best_radial` encloses; its module, and
    with it the arithmetic in balls, is imported when the value is asked for."""

    def value() -> Any:
        from gembounds.papers.xu_fazel_du_2024.arithmetic import best_radial

        found = getattr(best_radial, name)()
        return found[0] if isinstance(found, tuple) else found

    return value


def one_far_mean(quick: bool) -> list[tuple[Fraction, Point]]:
    """n = 2, d = 1, means M and 0, equal weights: u = M^2 = U."""
    sizes = (8, 16, 32) if quick else (8, 16, 32, 64)
    return [(Fraction(m * m), Point(Mixture([[m], [0]]))) for m in sizes]


def one_far_mean_and(**parameters: Value) -> Callable[[bool], list[tuple[Fraction, Point]]]:
    """The same with parameters: the step size."""
    return lambda quick: [(u, Point(p.mixture, parameters)) for u, p in one_far_mean(quick)]


def outweighing_pair(quick: bool) -> list[tuple[Fraction, Point]]:
    """n = 3, means (10, ..., 10), -(10, ..., 10), 0; weights at the end of the condition
    pi_1 <= exp(5d/2) pi_3, just within: u = d."""
    return _pairs((9, 25, 64) if quick else (9, 25, 64, 144, 256))


def short_pair(quick: bool) -> list[tuple[Fraction, Point]]:
    """The same for the smallest d, and with both far means on one side."""
    return [*_pairs((1, 2)), *_pairs((1, 2), side=1)]


def _pairs(
    dimensions: tuple[int, ...], near: int = 0, side: int = -1
) -> list[tuple[Fraction, Point]]:
    out = []
    for d in dimensions:
        ratio = decimal(Fraction(math.exp(2.5 * d)), 6) * Fraction(999, 1000)
        total = 2 * ratio + 1
        weights = [ratio / total, ratio / total, 1 / total]
        out.append((Fraction(d), Point(repeated([[10, 10 * side, near]], [d], weights))))
    return out


def isotropic(**parameters: Value) -> Callable[[bool], list[tuple[Fraction, Point]]]:
    """+-s e_1 on the line, s to 0: u = 1/s."""

    def points(quick: bool) -> list[tuple[Fraction, Point]]:
        return [(Fraction(k), Point(Mixture([[Fraction(1, k)], [Fraction(-1, k)]]), parameters))
                for k in (16, 256, 4096)]  # fmt: skip

    return points


def balanced(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means s and -w s/(1-w) of weights w and 1-w, s and w to 0: u = 1/w."""
    out = []
    for k in (64, 1024, 16384):
        w, s = Fraction(1, k), Fraction(1, k)
        out.append((Fraction(k), Point(Mixture([[s], [-w * s / (1 - w)]], [w, 1 - w]))))
    return out


def opposite_with_far_x(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means +-s on the line, equal weights, x = 1/s^2, i = 1, j = 2: u = 1/s^2 = |x|."""
    out = []
    for k in (16, 256, 4096):
        mix = Mixture([[Fraction(1, k)], [Fraction(-1, k)]])
        out.append((Fraction(k * k), Point(mix, {"i": 0, "j": 1, "x": (Fraction(k * k),)})))
    return out


def light_with_near_x(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means 1 and 0 on the line, weights w and 1-w, x = w, i = j = 1: u = 1/w."""
    out = []
    for k in (64, 1024, 16384):
        w = Fraction(1, k)
        mix = Mixture([[1], [0]], [w, 1 - w])
        out.append((Fraction(k), Point(mix, {"i": 0, "j": 0, "x": (w,)})))
    return out


def half_as_long(**parameters: Value) -> Callable[[bool], list[tuple[Fraction, Point]]]:
    """Means 1 and 1/2 + 1/u on the line, weights 1/u and 1 - 1/u."""

    def points(quick: bool) -> list[tuple[Fraction, Point]]:
        out = []
        for k in (64, 1024, 16384):
            s = Fraction(1, k)
            mix = Mixture([[1], [Fraction(1, 2) + s]], [s, 1 - s])
            out.append((Fraction(k), Point(mix, parameters)))
        return out

    return points


def heavy(**parameters: Value) -> Callable[[bool], list[tuple[Fraction, Point]]]:
    """n = 2, means s and 0 on the line, weights 1 - s and s, s = 1/u."""

    def points(quick: bool) -> list[tuple[Fraction, Point]]:
        out = []
        for k in (16, 256, 4096):
            s = Fraction(1, k)
            out.append((Fraction(k), Point(Mixture([[s], [0]], [1 - s, s]), parameters)))
        return out

    return points


def even_at_0(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means a -+ D/2 on the line with a = 1/D^(1/2), weights so that both posteriors are nearly
    1/2 at x = 0, D to 0: u = 1/D."""
    out = []
    for k in (4, 16, 64):
        a, half = Fraction(k), Fraction(1, 2 * k * k)
        ratio = decimal(Fraction(math.exp(1 / k)), 12)
        weights = [1 / (1 + ratio), ratio / (1 + ratio)]
        out.append((Fraction(k * k), Point(Mixture([[a - half], [a + half]], weights))))
    return out


def to_and_fro(quick: bool) -> list[tuple[Fraction, Point]]:
    """Two equal means m on the line, equal weights, displacements +-1/(100 m): u = m."""
    out = []
    for m in (10**4, 10**6, 10**8):
        step = Fraction(1, 100 * m)
        out.append((Fraction(m), Point(Mixture([[m], [m]]), {"delta": ((step,), (-step,))})))
    return out


def two_thirds(quick: bool) -> list[tuple[Fraction, Point]]:
    """Means 0 on the line, weights 2/3 and 1/3, displacements +-1/u."""
    return [
        (Fraction(k), Point(Mixture([[0], [0]], ["2/3", "1/3"]),
                            {"delta": ((Fraction(1, k),), (Fraction(-1, k),))}))
        for k in (64, 1024, 16384)
    ]  # fmt: skip


def largest_step(quick: bool) -> list[tuple[Fraction, Point]]:
    """mu_2 = 0, mu_1 near the length that makes the smoothness of a step largest."""
    start = Mixture([[Fraction(33522, 100000)], [0]])
    return [(Fraction(1), Point(start, {"share": Fraction(1)}))]


def trapped(quick: bool) -> list[tuple[Fraction, Point]]:
    """The start of Theorem 7 with n = 3 on the line, near the end of its time."""
    return [(Fraction(1), Point(None, {"d": 1, "n": 3, "eta": Fraction(9, 1000), "t": 10}))]


def dimensions(quick: bool) -> list[tuple[Fraction, Point]]:
    """c = 1/(3d), the end of Lemma 17's condition, d from 1 to 12: u = d."""
    return [(Fraction(d), Point(None, {"c": Fraction(1, 3 * d), "d": d})) for d in range(1, 13)]


def half_left(quick: bool) -> list[tuple[Fraction, Point]]:
    """A state of one mean that is not 0, U half of that at the start."""
    two = Fraction(2)
    state = Point(Mixture([[1], [0]]), {"share": Fraction(1), "start_U": two, "start_top": two})
    return [(Fraction(1), state)]


def longer_trap(quick: bool) -> list[tuple[Fraction, Point]]:
    """The start of Theorem 7 with n = 3, one step: u = d."""
    return [(Fraction(d), Point(None, {"d": d, "n": 3, "eta": Fraction(1), "t": 1}))
            for d in (4, 9, 25)]  # fmt: skip


def end_of_condition(*means: int) -> Callable[[bool], list[tuple[Fraction, Point]]]:
    """Two equal means on the line, both moved by 1/max(6, 2 |mu_i|): u = |mu_i|."""

    def points(quick: bool) -> list[tuple[Fraction, Point]]:
        out = []
        for m in means:
            shift = Fraction(1, max(6, 2 * m))
            mix = Mixture([[m], [m]])
            out.append((Fraction(m), Point(mix, {"delta": ((shift,), (shift,))})))
        return out

    return points


def opposite_far(quick: bool) -> list[tuple[Fraction, Point]]:
    """Far means 10 and -10, a near mean -1, weights at the end of their condition, x = 2; the
    same in d equal coordinates: u = d."""
    out = []
    for d in (1, 4):
        mix = _pairs((d,), -1)[0][1].mix
        out.append((Fraction(d), Point(mix, {"x": (Fraction(2),) * d})))
    return out


FAR = Family("one far mean of two, equal weights", "U = mu_max^2", one_far_mean)
PAIR = Family("two far means that outweigh a mean at 0", "d", outweighing_pair)
EVEN_AT_0 = Family("two near means, even at x = 0", "1/D", even_at_0)
SHORT_PAIR = Family("two far means that outweigh a mean at 0", "d", short_pair, False)
BALANCED = Family("mean zero, one light component, all means to 0", "1/pi_min", balanced)
FAR_X = Family("two opposite means of equal weights, to 0, x far", "|x|", opposite_with_far_x)
NEAR_X = Family("one light mean, others 0, x to 0", "1/pi_min", light_with_near_x)

SHARE, ETA = {"share": Fraction(1)}, {"eta": Fraction(1)}
FAR_START = Family("one far mean of two, equal weights", "U(0)", one_far_mean_and(**SHARE))
FAR_STEP = Family("one far mean of two, equal weights", "U", one_far_mean_and(**ETA))
SMALL = Family("two opposite means of equal weights, to 0", "1/mu_max", isotropic())
SMALL_START = Family(
    "two opposite means of equal weights, to 0", "1/mu_max(0)", isotropic(**SHARE)
)
HEAVY = Family("one heavy component, all means to 0", "1/mu_max", heavy())
HEAVY_START = Family("one heavy component, all means to 0", "1/mu_max(0)", heavy(**SHARE))
HEAVY_DROP = Family(
    "one heavy component, all means to 0", "1/mu_max(0)", heavy(**SHARE, s=Fraction(1))
)
HEAVY_STEP = Family("one heavy component, all means to 0", "1/mu_max", heavy(**ETA))
HEAVY_FALL = Family("one heavy component, all means to 0", "1/mu_max", heavy(**ETA, s=Fraction(1)))
FRO = Family("two equal far means that part", "mu_max", to_and_fro)
THIRDS = Family("means 0, weights 2/3 and 1/3, that part", "1/|delta|", two_thirds)
LARGEST = Family("the largest step", "1", largest_step, False)
TRAPPED = Family("the trap on the line", "d", trapped, False)
LONGER = Family("the trap's first step", "d", longer_trap)
LARGEST_PRODUCT = Family("2 |delta_i| |mu_i| = 1", "|mu_i|", end_of_condition(3), False)
FAR_PRODUCT = Family("2 |delta_i| |mu_i| = 1", "|mu_i|", end_of_condition(10**2, 10**4, 10**6))
HALF = Family("two means, the heavy one just over half as long", "1/pi_min", half_as_long())
HALF_TOP = Family(
    "two means, the heavy one just over half as long", "1/pi_min", half_as_long(imax=0)
)
HALF_AT_0 = Family(
    "two means, the heavy one just over half as long", "1/pi_min", half_as_long(x=(Fraction(0),))
)
BY_DIMENSION = Family("c = 1/(3d)", "d", dimensions, False)
HALF_LEFT = Family("one mean, half of U(0) left", "U", half_left, False)
OPPOSITE = Family("far and near means opposite, x on the far one", "d", opposite_far, False)
