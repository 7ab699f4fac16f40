"""Equal weights, many steps: |theta_t| falls like t^(-1/2), from every start.

    (1/theta_0^2 + 2 t)^(-1/2) <= theta_t <= (1/theta_0^2 + (pi/2) t)^(-1/2),    t >= 0,

theta_0 > 0, theta_(t+1) = |M(theta_t)| in any dimension (the direction stays). By the sharp
bounds of one step 1/theta^2 grows by pi/2 at least and by 2 at most at each; nothing else is
used, so that the start may be anything. t theta_t^2 tends to 1/2, as |M(theta)|^(-2) -
theta^(-2) tends to 2 with theta to 0, while pi/2 is what the first step from far away gains.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.dwivedi_et_al_2020.claims.balanced import half_circle
from gembounds.papers.dwivedi_et_al_2020.vocabulary import named
from gembounds.points.point import Point
from gembounds.statements import NUMBERS, const, integer, real
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import Family, best
from gembounds.statements.claim import Claim
from gembounds.statements.domain import Domain
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

tanh = Later("gembounds.evaluators.balls.tanh")

theta, t = real("theta", 0), integer("t", 0)


def after(ops: Any, point: Point, start: Any, steps: Any) -> Any:
    """theta_t: steps of theta E sech^2(theta z) in balls."""
    x = ops.ball(start)
    for _ in range(int(steps)):
        x = x * tanh.tanh_means(0, x)[1]
    return x


def _estimate(batch: Any, start: Any, steps: Any) -> Any:
    import numpy as np

    x, left = np.array(start.value, dtype=float), np.array(steps.value)
    z = np.arange(-12, 12, 0.01)
    density = np.exp(-z * z / 2) * 0.01 / np.sqrt(2 * np.pi)
    while np.any(left > 0):
        moved = x * ((1 - np.tanh(np.outer(x, z)) ** 2) @ density)
        x, left = np.where(left > 0, moved, x), left - 1
    return x


state = named(
    "state", "theta_t", r"\theta_t", after, theta, t, mixture=False, nonnegative=True,
    meaning="after t steps from theta_0 = theta",
)  # fmt: skip


def _starts() -> SearchStrategy[Point]:
    """theta_0 from 1e-6 to 20, t to 12."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import positive

    sizes = positive(Fraction(4), 6) | positive(Fraction(20), 2)
    return st.builds(lambda x, k: Point(None, {"theta": x, "t": k}), sizes, st.integers(0, 12))


STARTS = Domain("starts", NUMBERS.test, _starts, text="theta_0 = theta")

FIRST = Family("one step from afar", "theta", lambda quick: [
    (Fraction(x), Point(None, {"theta": Fraction(x), "t": 1})) for x in (8, 32, 128)
])  # fmt: skip
NEAR = Family("one step from near 0", "1/theta", lambda quick: [
    (Fraction(x), Point(None, {"theta": Fraction(1, x), "t": 1})) for x in (4, 16, 64)
])  # fmt: skip

CLAIMS = (
    Claim(
        "rate-upper",
        state**2 * (1 + const("growth", "3/2") * t * theta**2) <= theta**2,
        when=theta > 0,
        source="rate for equal weights, in our words",
        over=STARTS,
        cost=4,
        best={"growth": best(half_circle, "rate-upper", sharp=True, attained=False, family=FIRST)},
        proof=Argument(
            Step(
                "1/|M(theta)|^2 >= 1/theta^2 + 157/100, and 157/100 >= 3/2.",
                by="balanced-upper-sharpened",
            ),
            Step("Added up over t steps. At theta = 0 nothing moves."),
        ),
    ),
    Claim(
        "rate-lower",
        state**2 * (1 + const("growth", 2) * t * theta**2) >= theta**2,
        when=theta > 0,
        source="rate for equal weights, in our words",
        over=STARTS,
        cost=4,
        best={"growth": best(2, "rate-lower", sharp=True, attained=False, family=NEAR)},
        proof=Argument(
            Step("1/|M(theta)|^2 <= 1/theta^2 + 2.", by="balanced-lower-sharpened"),
            Step("Added up over t steps."),
        ),
    ),
)
