"""The paper's statements as checks: recorded as true, and asking for what they say they need."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from gembounds.conform.checks.paper import CHECKS
from gembounds.conform.core import Core, load
from gembounds.conform.core_operations import CoreOperations
from gembounds.conform.domains import CLAIM, cases
from gembounds.referee import recorded
from gembounds.statements import library
from gembounds.statements.paper import papers

STATEMENTS = {c.id: c.judges for c in library.select() if c.judges}

JUDGED = {
    "loss": {"eq-34", "theorem-14.1"},
    "gradient": {
        "eq-31prime.1", "eq-34", "eq-36-repaired", "eq-38", "eq-40", "lemma-9.2-repaired",
    },
    "psi_tilde_norm2": {
        "corollary-10.2-repaired", "eq-23a.2", "eq-36-repaired", "eq-6-repaired", "lemma-11",
        "lemma-12-case-1", "lemma-12-case-2.1", "lemma-20",
    },
    "overlaps": {"footnote-1", "theorem-13-repaired"},
    "psi": {"eq-12", "eq-15-repaired", "eq-16-repaired", "eq-21", "eq-22", "eq-8"},
}  # fmt: skip
"""By function: at least these judge cores."""


def test_statements_are_checks() -> None:
    for function, ids in JUDGED.items():
        assert ids <= {c for c, functions in STATEMENTS.items() if function in functions}
    assert STATEMENTS and {f"paper-{c}": f for c, f in STATEMENTS.items()} == {
        check.id: check.functions for check in CHECKS
    }


@cache
def own() -> Core:
    """One process for all statements."""
    return load("gembounds.conform.own")


@pytest.mark.parametrize("claim_id", STATEMENTS)
def test_the_sides_ask_for_the_functions_listed(claim_id: str) -> None:
    claim, core = library.get(claim_id), own()
    used: set[str] = set()
    for case in cases(CLAIM + claim_id, 2, 1):
        ops = CoreOperations(core)
        with ops.precision():
            claim.pairs(ops, case.point)
        used |= ops.used
    assert used == set(STATEMENTS[claim_id])


def test_the_statements_hold() -> None:
    known: dict[str, Any] = {}
    for paper in papers().values():
        known |= recorded.read(recorded.directory_of(paper)) or {}
    assert {known[c]["verdict"] for c in STATEMENTS} <= {"holds", "consistent", "proved"}
