"""Theorem 2: the steps of its proof in which L decreases, (31prime), (32) and (33).

At every state mu of :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.step`, g = grad L(mu), m = mu_max(0), eta at most what
the theorem allows, s in [0, 1]; mu(t) is written mu, and mu(t+1) = mu - eta g:

    (31prime)  |g_i| <= sum_k |mu_k| <= sqrt(n U) <= n m   (the last two links by squares),
    (32)  <g - grad L(mu - s eta g), g> <= 20 eta sqrt(d) n^2 (m^2+1) |g|^2,
    (33)  L(mu(t+1)) - L(mu) <= -eta |g|^2 + 20 eta sqrt(d) n^2 (m^2+1) |g|^2 <= -(eta/2) |g|^2.

(33) as printed lost a factor eta when (32) was put into (31): its middle has 20 eta .., not
20 eta^2 .., and the second inequality fails wherever g is not 0, since 20 sqrt(d) n^2 >= 80.
*A slip of notation.* Repaired, with 20 eta^2: 40 eta sqrt(d) n^2 (m^2+1) <= 1 gives the second
inequality; the first, then sharper than the printed one, follows from the bound
-eta |g|^2 + (eta^2/2) |g|^2 of :mod:`gembounds.papers.xu_fazel_du_2024.old_claims.step`. The ends of (33) alone hold for
every eta in (0, 1] and every mixture, by the same bound (sharpened). In the first inequality
-eta |g|^2 stands on the left, so that nothing cancels; the sides of the second have their signs
turned, and are in units of |g|^2 where no ball tells |g|^2 from 0. It is 0 only where all means
are: sum_i <g_i, mu_i> = E|psi~|^2 as g_i = E[psi_i psi~], so at g = 0 psi~, being continuous, is 0
everywhere; then so is its derivative (5), a sum of positive semidefinite terms, all of them are 0,
the means are equal and psi~ is their common value.

(32) sharpened: at most s eta |g|^2, for every eta > 0 and every mixture. The left side is the
integral over s of eta g' H g with H the Hessian of L, and H <= diag(E[psi_i] I) <= I. Theorem 13
is not needed; its sharpened form would do as well, its repaired form for n <= 25 d only (then
4 n^(5/2) m^2 stands where the paper has 4 n^2 m^2). Printed, it
is evaluated by that bound of H and the lower one; sharpened, by the two gradients. See
:mod:`gembounds.papers.xu_fazel_du_2024.old_claims.gradient_drop`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024.old_claims import moved_state, step
from gembounds.papers.xu_fazel_du_2024.old_claims.gradient_drop import (
    drop_bound_sharp,
    gradient_drop,
    sharp_drop,
)
from gembounds.papers.xu_fazel_du_2024.old_claims.states import (
    mixtures_and_steps,
    starts,
    states,
    with_fraction,
)
from gembounds.points.point import Point
from gembounds.statements.legacy import Claim, Constants, Side, has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

    Points = SearchStrategy[Point]


def states_with_fraction() -> Points:
    return with_fraction(states())


def mixtures_with_fraction_and_step() -> Points:
    """Mixtures on lines and in planes, s in [0, 1], eta to 10."""
    return with_fraction(mixtures_and_steps(1, slow=True) | mixtures_and_steps(10, slow=True))


def is_state_with_fraction(ops: Operations, point: Point) -> Tri:
    """A state, and s in [0, 1]."""
    return bool(step.is_state(ops, point) and 0 <= point["s"] <= 1)


def has_fraction_and_step(ops: Operations, point: Point) -> Tri:
    """A mixture, s in [0, 1], eta > 0."""
    return bool(has_mixture(ops, point) and 0 <= point["s"] <= 1 and point["eta"] > 0)


def norms(ops: Operations, point: Point) -> list[Any]:
    return [ops.sqrt(x) if x else Fraction(0) for x in ops.norms2(point.mix)]


def gradient_lengths(ops: Operations, point: Point, constants: Constants) -> Any:
    return [ops.sqrt(x) for x in step.gradient_norms2(ops, point.mix)]


def sum_of_norms(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.ball(constants["factor"]) * sum(map(ops.ball, norms(ops, point)), ops.ball(0))


def sum_of_norms2(ops: Operations, point: Point, constants: Constants) -> Any:
    """(sum_k |mu_k|)^2 with the equal norms gathered, as exact as they allow."""
    counts: dict[Fraction, int] = {}
    for x in ops.norms2(point.mix):
        counts[x] = counts.get(x, 0) + 1
    if len(counts) == 1:
        return next(k * k * x for x, k in counts.items())
    return sum(map(ops.ball, norms(ops, point)), ops.ball(0)) ** 2


def n_times_U(ops: Operations, point: Point, constants: Constants) -> Any:
    return constants["factor"] * point.mix.n * ops.U(point.mix)


def n_times_U_plain(ops: Operations, point: Point, constants: Constants) -> Any:
    return point.mix.n * ops.U(point.mix)


def n_times_start2(ops: Operations, point: Point, constants: Constants) -> Any:
    return constants["factor"] * point.mix.n**2 * step.start(ops, point)[1]


def smoothness(ops: Operations, point: Point, factor: Fraction, square: Any = None) -> Any:
    """factor sqrt(d) n^2 (mu_max(0)^2 + 1) |g|^2; ``square`` instead of |g|^2 if given."""
    mix = point.mix
    scale = factor * mix.n**2 * (step.start(ops, point)[1] + 1)
    square = step.gradient_norm2(ops, mix) if square is None else square
    return ops.sqrt(mix.d) * ops.ball(scale) * ops.ball(square)


def drop_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return step.eta_of(ops, point) * smoothness(ops, point, constants["factor"])


def excess(ops: Operations, point: Point, constants: Constants) -> Any:
    """L(mu(t+1)) - L(mu(t)) + eta |g|^2; exactly 0 where all means are 0."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return moved_state.loss_excess(ops, point.mix, step.eta_of(ops, point))


def excess_bound(power: int) -> Side:
    """factor eta^power sqrt(d) n^2 (mu_max(0)^2 + 1) |g|^2."""

    def side(ops: Operations, point: Point, constants: Constants) -> Any:
        if ops.U(point.mix) == 0:
            return Fraction(0)
        eta = step.eta_of(ops, point)
        return eta**power * smoothness(ops, point, constants["factor"])

    return side


def square_or_unit(ops: Operations, mix: Mixture) -> Any:
    """|g|^2 where a ball tells it from 0, else 1: the unit of both sides of the second
    inequality of (33), which is positive where not all means are 0."""
    square = ops.ball(step.gradient_norm2(ops, mix))
    return square if square > 0 else ops.ball(1)


def middle_of_33(power: int) -> Side:
    """eta |g|^2 - factor eta^power sqrt(d) n^2 (mu_max(0)^2 + 1) |g|^2, perhaps over |g|^2."""

    def side(ops: Operations, point: Point, constants: Constants) -> Any:
        if ops.U(point.mix) == 0:
            return Fraction(0)
        eta, square = step.eta_of(ops, point), square_or_unit(ops, point.mix)
        return eta * square - eta**power * smoothness(ops, point, constants["factor"], square)

    return side


def end_of_33(ops: Operations, point: Point, constants: Constants) -> Any:
    """half eta |g|^2, over |g|^2 where the other side is."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    eta, square = step.step_size(ops, point), square_or_unit(ops, point.mix)
    return ops.ball(constants["half"]) * eta * square


def decrease(ops: Operations, point: Point, constants: Constants) -> Any:
    """L(mu(t)) - L(mu(t+1)); exactly 0 where all means are 0."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    return -moved_state.loss_change(ops, point.mix, step.step_size(ops, point))


def half_decrease(ops: Operations, point: Point, constants: Constants) -> Any:
    """half eta |g|^2."""
    if ops.U(point.mix) == 0:
        return Fraction(0)
    square = ops.ball(step.gradient_norm2(ops, point.mix))
    return ops.ball(constants["half"]) * step.step_size(ops, point) * square


MIDDLE = "-eta |g|^2 + 20 eta{} sqrt(d) n^2 (mu_max(0)^2 + 1) |g|^2"
FIRST = "L(mu(t+1)) - L(mu(t)) <= " + MIDDLE
SECOND = MIDDLE + " <= -(eta/2) |g|^2"
TWENTY = {"factor": Fraction(20)}

CLAIMS = (
    Claim(
        id="eq-31prime.1",
        source="proof of Theorem 2, before (32), first inequality",
        text="|grad_{mu_i} L(mu(t))| <= sum_k |mu_k(t)| for every i",
        relation="<=",
        lhs=gradient_lengths,
        rhs=sum_of_norms,
        domain=step.is_state,
        generator=states,
        constants={"factor": Fraction(1)},
        uses=("lemma-9.2",),
        cost=2.0,
    ),
    Claim(
        id="eq-31prime.2",
        source="proof of Theorem 2, before (32), second inequality, squared",
        text="sum_k |mu_k(t)| <= sqrt(n U(mu(t)))",
        relation="<=",
        lhs=sum_of_norms2,
        rhs=n_times_U,
        domain=step.is_state,
        generator=states,
        constants={"factor": Fraction(1)},
    ),
    Claim(
        id="eq-31prime.3",
        source="proof of Theorem 2, before (32), third inequality, squared",
        text="sqrt(n U(mu(t))) <= n mu_max(0)",
        relation="<=",
        lhs=n_times_U_plain,
        rhs=n_times_start2,
        domain=step.is_state,
        generator=states,
        constants={"factor": Fraction(1)},
        uses=("eq-29",),
    ),
    Claim(
        id="eq-32",
        source="proof of Theorem 2, (32)",
        text="<g - grad L(mu(t) - s eta g), g> <= 20 eta sqrt(d) n^2 (mu_max(0)^2 + 1) |g|^2",
        relation="<=",
        lhs=gradient_drop,
        rhs=drop_bound,
        domain=is_state_with_fraction,
        generator=states_with_fraction,
        constants=TWENTY,
        uses=("theorem-13", "eq-31prime.1", "eq-31prime.2", "eq-31prime.3"),
        cost=2.0,
    ),
    Claim(
        id="eq-32-sharpened",
        form="sharpened",
        repairs="eq-32",
        source="proof of Theorem 2, (32)",
        text="any mixture, eta > 0, 0 <= s <= 1: <g - grad L(mu - s eta g), g> <= s eta |g|^2",
        relation="<=",
        lhs=sharp_drop,
        rhs=drop_bound_sharp,
        domain=has_fraction_and_step,
        generator=mixtures_with_fraction_and_step,
        constants={"factor": Fraction(1)},
        uses=("fact-1-repaired",),
        cost=4.0,
    ),
    Claim(
        id="eq-33.1",
        source="proof of Theorem 2, (33), first inequality",
        text=FIRST.format(""),
        relation="<=",
        lhs=excess,
        rhs=excess_bound(1),
        domain=step.is_state,
        generator=states,
        constants=TWENTY,
        uses=("eq-31", "eq-32"),
        cost=2.0,
    ),
    Claim(
        id="eq-33.1-sharpened",
        form="sharpened",
        repairs="eq-33.1",
        source="proof of Theorem 2, (33), first inequality, 20 eta^2 for 20 eta",
        text=FIRST.format("^2"),
        relation="<=",
        lhs=excess,
        rhs=excess_bound(2),
        domain=step.is_state,
        generator=states,
        constants=TWENTY,
        uses=("fact-1-repaired",),
        cost=2.0,
    ),
    Claim(
        id="eq-33.2",
        source="proof of Theorem 2, (33), second inequality",
        text=SECOND.format(""),
        relation=">=",
        lhs=middle_of_33(1),
        rhs=end_of_33,
        domain=step.is_start,
        generator=starts,
        constants={**TWENTY, "half": Fraction(1, 2)},
    ),
    Claim(
        id="eq-33.2-repaired",
        form="repaired",
        repairs="eq-33.2",
        source="proof of Theorem 2, (33), second inequality, 20 eta^2 for 20 eta",
        text=SECOND.format("^2"),
        relation=">=",
        lhs=middle_of_33(2),
        rhs=end_of_33,
        domain=step.is_state,
        generator=states,
        constants={**TWENTY, "half": Fraction(1, 2)},
        cost=2.0,
    ),
    Claim(
        id="eq-33.2-sharpened",
        form="sharpened",
        repairs="eq-33.2",
        source="proof of Theorem 2, (33), its ends",
        text="any mixture, 0 < eta <= 1: L(mu - eta g) - L(mu) <= -(eta/2) |g|^2",
        relation=">=",
        lhs=decrease,
        rhs=half_decrease,
        domain=step.steps_to_one,
        generator=mixtures_and_steps,
        constants={"half": Fraction(1, 2)},
        uses=("fact-1-repaired",),
        cost=2.0,
    ),
)
