"""Strategies: mixtures with two means far out and the others near 0, as Lemma 15 has them, and
the trajectories of Theorem 7, whose other means are 0.

Coordinates come in one to three blocks in which all entries of a mean are equal, so that
(c, ..., c) has the norm c sqrt(d), the ends 10 sqrt(d) and sqrt(d) are reached exactly, and
d = 10^6 costs a few distinct columns.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point, repeated
from gembounds.points.strategies import dimensions, positive, weights
from gembounds.values.columns import runs
from gembounds.values.precision import working_precision

FAR_NORMS = (*(Fraction(k) for k in (10, 12, 11, 14, 20, 30, 100, 1000)), Fraction(10241, 1024))
"""Norms of the two far means in units of sqrt(d): from 10 itself. All entries are float64
numbers, which is what makes long blocks cheap (:func:`gembounds.points.point.repeated`)."""

NEAR_NORMS = tuple(Fraction(x) for x in ("0", "0", "1", "1/2", "1/8", "1/134217728"))
"""Norms of the others, up to 1 itself."""

SLOPES = tuple(Fraction(x) for x in ("1", "-1", "0", "1/2", "-1/2"))
"""Entries of a block relative to the norm in units of sqrt(d)."""

WEIGHT_EXPONENTS = (0, 1, 3, 8, 12, 20, 40, 80, 150, 300)
"""Exponents of ten of the near means' weights, when they are small."""


@st.composite
def far_pairs(draw: DrawFn, max_d: int = 10**6, max_n: int = 10) -> Point:
    """|mu_1|, |mu_2| >= 10 sqrt(d) and |mu_3|, ..., |mu_n| <= sqrt(d), n from 3; any weights,
    often such that the near means weigh next to nothing."""
    n = draw(st.one_of(st.just(3), st.integers(3, max_n)))
    d = draw(st.one_of(st.integers(1, 6), st.integers(1, 6), dimensions(1, max_d)))
    blocks = draw(st.integers(1, min(3, d))) if d <= 6 else draw(st.integers(1, 2))
    lengths = [d // blocks] * (blocks - 1)
    lengths.append(d - sum(lengths))
    rows = []
    for i in range(n):
        size = draw(st.sampled_from(FAR_NORMS if i < 2 else NEAR_NORMS))
        signs = [draw(st.sampled_from((1, 1, -1))) for _ in range(blocks)]
        if i >= 2:  # any direction: shorter is inside as well
            slopes = [draw(st.sampled_from(SLOPES)) for _ in range(blocks)]
            rows.append([size * x for x in slopes])
        else:
            rows.append([size * x for x in signs])
    columns = [[row[k] for row in rows] for k in range(blocks)]
    return Point(repeated(columns, lengths, draw(_weights(n))))


@st.composite
def _weights(draw: DrawFn, n: int) -> tuple[Fraction, ...] | None:
    kind = draw(st.integers(0, 5))
    if kind <= 1:
        return None
    if kind == 2:
        return draw(weights(n))
    if kind == 3:
        exponents = [draw(st.sampled_from(WEIGHT_EXPONENTS)) for _ in range(n)]
    else:  # one far mean has nearly all the weight
        exponents = [draw(st.sampled_from(WEIGHT_EXPONENTS[-4:]))] * n
    parts = [Fraction(1, 10**e) for e in exponents]
    parts[draw(st.integers(0, 1))] = Fraction(1)
    total = sum(parts, Fraction(0))
    return tuple(p / total for p in parts)


@st.composite
def far_pairs_with_x(draw: DrawFn, max_d: int = 300) -> Point:
    """The same with a point x, |x| <= 2 sqrt(d): the end, 0, and along the far means."""
    point = draw(far_pairs(max_d))
    mix = point.mix
    size = draw(st.sampled_from((Fraction(2), Fraction(0), Fraction(1), Fraction(-2))))
    kind = draw(st.integers(0, 2))
    signs: list[int]
    if kind == 0:
        signs = [1] * mix.d
    else:
        row = mix.exact_means[kind - 1]
        signs = [1 if x >= 0 else -1 for x in row]
    return Point(mix, {"x": tuple(size * s for s in signs)})


def outweighed(point: Point, rate: Fraction) -> Point:
    """The point with its near weights raised until pi_1, pi_2 <= exp(rate d) max(pi_3, ...),
    up to the end itself: a rational just inside."""
    mix = point.mix
    first, second, *rest = mix.exact_weights
    most = just_below(lambda: (ball(rate) * min(mix.d, 400)).exp())
    short = max(first, second) / (most * max(rest))
    if short <= 1:
        return point
    parts = [first, second, *(short * w for w in rest)]
    total = sum(parts, Fraction(0))
    columns, lengths = zip(*runs(mix), strict=True)
    changed = repeated(columns, lengths, [p / total for p in parts])
    return Point(changed, point.parameters)


def outweighed_far_pairs(rate: Fraction) -> SearchStrategy[Point]:
    """:func:`far_pairs` with pi_1, pi_2 <= exp(rate d) max(pi_3, ..., pi_n)."""
    return far_pairs().map(lambda point: outweighed(point, rate))


def outweighed_far_pairs_with_x(rate: Fraction) -> SearchStrategy[Point]:
    """:func:`far_pairs_with_x` with the same."""
    return far_pairs_with_x().map(lambda point: outweighed(point, rate))


def just_below(value: Callable[[], Any]) -> Fraction:
    """A dyadic rational at most the ball ``value()``, and near it."""
    with working_precision(64):
        mantissa, exponent = value().lower().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def trajectories(
    most: int = 1000, largest: Callable[[int], Any] = lambda d: ball(d).exp() / 30
) -> SearchStrategy[Point]:
    """d from 1 to 100 and some to ``most``, n from 3 to 10^300, t at 0, 1, T and between, eta
    from 1e-30 to the largest that leaves t = 1; the ball ``largest(d)`` is eta T."""

    @st.composite
    def drawn(draw: DrawFn) -> Point:
        d = draw(st.one_of(st.integers(1, 12), st.integers(1, 100), dimensions(1, most)))
        n = draw(components())
        steps = just_below(lambda: largest(d))  # eta t is at most this
        kind = draw(st.integers(0, 3))
        if kind == 0:
            eta = draw(st.one_of(positive(), st.integers(1, 10**6).map(Fraction)))
            return Point(parameters={"d": d, "n": n, "eta": eta, "t": 0})
        if kind == 1:
            t = draw(st.integers(1, 10))
            return Point(parameters={"d": d, "n": n, "eta": draw(positive(steps / t)), "t": t})
        eta = min(draw(positive(Fraction(1), 30)), steps)
        last = int(steps / eta)
        t = last if kind == 2 else draw(st.integers(1, last))
        return Point(parameters={"d": d, "n": n, "eta": eta, "t": t})

    return drawn()


def components() -> SearchStrategy[int]:
    """n from 3 to 10^300: small ones, then powers of ten."""
    return st.one_of(st.integers(3, 12), st.integers(1, 300).map(lambda e: 10**e))


def symmetric_states() -> SearchStrategy[Point]:
    """d from 1 to 100, n from 3 to 10^300, a from 10 to 12."""

    def state(drawn: tuple[int, int, Fraction, bool]) -> Point:
        d, n, share, merged = drawn
        a = 12 - 2 * share
        if n <= 12 and not merged:
            return Point(repeated([[a, -a, *[0] * (n - 2)]], [d]))
        weights = [Fraction(1, n), Fraction(1, n), Fraction(n - 2, n)]
        return Point(repeated([[a, -a, 0]], [d], weights))

    share = st.one_of(st.just(Fraction(0)), st.integers(1, 16).map(lambda k: Fraction(k, 16)))
    small = st.integers(1, 8)  # more often: balls at d = 100 take a second
    dimension = st.one_of(small, small, small, st.integers(1, 30), st.integers(1, 100))
    return st.tuples(dimension, components(), share, st.booleans()).map(state)


def bad_starts() -> SearchStrategy[Point]:
    """d from 1 to 10^6, n from 3 to 10^300, eta from 1e-30 to 10^12."""
    large = st.integers(0, 12).map(lambda e: Fraction(10**e))
    eta = positive(Fraction(1), 30) | st.integers(1, 10**6).map(Fraction) | large
    return st.tuples(dimensions(), components(), eta).map(_start)


def starts_of_traps() -> SearchStrategy[Point]:
    """d from 1 to 10^6, more often to 100, n from 3 to 10^300, eta from 1e-30 to 1."""
    d = st.one_of(st.integers(1, 12), st.integers(1, 100), dimensions())
    eta = st.one_of(st.just(Fraction(7, 10)), positive(Fraction(1), 30))
    return st.tuples(d, st.one_of(st.integers(3, 1000), components()), eta).map(_start)


def _start(drawn: tuple[Any, ...]) -> Point:
    return Point(parameters=dict(zip(("d", "n", "eta"), drawn, strict=True)))


def starts_of_gradients() -> SearchStrategy[Point]:
    """d from 1 to 100 and some to 1000, n from 3 to 10^6."""
    d = st.one_of(st.integers(1, 50), st.integers(1, 100), st.integers(1, 1000))
    n = st.one_of(st.integers(3, 12), st.integers(3, 1000), st.just(10**6))
    return st.tuples(d, n).map(lambda t: Point(parameters={"d": t[0], "n": t[1]}))


def opposite_pairs() -> SearchStrategy[Point]:
    """n from 3 to 10^6, a from 2 to 1000."""
    n = st.one_of(st.integers(3, 12), st.integers(3, 1000), st.just(10**6))
    a = st.one_of(st.integers(20, 400).map(lambda k: Fraction(k, 10)), st.integers(2, 1000))
    return st.tuples(n, a).map(lambda t: Point(parameters={"n": t[0], "a": Fraction(t[1])}))
