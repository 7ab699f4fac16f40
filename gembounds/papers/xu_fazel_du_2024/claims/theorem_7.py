"""Theorem 7: a bad start that traps gradient EM, with (40), (41) and the line before (41).

n >= 3, equal weights, mu_1(0) = 12 sqrt(d) e_1 = -mu_2(0), the other means 0. For every step
size eta > 0 and every whole number t with 0 <= t <= T = exp(d)/(30 eta):

    some i has |mu_i(t)| >= 10 sqrt(d),
    (40)       mu_1(t) + mu_2(t) = 0 and mu_3(t) = ... = mu_n(t) = 0,
    (41)       |mu_i(t) - mu_i(0)| <= eta t 60 sqrt(d) exp(-d) for every i,
    (41prime)  |grad_{mu_i} L(mu(t))| <= 60 sqrt(d) exp(-d) for every i.

No step is run: the whole trajectory is enclosed at once. By symmetry it is mu_1 = -mu_2 =
a(t) e_1, others 0, and a(t+1) = a(t) - eta f(a(t)) with f = a E(psi_1 - psi_2)^2 / 2 >= 0
(:mod:`gembounds.dynamics.pair.force`). With s = sqrt(d), let G bound f on [10 s, 12 s]; as long as
t eta G <= 2 s, induction gives a(t) in [12 s - t eta G, 12 s], which is inside. The same holds
with 1/(3s) in place of 2 s, and G smaller. A second pass evaluates f on that interval alone: it
is so short that f is known to many digits. The constants of T are named too: t is a share s of T,
with other constants as with 1 and 30.

(40) is exact at t = 0 and each step keeps it where grad_1 + grad_2 = 0 and grad_3 = ... = 0.
That is what is evaluated, from all the overlaps, at symmetric states a in [10 s, 12 s], which
contain the trajectory: the point is the mixture, with e_1 turned into (1, ..., 1)/sqrt(d), which
keeps the means rational.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.papers.xu_fazel_du_2024 import families, numbers
from gembounds.papers.xu_fazel_du_2024.arithmetic.trapped import (
    ROOM,
    START,
    log_force,
    trajectory,
)
from gembounds.papers.xu_fazel_du_2024.claims.lemma_9 import GRADIENT_OF_L
from gembounds.papers.xu_fazel_du_2024.domains import dimension, far_draws
from gembounds.papers.xu_fazel_du_2024.vocabulary import ball, named, symbol
from gembounds.points.point import Point
from gembounds.statements import (
    NUMBERS,
    Domain,
    const,
    equals,
    exp,
    expected_posterior,
    integer,
    largest,
    norms,
    real,
    sqrt,
)
from gembounds.statements.argument import Argument, Step
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.conditions import Part, part
from gembounds.statements.domain import at_least
from gembounds.statements.logs import LogArray
from gembounds.statements.theorems import GAUSSIAN
from gembounds.statements.tree import call
from gembounds.tools.later import Later

if TYPE_CHECKING:
    from gembounds.points.batch import Batch

force = Later("gembounds.dynamics.pair.force")

DRIFT = (
    "the induction of theorem-7: steps of total length exp(d)/(30 eta) move a mean by at most "
    "(exp(d)/30) 12 s erfc(5 s/sqrt 2), s = sqrt(d), relatively most for d = 1, as erfc(y) <= "
    "exp(-y^2)"
)
FORCE = (
    f"{DRIFT}; the force falls with n, so that n = 3 and d = 1 are worst: enclosed on the whole "
    "way of the means; for d >= 2 it is at most 12 s erfc(5.9 s/sqrt 2). Finitely many steps go "
    "less far than the flow that they tend to with eta to 0, as the force grows on the way"
)
TRAPPED = (
    "theorem-7-sharpened, and sqrt(d) <= 15 exp(d/1200); the force at 12 sqrt(d) is exp(-18 d) up "
    "to powers of d"
)
PASSAGE = (
    "tau eta is at least the integral of da/H(a) over [10, 12], H above the force at d = 1, n = 3 "
    "(gembounds.trap), and tends to that of 1/force with eta to 0; more components or dimensions "
    "take longer"
)


def _force(batch: Batch) -> LogArray:
    """On the whole way a stays 12 sqrt(d) to many digits."""
    d, n = batch["d"].astype(float), batch["n"].astype(float)
    log = batch.kept("force", lambda: log_force(12 * d**0.5, n))
    return LogArray(log * 0 + 1, log)


def _norm(batch: Batch, start: Any, time: Any) -> Any:
    fallen = LogArray.of(batch["eta"]) * time * _force(batch)
    return LogArray.of(start) * LogArray.of(batch["d"].astype(float) ** 0.5) - fallen


n, eta, t = integer("n"), real("eta"), integer("t", 0)

_NORM = symbol(
    "largest_norm_on_the_way", "max_i |mu_i({1})|", r"\max_i |\mu_i({1})|",
    lambda ops, p, start, time: trajectory(ops, p, ops.ball(p["eta"]) * ops.ball(time), start)[0],
    estimate=_norm, mixture=False, meaning="from means that long at t = 0",
)  # fmt: skip
share = named(
    "share_of_the_time", "s", "s",
    lambda ops, p: ops.ball(30 * p["eta"] * p["t"]) * ops.exp(-p["d"]) if p["t"] else Fraction(0),
    estimate=lambda b: LogArray.of(30 * b["eta"] * b["t"]) / LogArray(1.0, b["d"].astype(float)),
    mixture=False, meaning="30 eta t exp(-d)",
)  # fmt: skip
gradients = named(
    "largest_gradient_on_the_way", "max_i |grad_i L(mu(t))|", r"\max_i |\nabla_i L(\mu(t))|",
    lambda ops, p: trajectory(ops, p, p["eta"] * p["t"])[1], estimate=_force, mixture=False,
)  # fmt: skip
moves = named(
    "largest_move", "max_i |mu_i(t) - mu_i(0)|", r"\max_i |\mu_i(t) - \mu_i(0)|",
    lambda ops, p: ops.ball(p["eta"] * p["t"]) * trajectory(ops, p, p["eta"] * p["t"])[1]
    if p["t"] else Fraction(0),
    estimate=lambda b: LogArray.of(b["eta"] * b["t"]) * _force(b), mixture=False,
)  # fmt: skip
asymmetry = named(
    "asymmetry", "(grad_1 L + grad_2 L, grad_3 L, ..., grad_n L)",
    r"(\nabla_1 L + \nabla_2 L,\, \nabla_3 L, \dots, \nabla_n L)",
    lambda ops, p: _asymmetry(*(row[0] for row in ops.gradient(p.mix))), axes="*",
    needs=("gradient",), meaning="one coordinate of each",
)  # fmt: skip


def _asymmetry(first: Any, second: Any, *rest: Any) -> list[Any]:
    return [first + second, *rest]


def _is_symmetric(ops: Any, point: Point) -> Iterator[Part]:
    """Exact; the zeros may stand merged in one component, weights 1/n, 1/n, (n-2)/n with a whole
    n >= 3."""
    yield from at_least(3)(ops, point)
    yield part("distinct coordinates", len(ops.columns(point.mix)), "==", 1)
    first, second, *rest = (row[0] for row in ops.means(point.mix))
    yield part("a >= 10", first, ">=", START - ROOM)
    yield part("a <= 12", first, "<=", START)
    yield part("the second mean is the first turned", second, "==", -first)
    yield Part("the others are 0", not any(rest))
    weights = ops.weights(point.mix)
    many = 1 / weights[0]
    merged = len(weights) == 3 and weights[0] == weights[1] and many.denominator == 1
    equal = len(set(weights)) == 1
    yield Part("equal weights, those of the zeros merged or not", equal or (merged and many >= 3))


ON_THE_WAY = Domain(
    "trajectories", NUMBERS.test, far_draws("trajectories"), numbers.TRAJECTORIES,
    text="from means 12 sqrt(d) e, -12 sqrt(d) e and zeros, of equal weights",
)  # fmt: skip
SYMMETRIC = Domain(
    "symmetric states", _is_symmetric, far_draws("symmetric_states"),
    text="means (a, ..., a), (-a, ..., -a) and zeros, 10 <= a <= 12, equal weights",
)  # fmt: skip


def drift() -> Any:
    """12 e erfc(5/sqrt 2)/30: how far, in units of sqrt(d), the means of Theorem 7 fall."""
    return ball(Fraction(12, 30)) * ball(1).exp() * (5 / ball(2).sqrt()).erfc()


def first_force() -> Any:
    """The force of (41) at d = 1, n = 3, in units of exp(-d), for every a in [12 - drift, 12]."""
    return ball(1).exp() * force.pair_force(ball(12).union(12 - drift()), 3, 64, 2**14)


def passage() -> Any:
    """exp(1) over the time from 12 to 10 at d = 1, n = 3, step size to 0."""
    from gembounds.dynamics.pair.decay import PairDecay
    from gembounds.dynamics.pair.passage import Passage

    low, high, decay = ball(10), ball(12), PairDecay(3)
    most = ball(1).exp() / Passage(decay, low, high, 1e-4).time
    return most.union(most * (1 - decay.shortfall(low, high)))


PATH = Step(
    "Let s = sqrt(d). While every a(t) so far is at least 10 s, the means are a(t) e, -a(t) e "
    "and zeros, a(t+1) = a(t) - eta F(a(t)), and F >= 0, so a(t) <= 12 s.",
    by=("pair-force",),
)

INDUCTION = Argument(
    PATH,
    Step("F(a) <= sqrt(pi/8) exp(-a^2/8) < (63/100) exp(-25d/2) for a >= 10 s. So by induction "
         "a(t) >= 12 s - eta t (63/100) exp(-25d/2) >= 12 s - 63/3000 for 30 eta t <= exp(d), "
         "which is more than 10 s.", by=("pair-force",),
         shows=gradients <= Fraction(63, 100) * exp(-25 * dimension / 2)),
    Step("The largest gradient at time t is F(a(t)) < (63/100) exp(-25d/2) < 60 s exp(-d)."),
)  # fmt: skip

TIME_PASSED = share * exp(const("exponent", 1) * dimension) / (const("factor", 30) * eta)
TIME = (n >= 3, eta > 0, 30 * eta * t <= exp(dimension))
FACTOR = {"factor": best(first_force, FORCE, sharp=True, attained=False, family=families.TRAPPED)}

CLAIMS = (
    Claim(
        "theorem-7",
        call(_NORM, const("start", 12), TIME_PASSED)
        >= const("kept", 10) * sqrt(dimension),
        TIME,
        source="Theorem 7",
        over=ON_THE_WAY,
        words="t = s exp(d)/(30 eta)",
        form="printed",
        uses=("eq-40", "eq-41"),
        cost=4.0,
        best={
            "kept": best(lambda: 12 - drift(), DRIFT, limit=12),
            "start": best(lambda: 10 + drift(), DRIFT, limit=10),
            "exponent": best(
                "21599/1200", TRAPPED, limit=18, family=families.TRAPPED,
                note="gembounds trap encloses the number of steps itself; 18 is its exponent for "
                "d to infinity.",
            ),
            "factor": best(
                passage, PASSAGE, sharp=True, attained=False, family=families.TRAPPED
            ),
        },
        proof=Argument(
            Step("eta t <= exp(d)/30, so |mu_1(t) - mu_1(0)| <= eta t 60 sqrt(d) exp(-d) <= 2 "
                 "sqrt(d), and |mu_1(0)| = 12 sqrt(d).", by=("eq-41",))
        ),
    ),
    Claim(
        "eq-40",
        equals(asymmetry, 0),
        source="proof of Theorem 7, (40)",
        over=SYMMETRIC,
        words="a step keeps the first two means opposite and the others 0",
        form="printed",
        scale=largest(expected_posterior * norms),
        uses=("lemma-9.2",),
        judges=("gradient",),
        cost=4.0,
        proof=Argument(
            Step("grad_i L = E[psi_i (psi_1 - psi_2)] mu_1, as mu_2 = -mu_1 and the other "
                 "means are 0.", by=GRADIENT_OF_L),
            Step("pi_1 = pi_2, so the reflection of x along mu_1, which keeps its law, swaps "
                 "psi_1 and psi_2 and keeps the other psi_i: E[psi_i (psi_1 - psi_2)] = 0 for "
                 "i >= 3, and the first two add up to E[psi_1^2 - psi_2^2] mu_1 = 0.",
                 by=GAUSSIAN),
        ),
    ),
    Claim(
        "eq-41",
        moves <= eta * t * const("factor", 60) * sqrt(dimension) * exp(-dimension),
        TIME,
        source="proof of Theorem 7, (41)",
        over=ON_THE_WAY,
        form="printed",
        uses=("eq-40", "eq-41prime"),
        cost=4.0,
        best=FACTOR,
        proof=Argument(
            Step("A mean moves by at most eta times the largest gradient in a step, and by "
                 "(41prime) that is at most 60 sqrt(d) exp(-d) at all times up to t.",
                 by=("eq-41prime",))
        ),
    ),
    Claim(
        "eq-41prime",
        gradients <= const("factor", 60) * sqrt(dimension) * exp(-dimension),
        TIME,
        source="proof of Theorem 7, the line before (41)",
        over=ON_THE_WAY,
        form="printed",
        uses=("eq-40", "lemma-15"),
        cost=4.0,
        best=FACTOR,
        proof=INDUCTION,
    ),
)  # fmt: skip
