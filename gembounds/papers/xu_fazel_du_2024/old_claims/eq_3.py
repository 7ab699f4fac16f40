"""Equation (3): the step of population gradient EM.

    mu_i(t+1) = mu_i(t) - eta grad_{mu_i} Q(mu(t)|mu(t))
              = mu_i(t) - eta E[ psi_i(x|mu(t)) (mu_i(t) - x) ],       eta > 0,

x ~ N(0, I_d), Q(mu'|mu) = E[ sum_i -psi_i(x|mu) |x - mu'_i|^2 / 2 ]. The first equality defines
the step; the second is a statement, for every mixture, every i and every eta > 0.

With Q as printed, grad_{mu'_i} Q = E[psi_i (x - mu'_i)], so the two right sides step in opposite
directions: a slip of notation, the one of Fact 1. The second form is the algorithm that the paper
studies. Repaired: without the minus sign of Q, the gradient of the quadratic
E[ psi_i |x - mu'_i|^2/2 ] at mu' = mu is E[psi_i (mu_i - x)].

Evaluation: on the left E[psi_i (mu_i - x)] = E[psi_i] mu_i - E[grad psi_i], from the overlaps
E[psi_i psi_k] by Stein's identity and (8); on the right from the first moments E[psi_i x]
themselves. Both are exact where all means coincide.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.fact_1 import (
    mixtures_for_gradients,
    negative,
    pull,
)
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants, has_mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


@conditions
def has_step(ops: Operations, point: Point) -> Iterator[Part]:
    """The paper's setting and eta > 0."""
    yield from has_mixture.parts(ops, point)
    yield part("eta > 0", point["eta"], ">", 0)


def mixtures_and_steps() -> SearchStrategy[Point]:
    """Mixtures with step sizes from 1e-9 to 1e3."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    eta = positive() | st.sampled_from([Fraction(k) for k in (2, 10, 1000)])
    return st.tuples(mixtures_for_gradients(), eta).map(
        lambda t: Point(t[0].mixture, {"eta": t[1]})
    )


def moved(ops: Operations, point: Point, gradient: list[list[Any]]) -> list[list[Any]]:
    """mu_i - eta gradient_i over the distinct columns, (n, distinct)."""
    eta: Fraction = point["eta"]
    return [
        [x - eta * g if isinstance(g, Fraction) else ops.ball(x) - ops.ball(eta) * g
         for x, g in zip(*rows, strict=True)]
        for rows in zip(ops.means(point.mix), gradient, strict=True)
    ]  # fmt: skip


def closed_form(ops: Operations, point: Point) -> list[list[Any]]:
    """E[psi_i (mu_i - x)] from the overlaps."""
    mix = point.mix
    return pull(ops, mix) if ops.coincident(mix) else ops.gradient(mix)


def literal_step(ops: Operations, point: Point, constants: Constants) -> Any:
    return moved(ops, point, negative(closed_form(ops, point)))


def repaired_step(ops: Operations, point: Point, constants: Constants) -> Any:
    return moved(ops, point, closed_form(ops, point))


def explicit_step(ops: Operations, point: Point, constants: Constants) -> Any:
    return moved(ops, point, pull(ops, point.mix))


def step_length(ops: Operations, point: Point, constants: Constants) -> Any:
    """eta mu_max: no step is longer."""
    return ops.ball(point["eta"]) * ops.mu_max(point.mix)


CLAIMS = (
    Claim(
        id="eq-3",
        source="(3), second equality",
        text="mu_i - eta grad_{mu_i} Q(mu given mu) = mu_i - eta E[psi_i(x) (mu_i - x)]",
        relation="==",
        lhs=literal_step,
        rhs=explicit_step,
        domain=has_step,
        generator=mixtures_and_steps,
        scale=step_length,
        cost=2.0,
    ),
    Claim(
        id="eq-3-repaired",
        form="repaired",
        repairs="eq-3",
        source="(3), second equality, the minus sign of Q left out",
        text=(
            "mu_i - eta grad_{mu_i} Q(mu given mu) = mu_i - eta E[psi_i(x) (mu_i - x)], "
            "Q(mu'|mu) = E[sum_i psi_i |x - mu'_i|^2 / 2]"
        ),
        relation="==",
        lhs=repaired_step,
        rhs=explicit_step,
        domain=has_step,
        generator=mixtures_and_steps,
        scale=step_length,
        uses=("lemma-16", "eq-8"),
        cost=2.0,
    ),
)
