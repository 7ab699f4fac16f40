"""Which claims of the paper have an argument, and what falls with a claim that several rest on."""

from __future__ import annotations

from graphlib import TopologicalSorter

import pytest

from gembounds.statements import library
from gembounds.statements.argument import resolved

PAPER = library.collection("xu-fazel-du-2024")

OF_RUNS = {
    "section-5-rate.1", "section-5-rate.2", "section-5-rate.3", "section-5-rate.4",
    "section-5-weights", "section-5-statistical",
}  # fmt: skip
"""Printed claims about recorded runs: a finite domain, or a statistical statement."""


def rests(name: str) -> set[str]:
    """All claims that the argument rests on, at any depth."""
    named = {c.id: () if c.proof is None else c.proof.claims for c in PAPER.values()}
    below = resolved(named, PAPER, "by")
    found: set[str] = set()
    for k in reversed(tuple(TopologicalSorter(below).static_order())):
        if k == name or k in found:
            found |= set(below[k])
    return found


def test_printed_claims_that_are_not_refuted_have_an_argument_but_for_those_about_runs() -> None:
    printed = [c for c in PAPER.values() if c.form == "printed" and c.slip is None]
    assert {c.id for c in printed if c.proof is None} == OF_RUNS
    assert len(printed) >= 100


def test_no_argument_rests_on_what_is_refuted_and_each_auxiliary_claim_is_used() -> None:
    used = {k for c in PAPER.values() if c.proof is not None for k in c.proof.claims}
    assert not {k for k in used if k in PAPER and PAPER[k].slip is not None}
    assert {c.id for c in PAPER.values() if c.form == "auxiliary"} <= used


@pytest.mark.parametrize(
    ("claim", "base"),
    [("theorem-2", "eq-8"), ("theorem-2", "posterior-mass"), ("theorem-7", "pair-force"),
     ("remark-4", "lemma-9.2-repaired"), ("theorem-13-repaired", "lemma-9.1-repaired"),
     ("lemma-11-sharpened-exponent", "lemma-11-exponent-far"), ("eq-18a", "eq-18c-repaired")],
)  # fmt: skip
def test_a_claim_falls_with_what_its_argument_rests_on(claim: str, base: str) -> None:
    assert base in rests(claim)
