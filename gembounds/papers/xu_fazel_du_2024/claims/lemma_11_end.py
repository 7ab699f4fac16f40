"""Lemma 11, steps (24c) and (28): the end of its chain.

With m = mu_max, A = sum_ij pi_i pi_j (mu_i - mu_j)(mu_i - mu_j)^T and
D(x) = (1 - exp(-4 m |x|))/m:

    (24c)  (exp(-8U)/64) E[(xbar^T A xbar D)^2] >= (exp(-8U)/64) (E[xbar^T A xbar D])^2
    (28)   that = (exp(-8U)/64) (sum_ij pi_i pi_j E[<mu_i - mu_j, xbar>^2 D])^2
               >= (exp(-8U)/64) (sum_ij pi_i pi_j (1 - exp(-2 m sqrt(d)))/(50 d m) |..|^2)^2
               >= the same with 1 - 1/(1 + 2 m sqrt(d)) in place of 1 - exp(-2 m sqrt(d))
               = the bound of Lemma 11; used: exp(-t) <= 1/(1 + t) for t >= 0.

The page of statements names (28) without its links; they are those of the paper's text, and the
quoted inequality is the last. S is sum_ij pi_i pi_j |mu_i - mu_j|^2 = tr A.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import numbers
from gembounds.papers.xu_fazel_du_2024.claims.decay import (
    directed_decay,
    inner_decay,
    second_moment,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11 import MAPS, lemma_bound, step
from gembounds.papers.xu_fazel_du_2024.claims.lemma_11_radial import ROOM
from gembounds.papers.xu_fazel_du_2024.vocabulary import symbol
from gembounds.points.batch import Batch, FloatArray
from gembounds.points.point import Point
from gembounds.statements import (
    NUMBERS,
    Domain,
    S,
    U,
    at_k,
    const,
    d,
    equals,
    exp,
    mu_max,
    pi,
    real,
    sqrt,
    total,
)  # fmt: skip
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.logs import LogArray
from gembounds.statements.theorems import JENSEN
from gembounds.statements.tree import Expr, call

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations


def _rational(ops: Operations, point: Point, factor: Any) -> Any:
    t = ops.ball(factor) * ops.sqrt(point.mix.d)
    return t / (1 + t * ops.mu_max(point.mix))


def _rational_over(b: Batch, factor: Any) -> FloatArray:
    t = LogArray.of(factor).value * b.d**0.5
    found: FloatArray = t / (1 + t * b.top)
    return found


_RATIONAL = symbol(
    "inner_rational", "(1 - 1/(1 + {0} mu_max sqrt(d)))/mu_max",
    r"\frac{1 - 1/(1 + {0} \mu_{\max} \sqrt{d})}{\mu_{\max}}", _rational,
    estimate=_rational_over, meaning="{0} sqrt(d)/(1 + {0} mu_max sqrt(d)), also at mu_max = 0",
)  # fmt: skip


def squared(inner: Expr, probability: Any = 50) -> Expr:
    """(exp(-8U)/64) (sum_ij pi_i pi_j inner/(50 d) |mu_i - mu_j|^2)^2."""
    found: Expr = exp(-(8 * U)) / 64 * (S / (probability * d) * inner) ** 2
    return found


def times() -> SearchStrategy[Point]:
    """t from 0 to 1e6, and down to 1e-100."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    tops = st.sampled_from([Fraction(x) for x in (1, 10, 1000, 10**6)])
    some = tops.flatmap(lambda top: positive(top, 100))
    return st.one_of(some, st.just(Fraction(0))).map(lambda t: Point(parameters={"t": t}))


TIMES = Domain("times", NUMBERS.test, times, numbers.TIMES)
VARIANCE = "a variance is not negative; means on a line and d = 1, mu_max |x| to infinity"
SMALL_T = "1 - exp(-t) >= 1 - 1/(1 + t); t to 0"

moment = total(pi * at_k(pi) * directed_decay) ** 2
t = real("t")

CLAIMS = (
    step(
        "eq-24c",
        exp(-(8 * U)) / 64 * second_moment
        >= exp(-const("exponent", 8) * U) / const("denominator", 64) * moment,
        "(24), third inequality", maps=MAPS,
        proof=Argument(
            Step("D = (1 - exp(-4 mu_max |x|))/mu_max lies between 0 and 4|x|, so Y = sum_ij pi_i "
                 "pi_j <mu_i - mu_j, xbar>^2 D has finite moments."),
            Step("E Y^2 >= (E Y)^2, and E Y is the sum of the means: there are n^2 terms.",
                 by=JENSEN),
        ),
        best={
            "denominator": best(64, VARIANCE, sharp=True, attained=False),
            "exponent": best(8, VARIANCE, sharp=True, attained=False),
        },
    ),
    step(
        "eq-28.1",
        exp(-(8 * U)) / 64 * moment
        >= squared(inner_decay(const("inner", 2)), const("probability", 50)),
        "(28), (27) put in", uses=("eq-27",), maps=MAPS, best=ROOM,
        proof=Argument(
            Step("The bounds of E[<mu_i - mu_j, xbar>^2 D], times pi_i pi_j > 0, add up: "
                 "sum_ij pi_i pi_j |mu_i - mu_j|^2 = S.", by="eq-27",
                 shows=total(pi * at_k(pi) * directed_decay) >= S / (50 * d) * inner_decay(2)),
            Step("Both sides are not negative, and are squared and multiplied by exp(-8U)/64."),
        ),
    ),
    step(
        "eq-28.2",
        squared(inner_decay(2))
        >= squared(call(_RATIONAL, const("inner", 2)), const("probability", 50)),
        "(28), by exp(-t) <= 1/(1 + t)", uses=("eq-28.4",), maps=MAPS,
        proof=Argument(
            Step("t = 2 mu_max sqrt(d): 1 - exp(-t) >= 1 - 1/(1 + t) >= 0, divided by mu_max; "
                 "where mu_max = 0 both are 2 sqrt(d).", by="eq-28.4",
                 shows=inner_decay(2) >= call(_RATIONAL, 2)),
            Step("Neither is negative: squared, and times (exp(-8U)/64) (S/(50 d))^2 >= 0."),
        ),
        best={
            "inner": best(2, SMALL_T, sharp=True, attained=False),
            "probability": best(50, SMALL_T, sharp=True, attained=False),
        },
    ),
    step(
        "eq-28.3",
        equals(squared(call(_RATIONAL, 2)), lemma_bound(8, 40000, 2)),
        "(28), last equality",
        proof=Argument(
            Step("1 - 1/(1 + t) = t/(1 + t) with t = 2 mu_max sqrt(d), so the inner factor is "
                 "2 sqrt(d)/(1 + 2 mu_max sqrt(d)), also where mu_max = 0.",
                 shows=equals(call(_RATIONAL, 2), 2 * sqrt(d) / (1 + 2 * mu_max * sqrt(d)))),
            Step("(1/64) (S/(50 d))^2 4d/(1 + 2 mu_max sqrt(d))^2 = "
                 "S^2/(40000 d (1 + 2 mu_max sqrt(d))^2), as 64 * 2500/4 = 40000."),
        ),
    ),
    step(
        "eq-28.4",
        exp(-t) <= const("one", 1) / (1 + t),
        "(28), the inequality used", over=TIMES, when=(t >= 0),
        proof=Argument(
            Step("exp is convex and above its tangent at 0: 1 + t <= exp(t).",
                 shows=1 + t <= exp(t)),
            Step("Both are positive for t >= 0; the inverses."),
        ),
        best={"one": best(1, "1 + t <= exp(t); t = 0", sharp=True, attained=True)},
    ),
)  # fmt: skip
