"""Lemma 18 and its displayed steps (12), (13): overlaps on a line through 0, from below.

    any x != 0, any mu, i, j:
        integral_{-1}^{1} psi_i(tx) psi_j(tx) dt
            >= pi_i pi_j exp(-4U) (1 - exp(-4 mu_max |x|)) / (2 mu_max |x|),
    (12)  psi_i(tx) >= pi_i exp(-2 mu_max (|tx| + mu_max)),
    (13)  integral psi_i psi_j(tx) dt >= integral pi_i pi_j exp(-4 mu_max (|tx| + mu_max)) dt
              = pi_i pi_j exp(-4 mu_max^2) 2 integral_0^1 exp(-4 mu_max |x| t) dt >= the bound.

Where mu_max = 0 the bound is 0/0 and its limit 2 pi_i pi_j is meant: all psi_i are pi_i, and the
sides are equal. The integral of psi_i psi_j is certified by :mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral`;
in (13) the integral of exp(-4 mu_max |tx|) over [-1, 1] is 2 (1 - exp(-q))/q, q = 4 mu_max |x|,
on the right of its first link, and adaptive integration of each half on the left of the second.
The third link is an equality where only one mean is not 0 (U = mu_max^2): both sides are given
in units of pi_i pi_j exp(-4 mu_max^2) 2 (1 - exp(-q))/q, which they share.

Only |x| and the numbers <x, mu_k> enter, so a rotation changes nothing and d to 40 is drawn.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral import Line
    from gembounds.statements.operations import Operations

MAX_D = 40

LENGTHS = tuple(map(Fraction, ("1", "1/2", "3", "1/100", "1/100000000", "100", "1000")))
"""Scales of x."""

EXACT = {"decay": Fraction(4), "rate": Fraction(4), "factor": Fraction(1)}
"""The numbers of the middle of (13): exp(-4 mu_max^2), exp(-4 mu_max |x| t)."""


def has_line(ops: Operations, point: Point) -> Tri:
    """x != 0 in R^d; i and j indices of components where they are given; -1 <= t <= 1."""
    if has_mixture(ops, point) is not True:
        return False
    x, n = point["x"], point.mix.n
    inside = all(0 <= point[k] < n for k in ("i", "j") if k in point.parameters)
    if "t" in point.parameters:
        inside = inside and -1 <= point["t"] <= 1
    return bool(inside and len(x) == point.mix.d and any(x))


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


def the_line(ops: Operations, point: Point) -> Line:
    """The line t x through the mixture."""
    from gembounds.papers.xu_fazel_du_2024.arithmetic.line_integral import Line

    mix, x = point.mix, point["x"]
    slopes = [
        sum((a * b for a, b in zip(row, x, strict=True)), Fraction(0)) for row in mix.exact_means
    ]
    return Line(slopes, ops.norms2(mix), ops.weights(mix))


def reach2(ops: Operations, point: Point) -> Fraction:
    """(mu_max |x|)^2, exact."""
    return ops.mu_max2(point.mix) * sum((v * v for v in point["x"]), Fraction(0))


def mean_decay(ops: Operations, square: Fraction, rate: Fraction) -> Any:
    """2 integral_0^1 exp(-q t) dt = 2 (1 - exp(-q))/q, q = rate sqrt(square); 2 at q = 0."""
    if square == 0 or rate == 0:
        return Fraction(2)
    q = ops.ball(rate) * ops.sqrt(square)
    return -2 * (-q).expm1() / q


def pair_weight(ops: Operations, point: Point) -> Fraction:
    """pi_i pi_j."""
    pi = ops.weights(point.mix)
    return pi[point["i"]] * pi[point["j"]]


def integrated(ops: Operations, point: Point, constants: Constants) -> Any:
    """integral_{-1}^{1} psi_i(tx) psi_j(tx) dt."""
    return the_line(ops, point).overlap(point["i"], point["j"], ops.rung.bits)


def lemma_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """pi_i pi_j exp(-4U) (1 - exp(-q))/(q/2), q = 4 mu_max |x|."""
    decay = constants["decay"] * ops.U(point.mix)
    weight = constants["factor"] * pair_weight(ops, point)
    mean = mean_decay(ops, reach2(ops, point), constants["rate"])
    if decay == 0 and isinstance(mean, Fraction):
        return weight * mean
    return ops.exp(-decay) * ops.ball(weight) * ops.ball(mean)


def posterior(ops: Operations, point: Point, constants: Constants) -> Any:
    """psi_i(tx); pi_i where all means coincide."""
    mix, t = point.mix, point["t"]
    if ops.coincident(mix):
        return ops.weights(mix)[point["i"]]
    return ops.psi(mix, tuple(t * v for v in point["x"]))[point["i"]]


def posterior_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """pi_i exp(-2 mu_max (|tx| + mu_max))."""
    weight = ops.weights(point.mix)[point["i"]]
    top = ops.mu_max2(point.mix)
    if top == 0:
        return weight
    length = ops.sqrt(reach2(ops, point)) * ops.ball(abs(point["t"]))
    return ops.ball(weight) * ops.exp(-ops.ball(constants["rate"]) * (length + ops.ball(top)))


def middle(ops: Operations, point: Point, constants: Constants) -> Any:
    """pi_i pi_j exp(-4 mu_max^2) 2 integral_0^1 exp(-4 mu_max |x| t) dt."""
    top = ops.mu_max2(point.mix)
    weight = constants["factor"] * pair_weight(ops, point)
    if top == 0:
        return 2 * weight
    mean = ops.ball(mean_decay(ops, reach2(ops, point), constants["rate"]))
    return ops.exp(-constants["decay"] * top) * ops.ball(weight) * mean


def middle_exact(ops: Operations, point: Point, constants: Constants) -> Any:
    return middle(ops, point, EXACT)


def integral_of_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    """integral_{-1}^{1} pi_i pi_j exp(-4 mu_max (|tx| + mu_max)) dt, each half integrated."""
    from flint import acb

    weight = ops.ball(pair_weight(ops, point))
    q = 4 * ops.sqrt(reach2(ops, point))
    shift = ops.ball(4 * ops.mu_max2(point.mix))
    tiny = ops.exp(-shift) * ops.ball(Fraction(1, 2**ops.rung.bits))
    total = ops.ball(0)
    for start, sign in ((-1, 1), (0, -1)):

        def half(t: Any, _: bool, slope: Any = sign * q) -> Any:
            return (slope * t - shift).exp()

        total += acb.integral(half, start, start + 1, abs_tol=tiny).real
    return weight * total


def one(ops: Operations, point: Point, constants: Constants) -> Any:
    """The middle of (13) in units of itself."""
    return Fraction(1)


def bound_over_middle(ops: Operations, point: Point, constants: Constants) -> Any:
    """The bound of Lemma 18 in the same units: exp(4 mu_max^2 - 4U)."""
    exponent = 4 * ops.mu_max2(point.mix) - constants["decay"] * ops.U(point.mix)
    if exponent == 0:
        return constants["factor"]
    return ops.ball(constants["factor"]) * ops.exp(exponent)


BOUND = "pi_i pi_j exp(-4U) (1 - exp(-4 mu_max |x|)) / (2 mu_max |x|)"
MIDDLE = "pi_i pi_j exp(-4 mu_max^2) 2 int_0^1 exp(-4 mu_max |x| t) dt"
INTEGRAL = "int_-1^1 psi_i(tx) psi_j(tx) dt"
INTEGRAL_OF_BOUND = "int_-1^1 pi_i pi_j exp(-4 mu_max (|tx| + mu_max)) dt"

CLAIMS = (
    Claim(
        id="lemma-18",
        source="Lemma 18",
        text=f"x != 0: {INTEGRAL} >= {BOUND}",
        relation=">=",
        lhs=integrated,
        rhs=lemma_bound,
        domain=has_line,
        generator=lines,
        constants={"decay": Fraction(4), "rate": Fraction(4), "factor": Fraction(1)},
        uses=("eq-13.1", "eq-13.2", "eq-13.3"),
        cost=2.0,
    ),
    Claim(
        id="eq-12",
        source="proof of Lemma 18, (12)",
        text="psi_i(tx) >= pi_i exp(-2 mu_max (|tx| + mu_max))",
        relation=">=",
        lhs=posterior,
        rhs=posterior_bound,
        domain=has_line,
        generator=places_on_lines,
        constants={"rate": Fraction(2)},
    ),
    Claim(
        id="eq-13.1",
        source="proof of Lemma 18, (13), first inequality",
        text=f"{INTEGRAL} >= {INTEGRAL_OF_BOUND}",
        relation=">=",
        lhs=integrated,
        rhs=middle,
        domain=has_line,
        generator=lines,
        constants={"decay": Fraction(4), "rate": Fraction(4), "factor": Fraction(1)},
        uses=("eq-12",),
        cost=2.0,
    ),
    Claim(
        id="eq-13.2",
        source="proof of Lemma 18, (13), equality",
        text=f"{INTEGRAL_OF_BOUND} = {MIDDLE}",
        relation="==",
        lhs=integral_of_bound,
        rhs=middle_exact,
        domain=has_line,
        generator=lines,
        cost=2.0,
    ),
    Claim(
        id="eq-13.3",
        source="proof of Lemma 18, (13), last inequality",
        text=f"{MIDDLE} >= {BOUND}",
        relation=">=",
        lhs=one,
        rhs=bound_over_middle,
        domain=has_line,
        generator=lines,
        constants={"decay": Fraction(4), "factor": Fraction(1)},
    ),
)
