"""What the steps of an argument show, as claims that can be decided."""

from __future__ import annotations

from dataclasses import replace

from gembounds.statements.claim import Claim


def displayed(claim: Claim) -> tuple[Claim, ...]:
    """What the steps of a claim's argument show, as claims over its domain: ``ID+2`` is the second
    step, ``ID+2.1`` its first relation where it shows several."""
    steps = () if claim.proof is None else claim.proof.steps
    return tuple(
        replace(
            claim, id=f"{claim.id}+{k}" + (f".{j}" if len(step.shows) > 1 else ""),
            relation=relation, when=(*claim.conditions, *step.when), over=claim.domain,
            form="stated", repairs=None, decided_by=None, identity="", expect=None, uses=(),
            best={}, judges=(), maps=(), proof=None, unproved="", slip=None,
        )
        for k, step in enumerate(steps, 1)
        for j, relation in enumerate(step.shows, 1)
    )  # fmt: skip
