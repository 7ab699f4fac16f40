"""Starts that ``gembounds rate`` runs where no file is given: structured ones and random ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.values.mixture import Mixture


class Start(NamedTuple):
    name: str
    mixture: Mixture
    steps: int


def panel() -> list[Start]:
    """Two components balanced and not, on a line and apart; three and four, structured and from
    N(0, I) entries with the weights of the paper's Section 5."""
    fifth, third = Fraction(1, 5), Fraction(1, 3)
    root = Fraction("0.8660254")  # of an equilateral triangle, nearly
    found = [
        _start("opposite pair, equal weights", [[1], [-1]]),
        _start("opposite pair, weights 1/5 4/5", [[1], [-1]], [fifth, 1 - fifth]),
        _start("pair on one side, weights 1/3 2/3", [["1/2", 2], [1, 1]], [third, 1 - third]),
        _start("Figure 1, n = 2", experiments.student_start(2), experiments.dirichlet_weights(2)),
        _start("Theorem 7's with 2 for 12, d = 1", [[2], [-2], [0]]),
        _start("one far, two at 0", [[3, 0], [0, 0], [0, 0]]),
        _start("triangle", [[1, 0], ["-1/2", root], ["-1/2", -root]]),
        _start("four on a line", [["1/2"], [1], ["3/2"], [2]]),
        _start("four in the plane, two of them equal", [[1, 0], [1, 0], [0, 2], [-1, -1]]),
    ]
    for weights in experiments.WEIGHTS:
        name = f"Figure 1 right, run 0, weights {' '.join(map(str, weights))}"
        found.append(_start(name, experiments.run_start(0), weights))
    return found


STEPS = 400
"""Of each start: enough that local exponents are near their limits (a choice)."""


def _start(name: str, means: Any, weights: Any = None) -> Start:
    return Start(name, Mixture(means, weights), STEPS)
