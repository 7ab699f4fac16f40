"""Bugs planted one at a time: for each, a test that is named here fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.evaluators.float64 import errors as core_errors
from gembounds.evaluators.float64 import grid as core_grid
from gembounds.evaluators.float64 import loss as core_loss
from gembounds.evaluators.float64 import overlaps as core_overlaps
from gembounds.evaluators.float64 import plan as core_plan
from gembounds.evaluators.float64 import quantities as core_quantities
from gembounds.values import rule
from gembounds.values.enclosure import Enclosure
from tests.evaluators.float64.test_sharp import check_overlaps_sharp, unit_mixtures
from tests.examples import random_mixture

Plant = Callable[[pytest.MonkeyPatch], None]


def check_meets() -> None:
    """The check of tests/evaluators/float64/test_honest.py on a few mixtures of unit scale."""
    rng = np.random.default_rng(11)
    for _ in range(6):
        mix = random_mixture(rng, max_rank=2, extreme=False)
        for quantity in (gb.overlaps, gb.loss, gb.gradient, gb.psi_tilde_norm2):
            fast = quantity(mix, rtol=1e-8)
            sure = quantity(mix, evaluator="arb", bits=80)
            assert fast.meets(sure).all(), quantity.__name__


def check_sharp() -> None:
    """The check of tests/evaluators/float64/test_sharp.py."""
    check_overlaps_sharp(unit_mixtures(1, 5))


def wrong_sign_in_the_gradient(patch: pytest.MonkeyPatch) -> None:
    true = core_quantities.gradient

    def wrong(mix: gb.Mixture, rtol: float, max_nodes: int) -> Enclosure:
        found = true(mix, rtol, max_nodes)
        return Enclosure(-found.upper, -found.lower, "float64", found.rule)

    patch.setattr(core_quantities, "gradient", wrong)


def no_half_in_the_loss(patch: pytest.MonkeyPatch) -> None:
    true = core_loss.half_square
    patch.setattr(core_loss, "half_square", lambda mix: tuple(2 * x for x in true(mix)))


def rule_bound_over_100(patch: pytest.MonkeyPatch) -> None:
    true = rule.relative_error
    patch.setattr(rule, "relative_error", lambda a, h, d: true(a, h, d) / 100)


def radius_too_small(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(core_plan, "tail_radius", lambda tail: 0.5 * rule.tail_radius(tail))


def radius_too_small_and_no_tail(patch: pytest.MonkeyPatch) -> None:
    radius_too_small(patch)
    patch.setattr(core_errors, "tails", lambda axes: (0.0, 1.0))


def psi_without_weights(patch: pytest.MonkeyPatch) -> None:
    true = core_grid.make_grid

    def wrong(axes: Any, v: Any, k: Any) -> core_grid.Grid:
        return true(axes, v, np.zeros_like(k))

    patch.setattr(core_overlaps, "make_grid", wrong)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Rules and what is known of them, found with a bug or without it."""
    forget()
    yield
    forget()


def forget() -> None:
    core_plan._axis.cache_clear()
    core_errors.facts.cache_clear()


def test_nothing_fails_when_nothing_is_planted() -> None:
    check_meets()
    check_sharp()


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (wrong_sign_in_the_gradient, check_meets),
        (no_half_in_the_loss, check_meets),
        (rule_bound_over_100, check_meets),
        (radius_too_small, check_sharp),
        (radius_too_small_and_no_tail, check_meets),
        (psi_without_weights, check_meets),
    ],
)
def test_a_planted_bug_is_found(
    plant: Plant, check: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        check()
