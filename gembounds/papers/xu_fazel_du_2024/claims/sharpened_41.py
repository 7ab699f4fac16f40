"""(41) and the line before it sharpened: exp(-18 d) in place of exp(-d), and for a longer time.

In the setting of Theorem 7, for every whole t with 0 <= t <= exp(18 d)/(14 sqrt(d) eta), every i:

    |grad_{mu_i} L(mu(t))| <= (9/2) exp(-18 d),  |mu_i(t) - mu_i(0)| <= eta t (9/2) exp(-18 d).

Proof. Let s = sqrt(d), a(t) as in :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.theorem_7`, the force f(a) <= 12 s
erfc(a/sqrt 8) for a <= 12 s. For a >= 12 s - 1/(3s), y = a/sqrt 8 has y^2 >= 18 d - 1 and
y >= 4.12 s, and erfc(y) <= exp(-y^2)/(y sqrt(pi)) gives f <= 4.47 exp(-18 d). By induction
a(t) >= 12 s - eta t 4.47 exp(-18 d) >= 12 s - 1/(3s), as 4.47/14 < 1/3. Lemma 15 is not used.

The 18 is best: the force at 12 s is exp(-18 d) up to powers of d.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import theorem_7
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri, compare

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

RATE, SHARE = 18, 14
"""T = exp(RATE d)/(SHARE sqrt(d) eta)."""

MOST = 200
"""Largest d drawn (a choice: t has 8 d decimal digits)."""


def in_longer_setting(ops: Operations, point: Point) -> Tri:
    """n >= 3, d >= 1, eta > 0, t >= 0 and 14 sqrt(d) eta t <= exp(18 d)."""
    d, n, t, eta = point["d"], point["n"], point["t"], point["eta"]
    if not (d >= 1 and n >= 3 and t >= 0 and eta > 0):
        return False
    return True if t == 0 else compare((SHARE * eta * t) ** 2 * d, "<=", ops.exp(2 * RATE * d))


def longer_trajectories() -> SearchStrategy[Point]:
    """As for Theorem 7, d to 200, t to the end of the longer time."""
    from gembounds.evaluators.balls.radial import ball

    def largest(d: int) -> Fraction:
        return theorem_7.just_below(lambda: ball(RATE * d).exp() / (SHARE * ball(d).sqrt()))

    return theorem_7.trajectories(MOST, largest)


def gradient_norm(ops: Operations, point: Point, constants: Constants) -> Any:
    room = Fraction(1, 3 * point["d"])
    return theorem_7.trajectory(ops, point, theorem_7.SETTING, room)[1]


def gradient_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.ball(constants["factor"]) * ops.exp(-constants["rate"] * point["d"])


def moved(ops: Operations, point: Point, constants: Constants) -> Any:
    if point["t"] == 0:
        return Fraction(0)
    return ops.ball(point["eta"] * point["t"]) * gradient_norm(ops, point, constants)


def moved_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    if point["t"] == 0:
        return Fraction(0)
    return ops.ball(point["eta"] * point["t"]) * gradient_bound(ops, point, constants)


FORCE = {"factor": Fraction(9, 2), "rate": Fraction(RATE)}
TIME = "0 <= t <= exp(18 d)/(14 sqrt(d) eta): "


def _claim(of: str, source: str, text: str, **fields: Any) -> Claim:
    return Claim(
        id=f"{of}-sharpened",
        form="sharpened",
        repairs=of,
        source=source,
        text=TIME + text,
        relation="<=",
        domain=in_longer_setting,
        generator=longer_trajectories,
        cost=4.0,
        **fields,
    )


CLAIMS = (
    _claim(
        "eq-41", "proof of Theorem 7, (41), for a longer time",
        "|mu_i(t) - mu_i(0)| <= eta t (9/2) exp(-18 d) for every i",
        lhs=moved, rhs=moved_bound, constants=FORCE, uses=("eq-40", "eq-41prime-sharpened"),
    ),
    _claim(
        "eq-41prime", "proof of Theorem 7, the line before (41), for a longer time",
        "|grad_{mu_i} L(mu(t))| <= (9/2) exp(-18 d) for every i",
        lhs=gradient_norm, rhs=gradient_bound, constants=FORCE,
        uses=("eq-40", "lemma-9.2-repaired"),
    ),
)  # fmt: skip
