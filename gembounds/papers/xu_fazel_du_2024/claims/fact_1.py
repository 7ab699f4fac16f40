"""Fact 1: the gradient of Q at the current means is the gradient of L.

    for any mu:  grad Q(mu given mu) = grad L(mu),
    Q(mu'|mu) = E[ sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2 ],   L = -E log(p_mu(x)/p_0(x)),

x ~ N(0, I_d), the gradient of Q in mu' at mu' = mu, for every mixture and every component i.

Q is a quadratic in mu', so by its definition grad_{mu'_i} Q = E[psi_i (x - mu'_i)]. The paper
prints Q with a minus sign, as something to maximise, and L as something to minimise: read
literally, the two gradients are opposite, and Fact 1 fails wherever they are not 0. It is a slip
of notation. The repaired form leaves out the minus sign: it says that -grad Q is grad L.

The proof writes Q(mu'|mu) = E[log p_mu' - KL(psi||psi') - H(psi)], psi' the posterior of mu', and
grad Q(mu|mu) = E grad log p_mu = grad L. The first is true up to terms that do not depend on mu':
it is decided where all means are 0, -d/2 against -(d/2) log(2 pi) - d/2 + sum_i pi_i log pi_i. In
the second the first equality is true for Q as printed, and L = -E log(p_mu/p_0) turns the sign.

Evaluation: E[psi_i (mu_i - x)] from certified first moments; grad L literally, as a derivative,
by central differences of certified values of L
(:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.derivative`). Vectors of the span of the means
are equal when their products with every mu_j and mu_j - mu_k are (a reflection that fixes all
means fixes both gradients); each point draws i and one direction v of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import slips
from gembounds.papers.xu_fazel_du_2024.drawing import (
    LINE_SCALES,
    PLANE_SCALES,
    SPACE_SCALES,
    lines_with_tiny_weights,
    mixtures_of,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import circle, direction, named
from gembounds.points.point import Point
from gembounds.statements import (
    SEVERAL,
    Domain,
    Expr,
    Relation,
    d,
    equals,
    log,
    mu_max,
    pi,
    total,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.theorems import DOMINATED
from gembounds.values.exact import root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Points = SearchStrategy[Point]

PRINTED_Q = "Q(mu'|mu) = E[sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2], as printed"

SMALL_SCALES = ("1/4", "1/10", "1/100", "1/100000000")
"""Scales for planes of differences moved along mu_j, which makes them three-dimensional."""


def _indices(ops: Any, point: Point) -> Iterator[Part]:
    """i, j, k are indices of components (k may be absent, as -1)."""
    yield from SEVERAL.parts(ops, point)
    for name, least in (("i", 0), ("j", 0), ("k", -1)):
        yield part(f"{name} >= {least}", point[name], ">=", least)
        yield part(f"{name} < n", point[name], "<", point.mix.n)


def _mixtures_with_a_direction() -> Points:
    """Lines, planes and spaces with a component i and a direction mu_j (k = -1) or mu_j - mu_k."""
    from hypothesis import strategies as st

    def indexed(points: Points, lowest: int) -> Points:
        def drawn(point: Point) -> Points:
            n = point.mix.n
            index = st.integers(0, n - 1)
            return st.tuples(index, index, st.integers(lowest, n - 1)).map(
                lambda t: Point(point.mixture, dict(zip("ijk", t, strict=True)))
            )

        return points.flatmap(drawn)

    return st.one_of(
        indexed(mixtures_of(1, LINE_SCALES), -1),
        indexed(lines_with_tiny_weights(), 0),
        indexed(mixtures_of(2, PLANE_SCALES, 100), 0),
        indexed(mixtures_of(3, SPACE_SCALES, 12), 0),
        indexed(mixtures_of(2, SMALL_SCALES, 30), -1),
    )


DIRECTIONS = Domain(
    "directions", _indices, _mixtures_with_a_direction,
    text="every i, v any mean or difference of two",
)  # fmt: skip


def _is_at_zero(ops: Any, point: Point) -> Iterator[Part]:
    """All means are 0."""
    yield from SEVERAL.parts(ops, point)
    yield part("U = 0", ops.U(point.mix), "==", 0)


def _all_means_0() -> Points:
    """2 to 10 components, any weights, d to 10^6."""
    from hypothesis import strategies as st

    from gembounds.points.point import repeated
    from gembounds.points.strategies import dimensions, weights

    shares = st.integers(2, 10).flatmap(lambda n: st.tuples(st.just(n), weights(n)))
    return st.tuples(shares, dimensions()).map(
        lambda t: Point(repeated([[Fraction(0)] * t[0][0]], [t[1]], t[0][1]))
    )


def pull(ops: Any, mix: Mixture) -> list[list[Any]]:
    """E[psi_i (mu_i - x)] over the distinct columns, (n, distinct), from first moments.

    Exactly pi_i mu_i where all means coincide: psi_i is then the constant pi_i.
    """
    if ops.coincident(mix):
        rows = zip(ops.weights(mix), ops.means(mix), strict=True)
        return [[w * x for x in row] for w, row in rows]
    found: list[list[Any]] = ops.gradient_of_q(mix)
    return found


def along(ops: Any, mix: Mixture, row: Sequence[Any], v: Sequence[Fraction]) -> Any:
    """<row, v>, both over the distinct columns: exact if both are."""
    terms = zip(row, v, ops.multiplicities(mix), strict=True)
    products = [m * (x * y if isinstance(x, Fraction) else x * ops.ball(y)) for x, y, m in terms]
    return sum(products[1:], products[0])


def _slope_of_q(ops: Any, point: Point) -> Any:
    return -along(ops, point.mix, pull(ops, point.mix)[point["i"]], direction(ops, point))


def _slope_of_loss(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.derivative import directional_derivative

    return directional_derivative(ops, point.mix, point["i"], direction(ops, point))


def _slope_in_intervals(ops: Any, point: Point) -> Any:
    from gembounds.papers.xu_fazel_du_2024 import intervals

    return intervals.derivative_of_loss(ops, point)


def _length(ops: Any, point: Point) -> Any:
    v = direction(ops, point)
    return root(along(ops, point.mix, v, v))


slope_of_q = named(
    "slope_of_q", "<grad_i Q(mu|mu), v>", r"\langle \nabla_i Q(\mu|\mu), v \rangle", _slope_of_q,
    meaning=PRINTED_Q,
)  # fmt: skip
slope_of_loss = named(
    "slope_of_loss", "<grad_i L, v>", r"\langle \nabla_i L, v \rangle", _slope_of_loss,
    interval=_slope_in_intervals, needs=("loss",), meaning="the derivative, by differences of L",
)  # fmt: skip
largest_slope: Expr = mu_max * named("direction_length", "|v|", "|v|", _length)
"""|grad_i L| <= mu_max."""


def sign_slip(
    name: str,
    relation: Callable[[Expr], Relation],
    q: Expr,
    source: str,
    uses: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    words: str = "",
    judges: tuple[str, ...] = (),
    proof: Argument | None = None,
    **fields: Any,
) -> tuple[Claim, Claim]:
    """``relation`` with q, the gradient of Q as printed, and the repaired form, with -q, of which
    ``proof`` is."""
    return (
        Claim(
            name,
            relation(q),
            source=source,
            form="printed",
            uses=uses[0],
            words=words,
            slip=slips.SIGN_OF_Q,
            **fields,
        ),
        Claim(
            f"{name}-repaired",
            relation(-q),
            source=f"{source}, the minus sign of Q left out",
            form="repaired",
            repairs=name,
            uses=uses[1],
            words=", ".join(filter(None, ("Q as printed", words))),
            judges=judges,
            proof=proof,
            **fields,
        ),
    )


slope_of_log_density = named(
    "slope_of_log_density", "<E grad_i log p_mu(x), v>",
    r"\langle \mathbb{E} \nabla_i \log p_\mu(x), v \rangle",
    lambda ops, p: -_slope_of_loss(ops, p),
    interval=lambda ops, p: -_slope_in_intervals(ops, p), needs=("loss",),
    meaning="the derivative of E log p_mu(x), by differences",
)  # fmt: skip
GRADIENT_OF_Q = Step(
    "Q(mu'|mu) = -sum_i (E psi_i |mu'_i|^2 - 2 <E[psi_i x], mu'_i> + E[psi_i |x|^2])/2 is a "
    "quadratic polynomial in mu', its coefficients finite as 0 <= psi_i <= 1. Its gradient in "
    "mu'_i is E[psi_i x] - E psi_i mu'_i, which at mu' = mu is E[psi_i (x - mu_i)]."
)
GRADIENT_OF_LOG = Step(
    "f(x) = log(p_mu(x)/p_0(x)) = log sum_k pi_k exp(<x, mu_k> - |mu_k|^2/2) is integrable: "
    "|f(x)| <= max_k (|x| |mu_k| + |mu_k|^2/2). Along v, any vector of R^d, in mu_i its "
    "derivative is psi_i(x) <x - mu_i, v>, in size at most (|x| + |mu_i|) |v|: for mu_i in a "
    "bounded set at most an integrable function of x alone. So the derivative of E f is the mean "
    "of it, E[psi_i <x - mu_i, v>].",
    by=DOMINATED,
)

log_weights = total(pi * log(pi))
AT_ZERO = Domain("means 0", _is_at_zero, _all_means_0, text="mu' = mu = 0")


def _decomposed(q: Expr, **fields: Any) -> Claim:
    """Q(mu'|mu) = E[log p_mu' - KL(psi||psi') - H(psi)] where all means are 0, with q on the left:
    there KL = 0, and psi = pi."""
    return Claim(
        relation=equals(q, -(d / 2) * log(2 * circle) - d / 2 + log_weights),
        over=AT_ZERO, scale=d - log_weights, **fields,
    )  # fmt: skip


CLAIMS = (
    *sign_slip(
        "fact-1", lambda q: equals(q, slope_of_loss), slope_of_q, "Fact 1",
        (("fact-1-proof.2", "fact-1-proof.3"), ()), over=DIRECTIONS, scale=largest_slope, cost=3.0,
        proof=Argument(
            GRADIENT_OF_Q,
            GRADIENT_OF_LOG,
            Step("L = -E f, so <grad_i L, v> = -E[psi_i <x - mu_i, v>] = -<grad_i Q(mu|mu), v>."),
        ),
    ),
    _decomposed(
        -d / 2, id="fact-1-proof.1", source="proof of Fact 1, first display, at means 0",
        form="printed", slip=slips.CONSTANT_OF_Q,
    ),
    _decomposed(
        log_weights - (d / 2) * log(2 * circle) - d / 2, id="fact-1-proof.1-repaired",
        source="proof of Fact 1, first display, at means 0, Q with log pi_i - (d/2) log(2 pi)",
        form="repaired", repairs="fact-1-proof.1",
        proof=Argument(
            Step(
                "psi_i = pi_i, and with E|x|^2 = d, Q so written is sum_i pi_i (log pi_i - "
                "(d/2) log(2 pi) - d/2). On the right E log p_0 = -(d/2) log(2 pi) - d/2, KL = 0 "
                "and -H(pi) = sum_i pi_i log pi_i: the same terms."
            ),
        ),
    ),
    Claim(
        "fact-1-proof.2", equals(slope_of_q, slope_of_log_density),
        source="proof of Fact 1, last display, first equality", form="printed",
        over=DIRECTIONS, scale=largest_slope, cost=3.0,
        proof=Argument(
            GRADIENT_OF_Q, GRADIENT_OF_LOG,
            Step("Both are E[psi_i <x - mu_i, v>] along v: log p_mu - f = log p_0 is free of mu."),
        ),
    ),
    Claim(
        "fact-1-proof.3", equals(slope_of_log_density, slope_of_loss),
        source="proof of Fact 1, last display, second equality", form="printed",
        slip=slips.SIGN_OF_Q, over=DIRECTIONS, scale=largest_slope, cost=3.0,
    ),
    Claim(
        "fact-1-proof.3-repaired", equals(-slope_of_log_density, slope_of_loss),
        source="proof of Fact 1, last display, second equality, with a minus sign",
        form="repaired", repairs="fact-1-proof.3",
        over=DIRECTIONS, scale=largest_slope, cost=3.0,
        proof=Argument(
            GRADIENT_OF_LOG,
            Step("L = -E f and log p_mu = f + log p_0, log p_0 being free of mu."),
        ),
    ),
)  # fmt: skip
