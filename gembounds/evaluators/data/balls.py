"""One model over data in balls: more bits where the components' parts cancel."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from gembounds.evaluators.balls import quantities as single
from gembounds.evaluators.balls.quantities import OUTPUT_BITS, not_negative, worst, worst_row
from gembounds.evaluators.data.components import Components, entropy, same, translations
from gembounds.evaluators.options import ARB_MAX_NODES, MAX_BITS
from gembounds.evaluators.reduction.exact import gram_matrix
from gembounds.tools.errors import RankError
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision
from gembounds.values.rule import NO_RULE, Rule

TRIES = 5
"""Times that a sum is tried with more bits (a choice: a model 10^-100 away needs four)."""


class Sums:
    """The quantities over the data, each from its parts to some bits."""

    def __init__(self, mix: Mixture, data: Components, precision: int, max_nodes: int) -> None:
        self.mix, self.data, self.precision, self.max_nodes = mix, data, precision, max_nodes
        self.parts = translations(mix, data.mix)
        self.own = data.mix.kept("itself", lambda: translations(data.mix, data.mix))
        self.rule = NO_RULE
        self.weights = [fmpq(w.numerator, w.denominator) for w in data.mix.exact_weights]

    def _mean(self, name: str, parts: list[Mixture], bits: int) -> Any:
        """sum_j w_j of the quantity of mu - a_j, and the rule where there is one part."""
        quantity = getattr(single, name)
        found = [quantity(part, bits, max(bits, self.precision), self.max_nodes) for part in parts]
        self.rule = found[0][1] if len(found) == 1 else NO_RULE
        return _weighted(self.weights, [value for value, _ in found])

    def overlaps(self, bits: int) -> Any:
        return self._mean("overlaps", self.parts, bits)

    def gradient(self, bits: int) -> Any:
        return self._mean("gradient", self.parts, bits)

    def expected_posterior(self, bits: int) -> Any:
        return [sum(row, arb(0)) for row in self.overlaps(bits)]

    def psi_tilde_norm2(self, bits: int) -> Any:
        gram, p = gram_matrix(self.mix), self.overlaps(bits)
        pairs = [(i, k) for i in range(self.mix.n) for k in range(self.mix.n)]
        return not_negative(sum((p[i][k] * arb(gram[i, k]) for i, k in pairs), arb(0)))

    def loss(self, bits: int) -> Any:
        if same(self.mix, self.data.mix):
            return arb(0)
        own = self.of_itself(bits) if len(self.own) > 1 else 0
        return not_negative(self._mean("loss", self.parts, bits) - own)

    def of_itself(self, bits: int) -> Any:
        return self._mean("loss", self.own, bits)


def loss_of_itself(data: Components, bits: int) -> Any:
    """sum_j w_j L(a - a_j; w), each part to ``bits`` relative bits, or what is known of it where
    the data span more than grids do; kept with the data."""
    if data.mix.n == 1:
        return arb(0)
    sums = Sums(data.mix, data, bits + OUTPUT_BITS, ARB_MAX_NODES)

    def found() -> Any:
        with working_precision(bits + 2 * OUTPUT_BITS):
            try:
                return sums.of_itself(bits)
            except RankError:
                return arb(0).union(arb(entropy(data)))

    return data.mix.kept(f"loss of itself in balls {bits}", found)


def evaluate(
    name: str, mix: Mixture, data: Components, bits: int, precision: int, max_nodes: int
) -> tuple[Any, Rule]:
    """The quantity to ``bits`` relative bits (a gradient's rows to bits of their largest entry),
    and the rule."""
    sums = Sums(mix, data, precision, max_nodes)
    lack = worst_row if name == "gradient" else worst
    return _raised(getattr(sums, name), lack, bits, precision), sums.rule


def _raised(
    make: Callable[[int], Any], lack: Callable[[Any], float], bits: int, precision: int
) -> Any:
    """With more bits until none lack, or more bring nothing: a budget of nodes is spent."""
    level, best, least = bits, None, math.inf
    for _ in range(TRIES):
        with working_precision(max(precision, level) + OUTPUT_BITS):
            value = make(level)
            missing = bits + lack(value)
        if best is not None and not missing < least and least < math.inf:
            break
        best, least = value, missing
        if missing <= 0 or level == MAX_BITS:
            break
        level = min(MAX_BITS, level + int(min(missing, 2.0 * level + 128.0)) + 4)
    return best


def _weighted(weights: list[fmpq], values: list[Any]) -> Any:
    """sum_j w_j value_j of balls or nested lists of them."""
    if len(values) == 1:
        return values[0]
    if isinstance(values[0], list):
        return [_weighted(weights, list(entries)) for entries in zip(*values, strict=True)]
    return sum((x * w for x, w in zip(values, weights, strict=True)), arb(0))
