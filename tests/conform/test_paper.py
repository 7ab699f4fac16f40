"""The paper's statements as checks: recorded as true, and asking for what they say they need."""

from __future__ import annotations

import pytest

from gembounds.conform.checks.paper import STATEMENTS
from gembounds.conform.core_operations import CoreOperations
from gembounds.conform.domains import CLAIM, cases
from gembounds.conform.protocol import load
from gembounds.referee import recorded
from gembounds.statements import library


@pytest.mark.parametrize("claim_id", STATEMENTS)
def test_the_sides_ask_for_the_functions_listed(claim_id: str) -> None:
    claim, core = library.get(claim_id), load("gembounds.conform.own")
    used: set[str] = set()
    for case in cases(CLAIM + claim_id, 2, 1):
        ops = CoreOperations(core)
        with ops.precision():
            claim.lhs(ops, case.point, claim.constants)
            claim.rhs(ops, case.point, claim.constants)
        used |= ops.used
    assert used == set(STATEMENTS[claim_id])


def test_the_statements_hold() -> None:
    known = recorded.read() or {}
    assert {known[c]["verdict"] for c in STATEMENTS} <= {"holds", "consistent", "proved"}
