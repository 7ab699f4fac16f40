"""Structured mixtures at which inequalities tend to be tightest, and points made of them.

Each family takes a size s, a weight w and perhaps a rank: coincident, opposite, balanced (mean
zero with one light far component), one far mean, two far means, half (mu_2 = mu_1/2 and just
beyond), isotropic (+-s e_k), simplex, and clusters. Zero columns raise the dimension. Claims
whose points have more than a mixture get their parameters from :func:`companions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from gembounds.points.point import Point, Value
from gembounds.values.mixture import Mixture

Rows = list[list[Fraction]]
Family = tuple[str, Rows, list[Fraction] | None]

SIZES = tuple(map(Fraction, ("1/1024", "1/16", "1/2", "1", "2", "5")))
WEIGHTS = tuple(map(Fraction, ("1/4", "1/64", "1/1048576")))
EXTRA = (0, 3, 60)
"""Zero coordinates appended."""

WITH_RANK = 3
"""Largest rank of the isotropic family (a choice: a grid of rank 3 takes a millisecond)."""

REACHES = tuple(map(Fraction, ("1", "-1", "8", "1/64")))
"""Lengths of x along the first axis."""

BEYOND_HALF = Fraction(513, 1024)


def mixtures(quick: bool = False) -> Iterator[tuple[str, Mixture]]:
    """Name and mixture; fewer sizes and weights if ``quick``."""
    sizes = SIZES[::2] if quick else SIZES
    extras = EXTRA[:2] if quick else EXTRA
    for s in sizes:
        for name, rows, weights in of_size(s, WEIGHTS[:2] if quick else WEIGHTS):
            for extra in extras:
                yield name, Mixture([row + [Fraction(0)] * extra for row in rows], weights)


def of_size(s: Fraction, light: tuple[Fraction, ...] = WEIGHTS) -> Iterator[Family]:
    """All families at size ``s``."""
    zero = Fraction(0)
    yield "coincident", [[s], [s]], None
    yield "symmetric", [[s], [-s]], None
    yield "one far mean", [[s], [zero]], None
    yield "two far means", [[s], [-s], [zero]], None
    yield "half as long", [[s], [s / 2]], None
    yield "within half", [[s], [s * BEYOND_HALF]], None
    yield "collinear", [[s], [s / 2], [Fraction(3, 4) * s]], None
    yield "simplex", [[s, zero], [-s / 2, s], [-s / 2, -s]], None
    for w in light:
        shares = [w, 1 - w]
        yield "balanced", [[s], [-w * s / (1 - w)]], shares
        yield "one light far mean", [[s], [zero]], shares
        yield "one heavy weight", [[zero], [s]], shares
        yield "light and opposite", [[s], [-s]], shares
        yield "light, within half", [[s], [s * BEYOND_HALF]], shares
        yield "light between two", [[zero], [s], [-s]], [w, (1 - w) / 2, (1 - w) / 2]
    for rank in range(2, WITH_RANK + 1):
        unit = [[s if j == k else zero for j in range(rank)] for k in range(rank)]
        yield "isotropic", unit + [[-x for x in row] for row in unit], None


def companions(mix: Mixture, like: Point) -> Iterator[dict[str, Value]]:
    """Parameters of the kinds that ``like`` has, for ``mix``; nothing where a kind is unknown."""
    options: list[list[tuple[str, Value]]] = []
    longest = max(range(mix.n), key=lambda i: sum(x * x for x in mix.exact_means[i]))
    axis = tuple(Fraction(int(k == 0)) for k in range(mix.d))
    for name in like.parameters:
        choices: list[Value]
        if name == "x":
            choices = [tuple(r * x for x in axis) for r in REACHES]
        elif name in ("i", "j", "k"):
            choices = list(range(mix.n))
        elif name == "imax":
            choices = [longest]
        elif name in ("t", "s"):
            choices = [Fraction(1), Fraction(0), Fraction(-1)]
        elif name == "share":
            choices = [Fraction(1)]
        elif name == "eta":
            choices = [Fraction(1), Fraction(1, 1024)]
        elif name == "delta":
            choices = list(_displacements(mix, axis))
        else:
            return
        options.append([(name, value) for value in choices])
    for chosen in product(*options):
        yield dict(chosen)


def _displacements(mix: Mixture, axis: tuple[Fraction, ...]) -> Iterator[Value]:
    """Along the first axis: all alike, to and fro, and one alone."""
    largest = max(sum((x * x for x in row), Fraction(0)) for row in mix.exact_means)
    size = Fraction(1, 6 * mix.d)
    while 4 * largest * size * size > 1:
        size /= 2
    move, back = tuple(size * x for x in axis), tuple(-size * x for x in axis)
    still = tuple(Fraction(0) for _ in axis)
    yield (move,) * mix.n
    yield tuple(move if i % 2 == 0 else back for i in range(mix.n))
    yield (move,) + (still,) * (mix.n - 1)
    yield (still,) * (mix.n - 1) + (move,)


def points(like: Point, quick: bool = False) -> Iterator[tuple[str, Point]]:
    """Points of the kind of ``like`` (drawn from a claim's generator), by family."""
    if like.mixture is None:
        return
    for name, mix in mixtures(quick):
        if like.parameters and mix.d > 8:
            continue
        for parameters in companions(mix, like):
            yield name, Point(mix, parameters)
