"""Rewritten sides and symbols of the paper's own: both are listed, so that the lists can only
shrink, and what is decided in place of a printed relation is held to it in balls.

At drawn points the printed sides l, r and the decided ones l', r' satisfy, by kind,

    factor      l r' = r l'            (both were multiplied by the same positive number),
    part        l - l' = r - r'        (the same number was taken off both),
    logarithm   log l - l' = log r - r'.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.statements.claim import Claim, sides
from gembounds.statements.drawing import drawing
from gembounds.statements.evaluate import Undefined
from gembounds.statements.operations import LADDER, Operations

PAPER = "xu-fazel-du-2024"

REWRITTEN = {
    "factor": (
        "eq-10a.2", "eq-13.3", "eq-15", "eq-15-repaired", "eq-16", "eq-16-repaired", "eq-30",
        "eq-30-sharpened", "eq-33.2", "eq-33.2-repaired",
    ),
    "part": (
        "eq-6", "eq-6-repaired", "eq-19", "eq-23a.2", "eq-23a.3", "eq-24a", "eq-24b", "eq-29",
        "eq-29-sharpened", "eq-31", "eq-32-sharpened", "eq-33.1", "eq-33.1-sharpened", "eq-39",
        "eq-39b", "eq-39b-repaired",
    ),
    "logarithm": ("eq-15prime.1", "eq-15prime.3"),
}  # fmt: skip

KINDS: dict[str, Callable[[Any, Any, Any, Any], tuple[Any, Any]]] = {
    "factor": lambda a, b, c, d: (a * d, b * c),
    "part": lambda a, b, c, d: (a - c, b - d),
    "logarithm": lambda a, b, c, d: (a.log() - c, b.log() - d),
}

OWN = Path(__file__).with_name("own_symbols.txt")


def test_what_is_decided_by_another_relation_is_listed() -> None:
    claims = library.collection(PAPER).values()
    found = {c.id for c in claims if c.decided_by is not None}
    assert found == {name for names in REWRITTEN.values() for name in names}
    assert all(c.identity for c in claims if c.decided_by is not None)


def test_symbols_of_the_papers_own_are_listed_and_have_names_of_their_own() -> None:
    known: dict[str, Any] = {}
    for claim in library.collection(PAPER).values():
        for relation in claim.relations:
            for e in relation.walk():
                if e.op == "symbol" and e.args[0].home:
                    symbol = e.args[0]
                    assert symbol.home == PAPER
                    assert known.setdefault(symbol.name, symbol) is symbol, symbol.name
    assert set(known) == set(OWN.read_text().split())


def rows(claim: Claim, point: Point) -> list[tuple[Any, ...]]:
    ops = Operations(LADDER[2])
    with ops.precision():
        try:
            printed = sides(claim.relation, ops, point, claim.constants)
            decided = sides(claim.decided, ops, point, claim.constants)
        except Undefined:
            return []
        assert len(printed) == len(decided)
        return [tuple(map(ball, (*a, *b))) for a, b in zip(printed, decided, strict=True)]


DRAWN: dict[Any, list[Point]] = {}


def drawn(claim: Claim) -> list[Point]:
    """Points of a claim, and of all that share them: what is evaluated there is kept with them."""
    key = drawing(claim), claim.cost
    if key not in DRAWN:
        DRAWN[key] = []
        draw(claim, max(6, round(10 / claim.cost)), 5, DRAWN[key].append)
    return DRAWN[key]


@pytest.mark.parametrize(
    ("kind", "claim_id"), [(kind, name) for kind, names in REWRITTEN.items() for name in names]
)
def test_the_two_relations_come_to_the_same(kind: str, claim_id: str) -> None:
    claim = library.get(claim_id)
    assert claim.decided.sign == claim.relation.sign
    compared = 0
    for point in drawn(claim):
        for row in rows(claim, point):
            left, right = KINDS[kind](*row)
            assert left.overlaps(right), point
            compared += 1
    assert compared >= 5
