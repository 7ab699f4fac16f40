"""What a check does with claims, as tasks that may run in another process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.points.shrink import size
from gembounds.referee.certificate import certificate
from gembounds.referee.search import (
    SHRINKING,
    Findings,
    alike,
    pushed,
    search_all,
    smallest_witness,
)
from gembounds.referee.verify.confirm import confirm
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.displayed import displayed
from gembounds.statements.drawing import drawing
from gembounds.statements.every import every_point
from gembounds.statements.meeting import scaled

Handle = library.Ref | Claim
"""A claim for a task: where it is found again, or itself where it has no home."""

NEARER = tuple(Fraction(1, k) for k in (2, 10, 100, 1000))
"""What the means of a witness out of reach of ``verify`` are scaled by."""


def handle_of(claim: Claim) -> Handle:
    """The claim for a task."""
    return library.ref(claim) if claim.home else claim


def claim_of(handle: Handle) -> Claim:
    """The claim of a task."""
    return library.at(handle) if isinstance(handle, tuple) else handle


def again(task: tuple[Handle, list[Point]]) -> Findings:
    """What is kept of a claim, decided again; points of another statement's domain are none."""
    claim, findings = claim_of(task[0]), Findings()
    for point in task[1]:
        try:
            decision = decide(claim, point)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            continue
        if decision.decided:
            findings.add(claim, point, decision)
    return findings


def searched(task: tuple[list[Handle], int, int]) -> list[Findings]:
    """Claims that share their points decided at generated ones."""
    handles, points, key = task
    return search_all([claim_of(h) for h in handles], points, key)


def enumerated(task: tuple[list[Handle], int, int]) -> list[Findings]:
    """A claim of a finite domain decided at ``count`` of its points from the ``first`` on."""
    (handle,), first, count = task
    start = time.perf_counter()
    claim, findings = claim_of(handle), Findings()
    for point in (every_point(claim) or ())[first : first + count]:
        findings.add(claim, point, decide(claim, point))
    findings.seconds = time.perf_counter() - start
    return [findings]


def steps(task: tuple[Handle, int, int]) -> list[dict[str, Any]]:
    """What the steps of a claim's argument show, each decided at generated points: a dict with
    step, decided, undecided, and refuted (a point, or null)."""
    handle, points, key = task
    shown = displayed(claim_of(handle))
    found: dict[str, Findings] = {}
    for same in alike(shown, drawing):
        results = search_all(same, points, key)
        found |= {step.id: one for step, one in zip(same, results, strict=True)}
    return [
        {
            "step": step.id, "decided": found[step.id].decided,
            "undecided": found[step.id].outcomes["undecided"],
            "refuted": None if (w := found[step.id].witness) is None else w.to_json(),
        }
        for step in shown
    ]  # fmt: skip


def push(task: tuple[Handle, list[Point], int]) -> Findings:
    """What the optimiser finds from some points."""
    handle, starts, evaluations = task
    return pushed(claim_of(handle), starts, evaluations)


def certified(task: tuple[Handle, Point, Point | None]) -> dict[str, Any] | None:
    """The certificate of a violation, at the stored witness, which comes last, unless a smaller
    one was found; one that ``verify`` confirms, if it is found at the stored witness, or coarsely,
    or with means nearer to 0. None where no rung shows one."""
    claim = claim_of(task[0])
    witness, known = smallest_witness(claim, task[1]), _refuting(claim, task[2])
    if known is not None and size(known) <= size(witness):
        witness = known
    proof = certificate(claim, witness)
    if proof is not None and not confirm(proof):
        return proof
    others = _other_certificates(claim, witness, known)
    return next((p for p in others if p is not None and not confirm(p)), proof)


def _other_certificates(
    claim: Claim, witness: Point, known: Point | None
) -> Iterator[dict[str, Any] | None]:
    if known is not None:  # confirmed before, most likely
        yield certificate(claim, known, coarse=True)
    yield certificate(claim, witness, coarse=True)
    for factor in NEARER if witness.mixture is not None else ():
        point = scaled(witness, factor)
        if decide(claim, point, SHRINKING).outcome == "refuted":
            yield certificate(claim, smallest_witness(claim, point))
    if known is not None:
        yield certificate(claim, known)


def _refuting(claim: Claim, known: Point | None) -> Point | None:
    """The stored witness, if it refutes the claim."""
    found = None if known is None else again((claim, [known]))
    return known if found is not None and found.witness is not None else None
