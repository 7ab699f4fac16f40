"""Balls of so few bits and nodes that the rule's error and the tail are all of the radius: the
truth is inside, and often near an end."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from gembounds import Mixture
from gembounds.evaluators.balls import quantities
from gembounds.statements.logic import flat
from tests.examples import line_mixture, plane_mixture


@cache
def mixtures() -> list[Mixture]:
    rng = np.random.default_rng(31)
    return [(plane_mixture, line_mixture, line_mixture)[k % 3](rng) for k in range(15)]


@cache
def truth(name: str, k: int) -> list[Any]:
    value, _ = getattr(quantities, name)(mixtures()[k], 64, 64, 2**14)
    return flat(value)


@pytest.mark.parametrize(
    ("name", "least"),
    [("overlaps", 0.95), ("loss", 0.7), ("gradient", 0.9), ("psi_tilde_norm2", 0.9),
     ("gradient_of_q", 0.3)],
)  # fmt: skip
def test_coarse_grids_never_lie_and_are_not_idle(name: str, least: float) -> None:
    shares = []
    for k, mix in enumerate(mixtures()):
        exact = truth("gradient" if name == "gradient_of_q" else name, k)
        for bits in (-2, 0, 2, 5, 9):
            for nodes in (9, 60, 2**10):
                found = flat(getattr(quantities, name)(mix, bits, 64, nodes)[0])
                assert all(a.overlaps(b) for a, b in zip(found, exact, strict=True))
                shares += [float(abs(a.mid() - b.mid())) / float(a.rad())
                           for a, b in zip(found, exact, strict=True)
                           if a.is_finite() and a.rad() > 1e-9]  # fmt: skip
    assert len(shares) > 50 and max(shares) > least
