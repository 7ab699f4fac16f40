"""Cores over data: the certified values, and what an error may be relative to.

Data x ~ sum_j w_j N(a_j, I) are seen as in :mod:`gembounds.evaluators.data.components`: an
expectation is the sum over j of w_j times one over N(0, I) with means mu - a_j. Sizes and what
rounding costs are sums like that, of those in :mod:`gembounds.conform.tolerance`; with |mu_i -
a_j| + 2 |a_j| for a norm in what rounding costs, because a core may form <x, mu_i> and |mu_i|^2
apart. KL has besides what the data's own part has.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.protocol import FloatArray
from gembounds.conform.truth import (
    BALL_NODES,
    BITS,
    NODES,
    Truth,
    ball_nodes,
    both,
    least_of_pairs,
    narrow,
    spread,
)
from gembounds.evaluators import quantities
from gembounds.evaluators.float64.quantities import around
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture
from gembounds.values.rounding import gamma

SHARP = 0.2
"""Of what is asked of an enclosure, what is asked of each evaluation."""

Sized = Callable[[Truth, str], FloatArray]


class Seen(Case):
    """The model from a component of the data."""

    def __init__(self, case: Case, centre: FloatArray) -> None:
        super().__init__(case.means - centre, case.weights, case.salt, eta=case.eta)
        self.added = 2 * float(np.linalg.norm(centre))

    @cached_property
    def norms(self) -> FloatArray:
        return np.asarray(np.linalg.norm(self._means, axis=1) + self.added)


class OverTruth(Truth):
    """Enclosures over the data of ``case``."""

    def __init__(self, case: Case, accuracy: float) -> None:
        super().__init__(case, accuracy)
        means, self.shares = case.data
        self.data = Mixture(means, self.shares)
        self.parts = [Truth(Seen(case, a), accuracy) for a in means]
        itself = Case(means, self.shares, case.salt)
        self.own = [Truth(Seen(itself, a), accuracy) for a in means]

    def _enclosed(self, name: str, enough: Callable[[Enclosure], bool], nodes: int) -> Enclosure:
        quantity: Any = getattr(quantities, name)
        rtol = max(SHARP * self.rtol, 1e-13)
        axes = {"overlaps": 2, "gradient": 1}.get(name, 0)
        found = quantity(self.case.mix, data=self.data, rtol=rtol, max_nodes=NODES)
        found = spread(self.case, found, axes)
        if enough(found):
            return found
        better = quantity(
            self.case.mix, data=self.data, evaluator="arb", bits=BITS, max_nodes=nodes
        )
        return both(found, spread(self.case, better, axes))

    @cached_property
    def overlaps(self) -> Enclosure:
        return self._enclosed(
            "overlaps", lambda e: narrow(e, self.accuracy, least_of_pairs(e.upper)),
            ball_nodes(self.case.n),
        )  # fmt: skip

    @cached_property
    def loss(self) -> Enclosure:
        half = np.asarray(self.half)
        found = self._enclosed("loss", lambda e: narrow(e, self.accuracy, half), BALL_NODES)
        excess = sum(abs(float(np.sum(w)) - 1) for w in (self.case.weights, self.shares))
        return around(found.mid, found.rad + 2 * excess) if excess else found

    @cached_property
    def gradient(self) -> Enclosure:
        return self._enclosed("gradient", self._sharp, ball_nodes(self.case.n))

    def _sharp(self, found: Enclosure) -> bool:
        size = np.asarray(self.summed(lambda part, _: part.masses[:, None], "gradient"))
        return narrow(found, self.accuracy, size)

    @cached_property
    def psi_tilde_norm2(self) -> Enclosure:
        size = np.asarray(np.sum(self.overlaps.upper * self.products))
        return self._enclosed(
            "psi_tilde_norm2", lambda e: narrow(e, self.accuracy, size), ball_nodes(self.case.n)
        )

    @cached_property
    def half(self) -> float:
        """sum_ij w_j pi_i |mu_i - a_j|^2/2, and the same of the data themselves."""
        centres = self.data.means
        found = 0.0
        for mix in (self.case.mix, self.data):
            away = ((mix.means - centres[:, None]) ** 2).sum(axis=2)
            found += 0.5 * float(self.shares @ away @ mix.weights)
        return found

    def summed(self, of: Sized, function: str) -> FloatArray:
        """sum_j w_j of what ``of`` gives for the model seen from each component."""
        parts, weights = list(self.parts), self.shares.tolist()
        if function == "loss":
            parts, weights = parts + self.own, weights * 2
        found = sum(w * of(part, function) for w, part in zip(weights, parts, strict=True))
        return np.asarray(found * (1 + gamma(len(parts) + 2)))


def base_of(function: str) -> str:
    """The function over N(0, I) that one over data generalises."""
    return function.removesuffix("_over")


def over(truth: Truth) -> OverTruth:
    """The values over the data of a case, kept with it."""
    return truth.case.kept(
        ("truth over data", truth.accuracy), lambda: OverTruth(truth.case, truth.accuracy)
    )


def value_over(truth: Truth, function: str) -> Enclosure:
    """The enclosure of a function over data."""
    return over(truth).value(base_of(function))
