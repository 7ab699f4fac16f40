"""Lemma 9: the gradient of L in closed form; and (8), the gradient of a posterior.

    grad_{mu_i} L = grad_{mu_i} Q(mu given mu) = E[psi_i(x) sum_k psi_k(x) mu_k],
    (8): grad_x psi_i(x) = psi_i(x) (mu_i - sum_k psi_k(x) mu_k),

x ~ N(0, I_d) in the first, every mixture, every i, every x in R^d.

With Q as printed, Q(mu'|mu) = E[ sum_i -psi_i |x - mu'_i|^2/2 ], the middle is minus the other
two, E[psi_i (x - mu_i)]: both links fail wherever the gradient is not 0, by Fact 1's slip of sign.
Repaired, without the minus sign of Q: the middle is E[psi_i (mu_i - x)], equal to the left by
Fact 1 (repaired); by Stein's identity and (8), E[psi_i x] = E[grad psi_i] =
E[psi_i] mu_i - E[psi_i sum_k psi_k mu_k], which is the second link.

Three evaluations that share no formula:

- grad L literally, as a derivative, by differences of certified values of L
  (:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.derivative`), along directions mu_j and mu_j - mu_k that span both sides;
- E[psi_i (mu_i - x)] from the first moments E[psi_i x];
- the last form from the overlaps E[psi_i psi_k].

In (8) the left side is the linear coefficient of the Taylor series of psi_i(x + t e_j) as defined
(power series arithmetic in balls), the right side the posteriors at x.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import (
    along_largest_mean,
    derivative_of_loss,
    has_direction,
    literal_along,
    literal_gradient_of_q,
    mixtures_for_gradients,
    mixtures_with_a_direction,
    pull,
    repaired_along,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.statements.operations import Operations

POINTWISE_D = 30
"""Largest dimension drawn for (8), which has d entries."""


def mixtures_of_all_shapes() -> SearchStrategy[Point]:
    """Means on a line, in a plane or in space."""
    return mixtures_for_gradients()


def has_point(ops: Operations, point: Point) -> Tri:
    """The paper's setting, i the index of a component, x in R^d."""
    if has_mixture(ops, point) is not True:
        return False
    return bool(0 <= point["i"] < point.mix.n and len(point["x"]) == point.mix.d)


def mixtures_with_a_point() -> SearchStrategy[Point]:
    """Any mixture and i; x with entries to 1e3, 0 and the means themselves."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import GRID, mixtures

    @st.composite
    def drawn(draw: DrawFn) -> Point:
        mix = draw(mixtures(max_d=POINTWISE_D))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            x = mix.exact_means[draw(st.integers(0, mix.n - 1))]
        else:
            far = draw(st.sampled_from([Fraction(1), Fraction(1, 1000), Fraction(200)]))
            x = tuple(far * draw(st.sampled_from(GRID)) for _ in range(mix.d))
        return Point(mix, {"i": draw(st.integers(0, mix.n - 1)), "x": x})

    return drawn()


def literal_gradients(ops: Operations, point: Point, constants: Constants) -> Any:
    return literal_gradient_of_q(ops, point.mix)


def repaired_gradients(ops: Operations, point: Point, constants: Constants) -> Any:
    return pull(ops, point.mix)


def closed_form(ops: Operations, point: Point, constants: Constants) -> Any:
    """E[psi_i sum_k psi_k mu_k] over the distinct columns, exact where all means coincide."""
    mix = point.mix
    return pull(ops, mix) if ops.coincident(mix) else ops.gradient(mix)


def largest_mean(ops: Operations, point: Point, constants: Constants) -> Any:
    """mu_max: the size of a gradient, |grad_i L| <= mu_max."""
    return ops.mu_max(point.mix)


def posterior_derivative(ops: Operations, point: Point, constants: Constants) -> Any:
    """d/dt psi_i(x + t e_j) at 0 for every j: psi_i = pi_i / sum_k pi_k exp(e_k - e_i),
    e_k = -|x + t e_j - mu_k|^2/2."""
    from flint import arb_series

    i, x, means = point["i"], point["x"], point.mix.exact_means
    weights = [ops.ball(w) for w in ops.weights(point.mix)]
    square = [sum(((a - b) ** 2 for a, b in zip(x, mu, strict=True)), Fraction(0)) for mu in means]
    out = []
    for j, y in enumerate(x):
        slopes = [mu[j] - y for mu in means]
        total = arb_series([0, 0], 2)
        for weight, s, slope in zip(weights, square, slopes, strict=True):
            exponent = [ops.ball((square[i] - s) / 2), ops.ball(slope - slopes[i])]
            total += weight * arb_series(exponent, 2).exp()
        out.append((weights[i] / total)[1])
    return out


def posterior_gradient(ops: Operations, point: Point, constants: Constants) -> Any:
    """psi_i (mu_i - sum_k psi_k mu_k), (d,)."""
    psi, means = ops.psi(point.mix, point["x"]), point.mix.exact_means
    mine, i = psi[point["i"]], point["i"]
    out = []
    for j in range(point.mix.d):
        mean = sum((p * ops.ball(mu[j]) for p, mu in zip(psi, means, strict=True)), ops.ball(0))
        out.append(mine * (ops.ball(means[i][j]) - mean))
    return out


def posterior_slope(ops: Operations, point: Point, constants: Constants) -> Any:
    """psi_i max |mu_k - mu_i|, a bound of the gradient; psi_i mu_max where it is 0."""
    mix, i = point.mix, point["i"]
    largest = max(ops.distances2(mix)[i]) or ops.mu_max2(mix)
    return ops.psi(mix, point["x"])[i] * ops.sqrt(largest)


FLIPPED = "Q(mu'|mu) = E[sum_i psi_i |x - mu'_i|^2 / 2]"
FIRST = "grad_{mu_i} L = grad_{mu_i} Q(mu given mu)"
SECOND = "grad_{mu_i} Q(mu given mu) = E[psi_i(x) sum_k psi_k(x) mu_k]"


def _link(number: int, uses: tuple[str, ...], form: str = "printed") -> Claim:
    printed, first = form == "printed", number == 1
    name, text = f"lemma-9.{number}", FIRST if first else SECOND
    along = literal_along if printed else repaired_along
    gradients = literal_gradients if printed else repaired_gradients
    return Claim(
        id=name if printed else f"{name}-repaired",
        form=form,
        repairs=None if printed else name,
        source=f"Lemma 9, {'first' if first else 'second'} equality"
        + ("" if printed else ", the minus sign of Q left out"),
        text=text if printed else f"{text}, {FLIPPED}",
        relation="==",
        lhs=derivative_of_loss if first else gradients,
        rhs=along if first else closed_form,
        domain=has_direction if first else has_mixture,
        generator=mixtures_with_a_direction if first else mixtures_of_all_shapes,
        scale=along_largest_mean if first else largest_mean,
        uses=uses,
        cost=3.0,
    )


CLAIMS = (
    _link(1, ("fact-1",)),
    _link(2, ("lemma-16", "eq-8")),
    _link(1, ("fact-1-repaired",), "repaired"),
    _link(2, ("lemma-16", "eq-8"), "repaired"),
    Claim(
        id="eq-8",
        source="proof of Lemma 9, (8)",
        text="grad_x psi_i(x) = psi_i(x) (mu_i - sum_k psi_k(x) mu_k)",
        relation="==",
        lhs=posterior_derivative,
        rhs=posterior_gradient,
        domain=has_point,
        generator=mixtures_with_a_point,
        scale=posterior_slope,
    ),
)
