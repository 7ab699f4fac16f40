"""Lines t x through 0: where Lemma 18 and its proof are meant, and overlaps along them.

The integral of psi_i psi_j over a line is certified by
:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral`; in (13) the integral of
exp(-4 mu_max |tx|) over [-1, 1] is 2 (1 - exp(-q))/q, q = 4 mu_max |x|, on the right of its first
link, and adaptive integration of each half on the left of the second.

Only |x| and the numbers <x, mu_k> enter, so a rotation changes nothing and d to 40 is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024 import ensembles
from gembounds.papers.xu_fazel_du_2024.arithmetic.line_estimate import (
    log_line_integral,
    log_posteriors,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import named, symbol
from gembounds.points.point import Point
from gembounds.statements import (
    SEVERAL,
    Domain,
    Expr,
    mu_max,
    norm,
    real,
    vector,
)
from gembounds.statements.conditions import Part, part
from gembounds.statements.logs import LogArray
from gembounds.statements.tree import call
from gembounds.values.exact import is_zero

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral import Line

MAX_D = 40

LENGTHS = tuple(map(Fraction, ("1", "1/2", "3", "1/100", "1/100000000", "100", "1000")))
"""Scales of x."""


# -- where ---------------------------------------------------------------------------------------
def has_line(ops: Any, point: Point) -> Iterator[Part]:
    """x != 0 in R^d; i and j indices of components where they are given."""
    yield from SEVERAL.parts(ops, point)
    yield Part("x != 0", any(point["x"]))
    for name in ("i", "j"):
        if name in point.parameters:
            yield part(f"{name} >= 0", point[name], ">=", 0)
            yield part(f"{name} < n", point[name], "<", point.mix.n)


def lines(*, max_rank: int = 3, max_d: int = MAX_D) -> SearchStrategy[Point]:
    """Mixtures of 2 to 10 components and x != 0: on the grid, along a mean or across two, at
    scales from 1e-8 to 1e3; i, j any pair."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import GRID, mixtures

    def placed(mix: Any) -> SearchStrategy[Point]:
        index = st.integers(0, mix.n - 1)
        anywhere = st.tuples(*[st.sampled_from(GRID)] * mix.d)
        along = st.tuples(index, index).map(lambda k: _difference(mix.exact_means, *k))
        x = st.tuples(anywhere | along, st.sampled_from(LENGTHS)).map(_scaled_and_nonzero)
        return st.tuples(x, index, index).map(
            lambda t: Point(mix, dict(zip("xij", t, strict=True)))
        )

    return mixtures(max_rank=max_rank, max_d=max_d).flatmap(placed)


def places_on_lines() -> SearchStrategy[Point]:
    """The same with t in [-1, 1]: both ends, 0, and any."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    signed = st.tuples(positive(), st.sampled_from((1, -1))).map(lambda t: t[0] * t[1])
    ends = st.sampled_from([Fraction(k) for k in (0, 1, -1)])
    return st.tuples(lines(), ends | signed).map(
        lambda drawn: Point(drawn[0].mixture, {**drawn[0].parameters, "t": drawn[1]})
    )


def _difference(means: tuple[tuple[Fraction, ...], ...], i: int, k: int) -> tuple[Fraction, ...]:
    """mu_i - mu_k, or mu_i for i = k."""
    if i == k:
        return means[i]
    return tuple(a - b for a, b in zip(means[i], means[k], strict=True))


def _scaled_and_nonzero(drawn: tuple[tuple[Fraction, ...], Fraction]) -> tuple[Fraction, ...]:
    x, scale = drawn
    return tuple(scale * v for v in (x if any(x) else (Fraction(1), *x[1:])))


LINES = Domain("lines through 0", has_line, lines, ensembles.PLACED, text="x != 0")
PLACES = Domain("lines through 0, t", has_line, places_on_lines, ensembles.PLACED, text="x != 0")


# -- symbols -------------------------------------------------------------------------------------
def the_line(ops: Any, point: Point) -> Line:
    """The line t x through the mixture."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral import Line

    mix, x = point.mix, point["x"]
    slopes = [
        sum((a * b for a, b in zip(row, x, strict=True)), Fraction(0)) for row in mix.exact_means
    ]
    return Line(slopes, ops.norms2(mix), ops.weights(mix))


def _posterior(ops: Any, point: Point, y: Any) -> Any:
    """psi_i(y); pi_i where all means coincide."""
    if ops.coincident(point.mix):
        return ops.weights(point.mix)[point["i"]]
    return ops.psi(point.mix, tuple(y))[point["i"]]


def _log_posterior(b: Any, y: LogArray) -> LogArray:
    found = log_posteriors(b, y.value)[np.arange(len(b)), b["i"]]
    return LogArray(np.ones_like(found), found)


def _log_overlap(b: Any, x: LogArray) -> LogArray:
    found = b.kept("overlap on a line", lambda: log_line_integral(b))
    return LogArray(np.ones_like(found), found)


def _decay(scale: int) -> dict[str, Callable[..., Any]]:
    """scale (1 - exp(-q))/q, its limit at q = 0."""

    def of(ops: Any, point: Any, q: Any) -> Any:
        if is_zero(q):
            return Fraction(scale)
        q = ops.ball(q)
        return -scale * (-q).expm1() / q

    def estimate(batch: Any, q: LogArray) -> Any:
        return -scale * np.expm1(-q.value) / q.value

    return {"of": of, "estimate": estimate}


def _integral_of_bound(ops: Any, point: Point, weight: Any, q: Any, square: Any) -> Any:
    """integral_{-1}^{1} weight exp(-q |t| - 4 mu_max^2) dt, each half integrated."""
    from flint import acb

    q, shift = ops.ball(q), ops.ball(4 * square)
    tiny = ops.exp(-shift) * ops.ball(Fraction(1, 2**ops.rung.bits))
    total = ops.ball(0)
    for start, sign in ((-1, 1), (0, -1)):

        def half(t: Any, _: bool, slope: Any = sign * q) -> Any:
            return (slope * t - shift).exp()

        total += acb.integral(half, start, start + 1, abs_tol=tiny).real
    return ops.ball(weight) * total


def of_component(name: str, letter: str) -> Expr:
    """The weight of the component that a point names."""
    return named(
        name, f"pi_{letter}", rf"\pi_{letter}", lambda ops, p: ops.weights(p.mix)[p[letter]],
        estimate=lambda b: b.weights[np.arange(len(b)), b[letter]],
    )  # fmt: skip


x, t = vector("x"), real("t", -1, 1)
pi_i, pi_j = of_component("pi_at_i", "i"), of_component("pi_at_j", "j")
pair = pi_i * pi_j
posterior_at = symbol("posterior_on_line", "psi_i({0})", r"\psi_i({0})", _posterior,
                      estimate=_log_posterior)  # fmt: skip
overlap = call(
    symbol(
        "overlap_on_line", "int_-1^1 psi_i(t {0}) psi_j(t {0}) dt",
        r"\int_{-1}^1 \psi_i(t {0}) \psi_j(t {0}) \,\mathrm{d}t",
        lambda ops, p, x: the_line(ops, p).overlap(p["i"], p["j"], ops.rung.bits),
        estimate=_log_overlap,
    ),
    x,
)  # fmt: skip
mean_decay = symbol(
    "mean_decay", "(1 - exp(-{0}))/({0})", r"\frac{1 - e^{-{0}}}{{0}}", mixture=False,
    meaning="1 at 0", **_decay(1),
)  # fmt: skip
decay_to_1 = symbol(
    "decay_to_1", "int_0^1 exp(-{0} t) dt", r"\int_0^1 e^{-{0} t} \,\mathrm{d}t", mixture=False,
    **_decay(1),
)  # fmt: skip
decay_on_line = symbol(
    "decay_on_line", "int_-1^1 exp(-{0} |t|) dt", r"\int_{-1}^1 e^{-{0} |t|} \,\mathrm{d}t",
    mixture=False, **_decay(2),
)  # fmt: skip
integral_of_bound = call(
    symbol(
        "integral_of_bound", "int_-1^1 {0} exp(-{1} |t| - 4 {2}) dt",
        r"\int_{-1}^1 {0} \, e^{-{1} |t| - 4 {2}} \,\mathrm{d}t", _integral_of_bound,
    ),
    pair, 4 * mu_max * norm(x), mu_max**2,
)  # fmt: skip
