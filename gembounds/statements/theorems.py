"""Named theorems that arguments rest on: each with what it says and where it is proved."""

from __future__ import annotations

from dataclasses import dataclass

from gembounds.tools.errors import InputError
from gembounds.values.numerals import shown


@dataclass(frozen=True)
class Theorem:
    """A theorem by its name, what it says (conditions included), and a reference."""

    name: str
    says: str
    reference: str

    def __post_init__(self) -> None:
        for field in ("name", "says", "reference"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value.strip():
                raise InputError(f"a theorem's {field} is {shown(value)}: give text")

    def __str__(self) -> str:
        return f"{self.name} ({self.reference})"


RUDIN = "Rudin, Real and Complex Analysis, 3rd ed."

JENSEN = Theorem(
    "Jensen's inequality",
    "f(E X) <= E f(X) for f convex, X and f(X) integrable; also for finite sums with weights of "
    "sum 1.",
    f"{RUDIN}, Theorem 3.3",
)
CAUCHY_SCHWARZ = Theorem(
    "the Cauchy-Schwarz inequality",
    "<a, b>^2 <= |a|^2 |b|^2; (E X Y)^2 <= E X^2 E Y^2 for X, Y square integrable.",
    f"{RUDIN}, Theorem 4.2",
)
FUBINI = Theorem(
    "the theorem of Fubini and Tonelli",
    "integrals over a product may be taken one after the other, in any order, where the integrand "
    "is not negative or its absolute value has a finite integral.",
    f"{RUDIN}, Theorem 8.8",
)
DOMINATED = Theorem(
    "differentiation under the integral",
    "d/dt E f(x, t) = E d/dt f(x, t) where f is differentiable in t and |d/dt f(x, t)| is at most "
    "an integrable function of x alone for t near the point.",
    "Folland, Real Analysis, 2nd ed., Theorem 2.27",
)
