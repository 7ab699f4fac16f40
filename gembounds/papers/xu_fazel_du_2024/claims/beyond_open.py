"""Beyond the paper: what is open, and one question that is closed.

    open-loss           L <= (3/5) exp(D^2/8) F,   D = max_ik |mu_i - mu_k|, F = E|psi~|^2,

for every mixture. With it exp(U0/4) would stand in rate-gradient-1 for exp(U0/2). No proof is
known here: loss-by-mean-square has exp(D^2/4) and 1/2, which covers D^2 <= 8 log(6/5) = 1.458.
Searches over two to four components on a line, with any weights, end at one mixture: means 3.053
and 0.976, weights 0.8461 and the rest, with a certified ratio of 0.59032.

    rate-weights-free   means 1 and 0, weights e <= 1/20 and 1 - e, steps of one size eta <= 1:
                        L(t) >= (17/250) e^2 while 40 eta e^2 t <= 1.

So with e = (40 eta t)^(-1/2) L(t) >= 1/(600 eta t): for all weights together no bound falls faster
than 1/t, which is the power of rate-gradient-1, and pi_min cannot be left out of
rate-gradient-2.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.claims.beyond_runs import has_sizes, loss_along
from gembounds.points.point import Point
from gembounds.statements import SEVERAL, Domain, L, const, diameter, exp, mean_square, pi_min
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LIGHTEST = Fraction(1, 20)


def _is_light_pair(ops: Any, point: Point) -> Iterator[Part]:
    yield from has_sizes(ops, point)
    mix, sizes = point.mix, point["sizes"]
    yield Part("means 1 and 0 on the line", [list(row) for row in mix.exact_means] == [[1], [0]])
    yield part("e <= 1/20", mix.exact_weights[0], "<=", LIGHTEST)
    yield Part("steps of one size", len(set(sizes)) == 1)
    yield part("eta <= 1", max(sizes), "<=", 1)
    work = 40 * sizes[0] * mix.exact_weights[0] ** 2 * point["steps"]
    yield part("40 eta e^2 t <= 1", work, "<=", 1)


def _light_pairs() -> SearchStrategy[Point]:
    """e from 1/20 to 1/100, eta 1 and less; t up to its end where that is at most 200 steps."""
    from hypothesis import strategies as st

    def placed(drawn: tuple[int, int, bool]) -> Point:
        e, parts, last = Fraction(1, drawn[0]), drawn[1], drawn[2]
        end = int(1 / (40 * e**2) * parts)
        steps = min(end, 200) if last else max(1, min(end, 200) // 3)
        return Point(Mixture([[1], [0]], [e, 1 - e]), {"sizes": (Fraction(1, parts),),
                                                       "steps": steps})  # fmt: skip

    return st.tuples(st.integers(20, 100), st.sampled_from((1, 1, 2, 5)), st.booleans()).map(
        placed
    )


LIGHT_PAIRS = Domain(
    "light pairs", _is_light_pair, _light_pairs,
    text="means 1 and 0 on the line, weights e <= 1/20 and 1 - e, steps of one size eta <= 1, "
    "40 eta e^2 t <= 1",
)  # fmt: skip

CLAIMS = (
    Claim(
        "open-loss",
        L <= const("factor", "3/5") * exp(const("rate", "1/8") * diameter**2) * mean_square,
        source="beyond the paper: open", over=SEVERAL,
        unproved="open: proved only for D^2 <= 8 log(6/5), by loss-by-mean-square",
        best={
            "factor": Best(note="From above nothing is proved; searches end at 0.59032."),
            "rate": Best(note="1/8 is the least for any factor (two means, one far)."),
        },
    ),
    Claim(
        "rate-weights-free",
        loss_along >= const("factor", "17/250") * pi_min**2,
        source="beyond the paper: gradient EM, all weights together", over=LIGHT_PAIRS, cost=4.0,
        uses=("loss-from-below",),
        best={"factor": Best(
            note="At the last t, L is about 0.29 e^2; the proof bounds a and m at their worst "
            "together, and loss-from-below loses a factor 2 there."
        )},
        proof=Argument(
            Step("Let a, b be the means; we show 0.85 <= a <= 1.06 and -2e <= b <= 0 for all "
                 "these t. While they hold, psi_1 <= (e/(1-e)) exp(x (a-b) - (a^2-b^2)/2), so "
                 "E psi_1 <= (e/(1-e)) exp(b^2 - a b) <= 1.2 e, E psi_1^2 <= (e/(1-e))^2 "
                 "exp(2 (a-b)^2 - a^2 + b^2) <= 5.4 e^2, and E psi_2^2 >= 1 - 2 E psi_1 >= 0.88."),
            Step("b' = (1 - eta E psi_2^2) b - eta a E psi_1 psi_2 is at most 0, and |b'| <= (1 - "
                 "0.88 eta) 2e + 1.28 eta e <= 2e.", by="lemma-9.2-repaired"),
            Step("a' = a - eta (a E psi_1^2 + b E psi_1 psi_2) is between a - 5.8 eta e^2 and a + "
                 "2.4 eta e^2, so t <= 1/(40 eta e^2) steps keep 0.85 <= a <= 1.06.",
                 by="lemma-9.2-repaired"),
            Step("loss-from-below with r = 1, mu_max <= 1.06, Y >= e a^2 >= 0.72 e, in which it "
                 "rises: L >= exp(-0.562) 0.518 e^2/(4 (1 + 0.072)) >= 0.068 e^2.",
                 by="loss-from-below"),
        ),
    ),
)  # fmt: skip
