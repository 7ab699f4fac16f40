"""Lemma 9: the gradient of L in closed form; and (8), the gradient of a posterior.

    grad_{mu_i} L = grad_{mu_i} Q(mu given mu) = E[psi_i(x) sum_k psi_k(x) mu_k],
    (8): grad_x psi_i(x) = psi_i(x) (mu_i - sum_k psi_k(x) mu_k),

x ~ N(0, I_d) in the first, every mixture, every i, every x in R^d.

With Q as printed, Q(mu'|mu) = E[ sum_i -psi_i |x - mu'_i|^2/2 ], the middle is minus the other
two, E[psi_i (x - mu_i)]: both links fail wherever the gradient is not 0, by Fact 1's slip of sign.
Repaired, without the minus sign of Q: the middle is E[psi_i (mu_i - x)].

Three evaluations that share no formula:

- grad L literally, as a derivative, by differences of certified values of L
  (:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.derivative`), along directions mu_j and
  mu_j - mu_k that span both sides;
- E[psi_i (mu_i - x)] from the first moments E[psi_i x];
- the last form from the overlaps E[psi_i psi_k].

In (8) the left side is the linear coefficient of the Taylor series of psi_i(x + t e_j) as defined
(power series arithmetic in balls), the right side the posteriors at x.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims.fact_1 import (
    DIRECTIONS,
    PRINTED_Q,
    largest_slope,
    pull,
    sign_slip,
    slope_of_loss,
    slope_of_q,
)
from gembounds.papers.xu_fazel_du_2024.domains import GRADIENTS
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, equals, mu_max, vector
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.logic import flat
from gembounds.statements.theorems import DOMINATED, STEIN
from gembounds.values.exact import root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

POINTWISE_D = 30
"""Largest dimension drawn for (8), which has d entries."""


def closed_form(ops: Any, mix: Mixture) -> list[list[Any]]:
    """E[psi_i sum_k psi_k mu_k] over the distinct columns, exact where all means coincide."""
    if ops.coincident(mix):
        return pull(ops, mix)
    found: list[list[Any]] = ops.gradient(mix)
    return found


gradient_of_q = named(
    "gradient_of_q", "grad_i Q(mu|mu)", r"\nabla_i Q(\mu|\mu)",
    lambda ops, p: [-x for x in flat(pull(ops, p.mix))], axes="*", meaning=PRINTED_Q,
)  # fmt: skip
posterior_product = named(
    "posterior_product", "E[psi_i sum_k psi_k mu_k]",
    r"\mathbb{E}\left[\psi_i \sum_k \psi_k \mu_k\right]",
    lambda ops, p: flat(closed_form(ops, p.mix)), axes="*", needs=("gradient",),
)  # fmt: skip


def _index(ops: Any, point: Point) -> Iterator[Part]:
    """i is the index of a component."""
    yield from SEVERAL.parts(ops, point)
    yield part("i >= 0", point["i"], ">=", 0)
    yield part("i < n", point["i"], "<", point.mix.n)


def _mixtures_with_a_point() -> SearchStrategy[Point]:
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


def _taylor_coefficients(ops: Any, point: Point, x: Any) -> list[Any]:
    """d/dt psi_i(x + t e_j) at 0 for every j: psi_i = pi_i / sum_k pi_k exp(e_k - e_i),
    e_k = -|x + t e_j - mu_k|^2/2."""
    from flint import arb_series

    i, means = point["i"], point.mix.exact_means
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


def _mean_less_average(ops: Any, point: Point, x: Any) -> list[Any]:
    """mu_i - sum_k psi_k mu_k, (d,)."""
    psi, means = ops.psi(point.mix, tuple(x)), point.mix.exact_means
    out = []
    for j in range(point.mix.d):
        mean = sum((p * ops.ball(mu[j]) for p, mu in zip(psi, means, strict=True)), ops.ball(0))
        out.append(ops.ball(means[point["i"]][j]) - mean)
    return out


def _farthest(ops: Any, point: Point) -> Any:
    return root(max(ops.distances2(point.mix)[point["i"]]) or ops.mu_max2(point.mix))


x = vector("x")
_posterior = named(
    "posterior_of_i", "psi_i({0})", r"\psi_i({0})",
    lambda ops, p, x: ops.psi(p.mix, tuple(x))[p["i"]], x, needs=("psi",),
)  # fmt: skip
_derivative = named(
    "posterior_derivative", "grad_x psi_i({0})", r"\nabla_x \psi_i({0})",
    _taylor_coefficients, x, axes="*",
)  # fmt: skip
_mean_less_others = named(
    "mean_less_average", "(mu_i - sum_k psi_k({0}) mu_k)",
    r"\left(\mu_i - \sum_k \psi_k({0}) \mu_k\right)", _mean_less_average, x, axes="*",
    needs=("psi",),
)  # fmt: skip
_reach = named(
    "farthest_mean", "max_k |mu_k - mu_i|", r"\max_k |\mu_k - \mu_i|", _farthest,
    meaning="mu_max where that is 0",
)  # fmt: skip

SLOPES = Argument(
    Step(
        "-log p_mu(x) has the gradient psi_i(x) (mu_i - x) in mu_i, of norm at most |x| + R "
        "for all means with |mu_i| <= R, and |x| + R is integrable: <grad_i L, v> = <E[psi_i "
        "(mu_i - x)], v> for every vector v.",
        by=(DOMINATED,),
    ),
    Step(
        "As a function of mu' alone, Q(mu'|mu) as printed is a quadratic, and its coefficients "
        "are means of psi_i, psi_i x and psi_i |x|^2, which are finite: its gradient in mu'_i "
        "at mu' = mu is E[psi_i (x - mu_i)], the negative of that of L.",
    ),
)  # fmt: skip

PRODUCTS = Argument(
    Step("As in (8), grad psi_i = psi_i (mu_i - psi~), psi~ = sum_k psi_k mu_k, which is at "
         "most 2 mu_max in norm: so E[psi_i x] = E[grad psi_i] = E[psi_i] mu_i - E[psi_i "
         "psi~].",
         by=("eq-8", STEIN)),
    Step("E[psi_i] mu_i less that is E[psi_i (mu_i - x)] = E[psi_i psi~]; and the left is "
         "minus the gradient in mu'_i of Q(mu'|mu) as printed, at mu' = mu: Q is a quadratic "
         "in mu'."),
)  # fmt: skip

LOGARITHM = Argument(
    Step("With h(x) = log sum_k pi_k exp(<x, mu_k> - |mu_k|^2/2), log psi_i(x) = log pi_i + "
         "<x, mu_i> - |mu_i|^2/2 - h(x): exp(-|x|^2/2) is a factor of all terms of (2)."),
    Step("The sum is finite and positive, so h is smooth, and grad h = sum_k psi_k mu_k. So "
         "grad psi_i = psi_i grad log psi_i = psi_i (mu_i - sum_k psi_k mu_k), at every x."),
)  # fmt: skip

GRADIENT_OF_L = ("lemma-9.1-repaired", "lemma-9.2-repaired")
"""grad_i L = E[psi_i (mu_i - x)] = E[psi_i psi~], for every mixture and i."""

CLAIMS = (
    *sign_slip(
        "lemma-9.1", lambda q: equals(slope_of_loss, q), slope_of_q, "Lemma 9, first equality",
        (("fact-1",), ()), over=DIRECTIONS, scale=largest_slope, cost=3.0,
        proof=SLOPES,
    ),
    *sign_slip(
        "lemma-9.2", lambda q: equals(q, posterior_product), gradient_of_q,
        "Lemma 9, second equality", (("lemma-16", "eq-8"), ()), words="every i",
        judges=("gradient",),
        over=GRADIENTS, scale=mu_max, cost=3.0, proof=PRODUCTS,
    ),
    Claim(
        "eq-8", equals(_derivative, _posterior * _mean_less_others),
        source="proof of Lemma 9, (8)", form="printed", words="every i and x", judges=("psi",),
        over=Domain("component and x", _index, _mixtures_with_a_point),
        scale=_posterior * _reach, proof=LOGARITHM,
    ),
)  # fmt: skip
