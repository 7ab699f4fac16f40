"""``gembounds.prove``: a claim over its whole domain, or over a box of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements.claim import Claim
from gembounds.tools.errors import InputError, check_whole
from gembounds.values.numerals import exact_number, shown

MOST_LEAVES = 20_000
SECONDS = 600.0


@dataclass(frozen=True)
class Proof:
    """What a search for a proof came to.

    ``verdict``: "proved" (``by`` is "arithmetic" then, and ``certificate`` the JSON object that
    ``gembounds verify`` checks), "refuted" (``witness`` is a point where the claim fails, decided
    with certainty) or "undecided" (``undecided_volume``, of the cubes that the domain is mapped
    to, is open). ``leaves`` of the cover, ``seconds`` taken.
    """

    verdict: str
    by: str | None
    leaves: int
    undecided_volume: float
    witness: Point | None
    certificate: dict[str, Any] | None
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The fields, the witness as JSON."""
        fields = {
            **vars(self),
            "witness": None if self.witness is None else self.witness.to_json(),
        }
        return dict(fields)


def prove(
    claim: Claim,
    box: Mapping[str, Any] | None = None,
    *,
    max_leaves: int = MOST_LEAVES,
    seconds: float = SECONDS,
) -> Proof:
    """Prove an inequality over its whole domain, or refute it.

    The claim is about numbers: parameters, and of a mixture's symbols n, d, mu_max, U, S, Y,
    pi_min, pi_max and D, which are taken for any numbers that satisfy what holds of every
    mixture. ``box`` is ``{"parameters": {name: [low, high]}}``, exact numbers that cut the domain.
    Nothing is an estimate: each leaf of a cover is shown by exact algebra and balls.

    Raises :class:`InputError` for a claim that is about more, an equality, or a box that is none.
    """
    from gembounds.proving.scalar.certificate import certificate
    from gembounds.proving.scalar.problem import Problem
    from gembounds.proving.scalar.search import search

    if not isinstance(claim, Claim):
        raise InputError(f"the claim is {shown(claim)}: give a Claim")
    check_whole("max_leaves", max_leaves, 1)
    if not isinstance(seconds, (int, float)) or not 0 < seconds < math.inf:
        raise InputError(f"seconds is {shown(seconds)}: give a positive number")
    problem = Problem(claim, parameters_of(box))
    outcome = search(problem, max_leaves, seconds)
    proved = outcome.verdict == "proved"
    return Proof(
        outcome.verdict,
        "arithmetic" if proved else None,
        outcome.leaves,
        float(outcome.undecided_volume),
        outcome.witness,
        certificate(problem, outcome) if proved else None,
        outcome.seconds,
    )


def parameters_of(box: Mapping[str, Any] | None) -> dict[str, tuple[Fraction, Fraction]]:
    """The ends of the parameters of a box; raises :class:`InputError` where it is none."""
    if box is None:
        return {}
    if not isinstance(box, Mapping):
        raise InputError(f"the box is {shown(box)}: give an object with parameters")
    for key in box:
        if key != "parameters":
            raise InputError(
                f"the box has {shown(key)}: give parameters for a claim about numbers"
            )
    found = box.get("parameters", {})
    if not isinstance(found, Mapping):
        raise InputError(f"parameters is {shown(found)}: give an object of intervals")
    return {name: _interval(name, ends) for name, ends in found.items()}


def _interval(name: str, ends: Any) -> tuple[Fraction, Fraction]:
    both = ends if isinstance(ends, (list, tuple)) else (ends, ends)
    if len(both) != 2:
        raise InputError(f"the interval of {name} is {shown(ends)}: give [low, high]")
    low, high = (exact_number(x, f"an end of {name}") for x in both)
    if low > high:
        raise InputError(f"the interval of {name} is {shown(ends)}: give the smaller end first")
    return low, high
