"""The certificate of a proof over a box: what a checker needs to show every leaf again."""

from __future__ import annotations

import base64
import zlib
from fractions import Fraction
from typing import Any

from gembounds.evaluators.boxes.rules import CLASSES, RHO, TAIL
from gembounds.proving.boxes.leaves import FIRST, LEMMA, MIRRORED, ORIGIN, OUTSIDE, SECOND
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.boxes.search import Found
from gembounds.proving.boxes.workers import described
from gembounds.values.rule import axis_rule, tail_radius

LETTERS = {OUTSIDE: "o", MIRRORED: "m", LEMMA: "l", FIRST: "f", SECOND: "s", ORIGIN: "z"}
"""Why a leaf counts: see :mod:`gembounds.referee.verify.boxes`."""


def body(problem: Problem, found: Found) -> dict[str, Any]:
    """Everything but what the referee adds (form, versions, digest)."""
    splits, states, duals = found.tree.leaves()
    return {
        **described(problem.claim, problem.box),
        "proof": "box",
        "rules": [_rule(spread) for spread in CLASSES] if problem.sums else [],
        "splits": splits,
        "leaves": "".join(LETTERS[s] for s in states),
        "duals": base64.b64encode(zlib.compress(_packed(states, duals), 9)).decode(),
    }


def _rule(spread: float) -> dict[str, Any]:
    axis = axis_rule(spread, RHO, tail_radius(TAIL))
    return {
        "distance": str(Fraction(spread)),
        "strip": str(Fraction(axis.halfwidth)),
        "step": str(Fraction(axis.step)),
        "count": axis.count,
    }


def _packed(states: list[int], duals: list[Any]) -> bytes:
    out = bytearray()
    for state, hints in zip(states, duals, strict=True):
        if state != SECOND:
            continue
        out.append(len(hints))
        for dual in hints:
            for y in dual.y:
                out += int(y).to_bytes(1, "little", signed=True)
            count = len(dual.y)
            for i in range(count):
                for k in range(i, count):
                    out += int(dual.factor[i, k]).to_bytes(2, "little", signed=True)
            out += int(dual.exponent).to_bytes(1, "little", signed=True)
    return bytes(out)
