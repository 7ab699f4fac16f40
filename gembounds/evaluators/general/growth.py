"""What bounds a polynomial of the grid on the strip, and the errors that follow.

On a line of axis j, z_j = y_j + ib with abs(b) <= a and theta = a D_j < pi, the other coordinates
real, the terms of S turn by at most theta from each other (:mod:`gembounds.values.rule`). So with
s = log sec(theta/2), against the same functions at y,

    |Psi_g| <= e^s Psi_g,    |log Psi_g| <= |log Psi_g(y)| + s + theta,
    |log S| <= |log S(y)| + s + a max|u_gj|,    |z_j| <= |y_j| + a,    |z.z| <= |y|^2 + a^2.

At real y, S is at most exp of its largest exponent t_k = <y, u_k> - |u_k|^2/2, and at least each
of its terms W_g exp(t_g): so 0 <= -log Psi_g <= -log W_g + max_k (<y, u_k - u_g> + (|u_g|^2 -
|u_k|^2)/2), and |log S| <= min_g (-log W_g + |u_g|^2/2) + sum_j |y_j| max_k |u_kj|. Each is at
most alpha + sum_j beta_j |y_j| <= N (1 + |y|^2)^(1/2), N^2 = alpha^2 + |beta|^2, and |y|^2 + a^2
<= (1 + a^2) (1 + |y|^2). A product m of P posteriors times other variables of degree q is then at
most B m(y) (1 + |y|^2)^K on the strip, q <= 2K, B the product of e^(sP) and the N. With e = 2
exp(a^2/2) / (exp(2 pi a/h) - 1) the error of axis j is at most

    e B J,    J >= the sums and integrals of m (1 + |y|^2)^K phi, in each coordinate either.

That function is positive and analytic, and |1 + z.z| <= (1 + a^2) (1 + |y|^2), so its own rule
errs by sigma = e^(sP) (1 + a^2)^K e relatively: J = T / prod_j (1 - sigma_j), T its sum over all
nodes. Of those with |y| > R at most the following is left out, m being at most 1: there
(1 + |y|^2)^K <= (1 + R^2)^K exp(K (|y|^2 - R^2) / (1 + R^2)) and so, for every t < 1 that is at
least 2K / (1 + R^2), with Poisson's summation for the rule on exp(t y^2/2) phi,

    (1 + R^2)^K exp(-t R^2/2) prod_j (1 - t)^(-1/2) (1 + 2 / (exp(2 pi^2 / (h_j^2 (1 - t))) - 1)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

from flint import arb

from gembounds.evaluators.balls.bounds import sector_cosine
from gembounds.evaluators.general.expand import LOG_S, SQUARE, Key
from gembounds.evaluators.general.sums import Grid, Wanted
from gembounds.evaluators.reduction.exact import ExactReduction
from gembounds.values.expressions import Monomial, Variable
from gembounds.values.rule import Axis

Table = list[dict[Monomial, Any]]
"""For each expression, by products of posteriors."""


class Growth:
    """Bounds for the expressions of ``coefficients`` in one frame, at the current precision."""

    def __init__(
        self, reduction: ExactReduction, coefficients: Sequence[Mapping[Key, Any]], wanted: Wanted
    ) -> None:
        self.wanted, self.rank = wanted, reduction.rank
        self.spreads = reduction.spreads()
        self.sizes = [{key: abs(c).upper() for key, c in one.items()} for one in coefficients]
        self.variables = {v for one in coefficients for _, rest in one for v, _ in rest}
        self.u = reduction.coordinates()
        self.logs = [-arb(w).log() for w in reduction.weights]
        self.squares = [sum((x * x for x in row), arb(0)) / 2 for row in self.u]
        axes = range(self.rank)
        self.reach = [_largest([abs(row[j]) for row in self.u]) for j in axes]
        self.real = self._table(0, arb(0), arb(0), arb(0))

    def on_strip(self, j: int, halfwidth: float) -> tuple[Table, Any] | None:
        """B and s for axis j; None where the strip is too wide."""
        cosine = sector_cosine(Axis(halfwidth, 1.0, 1, 0.0), self.spreads[j])
        if cosine is None:
            return None
        s = -cosine.log()
        return self._table(j, arb(halfwidth), s, arb(halfwidth) * self.spreads[j]), s

    def _table(self, j: int, a: Any, s: Any, theta: Any) -> Table:
        bounds = {v: self._bound(v, j, a, s, theta) for v in self.variables}
        out: Table = []
        for one in self.sizes:
            row: dict[Monomial, Any] = {}
            for (psi, rest), size in one.items():
                for v, p in rest:
                    size = size * bounds[v] ** p
                row[psi] = row.get(psi, arb(0)) + size
            out.append({
                psi: (x * (s * sum(p for _, p in psi)).exp()).upper() for psi, x in row.items()
            })  # fmt: skip
        return out

    def _bound(self, variable: Variable, j: int, a: Any, s: Any, theta: Any) -> Any:
        """N, or 1 + a^2 for |y|^2."""
        kind, g = variable
        if kind == "y":
            return (1 + a * a).sqrt()
        if variable == SQUARE:
            return 1 + a * a
        axes = range(self.rank)
        if variable == LOG_S:
            nearest = [x + y for x, y in zip(self.logs, self.squares, strict=True)]
            alpha = min(nearest, key=lambda x: float(x.mid())) + s
            alpha += a * self.reach[j] if self.rank else 0
            beta = self.reach
        else:
            most = _largest([self.squares[g] - x for x in self.squares])
            alpha = self.logs[g] + most + s + theta
            beta = [_largest([abs(row[i] - self.u[g][i]) for row in self.u]) for i in axes]
        # the square of a ball around 0 reaches below it
        return sum((b * b for b in beta), alpha.abs_upper() ** 2).sqrt()

    def most(self) -> list[Any]:
        """Of E|f| for each f, whatever the grid: E |y|^2j = r (r + 2) ... (r + 2j - 2)."""
        out = []
        for row in self.real:
            out.append(sum(
                (b * mean_power(self.rank, self.wanted.half[m]) for m, b in row.items()), arb(0)
            ).upper())  # fmt: skip
        return out


def mean_power(r: int, k: int) -> Any:
    """E (1 + |y|^2)^k over r coordinates."""
    total, moment = arb(0), arb(1)
    for j in range(k + 1):
        total += comb(k, j) * moment
        moment *= r + 2 * j
    return total


def left_out(grid: Grid, k: int) -> Any:
    """At least the sum of h^r (1 + |y|^2)^k phi over the nodes that are not in the grid."""
    r, reach = len(grid.axes), arb(grid.reach)
    square = reach * reach
    tilt = (1 - r / square).max(2 * k / (1 + square))
    if not tilt < 1:
        return arb.pos_inf()
    total = (1 + square) ** k * (-tilt * square / 2).exp() / (1 - tilt).sqrt() ** r
    for axis in grid.axes:
        total *= 1 + 2 / (2 * (arb.pi() / arb(axis.step)) ** 2 / (1 - tilt)).expm1()
    return total.upper()


def _largest(values: Sequence[Any]) -> Any:
    top = values[0].upper()
    for x in values[1:]:
        top = top.max(x.upper())
    return top
