"""Footnote 1: the norm of a mean may grow.

    n = 2, mu_1 = 0, mu_2 = e_1: the norm of mu_1 strictly increases after one iteration,

for every d >= 1, all weights and every step size eta > 0 (none is fixed).

With the sign of Q as printed the step is opposite and its length the same. The claim is
0 < eta E[psi_1 psi_2], evaluated with the certified overlaps, which keep their relative accuracy
where a weight is tiny; psi depends on the first coordinate alone, so they are those of d = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import Domain, overlaps, real, smallest
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.theorems import GAUSSIAN
from gembounds.values.exact import root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ZERO, ONE = Fraction(0), Fraction(1)


def _zero_and_unit(ops: Any, point: Point) -> Iterator[Part]:
    from gembounds.values.columns import runs

    yield part("n = 2", 0 if point.mixture is None else point.mixture.n, "==", 2)
    first, *rest = runs(point.mix)
    unit = first.entries == (ZERO, ONE) and first.length == 1
    yield Part(
        "mu_1 = 0, mu_2 = e_1", unit and all(entries == (ZERO, ZERO) for entries, _ in rest)
    )


def _weights_dimensions_and_steps() -> SearchStrategy[Point]:
    """Weights from even to 1e-300, d from 1 to 10^6, eta from 1e-9 to 1e3."""
    from hypothesis import strategies as st

    from gembounds.points.point import repeated
    from gembounds.points.strategies import dimensions, positive, weights

    def placed(drawn: tuple[Any, int, Fraction]) -> Point:
        shares, d, eta = drawn
        columns, repeats = [[ZERO, ONE]], [1]
        if d > 1:
            columns, repeats = [*columns, [ZERO, ZERO]], [1, d - 1]
        return Point(repeated(columns, repeats, shares), {"eta": eta})

    eta = positive() | st.sampled_from([Fraction(k) for k in (2, 10, 1000)])
    return st.tuples(weights(2), dimensions(), eta).map(placed)


def _step_length(ops: Any, point: Point, eta: Fraction) -> Any:
    """|mu_1(1)| = eta E[psi_1 psi_2]."""
    line = Mixture([[ZERO], [ONE]], ops.weights(point.mix))
    return ops.ball(eta) * ops.overlaps(line)[0][1]


eta = real("eta", 0)
_before = named(
    "first_norm", "|mu_1|", r"|\mu_1|", lambda ops, p: root(ops.norms2(p.mix)[0])
)  # fmt: skip
_after = named(
    "first_norm_after", "|mu_1 - {0} grad_1 L|", r"|\mu_1 - {0} \nabla_1 L|", _step_length, eta,
    needs=("overlaps",), meaning="the norm after one step",
)  # fmt: skip

CLAIMS = (
    Claim(
        "footnote-1",
        _before < _after,
        eta > 0,
        source="Section 4.2, footnote 1",
        over=Domain(
            "zero and unit",
            _zero_and_unit,
            _weights_dimensions_and_steps,
            text="n = 2, the means 0 and the first unit vector",
        ),
        form="printed",
        uses=("lemma-9.2-repaired",),
        proof=Argument(
            Step(
                "psi~ = psi_1 mu_1 + psi_2 mu_2 = psi_2 e_1, and grad_1 L = E[psi_1 psi~] = "
                "E[psi_1 psi_2] e_1: along v = mu_2 = e_1 by what is quoted; along the other axes "
                "both are 0, L being even in each of the other coordinates of mu_1.",
                by=("fact-1-repaired", "lemma-9.2-repaired", GAUSSIAN),
            ),
            Step(
                "psi_1 psi_2 > 0 everywhere, as the weights are positive, so E[psi_1 psi_2] > 0.",
                shows=smallest(overlaps) > 0,
            ),
            Step(
                "mu_1 - eta grad_1 L = -eta E[psi_1 psi_2] e_1 has the norm eta E[psi_1 psi_2] > "
                "0 = |mu_1|."
            ),
        ),
        judges=("overlaps",),
    ),
)
