"""The operations that the sides of claims are written against, in interval arithmetic.

The methods have the names and meanings of :class:`gembounds.statements.operations.Operations` and
share no code with it: exact numbers from the means themselves, population quantities from
:mod:`gembounds.referee.verify.sums`, radial integrals from series."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, TypeVar

from mpmath import iv

from gembounds.points.point import Point
from gembounds.referee.verify import radial
from gembounds.referee.verify.interval import (
    Interval,
    Unsure,
    exponential,
    interval_precision,
    logarithm,
    rational,
)
from gembounds.referee.verify.space import Matrix, inner_products, span
from gembounds.referee.verify.sums import MOMENT, PRODUCT, Mixtures, expectations, logarithm_growth
from gembounds.statements.over_data import Arithmetic
from gembounds.statements.tree import Symbol
from gembounds.values.mixture import Mixture

GUARD = 40
"""Bits of the arithmetic beyond those of the sums' errors (a choice)."""

T = TypeVar("T")


class IntervalOperations(Arithmetic):
    """Exact numbers, intervals and population quantities at ``bits`` bits."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        super().__init__()

    @contextmanager
    def precision(self) -> Iterator[None]:
        """The working precision inside, the former one afterwards."""
        with interval_precision(self.bits + GUARD):
            yield

    # -- numbers ---------------------------------------------------------------------------
    def ball(self, x: Any) -> Interval:
        return Interval.of(x)

    def exp(self, x: Any) -> Interval:
        return Interval.of(x).exp()

    def log(self, x: Any) -> Interval:
        return Interval.of(x).log()

    def unknown(self, x: Any = None) -> Interval:
        """In place of what may have no value: raises :class:`Unsure`."""
        raise Unsure("the square root of an interval around 0")

    def sqrt(self, x: Any) -> Interval:
        """The square root of a number that is >= 0: of the part of its interval that is."""
        return Interval.of(x).nonnegative_part().sqrt()

    def inverse_of_one_plus(self, x: Any) -> Interval:
        """1/(1 + x)."""
        return 1 / (1 + Interval.of(x))

    def pi(self) -> Interval:
        return Interval(iv.pi + 0)

    def maximum(self, values: list[Any]) -> Any:
        if all(isinstance(v, (int, Fraction)) for v in values):
            return max(values)
        out = Interval.of(values[0])
        for value in values[1:]:
            out = out.max(value)
        return out

    def norm_survival(self, square: Fraction, d: int) -> Interval:
        """Pr[|x|^2 >= square]."""
        return Interval(radial.norm_survival(square, d))

    def norm_moment(self, k: int, d: int) -> Interval:
        """E|x|^k."""
        return Interval(radial.norm_moment(k, d))

    def exp_norm(self, c: Any, d: int, k: int = 0) -> Interval:
        """E[|x|^k exp(c |x|)], c >= 0."""
        return Interval(radial.exp_norm(Interval.of(c).value, d, k))

    # -- exact properties of a mixture -----------------------------------------------------
    def columns(self, mix: Mixture) -> list[tuple[tuple[Fraction, ...], int]]:
        """The distinct columns of the means in order of appearance, with multiplicities."""
        return self._once(mix, "columns", lambda: _columns(mix))

    def gram(self, mix: Mixture) -> Matrix:
        """<mu_i, mu_k>."""
        rows, repeats = self.means(mix), self.multiplicities(mix)
        return self._once(mix, "gram", lambda: inner_products(rows, repeats))

    def coincident(self, mix: Mixture) -> bool:
        return len(set(map(tuple, self.means(mix)))) == 1

    def rank(self, mix: Mixture) -> int:
        g, n = self.gram(mix), range(mix.n)
        return span([[g[i][k] - g[0][i] - g[0][k] + g[0][0] for k in n] for i in n]).rank

    def symbol_value(self, symbol: Symbol, point: Point, arguments: list[Any]) -> Any:
        return (symbol.interval or symbol.of)(self.over(point.data), point, *arguments)

    # -- population quantities -------------------------------------------------------------
    def loss(self, mix: Mixture) -> Any:
        """L; exactly |mu_1|^2/2 where all means coincide."""
        if self.coincident(mix):
            return self.norms2(mix)[0] / 2
        return self._once(mix, "loss", lambda: self._loss(mix))

    def _loss(self, mix: Mixture) -> Interval:
        mixtures = self.placed(mix)
        growth = logarithm_growth(mixtures.longest)
        (value,) = expectations(
            mixtures, lambda psi, sums, y: [logarithm(sums[0])], [growth], self.bits
        )
        return Interval(-value)

    def divergence(self, mix: Mixture, data: Mixture) -> Any:
        """KL(data || model) = sum_j w_j (L(mu - a_j; pi) - L(a - a_j; w))."""
        over, itself = self.over(data), self.over(data).parts(data)
        parts = zip(over.parts(mix), itself, strict=True)
        return over.mean([Interval.of(self.loss(p)) - self.loss(q) for p, q in parts])

    def overlaps(self, mix: Mixture) -> list[list[Any]]:
        """E[psi_i psi_k]."""
        return self._once(mix, "overlaps", lambda: self._overlaps(mix))

    def _overlaps(self, mix: Mixture) -> list[list[Any]]:
        pairs = [(i, k) for i in range(mix.n) for k in range(i + 1)]
        found = expectations(
            self.placed(mix),
            lambda psi, sums, y: [psi[0][i] * psi[0][k] for i, k in pairs],
            [PRODUCT] * len(pairs),
            self.bits,
        )
        by_pair = dict(zip(pairs, found, strict=True))
        n = range(mix.n)
        return [[Interval(by_pair[max(i, k), min(i, k)]) for k in n] for i in n]

    def gradient(self, mix: Mixture) -> list[list[Any]]:
        """sum_k P_ik mu_k over the distinct columns."""
        rows = self.overlaps(mix)
        return [[_combined(row, column) for column, _ in self.columns(mix)] for row in rows]

    def psi_tilde_norm2(self, mix: Mixture) -> Any:
        """E|psi~|^2; exactly |mu_1|^2 where all means coincide."""
        if self.coincident(mix):
            return self.norms2(mix)[0]
        pairs = zip(self.overlaps(mix), self.gram(mix), strict=True)
        terms = [_combined(row, products) for row, products in pairs]
        return sum(terms[1:], terms[0])

    def gradient_of_q(self, mix: Mixture) -> list[list[Any]]:
        """E[psi_i (mu_i - x)] over the distinct columns."""
        return self._once(mix, "gradient_of_q", lambda: self._gradient_of_q(mix))

    def _gradient_of_q(self, mix: Mixture) -> list[list[Any]]:
        mixtures = self.placed(mix)
        n, r = mix.n, mixtures.space.rank
        found = expectations(
            mixtures,
            lambda psi, sums, y: [p * v for p in psi[0] for v in (iv.mpf(1), *y)],
            ([PRODUCT] + [MOMENT] * r) * n,
            self.bits,
        )
        basis = self._basis(mix, mixtures)
        means, out = self.means(mix), []
        for i in range(n):
            share, *moments = found[i * (r + 1) : (i + 1) * (r + 1)]
            row = []
            for c, x in enumerate(means[i]):
                value = share * rational(x)
                for moment, axis in zip(moments, basis, strict=True):
                    value -= moment * axis[c]
                row.append(Interval(value))
            out.append(row)
        return out

    def _basis(self, mix: Mixture, mixtures: Mixtures) -> list[list[Any]]:
        """The axes of the space over the distinct columns: each pivot less its part along the
        earlier axes, over its coordinate along the new one."""
        means = self.means(mix)
        axes: list[list[Any]] = []
        for j, p in enumerate(mixtures.space.pivots):
            vector = [rational(x) for x in means[p]]
            place = mixtures.space.coordinates[p]
            for known, coordinate in zip(axes, place, strict=False):
                vector = [v - coordinate * a for v, a in zip(vector, known, strict=True)]
            axes.append([v / place[j] for v in vector])
        return axes

    def psi(self, mix: Mixture, x: tuple[Fraction, ...]) -> list[Interval]:
        """The posterior at x."""
        exponents = []
        for mean in mix.exact_means:
            pairs = list(zip(x, mean, strict=True))
            exponents.append(sum((a * b - b * b / 2 for a, b in pairs), Fraction(0)))
        top = max(exponents)
        terms = [
            rational(w) * exponential(rational(e - top))
            for w, e in zip(mix.exact_weights, exponents, strict=True)
        ]
        total = sum(terms[1:], terms[0])
        return [Interval(t / total) for t in terms]

    def placed(self, *mixes: Mixture) -> Mixtures:
        """Mixtures in the span of all their means."""
        rows = [row for mix in mixes for row in mix.exact_means]
        columns: dict[tuple[Fraction, ...], int] = {}
        for column in zip(*rows, strict=True):
            columns[column] = columns.get(column, 0) + 1
        short = [list(row) for row in zip(*columns, strict=True)]
        products = inner_products(short, list(columns.values()))
        squares = [row[k] for k, row in enumerate(products)]
        return Mixtures(span(products), [mix.exact_weights for mix in mixes], squares)


def _columns(mix: Mixture) -> list[tuple[tuple[Fraction, ...], int]]:
    counts: dict[tuple[Fraction, ...], int] = {}
    for column in zip(*mix.exact_means, strict=True):
        counts[column] = counts.get(column, 0) + 1
    return list(counts.items())


def _combined(row: list[Any], factors: tuple[Fraction, ...] | list[Fraction]) -> Interval:
    total = Interval.of(0)
    for p, x in zip(row, factors, strict=True):
        total = total + p * x
    return total
