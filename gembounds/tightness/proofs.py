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
    ("eq-18c-repaired", "slope"): Proof(
        _in_balls(lambda: ball(1).exp() - 1), "exp is convex; x = 1", True, True),
    ("eq-28.4", "one"): Proof(Fraction(1), "1 + t <= exp(t); t = 0", True, True),
}  # fmt: skip
"""By claim and constant."""


def proof_of(claim: str, constant: str) -> Proof | None:
    """The proof on record, if any."""
    return PROOFS.get((claim, constant))
