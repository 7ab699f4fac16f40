"""A certificate: a point at which a claim is violated, and exact enclosures that show it.

Sides are written as cells (:mod:`gembounds.values.cells`), which every evaluator that is accurate
enough arrives at, so that ``gembounds verify`` can confirm each digit by other arithmetic."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.proving.record import digest
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision, decide
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.paper import papers
from gembounds.statements.serial import claim_to_json
from gembounds.values.balls import exact_interval
from gembounds.values.cells import MOST_BITS, Cell, cell, floor_log2
from gembounds.values.exact import Root
from gembounds.values.precision import working_precision

FIELDS = (
    "claim", "form", "statement", "relation", "constants", "point", "domain", "entry", "lhs",
    "rhs", "evaluator", "bits", "rule", "versions", "digest",
)  # fmt: skip

TREES = ("paper", "tree")
"""Fields since claims are trees; a certificate without them is confirmed as a point."""

ROOT_BITS = 256
"""Bits of the ball of an exact root, which a certificate writes as an enclosure."""

TINY = Fraction(1, 2**64)
"""Of the larger side, what a coarse certificate does not tell from 0 (a choice)."""

MOST_EXPONENT = 100_000
"""Of the ends that a certificate writes, in powers of 2: exp(exp(20)) has 700 million bits."""

Ends = tuple[Fraction, Fraction]


def certificate(claim: Claim, point: Point, coarse: bool = False) -> dict[str, Any] | None:
    """A JSON object for a violation at ``point``, None if no rung shows one there; with ``coarse``
    a side that is tiny beside the other (``TINY``) is written as an interval around 0, and others
    with half as many digits: what slower arithmetic can confirm.

    ``domain`` lists what each part of the domain test evaluates to. ``lower`` and ``upper`` of a
    side are exact: ``"m*2^e"``, or a rational number as a string. The arb evaluator's rungs come
    first, then float64.
    """
    for decision in _refutations(claim, point):
        entry = decision.entry or 0
        with working_precision(ROOT_BITS):
            left, right = (ball(x) if isinstance(x, Root) else x for x in decision.pairs[entry])
        sides = _written(left, claim.sign, right, coarse)
        if sides is None:
            continue
        body = {
            "claim": claim.id,
            "paper": claim.home if claim.home in papers() else None,
            "form": claim.form,
            "statement": claim.text,
            "relation": claim.sign,
            "tree": claim_to_json(claim),
            "constants": {name: str(value) for name, value in sorted(claim.constants.items())},
            "point": point.to_json(),
            "domain": _domain(claim, point, decision),
            "entry": entry,
            "lhs": sides[0],
            "rhs": sides[1],
            "evaluator": decision.rung.evaluator,
            "bits": decision.rung.bits,
            "rule": rule_text(decision.rung.evaluator, decision.rung.bits),
            "versions": _versions(),
        }
        return {**body, "digest": digest(body)}
    return None


def rule_text(evaluator: Any, bits: Any) -> str | None:
    """How population quantities were integrated at a rung; None for a rung that is none."""
    for rung in LADDER:
        if (rung.evaluator, rung.bits) == (evaluator, bits):
            what = "balls" if evaluator == "arb" else "float64, outward"
            return f"trapezoidal rule in {what}, at most {rung.max_nodes} nodes"
    return None


def _refutations(claim: Claim, point: Point) -> Iterator[Decision]:
    for rung in sorted(LADDER, key=lambda rung: rung.evaluator != "arb"):
        decision = decide(claim, point, [rung])
        if decision.outcome == "refuted":
            yield decision


def _written(left: Any, relation: str, right: Any, coarse: bool) -> tuple[Any, Any] | None:
    """Both sides as intervals that still show the violation, with half the bits that their
    enclosures have where that is enough; None if they are too wide for cells."""
    enclosed = [ends for side in (left, right) if (ends := _ends(side)) is not None]
    if len(enclosed) < 2:
        return None
    if coarse:
        most = max(abs(x) for ends in enclosed for x in ends) * TINY
        enclosed = [(-most, most) if max(map(abs, e)) < most else e for e in enclosed]
    half = [_accuracy(ends) // (4 if coarse else 2) for ends in enclosed]
    for more in range(MOST_BITS):
        shown: list[Ends] = []
        texts: list[dict[str, str]] = []
        for side, known, bits in zip((left, right), enclosed, half, strict=True):
            if isinstance(side, (int, Fraction)):
                shown.append(known)
                texts.append({"lower": str(side), "upper": str(side)})
                continue
            found = _finest(known, bits + more)
            if found is None:
                return None
            shown.append(found.ends)
            texts.append(found.texts())
        if _apart(shown[0], relation, shown[1]):
            return texts[0], texts[1]
    return None


def _apart(a: Ends, relation: str, b: Ends) -> bool:
    if relation in (">", ">="):
        a, b = b, a
    if relation == "==":
        return a[1] < b[0] or a[0] > b[1]
    return a[0] >= b[1] if relation in ("<", ">") else a[0] > b[1]


def _finest(ends: Ends, bits: int) -> Cell | None:
    """The cell at ``bits`` bits (at least 1, at most ``MOST_BITS``), or at a few less where the
    enclosure lies across the end of one; around 0, from -2^e to 2^e."""
    lower, upper = ends
    if lower <= 0 <= upper:
        largest = max(-lower, upper)
        return Cell(-1, floor_log2(largest) + 1) if largest else Cell(-1, 0)
    tried = range(min(max(bits, 1), MOST_BITS), 0, -1)
    return next((c for b in tried if (c := cell(lower, upper, b)) is not None), None)


def _accuracy(ends: Ends) -> int:
    """Relative bits of an enclosure; 0 where it contains 0."""
    lower, upper = ends
    if lower <= 0 <= upper:
        return 0
    if lower == upper:
        return 2 * MOST_BITS
    return max(0, floor_log2(min(abs(lower), abs(upper)) / (upper - lower)))


def _ends(side: Any) -> Ends | None:
    """A number, or the exact ends of a ball; None where infinite, or too long to write."""
    if isinstance(side, (int, Fraction)):
        return Fraction(side), Fraction(side)
    if not side.is_finite():
        return None
    exponents = (abs(int(part.man_exp()[1])) for part in (side.mid(), side.rad()))
    return exact_interval(side) if max(exponents) <= MOST_EXPONENT else None


def _domain(claim: Claim, point: Point, decision: Decision) -> list[dict[str, Any]]:
    ops = Operations(decision.rung)
    with ops.precision():
        return [part.to_json() for part in claim.parts(ops, point)]


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in ("gembounds", "python-flint", "numpy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
