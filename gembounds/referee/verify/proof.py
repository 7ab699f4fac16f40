"""Certificates of proofs of scalar statements checked again: every leaf, in ``mpmath`` intervals.

Shared with the search are the trees and the exact algebra of sums; ranges are computed by
:class:`IntervalOperations`. The places of the domain are laid out anew from the claim, so that
none is missing, and the tree of each cube is read from its bits, so that the leaves cover it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from gembounds.proving.record import about, digest
from gembounds.proving.scalar.certificate import (
    KIND,
    box_of,
    domain_to_json,
    place_to_json,
    variables_to_json,
)
from gembounds.proving.scalar.extent import UNKNOWN, Place
from gembounds.proving.scalar.leaves import Leaves
from gembounds.proving.scalar.problem import Problem
from gembounds.proving.splits import cells, decode, ends
from gembounds.referee.verify.interval import Unsure
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.statements.claim import Claim
from gembounds.statements.library import collection
from gembounds.statements.paper import papers
from gembounds.statements.serial import claim_from_json
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_json

BITS = 80
"""Of the intervals: more than the search has."""

FIELDS = (
    "gembounds", "claim", "paper", "text", "tree", "constants", "statement", "kind", "box",
    "numbers", "facts", "starts", "leaves", "covers", "digest",
)  # fmt: skip

UNIT = (Fraction(0), Fraction(1))


def read_proof(path: Path) -> dict[str, Any] | None:
    """The certificate of a proof in a file; None for what is meant for something else. Raises
    :class:`InputError` for a file that cannot be read, or a proof without a claim."""
    try:
        data = read_json(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file") from None
    if not isinstance(data, dict) or "covers" not in data:
        return None
    if not isinstance(data.get("claim"), str):
        raise InputError(f"{path}: has no claim; give a certificate")
    return data


def confirm_proof(data: dict[str, Any]) -> list[str]:
    """What is wrong with a certificate of a proof: nothing if every leaf is confirmed."""
    if sorted(data) != sorted(FIELDS) or data["kind"] != KIND:
        return [f"it has not the fields {', '.join(FIELDS)}, or is of another kind"]
    try:
        if digest(data) != data["digest"]:
            return [f"the digest is {digest(data)}, not {data['digest']}"]
        claim = _claim(data)
        if (known := about(claim)) != {k: data[k] for k in known}:
            return ["the statement is not that of the claim"]
        return _checked(Problem(claim, box_of(data["box"])), data)
    except (
        ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError
    ) as error:  # fmt: skip
        return [f"it is no certificate of a proof: {type(error).__name__}: {error}"]


def _claim(data: Mapping[str, Any]) -> Claim:
    if data["paper"] is None:
        made = claim_from_json(data["claim"], data["tree"])
        changes = {k: Fraction(x) for k, x in data["constants"].items()}
        return made.with_constants(**changes)
    if data["paper"] not in papers() or data["claim"] not in collection(data["paper"]):
        raise InputError(f"{data['paper']!r} with {data['claim']!r} is not installed")
    return collection(data["paper"])[data["claim"]]


def _checked(problem: Problem, data: Mapping[str, Any]) -> list[str]:
    if (known := domain_to_json(problem)) != {k: data[k] for k in known}:
        return ["the domain is not that of the claim"]
    starts = iter(data["starts"])

    def start(_: Mapping[str, int], name: str) -> int:
        found = next(starts, None)
        least = problem.range_of(name)[0]
        if type(found) is not int or not least <= found <= least + len(data["covers"]):
            raise InputError(f"{name} starts at {found!r}")
        return found

    places = list(problem.layout(start))
    if next(starts, None) is not None or len(places) != len(data["covers"]):
        return [f"it has {len(data['covers'])} covers: the domain takes {len(places)}"]
    total = 0
    for place, cover in zip(places, data["covers"], strict=True):
        wrong, count = _cover(problem, place, cover)
        if wrong:
            return [wrong]
        total += count
    return [] if total == data["leaves"] else [f"it has {total} leaves, not {data['leaves']}"]


def _cover(problem: Problem, place: Place, cover: Mapping[str, Any]) -> tuple[str, int]:
    """What is wrong with a cover, and its leaves."""
    here = place_to_json(place)
    if {k: cover.get(k) for k in here} != here:
        return f"a cover is not of the place {here}", 0
    variables, lemmas = variables_to_json(problem, place)
    if cover["variables"] != variables or cover["lemmas"] != lemmas:
        return f"the variables or lemmas at {here} are others", 0
    names = [v["name"] for v in variables]
    axes = decode(cover["tree"], len(names))
    boxes = list(cells(axes, len(names)))
    if len(boxes) != len(cover["leaves"]):
        return f"the tree at {here} has {len(boxes)} leaves, not {len(cover['leaves'])}", 0
    try:
        part = problem.part(place)
    except UNKNOWN as error:
        return f"a side has no form at {here}: {error}", 0
    ops = IntervalOperations(BITS)
    with ops.precision():
        leaves = Leaves(part, ops)
        for number, (cell, leaf) in enumerate(zip(boxes, cover["leaves"], strict=True)):
            box = dict(zip(names, ends(cell, [UNIT] * len(names)), strict=True))
            try:
                shown = leaves.check(box, leaf)
            except Unsure:
                shown = False
            if not shown:
                return f"leaf {number} at {here} is not confirmed", number
    return "", len(boxes)
