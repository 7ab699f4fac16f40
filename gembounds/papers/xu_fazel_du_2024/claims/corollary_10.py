"""Corollary 10: the gradient along the means.

    <grad L, mu> = <grad_mu Q(mu given mu), mu> = E|psi~|^2,     psi~ = sum_i psi_i mu_i,

x ~ N(0, I_d), for every mixture; <grad_mu Q, mu> = sum_i <grad_{mu_i} Q, mu_i>.

With Q as printed, Q(mu'|mu) = E[ sum_i -psi_i |x - mu'_i|^2/2 ], the middle is
sum_i <E[psi_i (x - mu_i)], mu_i> = -E|psi~|^2: both links fail wherever psi~ is not 0 almost
surely, by the slip of sign of Fact 1. Repaired, without the minus sign of Q: the middle is
sum_i <E[psi_i (mu_i - x)], mu_i>, equal to the left by Fact 1 (repaired), and by Stein's identity
and (8) to sum_ik E[psi_i psi_k] <mu_i, mu_k> = E|psi~|^2.

Evaluation: the left as the derivative of L((1+t) mu), from certified values of L
(:mod:`gembounds.papers.xu_fazel_du_2024.arithmetic.radial_derivative`); the middle from first moments E[psi_i x]; the right from the
overlaps. All are exact where all means coincide.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import along, mixtures_for_gradients, pull
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from gembounds.statements.operations import Operations


CANCELLED = Fraction(1, 2**20)
"""Below this share of mu_max^2 the projection counts as cancelled (a choice: sets the width at
which equality is called consistent, 2^-50 mu_max^2)."""


def derivative_along_means(ops: Operations, point: Point, constants: Constants) -> Any:
    from gembounds.papers.xu_fazel_du_2024.arithmetic.radial_derivative import radial_derivative

    return radial_derivative(ops, point.mix)


def repaired_projection(ops: Operations, point: Point, constants: Constants) -> Any:
    """sum_i <E[psi_i (mu_i - x)], mu_i>."""
    mix = point.mix
    rows = zip(pull(ops, mix), ops.means(mix), strict=True)
    terms = [along(ops, mix, row, mean) for row, mean in rows]
    return sum(terms[1:], terms[0])


def literal_projection(ops: Operations, point: Point, constants: Constants) -> Any:
    """sum_i <E[psi_i (x - mu_i)], mu_i>."""
    return -repaired_projection(ops, point, constants)


def posterior_mean_square(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.psi_tilde_norm2(point.mix)


def size_of_projection(ops: Operations, point: Point, constants: Constants) -> Any:
    """E|psi~|^2, or ``CANCELLED`` mu_max^2 where it is less: the terms are that large."""
    mix = point.mix
    return ops.maximum([ops.psi_tilde_norm2(mix), CANCELLED * ops.mu_max2(mix)])


def _link(number: int, text: str, uses: tuple[str, ...], form: str = "printed") -> Claim:
    printed = form == "printed"
    name = f"corollary-10.{number}"
    middle = literal_projection if printed else repaired_projection
    return Claim(
        id=name if printed else f"{name}-repaired",
        form=form,
        repairs=None if printed else name,
        source=f"Corollary 10, {'first' if number == 1 else 'second'} equality"
        + ("" if printed else ", the minus sign of Q left out"),
        text=text if printed else f"{text}, Q(mu'|mu) = E[sum_i psi_i |x - mu'_i|^2 / 2]",
        relation="==",
        lhs=derivative_along_means if number == 1 else middle,
        rhs=middle if number == 1 else posterior_mean_square,
        domain=has_mixture,
        generator=mixtures_for_gradients,
        scale=size_of_projection,
        uses=uses,
        cost=3.0,
    )


FIRST = "<grad L, mu> = <grad_mu Q(mu given mu), mu>"
SECOND = "<grad_mu Q(mu given mu), mu> = E|psi~|^2"

CLAIMS = (
    _link(1, FIRST, ("fact-1",)),
    _link(2, SECOND, ("lemma-9.2",)),
    _link(1, FIRST, ("fact-1-repaired",), "repaired"),
    _link(2, SECOND, ("lemma-9.2-repaired",), "repaired"),
)
