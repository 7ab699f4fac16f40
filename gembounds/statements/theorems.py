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
MARKOV = Theorem(
    "Markov's inequality",
    "a Pr[X >= a] <= E X for X >= 0 and a > 0.",
    "Folland, Real Analysis, 2nd ed., Theorem 6.17",
)
FUNDAMENTAL = Theorem(
    "the fundamental theorem of calculus",
    "f(b) - f(a) is the integral of f' over [a, b] where f has a derivative at every point of "
    "[a, b] and f' is integrable there.",
    f"{RUDIN}, Theorem 7.21",
)
GAUSSIAN = Theorem(
    "Gaussian integrals",
    "for x ~ N(0, I_d): Rx has the law of x for R orthogonal; E exp(<a, x>) = exp(|a|^2/2); "
    "E exp(c |x|^2) = (1 - 2c)^(-d/2) for c < 1/2.",
    "by completing the square",
)
STEIN = Theorem(
    "Stein's identity",
    "E[x_j f(x)] = E[d f/dx_j (x)] for x ~ N(0, I_d) and f continuously differentiable with a "
    "bounded gradient.",
    "Stein, The Annals of Statistics 9 (1981), Lemma 2",
)
POINCARE = Theorem(
    "the Gaussian Poincare inequality",
    "Var f(x) <= E|grad f(x)|^2 for x ~ N(0, I_d) and f continuously differentiable.",
    "Boucheron, Lugosi, Massart, Concentration Inequalities (2013), Theorem 3.20",
)
CONCENTRATION = Theorem(
    "Gaussian concentration",
    "E exp(s (f(x) - E f(x))) <= exp(s^2/2) for x ~ N(0, I_d), f with Lipschitz constant 1 and "
    "s real.",
    "Boucheron, Lugosi, Massart, Concentration Inequalities (2013), Theorem 5.5",
)
BETA = Theorem(
    "Euler's beta integral and the reflection formula",
    "the integral of v^(a-1) (1-v)^(b-1) over [0, 1] is Gamma(a) Gamma(b)/Gamma(a+b), a, b > 0; "
    "Gamma(1/2 + t) Gamma(1/2 - t) = pi/cos(pi t) for |t| < 1/2.",
    "NIST Digital Library of Mathematical Functions, 5.12.1 and 5.5.3",
)
POPOVICIU = Theorem(
    "Popoviciu's inequality",
    "Var X <= (b - a)^2/4 for a <= X <= b: Var X <= E(X - c)^2 with c in the middle.",
    "Popoviciu, Mathematica (Cluj) 9 (1935); in one line as said",
)
BAKRY_EMERY = Theorem(
    "the theorem of Bakry and Emery",
    "a probability density exp(-V) on R^d, V twice continuously differentiable with Hess V >= c > "
    "0, satisfies the logarithmic Sobolev inequality KL(q || exp(-V)) <= (1/(2c)) E_q|grad "
    "log(q/exp(-V))|^2 for every smooth density q for which the right side is finite.",
    "Bakry, Gentil, Ledoux, Analysis and Geometry of Markov Diffusion Operators (2014), "
    "Corollary 5.7.2",
)
BRASCAMP_LIEB = Theorem(
    "the Brascamp-Lieb inequality",
    "Cov(x) <= E[(Hess V)^(-1)] for x of density exp(-V) on R^d, V twice continuously "
    "differentiable with Hess V >= c > 0.",
    "Bakry, Gentil, Ledoux, Analysis and Geometry of Markov Diffusion Operators (2014), "
    "Theorem 4.9.1",
)
CRAMER_RAO = Theorem(
    "the Cramer-Rao inequality",
    "Cov(x) >= (E Hess V)^(-1) for x of density exp(-V) on R^d, V twice continuously "
    "differentiable, Hess V bounded and >= c > 0: E[(x - E x) grad V^T] = I, E[grad V grad V^T] = "
    "E Hess V, and Cauchy and Schwarz.",
    "Cover, Thomas, Elements of Information Theory, 2nd ed., Theorem 11.10.1",
)
MINKOWSKI = Theorem(
    "Minkowski's inequality for negative exponents",
    "(E (f + g)^q)^(1/q) >= (E f^q)^(1/q) + (E g^q)^(1/q) for f, g > 0 and q < 0, all finite.",
    "Hardy, Littlewood, Polya, Inequalities, 2nd ed., Theorem 198",
)
COSH = Theorem(
    "Euler's product for cosh",
    "cosh y is the product of 1 + 4 y^2/(pi^2 (2k - 1)^2) over k >= 1.",
    "NIST Digital Library of Mathematical Functions, 4.36.2",
)
