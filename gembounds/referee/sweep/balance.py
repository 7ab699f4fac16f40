"""A claim as a search sees it: what is subtracted beside a 0 stands on the other side.

``x - y >= 0`` says what ``x >= y`` says, and has no ratio of its sides: nothing tells which of
two configurations is nearer to a violation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

from gembounds.statements.claim import Claim
from gembounds.statements.tree import Expr, Relation, tree


def balanced(claim: Claim) -> Claim:
    """The claim with the terms of a side beside a literal 0 put where they are added; itself where
    there is no such side, or no term of either kind."""
    lhs, sign, rhs = claim.decided.lhs, claim.sign, claim.decided.rhs
    if sign == "==" or not (_zero(lhs) or _zero(rhs)):
        return claim
    terms = [*_terms(lhs, True), *_terms(rhs, False)]
    left, right = ([e for kept, e in terms if kept is which] for which in (True, False))
    if not left or not right:
        return claim
    relation = Relation(reduce(Expr.__add__, left), sign, reduce(Expr.__add__, right))
    if claim.decided_by is not None:
        return replace(claim, decided_by=relation)
    return replace(claim, relation=relation)


def _zero(e: Expr) -> bool:
    return e.op == "num" and e.args[0] == 0


def _terms(e: Expr, kept: bool) -> Iterator[tuple[bool, Expr]]:
    """The terms of a side but 0, and whether each belongs on the left."""
    if e.op in ("+", "-"):
        yield from _terms(e.args[0], kept)
        yield from _terms(e.args[1], kept is (e.op == "+"))
    elif e.op == "neg":
        yield from _terms(e.args[0], not kept)
    elif e.op == "num" and e.args[0] < 0:
        yield not kept, tree(-e.args[0])
    elif not _zero(e):
        yield kept, e
