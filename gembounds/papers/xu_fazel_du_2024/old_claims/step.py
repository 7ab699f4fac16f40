"""One step of gradient EM from a state mu(t), and the step sizes that Theorem 2 allows.

Every displayed step of Theorem 2's proof is about a state mu(t) that the induction hypothesis
(29) keeps in U(mu(t)) <= U(0), and about the constants U(0) and mu_max(0) of the start. So a
point is a state, with parameters ``start_U`` = U(0), ``start_top`` = mu_max(0)^2 (squares stay
rational) and ``share``, the step size relative to the largest allowed:

    eta = share * exp(-8U(0)) pi_min^2 / (20480000 n^2 d^2 (1/mu_max(0) + mu_max(0))^2).

A point without ``start_U`` and ``start_top`` has t = 0: the state is mu(0). With them, all
states with U(mu) <= U(0) and mu_max(0)^2 <= U(0) <= n mu_max(0)^2 are meant, reached from that
start or not: what holds there holds along every trajectory. mu(0) = 0 is left out (1/mu_max(0)).

The constant 1/20480000 is what the proof asks. Lemma 12 gives 1/10240000, hence (37); case a) of
(29) then asks eta <= exp(-8U(0)) pi_min^2 (n/2) mu_max(0)^2 / (10240000 n^2 d
(1 + mu_max(0) sqrt(nd))^2), and with N = nd >= 2, m = mu_max(0) this follows since
N (1+m^2)^2 / (1 + m sqrt(N))^2 >= 4 (sqrt(1+N) - 1)^2 / N >= 1. Theorem 13's condition and
20 eta sqrt(d) n^2 (m^2+1) <= 1/2 are then met with much to spare.

The change of L in a step, enclosed without cancellation however small eta is. With g = grad L(mu)
and l_i = <x, mu_i> - |mu_i|^2/2 + log pi_i the Hessian of -log sum exp l is diag(psi_i I) minus a
covariance, so along g it is at most sum_i psi_i |g_i|^2; more exactly, by Jensen's inequality for
the posterior at mu,

    L(mu - eta g) - L(mu) <= -eta |g|^2 + (eta^2/2) sum_i E[psi_i] |g_i|^2,

and at least -eta |g|^2 - (eta^2/2) |g|^2 (1 + (1+eta)^2 mu_max^2), because the covariance along g
is at most sum_i psi_i <x - mu_i, g_i>^2 at the means mu_i - s eta g_i, and |g_i| <= mu_max.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.legacy import has_mixture
from gembounds.statements.logic import Tri

if TYPE_CHECKING:
    from gembounds.statements.legacy import Constants
    from gembounds.statements.operations import Operations
    from gembounds.values.mixture import Mixture

STEP_FACTOR = Fraction(1, 20480000)
"""The constant of the condition on eta (derived: see above)."""

LEMMA_12 = Fraction(1, 10240000)
"""The constant of Lemma 12 (derived in its file)."""

GAMMA = Fraction(1, 5120000**2)
"""The constant of gamma: (34) with (2L)^(3/2) has ``LEMMA_12``, its square is halved in (35)."""

RATE = {"factor": GAMMA, "exponent": Fraction(16)}
"""The constants of gamma / eta."""


def start(ops: Operations, point: Point) -> tuple[Fraction, Fraction]:
    """U(0) and mu_max(0)^2, exact."""
    if "start_U" in point.parameters:
        return point["start_U"], point["start_top"]
    return ops.U(point.mix), ops.mu_max2(point.mix)


@conditions
def is_start(ops: Operations, point: Point) -> Iterator[Part]:
    """n >= 2, mu(0) not 0, and 0 < share <= 1; the state is mu(0)."""
    yield from has_mixture.parts(ops, point)
    yield part("parameters of an earlier start", int("start_U" in point.parameters), "==", 0)
    yield part("share > 0", point["share"], ">", 0)
    yield part("share <= 1", point["share"], "<=", 1)
    yield part("U(0) > 0", ops.U(point.mix), ">", 0)


def is_state(ops: Operations, point: Point) -> Tri:
    """The same, or a later state: U(mu) <= U(0), mu_max(0)^2 <= U(0) <= n mu_max(0)^2."""
    if "start_U" not in point.parameters:
        return is_start(ops, point)
    if has_mixture(ops, point) is not True:
        return False
    total, top = point["start_U"], point["start_top"]
    inside = ops.U(point.mix) <= total and 0 < top <= total <= point.mix.n * top
    return bool(0 < point["share"] <= 1 and inside)


def eta_of(ops: Operations, point: Point, largest: Fraction = STEP_FACTOR) -> Any:
    """The step size, a ball; ``largest`` is the constant of the condition on it."""
    mix = point.mix
    total, top = start(ops, point)
    spread = (1 + top) ** 2 / top  # (1/mu_max(0) + mu_max(0))^2
    factor = largest * ops.pi_min(mix) ** 2 / (mix.n * mix.d) ** 2 / spread
    return ops.exp(-8 * total) * ops.ball(point["share"] * factor)


def root_factor(ops: Operations, point: Point) -> Any:
    """1 + mu_max(0) sqrt(dn)."""
    return 1 + ops.sqrt(start(ops, point)[1] * point.mix.n * point.mix.d)


def gamma_of(ops: Operations, point: Point, constants: Constants) -> Any:
    """factor eta exp(-16U(0)) pi_min^4 / (n^2 d^2 (1 + mu_max(0) sqrt(dn))^4)."""
    mix = point.mix
    scale = constants["factor"] * ops.pi_min(mix) ** 4 / (mix.n * mix.d) ** 2
    decay = ops.exp(-constants["exponent"] * start(ops, point)[0])
    eta = eta_of(ops, point, constants.get("step", STEP_FACTOR))
    return eta * decay * ops.ball(scale) / root_factor(ops, point) ** 4


def overlaps(ops: Operations, mix: Mixture) -> list[list[Any]]:
    """E[psi_i psi_k]; exactly pi_i pi_k where all means coincide."""
    if ops.coincident(mix):
        pi = ops.weights(mix)
        return [[a * b for b in pi] for a in pi]
    return ops.overlaps(mix)


def gradient_norms2(ops: Operations, mix: Mixture) -> list[Any]:
    """|grad_i L|^2 for every i; exact where all means coincide."""
    if ops.coincident(mix):
        square = ops.mu_max2(mix)
        return [w * w * square for w in ops.weights(mix)]
    lengths = ops.multiplicities(mix)
    return [
        sum((m * g * g for m, g in zip(lengths, row, strict=True)), ops.ball(0))
        for row in ops.gradient(mix)
    ]


def total(values: list[Any]) -> Any:
    """The sum of exact numbers or of balls."""
    return sum(values[1:], values[0])


def gradient_norm2(ops: Operations, mix: Mixture) -> Any:
    """|grad L|^2."""
    return total(gradient_norms2(ops, mix))


def excess_of_loss(ops: Operations, mix: Mixture, eta: Any) -> Any:
    """L(mu - eta g) - L(mu) + eta |g|^2, g = grad L(mu), for any eta > 0."""
    norms = [ops.ball(x) for x in gradient_norms2(ops, mix)]
    shares = [total([ops.ball(p) for p in row]).min(ops.ball(1)) for row in overlaps(ops, mix)]
    eta = ops.ball(eta)
    weighted = total([p * g for p, g in zip(shares, norms, strict=True)])
    spread = 1 + ops.ball(ops.mu_max2(mix)) * (1 + eta) ** 2
    return eta**2 * (weighted / 2).union(-total(norms) * spread / 2)


def steps_to_one(ops: Operations, point: Point) -> Tri:
    """n >= 2, 0 < eta <= 1."""
    return bool(has_mixture(ops, point) and 0 < point["eta"] <= 1)


def step_size(ops: Operations, point: Point, largest: Fraction = STEP_FACTOR) -> Any:
    """``eta`` where the point gives it, else that of ``share``: a ball."""
    if "eta" in point.parameters:
        return ops.ball(point["eta"])
    return eta_of(ops, point, largest)
