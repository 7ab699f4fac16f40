"""Trees as JSON, for certificates that need no code of whoever stated the claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gembounds.points.point import mixture_from_json, mixture_to_json
from gembounds.statements import tree, words
from gembounds.statements.claim import Claim
from gembounds.statements.domain import READY
from gembounds.statements.tree import SIGNS, Expr, Relation, Symbol
from gembounds.statements.vocabulary import SYMBOLS
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown

_NUMBERS = {"real": words.real, "integer": words.integer}
_VECTORS = {"vector": words.vector, "displacement": words.displacement}
_UNARY = ("neg", "sqrt", "exp", "log", "abs")
_BINARY = ("+", "-", "*", "/", "^", "max", "min")
_OVER = ("total", "largest", "smallest")

DEEPEST = 400
"""Levels of a tree that is read (a choice: below what Python's stack takes)."""


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """The trees of a claim: relation, what it is decided by, conditions, domain; and the data,
    where they are one mixture."""
    decided = claim.decided_by
    out: dict[str, Any] = {
        "relation": relation_to_json(claim.relation),
        "decided_by": None if decided is None else relation_to_json(decided),
        "when": [relation_to_json(w) for w in claim.conditions],
        "over": claim.domain.name,
    }
    if isinstance(claim.data, Mixture):
        out["data"] = mixture_to_json(claim.data)
    return out


def claim_from_json(claim_id: str, data: Any) -> Claim:
    """A claim of nobody's package; raises :class:`InputError` for anything else."""
    keys = {"relation", "decided_by", "when", "over"}
    given = set(data) - {"data"} if isinstance(data, dict) else None
    if given != keys or not isinstance(data["when"], list):
        wanted = ", ".join(sorted(keys))
        raise InputError(f"the tree is {shown(data)}: give an object with {wanted}")
    if not isinstance(data["over"], str) or data["over"] not in READY:
        raise InputError(f"the domain {shown(data['over'])} is none of {', '.join(READY)}")
    decided = data["decided_by"]
    mixture = data.get("data")
    if mixture is not None and not isinstance(mixture, dict):
        raise InputError(f"the data are {shown(mixture)}: give a mixture")
    return Claim(
        claim_id,
        relation_from_json(data["relation"]),
        tuple(relation_from_json(w) for w in data["when"]),
        over=READY[data["over"]],
        data=None if mixture is None else mixture_from_json(mixture),
        decided_by=None if decided is None else relation_from_json(decided),
    )


def relation_to_json(relation: Relation) -> list[Any]:
    """``[sign, lhs, rhs]``."""
    return [relation.sign, to_json(relation.lhs), to_json(relation.rhs)]


def relation_from_json(data: Any) -> Relation:
    """What :func:`relation_to_json` wrote."""
    if not isinstance(data, list) or len(data) != 3 or data[0] not in SIGNS:
        raise InputError(f"{shown(data)} is no relation: give [sign, left, right]")
    return Relation(from_json(data[1]), data[0], from_json(data[2]))


def to_json(e: Expr) -> list[Any]:
    """``[op, arguments...]``; exact numbers are strings."""
    if e.op == "num":
        return ["num", str(e.args[0])]
    if e.op == "const":
        return ["const", e.args[0], str(e.args[1])]
    if e.op == "parameter":
        p = e.args[0]
        return [p.kind, p.name, *(None if x is None else str(x) for x in (p.low, p.high))]
    if e.op == "symbol":
        s, *rest = e.args
        return ["symbol", s.home, s.name, *map(to_json, rest)]
    if e.op in _OVER:
        return [e.op, e.args[1], to_json(e.args[0])]
    return [e.op, *map(to_json, e.args)]


def from_json(data: Any, symbols: Mapping[str, Symbol] = SYMBOLS, depth: int = 0) -> Expr:
    """The expression that :func:`to_json` wrote, over gembounds's own vocabulary.

    Raises :class:`InputError` for anything else.
    """
    if depth > DEEPEST:
        raise InputError(f"the tree is deeper than {DEEPEST} levels")
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise InputError(f"{shown(data)} is no part of a tree")
    op, *args = data

    def inner(x: Any) -> Expr:
        return from_json(x, symbols, depth + 1)

    try:
        if op == "num" and len(args) == 1:
            return tree.tree(_number(args[0]))
        if op == "const" and len(args) == 2:
            return words.const(args[0], _number(args[1]))
        if op in _NUMBERS and len(args) == 3:
            ends = [None if x is None else _number(x) for x in args[1:]]
            return _NUMBERS[op](args[0], *ends)
        if op in _VECTORS and args[1:] == [None, None]:
            return _VECTORS[op](args[0])
        if op == "symbol" and len(args) >= 2:
            if args[0] != "" or not isinstance(args[1], str) or args[1] not in symbols:
                raise InputError(f"no symbol {shown(args[:2])}")
            return tree.call(symbols[args[1]], *map(inner, args[2:]))
        if op in _OVER and len(args) == 2 and isinstance(args[0], str):
            return words.reduced(op, inner(args[1]), args[0])
        if op == "at_k" and len(args) == 1:
            return words.at_k(inner(args[0]))
        if op == "moved" and len(args) == 2:
            return words.moved(inner(args[0]), inner(args[1]))
        if (op in _UNARY and len(args) == 1) or (op in _BINARY and len(args) == 2):
            return Expr(op, *map(inner, args))
    except TypeError:
        pass
    raise InputError(f"{shown(data)} is no part of a tree")


def _number(text: Any) -> Any:
    if not isinstance(text, str):
        raise InputError(f"{shown(text)} is no exact number: give a string")
    return exact_number(text, "a number of the tree")
