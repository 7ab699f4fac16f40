"""Lemma 11, steps (24c) and (28): the end of its chain.

With m = mu_max, A = sum_ij pi_i pi_j (mu_i - mu_j)(mu_i - mu_j)^T and
D(x) = (1 - exp(-4 m |x|))/m:

    (24c)  (exp(-8U)/64) E[(xbar^T A xbar D)^2] >= (exp(-8U)/64) (E[xbar^T A xbar D])^2
    (28)   that = (exp(-8U)/64) (sum_ij pi_i pi_j E[<mu_i - mu_j, xbar>^2 D])^2
               >= (exp(-8U)/64) (sum_ij pi_i pi_j (1 - exp(-2 m sqrt(d)))/(50 d m) |..|^2)^2
               >= the same with 1 - 1/(1 + 2 m sqrt(d)) in place of 1 - exp(-2 m sqrt(d))
               = the bound of Lemma 11; used: exp(-t) <= 1/(1 + t) for t >= 0.

The page of statements names (28) without its links; they are those of the paper's text, and the
quoted inequality is the last. :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.decay` says how the sides are evaluated.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import lemma_11
from gembounds.papers.xu_fazel_du_2024.old_claims.decay import (
    PROBABLE,
    SQUARE,
    second_moment,
    squared_moment,
    squared_probable,
    squared_rational,
)
from gembounds.papers.xu_fazel_du_2024.old_claims.lemma_11 import mixtures_of_all_shapes
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

LEMMA = {"exponent": Fraction(8), "denominator": Fraction(40000), "inner": Fraction(2)}


def lemma_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return lemma_11.lower_bound(ops, point, LEMMA)


def squared_rational_exact(ops: Operations, point: Point, constants: Constants) -> Any:
    return squared_rational(ops, point, PROBABLE)


def second_moment_exact(ops: Operations, point: Point, constants: Constants) -> Any:
    return second_moment(ops, point, SQUARE)


def squared_moment_exact(ops: Operations, point: Point, constants: Constants) -> Any:
    return squared_moment(ops, point, SQUARE)


def squared_probable_exact(ops: Operations, point: Point, constants: Constants) -> Any:
    return squared_probable(ops, point, PROBABLE)


def not_negative(ops: Operations, point: Point) -> Tri:
    """t >= 0."""
    return bool(point["t"] >= 0)


def times() -> SearchStrategy[Point]:
    """t from 0 to 1e6, and down to 1e-100."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    tops = st.sampled_from([Fraction(x) for x in (1, 10, 1000, 10**6)])
    some = tops.flatmap(lambda top: positive(top, 100))
    return st.one_of(some, st.just(Fraction(0))).map(lambda t: Point(parameters={"t": t}))


def exponential(ops: Operations, point: Point, constants: Constants) -> Any:
    return Fraction(1) if point["t"] == 0 else ops.exp(-point["t"])


def hyperbola(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return Fraction(constants["one"] / (1 + point["t"]))


D = "(1 - exp(-4 mu_max |x|))/mu_max"
SUM = "(exp(-8U)/64) (sum_ij pi_i pi_j {} )^2"
MOMENT = SUM.format(f"E[<mu_i - mu_j, xbar>^2 {D}]")
PROBABLE_SUM = SUM.format("(1 - exp(-2 mu_max sqrt(d)))/(50 d mu_max) |mu_i - mu_j|^2")
RATIONAL_SUM = SUM.format("(1 - 1/(1 + 2 mu_max sqrt(d)))/(50 d mu_max) |mu_i - mu_j|^2")

CLAIMS = (
    Claim(
        id="eq-24c",
        source="proof of Lemma 11, (24), third inequality",
        text=(f"(exp(-8U)/64) E[(sum_ij pi_i pi_j <mu_i - mu_j, xbar>^2 {D})^2] >= {MOMENT}"),
        relation=">=",
        lhs=second_moment_exact,
        rhs=squared_moment,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=SQUARE,
    ),
    Claim(
        id="eq-28.1",
        source="proof of Lemma 11, (28), (27) put in",
        text=f"{MOMENT} >= {PROBABLE_SUM}",
        relation=">=",
        lhs=squared_moment_exact,
        rhs=squared_probable,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=PROBABLE,
        uses=("eq-27",),
    ),
    Claim(
        id="eq-28.2",
        source="proof of Lemma 11, (28), by exp(-t) <= 1/(1 + t)",
        text=f"{PROBABLE_SUM} >= {RATIONAL_SUM}",
        relation=">=",
        lhs=squared_probable_exact,
        rhs=squared_rational,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
        constants=PROBABLE,
        uses=("eq-28.4",),
    ),
    Claim(
        id="eq-28.3",
        source="proof of Lemma 11, (28), last equality",
        text=(
            f"{RATIONAL_SUM} = exp(-8U) / (40000 d (1 + 2 mu_max sqrt(d))^2) "
            "* (sum_ij pi_i pi_j |mu_i - mu_j|^2)^2"
        ),
        relation="==",
        lhs=squared_rational_exact,
        rhs=lemma_bound,
        domain=has_mixture,
        generator=mixtures_of_all_shapes,
    ),
    Claim(
        id="eq-28.4",
        source="proof of Lemma 11, (28), the inequality used",
        text="exp(-t) <= 1/(1 + t) for all t >= 0",
        relation="<=",
        lhs=exponential,
        rhs=hyperbola,
        domain=not_negative,
        generator=times,
        constants={"one": Fraction(1)},
    ),
)
