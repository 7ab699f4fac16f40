"""Every refuted statement says what slip it is of and how grave; a slip counts once."""

from __future__ import annotations

from collections import defaultdict

from gembounds.papers.xu_fazel_du_2024 import slips
from gembounds.referee import recorded
from gembounds.statements import library
from gembounds.statements.slip import SEVERITIES, Slip

PAPER = library.collection("xu-fazel-du-2024")
KNOWN = {name: s for name, s in vars(slips).items() if isinstance(s, Slip)}


def test_what_is_refuted_as_printed_has_a_slip_and_nothing_else() -> None:
    verdicts = {k: v["verdict"] for k, v in (recorded.read() or {}).items()}
    refuted = {c.id for c in PAPER.values() if verdicts[c.id] == "refuted"}
    assert refuted == {c.id for c in PAPER.values() if c.slip is not None}
    assert {c.severity for c in PAPER.values() if c.slip} <= set(SEVERITIES)


def test_a_slip_stands_once_and_each_is_used() -> None:
    used = {c.slip.name: c.slip for c in PAPER.values() if c.slip is not None}
    assert len({s.name for s in KNOWN.values()}) == len(KNOWN)
    assert {name: id(s) for name, s in used.items()} == {s.name: id(s) for s in KNOWN.values()}


def test_what_each_slip_refutes_has_a_repaired_form() -> None:
    groups = defaultdict(set)
    for claim in PAPER.values():
        if claim.slip is not None:
            groups[claim.slip.name].add(claim.id)
    assert len(groups["sign of Q"]) == 8 and len(groups["other means move"]) == 4
    assert len(groups["weights of the far means"]) == 3
    repaired = {c.repairs for c in PAPER.values() if c.repairs is not None}
    assert all(group <= repaired for group in groups.values())
