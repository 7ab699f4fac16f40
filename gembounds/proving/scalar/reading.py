"""Trees as sums: what a scalar statement says of its numbers, case by case.

The numbers are parameters, and of a mixture's symbols those in ``NUMBERS`` with the facts that
relate them: what holds for all numbers that satisfy the facts holds for all mixtures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from gembounds.proving.scalar.algebra import Algebra
from gembounds.proving.scalar.functions import NAMES
from gembounds.proving.scalar.sums import Sum, number
from gembounds.statements import vocabulary as v
from gembounds.statements.claim import Claim
from gembounds.statements.evaluate import Undefined
from gembounds.statements.tree import Expr, Parameter, Relation
from gembounds.tools.errors import InputError

NUMBERS = {
    name: Parameter(name, kind, Fraction(low), None)
    for e, kind, low in (
        (v.n, "integer", 1), (v.d, "integer", 1), (v.mu_max, "real", 0), (v.U, "real", 0),
        (v.S, "real", 0), (v.Y, "real", 0), (v.pi_min, "real", 0), (v.pi_max, "real", 0),
        (v.diameter, "real", 0),
    )
    for name in (e.args[0].name,)
}  # fmt: skip

MOST_CASES = 16
"""Of maxima, minima and absolute values in a statement (a choice: seconds)."""

FACTS = (
    v.pi_min > 0, v.pi_min * v.n <= 1, v.pi_max > 0, v.pi_max <= 1, v.pi_min <= v.pi_max,
    v.mu_max**2 <= v.U, v.mu_max**2 >= v.Y, v.S <= 2 * v.Y, v.diameter <= 2 * v.mu_max,
)  # fmt: skip
"""Of any mixture: the least weight is positive and at most 1/n; mu_max^2 is one summand of U; Y is
a mean of |mu_i|^2; S = 2 (Y - |sum pi_i mu_i|^2); distances are at most two norms."""


class Case(NamedTuple):
    """left <= right (``strict``: <), wherever ``when`` holds."""

    left: Expr
    right: Expr
    strict: bool
    when: tuple[Relation, ...]


def variables_of(claim: Claim) -> dict[str, Parameter]:
    """The numbers of a claim by name; raises :class:`InputError` where it is about more."""
    found = dict(claim.parameters)
    for name, symbol in claim.symbols.items():
        if name in NUMBERS and symbol is v.SYMBOLS.get(name):
            if name in found:
                raise InputError(f"{claim.id}: {name} is a parameter and a symbol: rename one")
            found[name] = NUMBERS[name]
        elif symbol.function == "":
            said = re.sub(r"{\d}", "...", symbol.text)
            raise InputError(
                f"{claim.id} is no statement about numbers: {said} is in it; "
                "give a box of means and weights"
            )
    for p in found.values():
        if p.kind not in ("real", "integer"):
            raise InputError(f"{claim.id} is no statement about numbers: {p.name} is a {p.kind}")
    return found


def conditions_of(claim: Claim) -> list[Relation]:
    """``when``, and the facts about the symbols that occur."""
    symbols = set(claim.symbols)
    facts = [f for f in FACTS if set(f.symbols) <= symbols]
    return [*claim.conditions, *facts]


def cuts(
    numbers: Mapping[str, Parameter], box: Mapping[str, tuple[Fraction, Fraction]]
) -> Iterator[Relation]:
    """The conditions by which a box cuts the domain."""
    for k, (low, high) in sorted(box.items()):
        own = numbers[k] is NUMBERS.get(k)
        x = Expr("symbol", v.SYMBOLS[k]) if own else Expr("parameter", numbers[k])
        yield x >= low
        yield x <= high


def cases(claim: Claim) -> list[Case]:
    """The relation entry by entry and without max, min and absolute values: in each case, with
    what it takes. Raises :class:`InputError` for an equality."""
    relation = claim.relation
    if relation.sign == "==":
        raise InputError(f"{claim.id} is an equality: inequalities are proved")
    lefts, rights = _entries(relation.lhs), _entries(relation.rhs)
    if relation.sign in (">", ">="):
        lefts, rights = rights, lefts
    pairs = zip(lefts * len(rights) if len(lefts) == 1 else lefts,
                rights * len(lefts) if len(rights) == 1 else rights, strict=True)  # fmt: skip
    strict = relation.sign in ("<", ">")
    every = (
        Case(a, b, strict, (*when_a, *when_b))
        for left, right in pairs
        for a, when_a in _without_cases(left)
        for b, when_b in _without_cases(right)
    )
    found = list(islice(every, MOST_CASES + 1))
    if len(found) > MOST_CASES:
        raise InputError(f"{claim.id} has more than {MOST_CASES} cases of max, min and abs")
    return found


def _entries(e: Expr) -> list[Expr]:
    if e.op == "symbol" and e.args[0].function == "list":
        return list(e.args[1:])
    return [e]


def _without_cases(e: Expr) -> Iterator[tuple[Expr, tuple[Relation, ...]]]:
    if e.op in ("max", "min", "abs"):
        x, y = e.args if e.op != "abs" else (e.args[0], -e.args[0])
        larger = (x >= y, y >= x) if e.op != "min" else (x <= y, y <= x)
        for picked, condition in zip((x, y), larger, strict=True):
            # the condition has the same cases: they are told apart in it, too
            for inner, when in _without_cases(picked):
                for left, more in _without_cases(condition.lhs):
                    for right, rest in _without_cases(condition.rhs):
                        known = Relation(left, condition.sign, right)
                        yield inner, (*when, *more, *rest, known)
        return
    parts: list[tuple[list[Any], tuple[Relation, ...]]] = [([], ())]
    for a in e.args:
        if not isinstance(a, Expr):
            parts = [([*args, a], when) for args, when in parts]
            continue
        options = list(islice(_without_cases(a), MOST_CASES + 1))
        parts = [([*args, b], (*when, *more)) for args, when in parts for b, more in options]
        if len(parts) > MOST_CASES:
            raise InputError(f"{e} has more than {MOST_CASES} cases of max, min and abs")
    for args, when in parts:
        yield Expr(e.op, *args, axes=e.axes), when


def as_sum(
    e: Expr, values: Mapping[str, Sum], constants: Mapping[str, Fraction], algebra: Algebra
) -> Sum:
    """The expression at these values of its numbers."""
    op, args = e.op, e.args
    if op == "num":
        return number(args[0])
    if op == "const":
        return number(constants.get(args[0], args[1]))
    if op == "parameter":
        return values[args[0].name]
    if op == "symbol":
        symbol, *rest = args
        if symbol.name in values and v.SYMBOLS.get(symbol.name) is e.args[0]:
            return values[symbol.name]
        if symbol.function in NAMES:
            inner = tuple(as_sum(x, values, constants, algebra) for x in rest)
            return algebra.function(symbol.function, inner)
        raise InputError(f"{symbol.text} is no number that is known here")
    found = [as_sum(x, values, constants, algebra) for x in args if isinstance(x, Expr)]
    if op == "+":
        return found[0] + found[1]
    if op == "-":
        return found[0] - found[1]
    if op == "neg":
        return -found[0]
    if op == "*":
        return algebra.product(*found)
    if op == "/":
        return algebra.product(found[0], algebra.power(found[1], Fraction(-1)))
    if op == "sqrt":
        return algebra.power(found[0], Fraction(1, 2))
    if op == "exp":
        return algebra.exp(found[0])
    if op == "log":
        return algebra.log(found[0])
    if op == "^":
        q = found[1].constant
        if q is not None:
            return algebra.power(found[0], q)
        if not found[0]:
            raise Undefined("0 to a power that varies")
        return algebra.exp(algebra.product(found[1], algebra.log(found[0])))
    raise InputError(f"{e} is no statement about numbers")


def difference(
    relation: Relation,
    values: Mapping[str, Sum],
    constants: Mapping[str, Fraction],
    algebra: Algebra,
) -> tuple[Sum, bool]:
    """What is >= 0 (True: > 0) where an inequality holds."""
    left, right = (as_sum(e, values, constants, algebra) for e in (relation.lhs, relation.rhs))
    s = left - right if relation.sign in (">", ">=") else right - left
    return s, relation.sign in ("<", ">")
