"""The pointwise steps of the proof of Theorem 13: the line before (15), (15) and (16).

|delta_i| <= 1/max(6d, 2 |mu_i|) for all i, x in R^d, e_i = exp(<x - mu_i, delta_i> -
|delta_i|^2/2), r_i = |delta_i| (|x| + |mu_i|). For every i:

    (15prime)  exp(-r_i - |delta_i|^2/2) <= exp(-|x-mu_i-delta_i|^2/2)/exp(-|x-mu_i|^2/2) = e_i
               <= exp(r_i - |delta_i|^2/2),
    (15)       psi_i(x|mu+delta) <= exp(2 r_i) psi_i(x|mu),
    (16)       psi_i(x|mu+delta) >= exp(-2 r_i) psi_i(x|mu).

The inequalities of (15prime) are decided by their exponents without the common -|delta_i|^2/2,
since exp increases; a product |u| |v| of norms is exact where it is rational, which decides the
ties. (15) and (16) are divided by psi_i(x|mu): psi_i(x|mu+delta)/psi_i(x|mu) =
e_i / sum_k psi_k(x|mu) e_k, exactly 1 where all e_k are equal.

Printed, (15) and (16) bound every e_k of the denominator by the delta_i and mu_i of component i
alone: false as soon as another mean moves more. Repaired: with D = max_k |delta_k| for
|delta_i| and mu_max + D/4 for |mu_i|.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import ensembles, slips
from gembounds.papers.xu_fazel_du_2024.claims.theorem_13 import (
    MOVES_LITTLE,
    delta,
    largest_shift,
    shifts,
)
from gembounds.papers.xu_fazel_du_2024.vocabulary import means, symbol
from gembounds.statements import (
    Domain,
    const,
    dot,
    equals,
    exp,
    moved,
    mu_max,
    norm,
    norms,
    posterior,
    vector,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.domain import at_least
from gembounds.statements.theorems import CAUCHY_SCHWARZ
from gembounds.statements.tree import Relation, call

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.points.point import Point

x = vector("x")
pulls = dot(x - means, delta)
reaches = shifts * (norm(x) + norms)
half_squares = shifts**2 / 2
density_ratio = exp(-(norm(x - means - delta) ** 2) / 2) / exp(-(norm(x - means) ** 2) / 2)


def _draw() -> SearchStrategy[Point]:
    from gembounds.points.strategies_moved import moved_mixtures_with_x

    return moved_mixtures_with_x()


MOVED_WITH_X = Domain("moved, with x", at_least(2), _draw, ensembles.MOVED)
"""Displacements up to the end of the condition, x at 0, near and far."""


def _ratios(ops: Any, point: Point, exponents: Any) -> list[Any]:
    """1/(1 + sum_k psi_k (e_k/e_i - 1)): the sum is enclosed relative to itself, so that a ratio
    next to 1 is told from 1."""
    logs = list(exponents)
    if len(set(logs)) == 1:
        return [Fraction(1)] * len(logs)
    psi = ops.psi(point.mix, point["x"])
    out = []
    for log in logs:
        terms = (p * (ops.exp(e - log) - 1) for p, e in zip(psi, logs, strict=True) if e != log)
        out.append(ops.inverse_of_one_plus(sum(terms, ops.ball(0))))
    return out


def _estimated_ratios(batch: Any, exponents: Any) -> Any:
    from gembounds.statements.logs import LogArray

    before, after = batch.log_posteriors(batch["x"]), batch.moved_by("delta")
    log = after.log_posteriors(batch["x"]) - before
    return LogArray(log * 0 + 1, log)


posterior_ratio = call(
    symbol(
        "posterior_ratio", "psi_i(x|mu+delta)/psi_i(x|mu)",
        r"\frac{\psi_i(x \mid \mu + \delta)}{\psi_i(x \mid \mu)}", _ratios, axes="i",
        needs=("psi",), estimate=_estimated_ratios,
        meaning="the ratio of the posteriors before and after a displacement",
    ),
    pulls - half_squares,
)  # fmt: skip


def _claim(name: str, place: str, relation: Relation, **options: Any) -> Claim:
    return Claim(
        name,
        relation,
        when=MOVES_LITTLE,
        source=f"proof of Theorem 13, {place}",
        over=MOVED_WITH_X,
        form="printed" if "repairs" not in options else "repaired",
        **options,
    )


SIZE = Argument(
    Step("<x - mu_i, delta_i> is at least -|delta_i| (|x| + |mu_i|) and at most |delta_i| (|x| "
         "+ |mu_i|), and exp increases; the ratio between is exp(<x - mu_i, delta_i> - "
         "|delta_i|^2/2).", by=("eq-15prime.2", CAUCHY_SCHWARZ))
)  # fmt: skip
SQUARES = Argument(
    Step("|x - mu_i|^2 - |x - mu_i - delta_i|^2 = 2 <x - mu_i, delta_i> - |delta_i|^2.")
)
MIXED = Argument(
    Step("psi_i(x|mu+delta)/psi_i(x|mu) = e_i / sum_k psi_k(x|mu) e_k, e_k = exp(<x - mu_k, "
         "delta_k> - |delta_k|^2/2).", by=("eq-15prime.2",)),
    Step("With R = |x| + mu_max and D = max_k |delta_k|, log(e_i/e_k) <= |delta_i| R + "
         "|delta_k| R + |delta_k|^2/2 <= 2D (R + D/4), for all i and k.",
         by=(CAUCHY_SCHWARZ,)),
    Step("sum_k psi_k e_k/e_i is a mean of numbers between exp(-2D (R + D/4)) and its inverse; "
         "so is the ratio, between the same two."),
)  # fmt: skip

EXPONENTS = "exp increases, and both exponents have -|delta_i|^2/2"


STEPS_BEFORE = ("eq-15prime.1", "eq-15prime.2", "eq-15prime.3")


def _posteriors(name: str, sign: int, shift: Any, size: Any, **options: Any) -> Claim:
    """(15) with the sign 1 and (16) with -1, divided by psi_i(x|mu)."""
    before, after = posterior(x), moved(posterior(x), delta)
    exponent = const("factor", 2) * shift * size
    factor = exp(exponent if sign > 0 else -exponent)
    return _claim(
        name,
        "(15)" if sign > 0 else "(16)",
        after <= factor * before if sign > 0 else after >= factor * before,
        decided_by=posterior_ratio <= factor if sign > 0 else posterior_ratio >= factor,
        identity="both sides are divided by psi_i(x|mu) > 0",
        uses=() if "repairs" in options else STEPS_BEFORE,
        **options,
    )


AS_PRINTED = (shifts, norm(x) + norms)
REPAIRED = (largest_shift, norm(x) + mu_max + largest_shift / 4)

CLAIMS = (
    _claim(
        "eq-15prime.1",
        "before (15), first inequality",
        exp(-reaches - half_squares) <= density_ratio,
        decided_by=-reaches <= pulls,
        identity=EXPONENTS,
        proof=SIZE,
    ),
    _claim(
        "eq-15prime.2",
        "before (15), the equality",
        equals(density_ratio, exp(pulls - half_squares)),
        proof=SQUARES,
    ),
    _claim(
        "eq-15prime.3",
        "before (15), last inequality",
        exp(pulls - half_squares) <= exp(reaches - half_squares),
        decided_by=pulls <= reaches,
        identity=EXPONENTS,
        proof=SIZE,
    ),
    _posteriors("eq-15", 1, *AS_PRINTED, slip=slips.OTHER_MEANS_MOVE),
    _posteriors("eq-16", -1, *AS_PRINTED, slip=slips.OTHER_MEANS_MOVE),
    _posteriors("eq-15-repaired", 1, *REPAIRED, repairs="eq-15", judges=("psi",), proof=MIXED),
    _posteriors("eq-16-repaired", -1, *REPAIRED, repairs="eq-16", judges=("psi",), proof=MIXED),
)
