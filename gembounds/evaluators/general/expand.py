"""Polynomials in words as polynomials on the grid: Psi_g, log Psi_g, log S, y_j and |y|^2.

What stands outside the span is averaged exactly (:mod:`gembounds.evaluators.general.outside`); the
coefficients are balls at the current precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.general.frame import ALONG, Frame, rational
from gembounds.evaluators.general.outside import moments
from gembounds.values.expressions import Monomial, Polynomial, Variable, times, words

Key = tuple[Monomial, Monomial]
"""Powers of the Psi_g, and of the other variables of the grid."""

Sum = dict[Monomial, Any]

LOG_S: Variable = ("log S", 0)
SQUARE: Variable = ("|y|^2", 0)
CONSTANT: Key = ((), ())
"""What needs no grid: polynomials in y alone are averaged exactly too."""

_R: Variable = ("|zeta|^2", 0)


def prepared(f: Polynomial, n: int) -> Polynomial:
    """``f`` with the entropy written out, for n components."""
    if all(kind != "entropy" for kind, _ in f.variables()):
        return f
    entropy = Polynomial({})
    for i in range(n):
        entropy = entropy - words.psi[i] * words.psi[i].log()
    out = Polynomial({})
    for m, c in f.terms.items():
        power = sum(p for (kind, _), p in m if kind == "entropy")
        rest = tuple((v, p) for v, p in m if v[0] != "entropy")
        out = out + Polynomial({rest: c}) * entropy**power
    return out


def expanded(fs: Sequence[Polynomial], frame: Frame) -> list[dict[Key, Any]]:
    """Each of ``fs`` as coefficients by ``Key``."""
    factors = _Factors(frame)
    average = moments(frame.mix.d - frame.rank, frame.covariance)
    along = moments(frame.rank, lambda j, k: fmpq(int(j == k)))
    out = []
    for f in fs:
        total: dict[Key, Any] = {}
        for m, c in f.terms.items():
            product: Sum = {(): arb(rational(c))}
            for variable, power in m:
                product = _product(product, factors.power(variable, power))
            for monomial, value in product.items():
                key, moment = _averaged(monomial, average)
                if all(v[0] in ("y", SQUARE[0]) for v, _ in key[1]) and not key[0]:
                    powers = dict(key[1])
                    factors_y = [j for (kind, j), p in key[1] if kind == "y" for _ in range(p)]
                    key, moment = CONSTANT, moment * along(powers.get(SQUARE, 0), tuple(factors_y))
                if moment != 0:
                    total[key] = total.get(key, arb(0)) + value * arb(moment)
        out.append(total)
    return out


def _averaged(monomial: Monomial, average: Any) -> tuple[Key, fmpq]:
    psi, rest, power, outside = [], [], 0, []
    for (kind, index), p in monomial:
        if kind == "psi":
            psi.append(((kind, index), p))
        elif kind == "zeta":
            outside += [index] * p
        elif (kind, index) == _R:
            power = p
        else:
            rest.append(((kind, index), p))
    return (tuple(psi), tuple(rest)), average(power, tuple(outside))


class _Factors:
    """Words, and their powers, in the variables of the grid and zeta."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.axes = frame, frame.axes()
        self.known: dict[tuple[Variable, int], Sum] = {}

    def power(self, variable: Variable, power: int) -> Sum:
        key = variable, power
        if key not in self.known:
            one = self._word(*variable) if power == 1 else self.power(variable, 1)
            self.known[key] = one if power == 1 else _product(self.power(variable, power - 1), one)
        return self.known[key]

    def _word(self, kind: str, index: int) -> Sum:
        frame = self.frame
        if kind in ("psi", "log psi"):
            share, g = arb(frame.share(index)), frame.group(index)
            if kind == "psi":
                return {_one("psi", g) if frame.rank else (): share}
            own = {_one("log Psi", g): arb(1)} if frame.rank else {}
            return own if share == 1 else {**own, (): share.log()}
        if kind == "x":
            out: Sum = {_one("y", j): q[index] for j, q in enumerate(self.axes) if index in q}
            if frame.covariance(index, index) != 0:
                out[_one("zeta", index)] = arb(1)
            if frame.centre[index] != 0:
                out[()] = arb(frame.centre[index])
            return out
        half = arb(1) / 2
        c2 = frame.reduction.offset2
        constant = -half * (arb(c2) + frame.mix.d * (2 * arb.pi()).log())
        out = {(): constant}
        if frame.rank:
            out |= {((LOG_S, 1),): arb(1), ((SQUARE, 1),): -half}
        if frame.mix.d > frame.rank:
            out |= {((_R, 1),): -half}
        if c2 != 0:
            out |= {_one("zeta", ALONG): arb(1)}
        return out


def _one(kind: str, index: int) -> Monomial:
    return (((kind, index), 1),)


def _product(a: Sum, b: Sum) -> Sum:
    out: Sum = {}
    for m, x in a.items():
        for k, y in b.items():
            product = times(m, k)
            out[product] = out.get(product, arb(0)) + x * y
    return out
