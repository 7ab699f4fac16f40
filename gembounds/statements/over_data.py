"""Population quantities over data x ~ sum_j w_j N(a_j, I), from those over N(0, I) of the model
seen from each a_j, in any arithmetic:

    E_data f(psi) = sum_j w_j E f(psi(x; mu - a_j)),    x ~ N(0, I),
    grad_i = E_data[psi_i (mu_i - x)] = sum_j w_j sum_k E[psi_i psi_k](mu - a_j) (mu_k - a_j).

Exactly: where all means coincide psi_i = pi_i and grad_i = pi_i (mu_i - E x); where model and data
are one distribution E psi_i = pi_i and grad_i = 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.points.point import Point, repeated
from gembounds.statements.derived import Derived, once
from gembounds.statements.tree import Symbol
from gembounds.tools.errors import InputError
from gembounds.values.columns import distinct_columns
from gembounds.values.mixture import Mixture

Row = tuple[Fraction, ...]


class Arithmetic(Derived):
    """Operations over N(0, I), and by ``over`` the same over data."""

    def __init__(self) -> None:
        super().__init__()
        self._over: dict[int, OverData] = {}

    def over(self, data: Mixture | None) -> Any:
        """The same with expectations over ``data``; these, which are over N(0, I), for None."""
        if data is None or not any(map(any, data.exact_means)):
            return self
        if id(data) not in self._over:
            self._alive.append(data)
            self._over[id(data)] = OverData(self, data)
        return self._over[id(data)]


class OverData(Derived):
    """The operations ``base``, with expectations over ``data``; the mixture's own numbers are what
    they were. Columns are those in which model and data are both alike."""

    def __init__(self, base: Any, data: Mixture) -> None:
        super().__init__()
        self.base, self.data = base, data
        shares = _merged(data)
        self.centres, self.shares = list(shares), list(shares.values())

    def __getattr__(self, name: str) -> Any:  # numbers, and what is the model's alone
        return getattr(self.base, name)

    def over(self, data: Mixture | None) -> Any:
        return self.base.over(data)

    def symbol_value(self, symbol: Symbol, point: Point, arguments: list[Any]) -> Any:
        return self.base.symbol_value(symbol, point, arguments)

    def with_rung(self, rung: Any) -> Any:
        """The same over these data."""
        return self.base.with_rung(rung).over(self.data)

    # -- columns ---------------------------------------------------------------------------
    def joint(self, mix: Mixture) -> Mixture:
        """Model and distinct components of the data, as one."""
        if mix.d != self.data.d:
            raise InputError(f"the data have {self.data.d} coordinates, the model {mix.d}")
        if mix.means_error or self.data.means_error:
            return Mixture([*mix.exact_means, *self.centres])
        return Mixture(np.concatenate((mix.means, np.array(self.centres, dtype=float))))

    @once
    def joint_columns(self, mix: Mixture) -> list[tuple[Row, int]]:
        return [(e, m) for e, m in distinct_columns(self.joint(mix))]

    @once
    def columns(self, mix: Mixture) -> list[tuple[Row, int]]:
        return [(e[: mix.n], m) for e, m in self.joint_columns(mix)]

    @once
    def gram(self, mix: Mixture) -> list[list[Fraction]]:
        found: list[list[Fraction]] = self.base.gram(mix)
        return found

    @once
    def parts(self, mix: Mixture) -> list[Mixture]:
        """The means seen from each centre, in some order of the coordinates."""
        columns = self.joint_columns(mix)
        weights = None if mix.equal_weights else mix.exact_weights
        out = []
        for j in range(len(self.centres)):
            moved = [[x - e[mix.n + j] for x in e[: mix.n]] for e, _ in columns]
            out.append(repeated(moved, [m for _, m in columns], weights))
        return out

    @once
    def expectation(self, mix: Mixture) -> list[Fraction]:
        """E x, an entry a column."""
        return [
            sum((w * x for w, x in zip(self.shares, e[mix.n :], strict=True)), Fraction(0))
            for e, _ in self.joint_columns(mix)
        ]

    @once
    def same(self, mix: Mixture) -> bool:
        """Whether model and data are one distribution."""
        return _merged(mix) == dict(zip(self.centres, self.shares, strict=True))

    # -- expectations ----------------------------------------------------------------------
    @once
    def loss(self, mix: Mixture) -> Any:
        """KL(data || model)."""
        if self.same(mix):
            return Fraction(0)
        if len(self.centres) == 1 and self.coincident(mix):
            return self.norms2(self.parts(mix)[0])[0] / 2
        return self.base.divergence(mix, self.data)

    @once
    def overlaps(self, mix: Mixture) -> list[list[Any]]:
        """E[psi_i psi_k]."""
        parts, n = [p for _, p in self.terms(mix)], range(mix.n)
        return [[self.mean([p[i][k] for p in parts]) for k in n] for i in n]

    @once
    def terms(self, mix: Mixture) -> list[tuple[Fraction, list[list[Any]]]]:
        parts = [self.base.overlaps(part) for part in self.parts(mix)]
        return list(zip(self.shares, parts, strict=True))

    def mean(self, values: list[Any]) -> Any:
        """sum_j w_j values_j."""
        terms = [self.ball(w) * v for w, v in zip(self.shares, values, strict=True)]
        return sum(terms[1:], terms[0])

    @once
    def gradient(self, mix: Mixture) -> list[list[Any]]:
        """An entry a column."""
        if self.same(mix):
            return [[Fraction(0)] * len(self.columns(mix)) for _ in range(mix.n)]
        if self.coincident(mix):
            gaps = [x - c for x, c in zip(self.means(mix)[0], self.expectation(mix), strict=True)]
            return [[w * gap for gap in gaps] for w in self.weights(mix)]
        out = []
        for i in range(mix.n):
            row = []
            for e, _ in self.joint_columns(mix):
                total = self.ball(0)
                for (w, p), a in zip(self.terms(mix), e[mix.n :], strict=True):
                    for q, x in zip(p[i], e, strict=False):
                        total += q * self.ball(w * (x - a))
                row.append(total)
            out.append(row)
        return out

    @once
    def gradient_norms2(self, mix: Mixture) -> list[Any]:
        """|grad_i|^2."""
        lengths, rows = self.multiplicities(mix), self.gradient(mix)
        return [_square(row, lengths) for row in rows]

    @once
    def expected_posterior(self, mix: Mixture) -> list[Any]:
        """E psi_i."""
        if self.same(mix) or self.coincident(mix):
            return list(self.weights(mix))
        return [sum(row[1:], row[0]) for row in self.overlaps(mix)]

    @once
    def psi_tilde_norm2(self, mix: Mixture) -> Any:
        """E|sum_i psi_i mu_i|^2."""
        if self.coincident(mix):
            return self.norms2(mix)[0]
        total, gram = self.ball(0), self.gram(mix)
        for row, products in zip(self.overlaps(mix), gram, strict=True):
            for p, x in zip(row, products, strict=True):
                total += p * self.ball(x)
        return total

    def gradient_of_q(self, mix: Mixture) -> Any:
        raise InputError("first moments are over N(0, I): over data the gradient is from overlaps")


def _merged(mix: Mixture) -> dict[Row, Fraction]:
    """The weight at each distinct mean."""
    out: dict[Row, Fraction] = {}
    for row, w in zip(mix.exact_means, mix.exact_weights, strict=True):
        out[row] = out.get(row, Fraction(0)) + w
    return out


def _square(row: list[Any], lengths: list[int]) -> Any:
    terms = [m * g * g for m, g in zip(lengths, row, strict=True)]
    return sum(terms[1:], terms[0])
