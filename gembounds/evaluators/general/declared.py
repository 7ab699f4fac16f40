"""Expectations of a function that is given with a bound: f(psi, x), analytic and at most
C (1 + |x|)^k in size where |Im x| <= a.

The bound is the caller's; random points of the strip try to refute it first
(:mod:`gembounds.evaluators.general.trial`). With x = centre + y and 1 + |x| <= (1 + |centre| + a)
+ |y|, |f| is at most B (1 + |y|^2)^K on the strip, B = C ((1 + |centre| + a)^2 + 1)^(k/2) and
K = ceil(k/2). The errors are those of :mod:`gembounds.evaluators.general.growth` without
posteriors, where J is the integral of (1 + |y|^2)^K phi times prod_j (1 + sigma_j).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq

from gembounds.evaluators.balls.bounds import one_strip_error
from gembounds.evaluators.general.frame import rational
from gembounds.evaluators.general.growth import left_out, mean_power
from gembounds.evaluators.general.integrate import BOUND_BITS, Found, rule_of
from gembounds.evaluators.general.plan import log_of, reach_for, strip_axis
from gembounds.evaluators.general.sums import Grid, Line, lines
from gembounds.evaluators.general.view import MOST_COORDINATES, View
from gembounds.evaluators.reduction.exact import gram_matrix
from gembounds.tools.errors import InputError
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown
from gembounds.values.precision import working_precision

WIDEST = 8.0
"""Strips beyond are not used (a choice: exp(a^2/2) counts)."""


@dataclass(frozen=True)
class Declared:
    """``f`` with |f| <= ``constant`` (1 + |x|)^``power`` where |Im x| <= ``strip``."""

    f: Callable[[list[Any], list[Any]], Any]
    constant: Fraction
    power: int
    strip: float

    def at(self, psi: list[Any], x: list[Any]) -> Any:
        """f in balls; :class:`InputError` for what is no ball."""
        try:
            value = self.f(psi, x)
        except (TypeError, AttributeError) as error:
            raise InputError(
                f"f fails on balls ({error}): psi and x are lists of flint.acb, whose "
                "functions are methods, such as x[0].exp()"
            ) from None
        except IndexError as error:
            raise InputError(
                f"f fails ({error}): psi has an entry a component; x one a coordinate, none "
                f"where there are more than {MOST_COORDINATES}"
            ) from None
        if isinstance(value, bool) or not isinstance(value, (acb, arb, fmpq, int)):
            raise InputError(
                f"f gives a {type(value).__name__}: give what balls become, a flint.acb"
            )
        return acb(value)

    def __str__(self) -> str:
        return (
            f"the declared |f| <= {float(self.constant):g} (1 + |x|)^{self.power} "
            f"and that f is analytic where |Im x| <= {self.strip:.6g}"
        )


def place(psi: list[Any], x: list[Any]) -> str:
    """A point in words: x, or psi where f takes that alone."""
    name, values = ("x", x) if x else ("psi", psi)
    parts = [(float(t.real.mid()), float(t.imag.mid())) for t in values]
    return f"{name} = " + ", ".join(f"{a:.6g}{f'{b:+.6g}i' if b else ''}" for a, b in parts[:5])


def checked_strip(mix: Mixture, strip: Any) -> float:
    """a: as given, or 2 over the largest |mu_i - mu_k| and at most 2; psi is analytic there."""
    gram = gram_matrix(mix)
    square = max(
        gram[i, i] - 2 * gram[i, k] + gram[k, k] for i in range(mix.n) for k in range(i + 1)
    )
    with working_precision(BOUND_BITS):
        widest = arb(square).sqrt()
        if strip is None:
            return min(2.0, float_ends(2 / widest)[0] if square else 2.0)
        a = float(exact_number(strip, "strip"))
        if not (a > 0 and arb(a) * widest < arb.pi()):
            most = f"pi over {float(widest.mid()):g}, the largest |mu_i - mu_k|"
            raise InputError(f"strip is {shown(strip)}: give a positive number below {most}")
    return a


class DeclaredPart:
    """One component of the data, as :class:`gembounds.evaluators.general.raised.Part`."""

    def __init__(self, declared: Declared, view: View) -> None:
        self.declared, self.view = declared, view
        self.half, self.rank = -(-declared.power // 2), view.rank
        with working_precision(BOUND_BITS):
            wide = (1 + view.distance() + arb(declared.strip)) ** 2 + 1
            self.bound = (arb(rational(declared.constant)) * wide.sqrt() ** declared.power).upper()
            self.mean = mean_power(self.rank, self.half)
            self.most = [(self.bound * self.mean).upper()]
            rows = view.components()[1]
            self.size = max((float(abs(t).mid()) for row in rows for t in row), default=0.0)
        self.signs = [0]

    def sizes(self) -> list[float]:
        return [log_of(self.most[0])]

    def grid(self, targets: Sequence[float]) -> Grid | None:
        if not self.rank:
            return Grid((), 0.0)
        share = math.log(2.0 * self.rank) - targets[0]
        reach = reach_for(log_of(self.bound) + share, self.half, self.rank)
        a = min(self.declared.strip, WIDEST)
        level = max(log_of(self.most[0]) + share, self.half * math.log1p(a * a) + 2.0)
        axis = strip_axis(a, level, reach)
        return None if axis is None else Grid((axis,) * self.rank, reach)

    def in_floats(self, grid: Grid) -> None:
        """f takes balls."""

    def evaluate(self, grid: Grid, precision: int) -> Found:
        with working_precision(BOUND_BITS):
            sigma = [
                one_strip_error(axis) * (1 + arb(axis.halfwidth) ** 2) ** self.half
                for axis in grid.axes
            ]
            whole = self.mean
            for x in sigma:
                whole *= 1 + x
            strips = sum((one_strip_error(axis) for axis in grid.axes), arb(0))
            error = self.bound * (left_out(grid, self.half) + strips * whole) if sigma else arb(0)
            rho = tuple(float_ends(x)[1] for x in sigma)
        lost = math.ceil(math.log2(2.0 + (grid.reach + self.size) * self.size))
        with working_precision(precision + lost):
            places = lines(*self.view.components(), grid)
            total = sum((self._along(line) for line in places), arb(0))
        return Found([total], [error.upper()], rule_of(grid, rho))

    def _along(self, line: Line) -> Any:
        inverse = [1 / x for x in line.sums()]
        y = [line.variables["y", j] for j in range(self.rank)]
        total = arb(0)
        for k, (weight, scale) in enumerate(zip(line.weights, inverse, strict=True)):
            psi = self.view.psi([acb(row[k] * scale) for row in line.terms])
            x = self.view.x([row[k] for row in y])
            value = self.declared.at(psi, x)
            if not value.imag.contains(0):
                raise InputError(f"f is not real at {place(psi, x)}: give one that is")
            total += value.real * weight
        return total
