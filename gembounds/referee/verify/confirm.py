"""Confirming a certificate: everything in it evaluated again, in interval arithmetic.

What is shared with the evaluators is the trees, the exact point, and the form of the file. A
certificate is confirmed when the point is in the domain, each part of the domain test evaluates to
what is written, both sides lie in the intervals written down, and the claim is certainly violated.
Intervals are cells (:mod:`gembounds.values.cells`), which do not depend on how a side was
enclosed, so that every digit is confirmed.

A claim of an installed paper is taken from there, and must have the trees that are written; any
other is rebuilt from its trees, and no code of its author is run. A certificate made before
claims were trees is confirmed as a point: text and domain are those of the claim today.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.proving.record import digest
from gembounds.referee import recorded
from gembounds.referee.certificate import TREES, rule_text
from gembounds.referee.verify import box_proofs
from gembounds.referee.verify.form import check_form
from gembounds.referee.verify.interval import Interval, Unsure, violated
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.referee.verify.sums import OutOfReach
from gembounds.statements import library
from gembounds.statements.claim import FORMS, Claim, sides
from gembounds.statements.logic import Tri
from gembounds.statements.paper import papers
from gembounds.statements.serial import claim_from_json, claim_to_json
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_json
from gembounds.tools.workers import Workers, pool
from gembounds.values.cells import cell, read_cell

BITS = (40, 64, 96, 160, 256)
"""Where the bits of the sums escalate (a choice)."""

NOT_EVALUATED = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What the sides of a statement, and a point, raise where they are not made for each other."""


def read(path: Path) -> dict[str, Any]:
    """The certificate in a file; raises :class:`InputError` where it is none by its form."""
    try:
        data = read_json(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file") from None
    try:
        (box_proofs.check_form if box_proofs.is_proof(data) else check_form)(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    found: dict[str, Any] = data
    return found


def confirm_file(
    path: Path, data: dict[str, Any] | None = None, jobs: int | Workers = 2
) -> list[str]:
    """What is wrong with the certificate in a file (``data``, if it was read already): nothing if
    it is confirmed.

    Where the file is kept beside a record of verdicts, its digest is also compared with the one
    recorded for its claim. Raises :class:`InputError` where it is no certificate by its form.
    """
    data = read(path) if data is None else data
    if box_proofs.is_proof(data):
        return box_proofs.confirm_proof(data, jobs)
    with pool(jobs, 1) as workers:
        wrong: list[str] = workers.here(confirm, data)
    directory = path.resolve().parent.parent
    known = (recorded.read(directory) or {}).get(data["claim"], {})
    kept = recorded.certificate_path(data["claim"], directory)
    if kept.resolve() == path.resolve() and known.get("digest", data["digest"]) != data["digest"]:
        wrong.append(f"the digest recorded in verdicts.json is {known['digest']}")
    return wrong


def confirm(data: dict[str, Any]) -> list[str]:
    """What is wrong with a certificate, in words: nothing if it is confirmed.

    Evaluates nothing where the text alone is wrong already. Raises :class:`InputError` for what is
    no certificate by its form.
    """
    check_form(data)
    if digest(data) != data["digest"]:
        return [f"the digest is {digest(data)}, not {data['digest']}"]
    try:
        claim = _claim(data)
        wrong = _of_the_claim(claim, data)
    except (ValueError, RecursionError) as error:  # numbers too long to be written, among them
        return [f"the claim is none: {error}"]
    if wrong:
        return wrong
    try:
        point = Point.from_json(data["point"])
        if not _alike(point.to_json(), data["point"]):
            return ["the point is not written in its shortest form"]
    except NOT_EVALUATED as error:
        return [f"the point is none: {error}"]
    for name in ("lhs", "rhs"):
        if not _legible(data[name]):
            return [f"{name} is not an exact number or a cell: {data[name]!r}"]
    used = _Used(point.parameters)
    wrong = _evaluated(claim, replace(point, parameters=used), data)
    unknown = sorted(set(used) - used.names)
    if unknown and not wrong:
        return [f"the point has a parameter that the claim has not: {unknown[0]}"]
    return wrong


class _Used(dict[str, Any]):
    """Parameters that know which of them were asked for, ``names``."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def remark(data: dict[str, Any]) -> str | None:
    """What is to be said of a confirmed certificate: of one made before claims were trees, what
    is violated at its point, since the text in it is none of a claim."""
    return None if _has_trees(data) else f"as a point of: {_claim(data).text}"


def _alike(a: Any, b: Any) -> bool:
    """Whether two JSON values are the same, in their types too: 1 is neither true nor 1.0."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def _has_trees(data: dict[str, Any]) -> bool:
    return all(name in data for name in TREES)


def _claim(data: dict[str, Any]) -> Claim:
    """The claim that a certificate is about; raises :class:`InputError` for none."""
    if not _has_trees(data):
        return library.get(data["claim"])
    if data["paper"] is None:
        return claim_from_json(data["claim"], data["tree"])
    if data["paper"] not in papers():
        raise InputError(f"the paper {data['paper']!r} is not installed")
    claims = library.collection(data["paper"])
    if data["claim"] not in claims:
        raise InputError(f"{data['paper']} has no claim {data['claim']!r}")
    return claims[data["claim"]]


def _of_the_claim(claim: Claim, data: dict[str, Any]) -> list[str]:
    """Disagreements with the claim as it is, and with the rungs that there are."""
    constants = {name: str(value) for name, value in sorted(claim.constants.items())}
    expected: dict[str, Any] = {"relation": claim.sign, "constants": constants}
    if _has_trees(data):
        expected |= {
            "tree": claim_to_json(claim),
            "statement": claim.text,
        }
        if data["paper"] is not None:
            expected["form"] = claim.form
    wrong = [
        f"{name} is {data[name]!r}, the claim has {value!r}"
        for name, value in expected.items()
        if not _alike(data[name], value)
    ]
    if data["form"] not in FORMS:
        wrong.append(f"form is {data['form']!r}: it is one of {', '.join(FORMS)}")
    if data["rule"] != rule_text(data["evaluator"], data["bits"]):
        wrong.append(f"no evaluator has the rule {data['rule']!r} at {data['bits']!r} bits")
    return wrong


def _evaluated(claim: Claim, point: Point, data: dict[str, Any]) -> list[str]:
    wrong: list[str] = []
    for bits in BITS:
        ops: Any = IntervalOperations(bits)
        with ops.precision():
            try:
                parts = [part.to_json() for part in claim.parts(ops, point)]
                if not all(p["holds"] is True for p in parts):
                    wrong, certain = ["the point is not in the domain"], bits == BITS[-1]
                    if any(p["holds"] is False for p in parts):
                        return wrong
                    continue
                if _has_trees(data) and not _alike(parts, data["domain"]):
                    return ["the parts of the domain test evaluate to something else"]
                wrong, certain = _compared(claim, claim.pairs(ops, point), data)
                if not wrong and not _relation_violated(claim, ops, point, data):
                    wrong, certain = ["the relation itself is not certainly violated"], False
            except Unsure as error:
                wrong = [f"a side may have no value at the point: {error}"]
                continue
            except OutOfReach as error:
                return wrong or [f"out of reach: {error}"]
            except NOT_EVALUATED as error:
                return [f"the claim cannot be evaluated at the point: {error}"]
        if certain:
            break
    return wrong


def _relation_violated(claim: Claim, ops: Any, point: Point, data: dict[str, Any]) -> bool:
    """Where somebody's claim is decided by another relation: whether its own is violated too. Of a
    paper's claims it is known that both come to the same."""
    if claim.decided_by is None or not _has_trees(data) or data["paper"] is not None:
        return True
    pairs = sides(claim.relation, ops, claim.placed(point), claim.constants)
    return any(violated(a, claim.relation.sign, b) for a, b in pairs)


def _compared(
    claim: Claim, pairs: list[tuple[Any, Any]], data: dict[str, Any]
) -> tuple[list[str], bool]:
    """What is wrong, and whether more bits would change nothing about it."""
    entry = data["entry"]
    if not 0 <= entry < len(pairs):
        return [f"entry is {entry!r}: the sides have {len(pairs)}"], True
    if any(violated(a, claim.sign, b) for a, b in pairs[:entry]):
        return [f"entry {entry} is not the first that is violated"], True
    left, right = pairs[entry]
    wrong, certain = [], False
    if not violated(left, claim.sign, right):
        wrong.append(f"the claim is not certainly violated: {left} {claim.sign} {right}")
        certain = not isinstance(left, Interval) and not isinstance(right, Interval)
    for name, side in (("lhs", left), ("rhs", right)):
        same = _same(side, data[name])
        if same is not True:
            wrong.append(f"{name} is not certainly in the interval written: it is in {side}")
        certain = certain or same is False
    return wrong, certain or not wrong


def _legible(written: Any) -> bool:
    """Whether a side is written as :mod:`gembounds.referee.certificate` writes one."""
    lower, upper = written["lower"], written["upper"]
    return lower == upper or read_cell(lower, upper) is not None


def _same(side: Any, written: dict[str, str]) -> Tri:
    """Whether an exact number is the one written, or the cell written is that of an interval."""
    texts = written["lower"], written["upper"]
    found = read_cell(*texts)
    if not isinstance(side, Interval):
        if found is None:
            return texts == (str(side), str(side))
        side = Interval.of(side)
    lower, upper = side.ends
    if found is None:
        return False
    if math.inf in (-lower, upper):
        return None
    low, high = found.ends
    if upper < low or lower > high:
        return False
    if low == -high:  # around 0: there is no finer cell
        return True if low <= lower and upper <= high else None
    return True if any(cell(lower, upper, bits) == found for bits in _bits_of(found)) else None


def _bits_of(found: Any) -> list[int]:
    """The bits at which a cell can have been made: two, as its exponent tells."""
    size = max(abs(found.lower), abs(found.lower + 2)).bit_length()
    return [size - 1, size, size + 1]
