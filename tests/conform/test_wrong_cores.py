"""Proof that the suite can fail: each wrong core is caught by the check that is named for it."""

from __future__ import annotations

import re

import pytest

from gembounds.conform import run
from tests.conform.wrong_cores import REGISTRY, Core

MISTAKES = pytest.mark.parametrize("wrong", REGISTRY, ids=lambda wrong: wrong.__name__)


@MISTAKES
def test_each_is_caught_by_its_check(wrong: type[Core]) -> None:
    """By a quick run already, if that has the check and is enough: a whole one has the same check
    at several times as many points."""
    for quick in (True, False):
        (found,) = run(wrong(), only=wrong.caught_by, quick=quick).results
        if found.status == "failed":
            break
    assert found.status == "failed", found.message or found.status
    assert found.message


def test_the_right_core_passes_the_same_checks() -> None:
    """Their base: overlaps, loss and psi are the NumPy core's, which test_customers judges.
    psi at 400 places takes as long as all the rest: a quick run's 60 catch the wrong one."""
    checks = {wrong.caught_by for wrong in REGISTRY}
    for quick, only in ((True, {"psi-places"}), (False, checks - {"psi-places"})):
        report = run(Core(), only=sorted(only), quick=quick)
        assert report.passed, report.failures()
        assert {found.id for found in report.results if found.points} == only


def test_the_registry_is_a_good_one() -> None:
    """At least 40, each with a sentence of its own that says what is wrong."""
    assert len(REGISTRY) >= 40
    sentences = [re.sub(r"\s+", " ", wrong.__doc__ or "") for wrong in REGISTRY]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len({wrong.__name__ for wrong in REGISTRY}) == len(REGISTRY)
    assert {f for wrong in REGISTRY for f in vars(wrong) if not f.startswith("_")} >= {
        "psi", "loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step", "log_prob",
    }  # fmt: skip
