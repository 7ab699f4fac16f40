"""What is proved about the best constants over whole domains, and where the argument stands.

``best`` is a value that holds everywhere, other constants as printed, so it bounds the best
constant from the side opposite to a witness. Where ``sharp`` is true the argument also shows that
nothing beyond it holds, and both ends are proved; ``attained`` tells whether at some point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.balls.precision import working_precision
from gembounds.balls.radial import ball
from gembounds.tightness import radial

BITS = 96


@dataclass(frozen=True)
class Proof:
    """``best``: a Fraction, or a function that returns a ball; ``where`` the argument is (the id
    of a claim whose text has it, or a sentence)."""

    best: Fraction | Callable[[], Any]
    where: str
    sharp: bool = False
    attained: bool | None = None

    def value(self) -> Any:
        """``best`` as a Fraction or a ball."""
        return self.best if isinstance(self.best, Fraction) else self.best()


def _in_balls(make: Callable[[], Any]) -> Callable[[], Any]:
    def value() -> Any:
        with working_precision(BITS):
            return make()

    return value


def _of(claim: str, best: Fraction | int | str, sharp: bool = False,
        attained: bool | None = None) -> Proof:  # fmt: skip
    return Proof(Fraction(best), claim, sharp, attained)


HULL = (
    "lemma-20's own proof (psi~ is in the hull of the means, all within half of mu_imax); two "
    "means, the second of norm just over mu_max/2 and of weight near 1, come as near as one likes"
)
SCALAR = "one number t = mu_max^2: t exp(-a t) is largest at t = 1/a"
JENSEN = "relative entropy is convex in p_mu (Jensen); all means equal"

GRADIENT = (
    "the proof of lemma-11-sharpened with 2 W <= 8/e gives E|psi~|^2 >= exp(-mu_max^2/2) Y^2 / "
    "(4 min(n,d)), Y = sum pi_i |mu_i|^2 >= max(2L, pi_min U); |grad L| >= E|psi~|^2/sqrt(U)"
)
DECREASE = f"eq-33.2-sharpened with a decrease of at least eta |grad L|^2/2, and: {GRADIENT}"
POINTWISE = "psi_i/pi_i >= exp(-2 mu_max |tx| - mu_max^2/2); near mu = 0, also with |x| far"
VARIANCE = "a variance is not negative; means on a line and d = 1, mu_max |x| to infinity"
SYMMETRIC = "|a|^2 + |b|^2 >= |a - b|^2/2 and Cauchy; symmetric mixtures on the line"
DRIFT = (
    "the induction of theorem-7: steps of total length exp(d)/(30 eta) move a mean by at most "
    "(exp(d)/30) 12 s erfc(5 s/sqrt 2), s = sqrt(d), relatively most for d = 1, as erfc(y) <= "
    "exp(-y^2); hence the means stay where the force is at most 12 s erfc(a/sqrt 8)"
)


def drift() -> Any:
    """12 e erfc(5/sqrt 2)/30: how far, in units of sqrt(d), the means of Theorem 7 fall."""
    return ball(Fraction(12, 30)) * ball(1).exp() * (5 / ball(2).sqrt()).erfc()


def first_force() -> Any:
    """12 e erfc(a/sqrt 8) at a = 12 - drift: the force of (41) at d = 1 in units of exp(-d);
    for d >= 2 it is at most 12 exp(-(23/2) d) in these units, which is less."""
    return 12 * ball(1).exp() * ((12 - drift()) / ball(8).sqrt()).erfc()


PROOFS: dict[tuple[str, str], Proof] = {
    ("lemma-17", "factor"): Proof(
        lambda: radial.exponential_moment()[0], "lemma-17-sharpened", True, True),
    ("lemma-17-sharpened", "factor"): Proof(
        lambda: radial.exponential_moment()[0], "lemma-17-sharpened", True, True),
    ("eq-26a", "probability"): Proof(
        lambda: radial.inner_probability()[0], "eq-26a-sharpened", True, True),
    ("eq-26a-sharpened", "probability"): Proof(
        lambda: radial.inner_probability()[0], "eq-26a-sharpened", True, True),
    ("eq-26a", "radius"): _of(
        "second moments of |x|^2 - d below 1 in radius, the law of large numbers beyond", 1,
        True, False),
    ("eq-39c-repaired", "rate"): Proof(
        radial.tail_rate, "Chernoff's bound, and Cramer's theorem for d to infinity", True,
        False),
    ("eq-39c-repaired", "radius"): Proof(
        radial.tail_radius, "Chernoff's bound, and Cramer's theorem for d to infinity", True,
        False),
    ("lemma-11", "denominator"): _of("lemma-11-sharpened", 4, True, False),
    ("lemma-11", "exponent"): _of("lemma-11-sharpened", "1/2"),
    ("lemma-11", "inner"): _of("lemma-11-sharpened", 0, True),
    ("lemma-11-sharpened", "denominator"): _of("lemma-11-sharpened", 4, True, False),
    ("lemma-11-sharpened", "exponent"): _of("lemma-11-sharpened", "1/2"),
    ("lemma-12.2", "factor"): _of("lemma-12.2-sharpened", 1, True, False),
    ("lemma-12.2", "exponent"): _of("lemma-12.2-sharpened", "1/2"),
    ("lemma-12.2", "inner"): _of("lemma-12.2-sharpened", 0, True),
    ("lemma-12.2-sharpened", "factor"): _of("lemma-12.2-sharpened", 1, True, False),
    ("lemma-12.2-sharpened", "exponent"): _of("lemma-12.2-sharpened", "1/2"),
    ("lemma-12-case-1", "factor"): _of("lemma-12.2-sharpened", 1, True, False),
    ("lemma-12-case-1", "exponent"): _of("lemma-12.2-sharpened", "1/2"),
    ("lemma-12-case-1", "inner"): _of("lemma-12.2-sharpened", 0, True),
    ("lemma-12-case-2.1", "quarter"): Proof(Fraction(1, 4), HULL, True, False),
    ("lemma-12-case-2.2", "factor"): Proof(
        _in_balls(lambda: 2 * ball(1).exp()), SCALAR, True, True),
    ("lemma-12-case-2.2", "exponent"): Proof(
        _in_balls(lambda: 8 / ball(1).exp()), SCALAR, True, True),
    ("lemma-12-case-2.3", "factor"): Proof(
        Fraction(2), "U >= mu_max^2; means to 0", True, False),
    ("lemma-12-case-2.3", "exponent"): Proof(
        Fraction(32, 5), "U > (5/4) mu_max^2, n = 2 and |mu_2| to mu_max/2", True, False),
    ("lemma-15-repaired", "near"): Proof(
        Fraction(1), "proof of lemma-15-repaired: |grad_i| <= sum_k |mu_k| E psi_k; n = 3, "
        "mu_3 not 0 and d to infinity", True, False),
    ("lemma-15-repaired", "far"): Proof(
        _in_balls(lambda: (-ball(Fraction(329, 32))).exp()), "lemma-15-sharpened at d = 1"),
    ("lemma-15-repaired", "rate"): _of("lemma-15-sharpened", "361/32", True, False),
    ("lemma-15-sharpened", "rate"): _of("lemma-15-sharpened", "361/32", True, False),
    ("lemma-15-sharpened", "far"): _of("lemma-15-sharpened", 1),
    ("lemma-18", "decay"): _of("lemma-18-sharpened", 1, True, False),
    ("lemma-18", "rate"): _of("lemma-18-sharpened", 1, True, False),
    ("lemma-18", "factor"): _of("lemma-18-sharpened", 1, True, True),
    ("lemma-18-sharpened", "decay"): _of("lemma-18-sharpened", "1/2", True, False),
    ("lemma-18-sharpened", "factor"): _of("lemma-18-sharpened", 1, True, True),
    ("lemma-18-sharpened", "rate"): _of("lemma-18-sharpened", 1, True, False),
    ("lemma-19", "factor"): _of("lemma-19-sharpened", "1/4", True, True),
    ("lemma-19-sharpened", "factor"): _of("lemma-19-sharpened", "1/4", True, True),
    ("lemma-19-proof.2", "factor"): Proof(
        Fraction(1, 2), "|a|^2 + |b|^2 >= |a - b|^2/2; mu_i half way, equal weights", True, True),
    ("lemma-20", "factor"): Proof(Fraction(1, 4), HULL, True, False),
    ("eq-20", "factor"): Proof(Fraction(1, 2), HULL, True, False),
    ("eq-21", "factor"): Proof(Fraction(1, 2), HULL, True, False),
    ("theorem-13-repaired", "root"): Proof(
        Fraction(39, 64), "theorem-13-sharpened with n >= 2, Delta/2 <= sqrt(d)/12"),
    ("theorem-13-repaired", "mean"): Proof(
        Fraction(9, 16), "theorem-13-sharpened with n >= 2, Delta/2 <= sqrt(d)/12"),
    ("theorem-13-sharpened", "factor"): _of("theorem-13-sharpened", "9/8"),
    ("theorem-14.1", "half"): Proof(Fraction(1, 2), JENSEN, True, True),
    ("theorem-14.2", "half"): Proof(
        Fraction(1, 2), "a mean of squares; all norms equal", True, True),
    ("theorem-7", "kept"): Proof(_in_balls(lambda: 12 - drift()), DRIFT),
    ("theorem-7", "start"): Proof(_in_balls(lambda: 10 + drift()), DRIFT),
    ("eq-41", "factor"): Proof(_in_balls(lambda: first_force()), DRIFT),
    ("eq-41prime", "factor"): Proof(_in_balls(lambda: first_force()), DRIFT),
    ("eq-34", "factor"): Proof(_in_balls(lambda: ball(2).sqrt()), GRADIENT),
    ("eq-34", "exponent"): Proof(Fraction(1, 2), GRADIENT),
    ("eq-37", "factor"): Proof(Fraction(1), GRADIENT),
    ("eq-37", "exponent"): Proof(Fraction(1, 2), GRADIENT),
    ("eq-35", "factor"): Proof(Fraction(8), DECREASE),
    ("eq-30", "factor"): Proof(Fraction(16), DECREASE),
    ("theorem-2", "factor"): Proof(Fraction(16), DECREASE),
    ("eq-12", "rate"): Proof(Fraction(2), POINTWISE, True, False),
    ("eq-13.1", "factor"): Proof(Fraction(1), POINTWISE, True, True),
    ("eq-13.1", "decay"): Proof(Fraction(1), "lemma-18-sharpened", True, False),
    ("eq-13.1", "rate"): Proof(Fraction(1), "lemma-18-sharpened", True, False),
    ("eq-13.3", "factor"): Proof(Fraction(1), "U >= mu_max^2; one mean not 0", True, True),
    ("eq-13.3", "decay"): Proof(Fraction(4), "U >= mu_max^2; one mean not 0", True, True),
    ("eq-10c.1", "rate"): Proof(Fraction(3), "c <= 1/(3d); c = 1/(3d)", True, True),
    ("eq-10c.2", "rate"): Proof(
        Fraction(8, 3), "1/rate <= r (1 - 1/(4d))/2; r = 1, d = 1", True, True),
    ("eq-10d.4", "factor"): Proof(
        Fraction(4), "(d+1) log(1 + 1/(2d-1)) falls with d; d = 1", True, True),
    ("eq-19", "root"): Proof(Fraction(30), "|mu_k| <= mu_max; all norms equal", True, True),
    ("eq-19", "mean"): Proof(Fraction(4), "|mu_k| <= mu_max; all norms equal", True, True),
    ("eq-18b.2", "root"): Proof(
        _in_balls(lambda: 10 * ball(1).exp()), "10 e; all means 0", True, True),
    ("eq-24c", "denominator"): Proof(Fraction(64), VARIANCE, True, False),
    ("eq-24c", "exponent"): Proof(Fraction(8), VARIANCE, True, False),
    ("eq-31prime.2", "factor"): Proof(Fraction(1), "Cauchy; equal norms", True, True),
    ("eq-31prime.3", "factor"): Proof(Fraction(1), "U <= n mu_max^2; equal norms", True, True),
    ("eq-6-repaired", "quarter"): Proof(Fraction(1, 4), SYMMETRIC, True, True),
    ("eq-23a.2", "quarter"): Proof(Fraction(1, 4), SYMMETRIC, True, True),
    ("eq-23a.3", "quarter"): Proof(Fraction(1, 4), SYMMETRIC, True, True),
    ("eq-18c-repaired", "slope"): Proof(
        _in_balls(lambda: ball(1).exp() - 1), "exp is convex; x = 1", True, True),
    ("eq-28.4", "one"): Proof(Fraction(1), "1 + t <= exp(t); t = 0", True, True),
}  # fmt: skip
"""By claim and constant."""


def proof_of(claim: str, constant: str) -> Proof | None:
    """The proof on record, if any."""
    return PROOFS.get((claim, constant))
