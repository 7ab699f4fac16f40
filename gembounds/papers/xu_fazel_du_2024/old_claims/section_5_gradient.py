"""Section 5, Figure 2 left: the gradient norm at a bad start decreases exponentially in d.

"the gradient norm |grad L(mu(0))| at mu(0) decreases exponentially in dimension d", mu(0) being
Theorem 7's start, with its 12 replaced by c = 2 "to prevent numerical underflow": n >= 3, equal
weights, mu_1 = c sqrt(d) e_1 = -mu_2, the others 0. Read as: bounded by a constant times
exp(-kappa d). The constants are derived here, with the best kappa:

    .1, .2      |grad L| <= sqrt(pi/(4(n-2))) exp(-c^2 d/8),   c = 2 and 12, every n >= 3, d >= 1,
    sharpened   |grad L| >= sqrt(pi/(4(n-2))) exp(-c^2 d/8)
                            (1 - ((log(n-2) + 2)^2 + pi^2)/(2 c^2 d)).

So kappa = c^2/8 exactly, 1/2 and 18. With c = 2 the norm need not fall from every d to the next:
at n = 1000 it is larger at d = 4 than at d = 1, 2 and 3.

Proof. |grad L| = sqrt(2) F(a), a = c sqrt(d). In the notation of
:mod:`gembounds.dynamics.pair.decay` F <= H = exp(-a^2/8) I(a)/sqrt(2 pi), and m^(1/2) I(a) <= int K =
B(3/2, 1/2) = pi/2. From below exp(-x) >= 1 - x and the moments of w give m^(1/2) I(a) >= (pi/2)
(1 - ((l+2)^2 + pi^2 - 4)/(2 a^2)), and F >= (1-e) H with e <= 2 exp(-a^2/2)/m +
(3/2) a exp(-a^2)/(m^2 H). Where the bound is positive, 2 a^2 > (l+2)^2 + pi^2, so a^2 > 6.9 and
e <= 0.12 at most and falling faster than 2/a^2, which is what the 4 left out allows.

Evaluation: F in balls; c = 2 by the grid over all logits (:mod:`gembounds.dynamics.pair.force`), c = 12 by
H and its distance to F.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

NEAR, FAR = Fraction(2), Fraction(12)
"""c: the paper's figure, and Theorem 7."""

GRID_REACH = 24
"""a up to which the grid over all logits is small (a choice: milliseconds)."""

NODES = 2**17


def is_start(ops: Operations, point: Point) -> Tri:
    """n >= 3 and d >= 1."""
    return bool(point["n"] >= 3 and point["d"] >= 1)


def starts() -> SearchStrategy[Point]:
    """d from 1 to 100 and some to 1000, n from 3 to 10^6."""
    from hypothesis import strategies as st

    d = st.one_of(st.integers(1, 50), st.integers(1, 100), st.integers(1, 1000))
    n = st.one_of(st.integers(3, 12), st.integers(3, 1000), st.just(10**6))
    return st.tuples(d, n).map(lambda t: Point(parameters={"d": t[0], "n": t[1]}))


def gradient_norm(ops: Operations, point: Point, c: Fraction) -> Any:
    """|grad L| over all components, sqrt(2) F(c sqrt(d))."""
    from gembounds.dynamics.pair.decay import PairDecay
    from gembounds.dynamics.pair.force import pair_force

    a, n = ops.ball(c) * ops.sqrt(point["d"]), point["n"]
    if a < GRID_REACH and c == NEAR:
        force = pair_force(a, n, min(64, ops.rung.bits), NODES)
    else:
        force = PairDecay(n).force(a)
    return ops.sqrt(2) * force


def leading_term(ops: Operations, point: Point, c: Fraction) -> Any:
    """sqrt(pi/(4(n-2))) exp(-c^2 d/8)."""
    return ops.sqrt(ops.pi() / (4 * (point["n"] - 2))) * ops.exp(-c * c * point["d"] / 8)


def two_terms(ops: Operations, point: Point, c: Fraction) -> Any:
    """The same times 1 - ((log(n-2) + 2)^2 + pi^2)/(2 c^2 d)."""
    second = (ops.log(point["n"] - 2) + 2) ** 2 + ops.pi() ** 2
    return leading_term(ops, point, c) * (1 - second / ops.ball(2 * c * c * point["d"]))


def _claims(number: int, c: Fraction) -> tuple[Claim, Claim]:
    name, source = f"section-5-gradient.{number}", f"Section 5, Figure 2 left, c = {c}"
    start = f"mu_1(0) = {c} sqrt(d) e_1 = -mu_2(0), others 0: |grad L| "
    constants = {"factor": Fraction(1)}

    def norm(ops: Operations, point: Point, constants: Constants) -> Any:
        return gradient_norm(ops, point, c)

    def above(ops: Operations, point: Point, constants: Constants) -> Any:
        return ops.ball(constants["factor"]) * leading_term(ops, point, c)

    def below(ops: Operations, point: Point, constants: Constants) -> Any:
        bound = ops.ball(constants["factor"]) * two_terms(ops, point, c)
        return bound.max(ops.ball(0))  # a norm is at least 0

    printed = Claim(
        id=name,
        source=source,
        text=f"{start}<= sqrt(pi/(4(n-2))) exp(-{c}^2 d/8)",
        relation="<=",
        lhs=norm,
        rhs=above,
        domain=is_start,
        generator=starts,
        constants=constants,
        cost=4.0,
    )
    sharpened = Claim(
        id=f"{name}-sharpened",
        form="sharpened",
        repairs=name,
        source=source,
        text=(
            f"{start}>= sqrt(pi/(4(n-2))) exp(-{c}^2 d/8) "
            f"(1 - ((log(n-2) + 2)^2 + pi^2)/(2 {c}^2 d))"
        ),
        relation=">=",
        lhs=norm,
        rhs=below,
        domain=is_start,
        generator=starts,
        constants=constants,
        cost=4.0,
    )
    return printed, sharpened


CLAIMS = (*_claims(1, NEAR), *_claims(2, FAR))
