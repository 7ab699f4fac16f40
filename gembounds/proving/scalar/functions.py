"""Functions of the norm of a Gaussian vector that terms may hold, x ~ N(0, I_d), d >= 1.

    exp_norm:k(c, d) = E[|x|^k exp(c |x|)]      rises with c; derivative exp_norm:(k+1)
    norm_moment:k(d) = E|x|^k
    norm_survival(s, d) = Pr[|x|^2 >= s]        falls with s
    circle() = pi

At a whole number d they are evaluated. Where d is a variable, a lemma takes their place; q is a
new variable in [0, 1]:

*growth*, for c >= 0:  E exp(c|x|) = 1 + q c sqrt(d) H,
    H = 1 + (c sqrt(d)/2) exp(c sqrt(d) + c/sqrt(d) + c^2/2).

  Proof. exp(y) <= 1 + y + y^2 exp(y)/2 for y >= 0, so 0 <= E exp(c|x|) - 1 <= c E|x| +
  (c^2/2) E[|x|^2 exp(c|x|)]. E|x| <= sqrt(d). E[|x|^2 f(|x|)] is d times the mean of f in
  dimension d + 2 (the density of |x| is a multiple of r^(d-1) exp(-r^2/2), and E|x|^2 = d), so
  the last mean is d M_{d+2}(c). |x| is 1-Lipschitz, so log M_m(c) <= c E|x| + c^2/2 (Gaussian
  concentration) <= c sqrt(m) + c^2/2, and sqrt(d+2) <= sqrt(d) + 1/sqrt(d).

*slope*, for c >= 0:  E[|x| exp(c|x|)] = q sqrt(d) exp(c sqrt(d) + c/sqrt(d) + c^2/2).

  Proof. E[|x| exp(c|x|)] = E|x| M_{d+1}(c), E|x| <= sqrt(d), and as above; d + 1 <= d + 2.

*mean*:  E|x| = q sqrt(d).  Proof. Jensen: (E|x|)^2 <= E|x|^2 = d.

*tail*, for s = R d, R > 0 a number:  Pr[|x|^2 >= s] is q E for R > 1 and 1 - q E for R < 1,
    E = exp(-(s - d - d log R)/2).

  Proof. Chernoff: for R > 1 and 0 <= t < 1/2, Pr[|x|^2 >= s] <= exp(-t s) (1 - 2t)^(-d/2), which
  is E at t = (1 - 1/R)/2; for R < 1, Pr[|x|^2 < s] <= exp(t s) (1 + 2t)^(-d/2), E at
  t = (1/R - 1)/2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from gembounds.proving.scalar.sums import ONE, Atom, Sum, number, variable


class Algebra(Protocol):
    """What is used here of :class:`gembounds.proving.scalar.algebra.Algebra`, which calls this."""

    lemmas: set[str]

    def share(self, name: str, args: tuple[Sum, ...]) -> str: ...
    def need(self, s: Sum, positive: bool) -> None: ...
    def product(self, *given: Sum) -> Sum: ...
    def power(self, s: Sum, q: Fraction) -> Sum: ...
    def exp(self, s: Sum) -> Sum: ...
    def log(self, s: Sum) -> Sum: ...
    def function(self, name: str, args: tuple[Sum, ...]) -> Sum: ...


HALF = Fraction(1, 2)

NAMES = ("exp_norm:0", "exp_norm:1", "norm_moment:1", "norm_survival", "circle")
"""Those that a symbol may be."""

LEMMAS = {
    "exp_norm:0": "growth", "exp_norm:1": "slope", "norm_moment:1": "mean",
    "norm_survival": "tail",
}  # fmt: skip
"""What takes the place of a function where d is a variable."""


def dimension(args: tuple[Sum, ...]) -> int | None:
    """d where it is a whole number >= 1."""
    d = args[-1].constant
    return int(d) if d is not None and d.denominator == 1 and d >= 1 else None


def value(algebra: Algebra, name: str, args: tuple[Sum, ...]) -> Sum | None:
    """What the function is at these arguments where that is simpler, exactly; the lemma where d
    is a variable."""
    kind, _, power = name.partition(":")
    if kind == "circle":
        return None
    if dimension(args) is None and args[-1].constant is None:
        return _lemma(algebra, name, args)
    if kind == "exp_norm" and not args[0]:
        return algebra.function(f"norm_moment:{power}", args[1:])
    return ONE if name == "norm_moment:0" else None


def derivative(algebra: Algebra, a: Atom, k: int) -> Sum:
    """The derivative in argument k."""
    kind, _, power = a.name.partition(":")
    if kind == "exp_norm" and k == 0:
        return algebra.function(f"exp_norm:{int(power) + 1}", a.args)
    raise NotImplementedError(a.name)


def ends(ops: Any, a: Atom, args: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """Bounds of the function where the arguments before d lie between ends, None for infinite
    ones; (None, None) where nothing is known."""
    if a.name == "circle":
        return ops.pi(), ops.pi()
    d = dimension(a.args)
    if d is None:
        return None, None
    kind, _, power = a.name.partition(":")
    if kind == "norm_moment":
        known = ops.norm_moment(int(power), d)
        return known, known
    low, high = args[0]
    if kind == "norm_survival" and exact(low) and exact(high) and low >= 0:
        return ops.norm_survival(high, d), ops.norm_survival(low, d)
    if kind == "exp_norm" and exact(low) and exact(high) and low >= 0:
        return ops.exp_norm(low, d, int(power)), ops.exp_norm(high, d, int(power))
    return None, None


def exact(x: Any) -> bool:
    return isinstance(x, (int, Fraction))


def _lemma(algebra: Algebra, name: str, args: tuple[Sum, ...]) -> Sum | None:
    d = args[-1]
    algebra.lemmas |= {lemma for known, lemma in LEMMAS.items() if known == name}
    root = algebra.power(d, HALF)
    algebra.need(d - ONE, False)
    if name == "norm_moment:1":
        return algebra.product(_share(algebra, name, args), root)
    if name == "norm_survival":
        ratio = algebra.product(args[0], algebra.power(d, Fraction(-1))).constant
        if ratio is None or ratio <= 0 or ratio == 1:
            return None
        rate = args[0] - d - algebra.product(d, algebra.log(number(ratio)))
        bound = algebra.product(
            _share(algebra, name, args), algebra.exp(rate.scaled(Fraction(-1, 2)))
        )
        return bound if ratio > 1 else ONE - bound
    if name not in ("exp_norm:0", "exp_norm:1"):
        return None
    c = args[0]
    algebra.need(c, False)
    long = algebra.product(c, root)
    more = algebra.product(c, algebra.power(d, -HALF))
    growth = algebra.exp(long + more + algebra.product(c, c).scaled(HALF))
    share = _share(algebra, name, args)
    if name == "exp_norm:1":
        return algebra.product(share, root, growth)
    above = ONE + algebra.product(long, growth).scaled(HALF)
    return ONE + algebra.product(share, long, above)


def _share(algebra: Algebra, name: str, args: tuple[Sum, ...]) -> Sum:
    """A new variable in [0, 1], the same for the same function at the same arguments."""
    return variable(algebra.share(name, args))
