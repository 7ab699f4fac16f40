"""What follows from a mixture's Gram matrix, weights and overlaps, in any arithmetic.

The operations of an arithmetic inherit this; they supply ``over`` (data), ``ball``, ``sqrt``,
``columns``, ``gram``, ``weights``, ``coincident``, ``overlaps`` and ``gradient``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import wraps
from typing import Any, TypeVar

from gembounds.points.point import Point
from gembounds.statements.tree import Symbol
from gembounds.values.mixture import Mixture

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def once(method: F) -> F:
    """A method of a mixture that is computed once for each, by these operations."""

    @wraps(method)
    def kept(self: Derived, mix: Mixture) -> Any:
        return self._once(mix, method.__name__, lambda: method(self, mix))

    return kept  # type: ignore[return-value]


def exact(method: F) -> F:
    """The same of one whose value is exact: operations may share it (``_shared``)."""

    @wraps(method)
    def kept(self: Derived, mix: Mixture) -> Any:
        return self._shared(mix, method.__name__, lambda: method(self, mix))

    return kept  # type: ignore[return-value]


class Derived:
    """See the module; matrices are lists of lists."""

    lead = 0
    """Dimensions of values in front of those of their entries."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], Any] = {}
        self._alive: list[Mixture] = []

    def _once(self, mix: Mixture, name: str, compute: Callable[[], T]) -> T:
        key = (id(mix), name)
        if key not in self._kept:
            self._alive.append(mix)  # an id is unique only while its object lives
            self._kept[key] = compute()
        found: T = self._kept[key]
        return found

    def _shared(self, mix: Mixture, name: str, compute: Callable[[], T]) -> T:
        return self._once(mix, name, compute)

    def __getattr__(self, name: str) -> Any:  # what an arithmetic supplies, for type checkers
        raise AttributeError(name)

    def symbol_value(self, symbol: Symbol, point: Point, arguments: list[Any]) -> Any:
        return symbol.of(self.over(point.data), point, *arguments)

    def parameter(self, point: Point, name: str) -> Any:
        return point[name]

    def moved(self, point: Point, by: str) -> Point:
        """The point with its means moved by a displacement of its own."""
        return self.displaced(point, point[by])

    def displaced(self, point: Point, delta: Any) -> Point:
        """The point with its means moved by ``delta``, n tuples: one object for both, whose
        quantities are kept."""
        mix = point.mix

        def make() -> Mixture:
            rows = zip(mix.exact_means, delta, strict=True)
            means = [[a + b for a, b in zip(mean, v, strict=True)] for mean, v in rows]
            return Mixture(means, mix.exact_weights)

        return replace(point, mixture=mix.kept(f"moved by {delta}", make))

    def has_value(self, x: Any) -> bool:
        """Whether what an enclosure stands for certainly has a value."""
        return True

    def nonzero(self, x: Any) -> bool:
        """Whether an enclosure is certainly not 0."""
        return bool(x > 0) or bool(x < 0)

    def negative(self, x: Any) -> bool:
        """Whether an enclosure is certainly below 0."""
        return bool(x < 0)

    def positive(self, x: Any) -> bool:
        """Whether an enclosure is certainly above 0."""
        return bool(x > 0)

    def nonnegative(self, x: Any) -> bool:
        """Whether an enclosure is certainly not below 0."""
        return bool(x >= 0)

    def weights(self, mix: Mixture) -> tuple[Fraction, ...]:
        return mix.exact_weights

    @exact
    def pi_min(self, mix: Mixture) -> Fraction:
        found: Fraction = -self.maximum([-w for w in self.weights(mix)])
        return found

    @exact
    def means(self, mix: Mixture) -> list[list[Fraction]]:
        """mu_i over the distinct columns, (n, distinct), exact."""
        return [list(row) for row in zip(*(e for e, _ in self.columns(mix)), strict=True)]

    @exact
    def multiplicities(self, mix: Mixture) -> list[int]:
        """How often each distinct column of the means stands."""
        return [m for _, m in self.columns(mix)]

    @exact
    def norms2(self, mix: Mixture) -> list[Fraction]:
        """|mu_i|^2, exact."""
        return [row[i] for i, row in enumerate(self.gram(mix))]

    @exact
    def distances2(self, mix: Mixture) -> list[list[Fraction]]:
        """|mu_i - mu_j|^2, (n, n), exact."""
        g, n = self.gram(mix), range(mix.n)
        return [[g[i][i] - 2 * g[i][j] + g[j][j] for j in n] for i in n]

    @exact
    def U(self, mix: Mixture) -> Fraction:
        """sum_i |mu_i|^2, exact."""
        return sum(self.norms2(mix), Fraction(0))

    @exact
    def mu_max2(self, mix: Mixture) -> Fraction:
        """max_i |mu_i|^2, exact."""
        found: Fraction = self.maximum(self.norms2(mix))
        return found

    @once
    def mu_max(self, mix: Mixture) -> Any:
        return self.sqrt(self.mu_max2(mix))

    @exact
    def spread(self, mix: Mixture) -> Fraction:
        """sum_ij pi_i pi_j |mu_i - mu_j|^2, exact."""
        pi, squares = self.weights(mix), self.distances2(mix)
        rows = zip(pi, squares, strict=True)
        return sum(
            (p * q * s for p, row in rows for q, s in zip(pi, row, strict=True)), Fraction(0)
        )

    @exact
    def weighted_square(self, mix: Mixture) -> Fraction:
        """sum_i pi_i |mu_i|^2, exact."""
        pairs = zip(self.weights(mix), self.norms2(mix), strict=True)
        return sum((p * s for p, s in pairs), Fraction(0))

    def posterior_overlaps(self, mix: Mixture) -> list[list[Any]]:
        """E[psi_i psi_k]; exactly pi_i pi_k where all means coincide."""
        if self.coincident(mix):
            return [[p * q for q in self.weights(mix)] for p in self.weights(mix)]
        found: list[list[Any]] = self.overlaps(mix)
        return found

    @once
    def expected_posterior(self, mix: Mixture) -> list[Any]:
        """E psi_i, the sums of the rows of the overlaps."""
        if self.coincident(mix):
            return list(self.weights(mix))
        return [sum(row[1:], row[0]) for row in self.overlaps(mix)]

    @once
    def gradient_norms2(self, mix: Mixture) -> list[Any]:
        """|grad_i L|^2 for every i; exact where all means coincide."""
        if self.coincident(mix):
            return [w * w * self.mu_max2(mix) for w in self.weights(mix)]
        lengths = self.multiplicities(mix)
        return [
            sum((m * g * g for m, g in zip(lengths, row, strict=True)), self.ball(0))
            for row in self.gradient(mix)
        ]

    def terms(self, mix: Mixture) -> list[tuple[Fraction, list[list[Any]]]]:
        """Of each component of the data its weight, and E[psi_i psi_k] seen from there."""
        return [(Fraction(1), self.overlaps(mix))]

    def joint(self, mix: Mixture) -> Mixture:
        """What ``columns`` are the distinct columns of."""
        return mix

    @once
    def places(self, mix: Mixture) -> list[int]:
        """The column that stands in each coordinate, (d,)."""
        seen: dict[tuple[Fraction, ...], int] = {}
        rows = self.joint(mix).exact_means
        return [seen.setdefault(column, len(seen)) for column in zip(*rows, strict=True)]

    @once
    def em_means(self, mix: Mixture) -> list[list[Any]]:
        """E[psi_i x] / E psi_i = mu_i - grad_i / E psi_i over the columns; exact where all means
        coincide."""
        means, shares = self.means(mix), self.expected_posterior(mix)
        if self.coincident(mix) and self.joint(mix) is mix:
            return [[Fraction(0)] * len(row) for row in means]
        return [
            [_difference(self, x, g, share) for x, g in zip(row, gradient, strict=True)]
            for row, gradient, share in zip(means, self.gradient(mix), shares, strict=True)
        ]

    @once
    def gradient_norm2(self, mix: Mixture) -> Any:
        """|grad L|^2."""
        squares = self.gradient_norms2(mix)
        return sum(squares[1:], squares[0])


def _difference(ops: Derived, x: Fraction, gradient: Any, share: Any) -> Any:
    if isinstance(gradient, Fraction):
        return x - gradient / share
    return ops.ball(x) - gradient / share
