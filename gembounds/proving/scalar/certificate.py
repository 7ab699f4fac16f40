"""The certificate of a proof of a scalar statement, as JSON.

Beside what :func:`gembounds.proving.record.about` says: ``box`` (ends of numbers that cut the
domain), ``numbers`` (each with the ends that it runs between, as trees), ``facts`` (of a mixture's
symbols, assumed, and the cuts of the box), ``starts`` (:meth:`Extent.layout`), and a cover for
each place in the order of the layout: its place, the ``variables`` with their root, the ``tree``
of splits, what each leaf says, and the ``lemmas`` in whose variables it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gembounds.proving.record import about, digest
from gembounds.proving.scalar.extent import End, Place
from gembounds.proving.scalar.problem import Problem
from gembounds.proving.scalar.search import Cover, Outcome
from gembounds.proving.scalar.sums import Sum
from gembounds.proving.splits import encode
from gembounds.statements.serial import relation_to_json

KIND = "scalar"


def certificate(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    """Of a statement that is proved."""
    claim = problem.claim
    body = {
        **about(claim),
        "kind": KIND,
        **domain_to_json(problem),
        "starts": outcome.starts,
        "leaves": outcome.leaves,
        "covers": [_cover(problem, cover) for cover in outcome.covers],
    }
    return {**body, "digest": digest(body)}


def domain_to_json(problem: Problem) -> dict[str, Any]:
    """The box, the numbers and the facts."""
    facts = problem.conditions[len(problem.claim.conditions) :]
    return {
        "box": {k: [str(x) for x in ends] for k, ends in sorted(problem.box.items())},
        "numbers": {k: _number(problem, k) for k in problem.order},
        "facts": [relation_to_json(r) for r in facts],
    }


def place_to_json(place: Place) -> dict[str, Any]:
    return {
        name: dict(sorted(part.items()))
        for name, part in (
            ("fixed", place.fixed), ("least", place.least), ("pieces", place.pieces)
        )
    }  # fmt: skip


def variables_to_json(problem: Problem, place: Place) -> tuple[list[dict[str, str]], list[str]]:
    """The variables of a cube, and the lemmas that brought some of them."""
    part = problem.part(place)
    names = [{"name": k, "low": "0", "high": "1"} for k in part.variables]
    return names, sorted(part.algebra.lemmas)


def _cover(problem: Problem, cover: Cover) -> dict[str, Any]:
    variables, lemmas = variables_to_json(problem, cover.place)
    return {
        **place_to_json(cover.place),
        "variables": variables,
        "lemmas": lemmas,
        "tree": encode(cover.axes, len(variables)),
        "leaves": cover.leaves,
    }


def _number(problem: Problem, name: str) -> dict[str, Any]:
    ends = problem.chosen(name)
    kind = problem.numbers[name].kind
    return {"kind": kind, "low": _end(ends[0]), "high": _end(ends[1])}


def _end(end: End | None) -> Any:
    if end is None:
        return None
    return {"bound": sum_to_json(end.bound), "strict": end.strict}


def sum_to_json(s: Sum) -> list[Any]:
    """A sum of products of whole powers of numbers, as a tree."""
    total: list[Any] | None = None
    for t, c in s:
        product: list[Any] = ["num", str(c)]
        for a, e in t.powers:
            power = ["^", ["number", a.name], ["num", str(e)]]
            product = ["*", product, power]
        total = product if total is None else ["+", total, product]
    return ["num", "0"] if total is None else total


def box_of(data: Mapping[str, Any]) -> dict[str, tuple[Fraction, Fraction]]:
    return {k: (Fraction(a), Fraction(b)) for k, (a, b) in data.items()}
