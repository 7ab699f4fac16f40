"""A certificate: a point at which a claim is violated, and exact enclosures that show it."""

from __future__ import annotations

import hashlib
import json
import platform
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gembounds.balls.precision import working_precision
from gembounds.claims.record import Claim
from gembounds.decide import Decision, decide
from gembounds.operations import LADDER, Operations
from gembounds.point import Point

END_BITS = 64
"""Precision that the ends of the intervals are rounded outward to."""


def certificate(claim: Claim, point: Point) -> dict[str, Any] | None:
    """A JSON object for a violation at ``point``, None if it is not refuted there.

    The violation is decided by the arb evaluator, where that is within reach, else by float64.
    ``lower`` and ``upper`` of a side are exact: ``"m*2^e"``, or a rational number as a string.
    """
    decision = decide(claim, point, [rung for rung in LADDER if rung.evaluator == "arb"])
    if decision.outcome != "refuted":
        decision = decide(claim, point)
    if decision.outcome != "refuted" or decision.entry is None:
        return None
    body = {
        "claim": claim.id,
        "form": claim.form,
        "statement": claim.text,
        "relation": claim.relation,
        "constants": {name: str(value) for name, value in sorted(claim.constants.items())},
        "point": point.to_json(),
        "domain": _inside(claim, point, decision),
        "entry": decision.entry,
        "lhs": end_points(decision.pairs[decision.entry][0]),
        "rhs": end_points(decision.pairs[decision.entry][1]),
        "evaluator": decision.rung.evaluator,
        "bits": decision.rung.bits,
        "versions": _versions(),
    }
    return {**body, "digest": digest(body)}


def digest(body: dict[str, Any]) -> str:
    """SHA-256 of the certificate without its digest, keys sorted, no spaces."""
    rest = {key: value for key, value in body.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def end_points(side: Any) -> dict[str, str]:
    """The exact interval of a side: a rational number, or a ball rounded outward."""
    if isinstance(side, (int, Fraction)):
        return {"lower": str(side), "upper": str(side)}
    with working_precision(END_BITS):
        return {"lower": _dyadic(side.lower()), "upper": _dyadic(side.upper())}


def _dyadic(point: Any) -> str:
    if not point.is_finite():
        return "-inf" if point < 0 else "inf"
    mantissa, exponent = point.man_exp()
    return f"{mantissa}*2^{exponent}"


def _inside(claim: Claim, point: Point, decision: Decision) -> bool:
    ops = Operations(decision.rung)
    with ops.precision():
        return claim.domain(ops, point) is True


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in ("gembounds", "python-flint", "numpy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
