"""Proof that the suite can fail: each wrong core is caught by the check that is named for it."""

from __future__ import annotations

import re
from functools import cache

import pytest

from gembounds.conform import run
from gembounds.conform.core import as_core
from tests.conform.wrong_cores import REGISTRY, Core

MISTAKES = pytest.mark.parametrize("wrong", REGISTRY, ids=lambda wrong: wrong.__name__)


RIGHT = as_core(Core())


@cache
def passes(check: str, quick: bool) -> bool:
    """The right core, at the points that a wrong one failed at: those are kept."""
    report = run(RIGHT, only=check, quick=quick)
    return report.passed and bool(report.results[0].points)


@MISTAKES
def test_each_is_caught_by_its_check_which_the_right_core_passes(wrong: type[Core]) -> None:
    """By a quick run already, if that has the check and is enough: a whole one has the same check
    at several times as many points."""
    for quick in (True, False):
        (found,) = run(wrong(), only=wrong.caught_by, quick=quick).results
        if found.status == "failed":
            break
    assert found.status == "failed", found.message or found.status
    assert found.message
    assert passes(wrong.caught_by, quick), wrong.caught_by


def test_the_registry_is_a_good_one() -> None:
    """At least 40, each with a sentence of its own that says what is wrong."""
    assert len(REGISTRY) >= 40
    sentences = [re.sub(r"\s+", " ", wrong.__doc__ or "") for wrong in REGISTRY]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len({wrong.__name__ for wrong in REGISTRY}) == len(REGISTRY)
    assert {f for wrong in REGISTRY for f in vars(wrong) if not f.startswith("_")} >= {
        "psi", "loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step", "log_prob",
    }  # fmt: skip
