"""The pointwise steps of the proof of Theorem 13: the line before (15), (15) and (16).

|delta_i| <= 1/max(6d, 2 |mu_i|) for all i, x in R^d, e_i = exp(<x - mu_i, delta_i> -
|delta_i|^2/2), r_i = |delta_i| (|x| + |mu_i|). For every i:

    (15prime)  exp(-r_i - |delta_i|^2/2) <= exp(-|x-mu_i-delta_i|^2/2)/exp(-|x-mu_i|^2/2) = e_i
               <= exp(r_i - |delta_i|^2/2),
    (15)       psi_i(x|mu+delta) <= exp(2 r_i) psi_i(x|mu),
    (16)       psi_i(x|mu+delta) >= exp(-2 r_i) psi_i(x|mu).

The inequalities of (15prime) compare exponents without the common -|delta_i|^2/2, since exp
increases; a product |u| |v| of norms is exact where it is rational, which decides the ties. (15)
and (16) are divided by psi_i(x|mu): psi_i(x|mu+delta)/psi_i(x|mu) = e_i / sum_k psi_k(x|mu) e_k,
exactly 1 where all e_k are equal.

Printed, (15) and (16) bound every e_k of the denominator by the delta_i and mu_i of component i
alone: false as soon as another mean moves more. Repaired: with D = max_k |delta_k| for
|delta_i| and mu_max + D/4 for |mu_i|. Proof: log e_i - log e_k is at most s R - s^2/2 + D R +
D^2/2 with R = |x| + mu_max and some s <= D; that is at most 2 D R + D^2/2 if s^2 is dropped.
(16) is the same with the two exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims.theorem_13 import (
    largest_shift,
    moves_little,
    shifts2,
)
from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import Claim, Constants

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

Vector = tuple[Fraction, ...]


@conditions
def moves_little_with_x(ops: Operations, point: Point) -> Iterator[Part]:
    """The condition of Theorem 13, and x in R^d: exact."""
    yield from moves_little.parts(ops, point)
    yield part("x in R^d", len(point["x"]), "==", point.mix.d)


def moved_mixtures_with_x() -> SearchStrategy[Point]:
    """Displacements up to the end of the condition, x at 0, near and far."""
    from gembounds.points.strategies_moved import moved_mixtures_with_x as drawn

    return drawn()


def inner(u: Vector, v: Vector) -> Fraction:
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def root(ops: Operations, square: Fraction) -> Any:
    """The square root: exact where it is rational."""
    p, q = isqrt(square.numerator), isqrt(square.denominator)
    if p * p == square.numerator and q * q == square.denominator:
        return Fraction(p, q)
    return ops.sqrt(square)


def added(ops: Operations, a: Any, b: Any) -> Any:
    """a + b, exact where both are."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    return ops.ball(a) + ops.ball(b)


def reaches(ops: Operations, point: Point) -> list[Any]:
    """r_i = |delta_i| (|x| + |mu_i|)."""
    x2 = inner(point["x"], point["x"])
    pairs = zip(shifts2(point), ops.norms2(point.mix), strict=True)
    return [added(ops, root(ops, d2 * x2), root(ops, d2 * m2)) for d2, m2 in pairs]


def minus_reaches(ops: Operations, point: Point, constants: Constants) -> Any:
    return [-r for r in reaches(ops, point)]


def plus_reaches(ops: Operations, point: Point, constants: Constants) -> Any:
    return reaches(ops, point)


def pulls(ops: Operations, point: Point, constants: Constants) -> Any:
    """<x - mu_i, delta_i>, exact."""
    x = point["x"]
    rows = zip(point.mix.exact_means, point["delta"], strict=True)
    return [inner(x, v) - inner(mean, v) for mean, v in rows]


def exponents(ops: Operations, point: Point) -> list[Fraction]:
    """log e_i, exact."""
    found = pulls(ops, point, {})
    return [p - d2 / 2 for p, d2 in zip(found, shifts2(point), strict=True)]


def density_ratios(ops: Operations, point: Point, constants: Constants) -> Any:
    """exp(-|x - mu_i - delta_i|^2/2) / exp(-|x - mu_i|^2/2), as it is written."""
    x = point["x"]
    out = []
    for mean, v in zip(point.mix.exact_means, point["delta"], strict=True):
        before = tuple(a - b for a, b in zip(x, mean, strict=True))
        after = tuple(a - b for a, b in zip(before, v, strict=True))
        out.append(ops.exp(-inner(after, after) / 2) / ops.exp(-inner(before, before) / 2))
    return out


def exponentials(ops: Operations, point: Point, constants: Constants) -> Any:
    return [ops.exp(e) for e in exponents(ops, point)]


def posterior_ratios(ops: Operations, point: Point, constants: Constants) -> Any:
    """psi_i(x|mu+delta) / psi_i(x|mu) = 1/(1 + sum_k psi_k (e_k/e_i - 1)): the sum is enclosed
    relative to itself, so that a ratio next to 1 is told from 1."""
    logs = exponents(ops, point)
    if len(set(logs)) == 1:
        return [Fraction(1)] * len(logs)
    psi = ops.psi(point.mix, point["x"])
    out = []
    for log in logs:
        terms = (p * (ops.exp(e - log) - 1) for p, e in zip(psi, logs, strict=True) if e != log)
        out.append(ops.inverse_of_one_plus(sum(terms, ops.ball(0))))
    return out


def _exponential(ops: Operations, exponent: Any) -> Any:
    return Fraction(1) if exponent == 0 else ops.exp(exponent)


def upper_factors(ops: Operations, point: Point, constants: Constants) -> Any:
    return [_exponential(ops, constants["factor"] * r if isinstance(r, Fraction)
                         else ops.ball(constants["factor"]) * r)
            for r in reaches(ops, point)]  # fmt: skip


def lower_factors(ops: Operations, point: Point, constants: Constants) -> Any:
    return upper_factors(ops, point, {"factor": -constants["factor"]})


def upper_factor(ops: Operations, point: Point, constants: Constants) -> Any:
    """exp(2 D (|x| + mu_max + D/4))."""
    shift = largest_shift(ops, point)
    if shift == 0:
        return Fraction(1)
    reach = ops.sqrt(inner(point["x"], point["x"])) + ops.mu_max(point.mix) + shift / 4
    return ops.exp(ops.ball(constants["factor"]) * shift * reach)


def lower_factor(ops: Operations, point: Point, constants: Constants) -> Any:
    return upper_factor(ops, point, {"factor": -constants["factor"]})


RATIO = "exp(-|x-mu_i-delta_i|^2/2)/exp(-|x-mu_i|^2/2)"
REACH = "|delta_i| (|x| + |mu_i|)"
REPAIRED = "2 D (|x| + mu_max + D/4)"
FACTOR = {"factor": Fraction(2)}


def _pointwise(claim_id: str, text: str, relation: str, **options: Any) -> Claim:
    return Claim(
        id=claim_id,
        source="proof of Theorem 13, " + options.pop("place"),
        text="for every i and x: " + text,
        relation=relation,
        domain=moves_little_with_x,
        generator=moved_mixtures_with_x,
        **options,
    )


CLAIMS = (
    _pointwise(
        "eq-15prime.1",
        f"exp(-{REACH}) exp(-|delta_i|^2/2) <= {RATIO} (as exponents)",
        "<=",
        place="before (15), first inequality",
        lhs=minus_reaches,
        rhs=pulls,
    ),
    _pointwise(
        "eq-15prime.2",
        f"{RATIO} = exp(<x-mu_i, delta_i> - |delta_i|^2/2)",
        "==",
        place="before (15), the equality",
        lhs=density_ratios,
        rhs=exponentials,
    ),
    _pointwise(
        "eq-15prime.3",
        f"exp(<x-mu_i, delta_i>) <= exp({REACH}) (as exponents)",
        "<=",
        place="before (15), last inequality",
        lhs=pulls,
        rhs=plus_reaches,
    ),
    _pointwise(
        "eq-15",
        f"psi_i(x|mu+delta) <= exp(2 {REACH}) psi_i(x|mu)",
        "<=",
        place="(15)",
        lhs=posterior_ratios,
        rhs=upper_factors,
        constants=FACTOR,
        uses=("eq-15prime.1", "eq-15prime.2", "eq-15prime.3"),
    ),
    _pointwise(
        "eq-16",
        f"psi_i(x|mu+delta) >= exp(-2 {REACH}) psi_i(x|mu)",
        ">=",
        place="(16)",
        lhs=posterior_ratios,
        rhs=lower_factors,
        constants=FACTOR,
        uses=("eq-15prime.1", "eq-15prime.2", "eq-15prime.3"),
    ),
    _pointwise(
        "eq-15-repaired",
        f"D = max_k |delta_k|: psi_i(x|mu+delta) <= exp({REPAIRED}) psi_i(x|mu)",
        "<=",
        place="(15)",
        form="repaired",
        repairs="eq-15",
        lhs=posterior_ratios,
        rhs=upper_factor,
        constants=FACTOR,
        uses=("eq-15prime.1", "eq-15prime.2", "eq-15prime.3"),
    ),
    _pointwise(
        "eq-16-repaired",
        f"D = max_k |delta_k|: psi_i(x|mu+delta) >= exp(-{REPAIRED}) psi_i(x|mu)",
        ">=",
        place="(16)",
        form="repaired",
        repairs="eq-16",
        lhs=posterior_ratios,
        rhs=lower_factor,
        constants=FACTOR,
        uses=("eq-15prime.1", "eq-15prime.2", "eq-15prime.3"),
    ),
)
