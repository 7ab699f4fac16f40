"""Trees as JSON: a margin without division, and as a linear form in L and E|psi~|^2."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from gembounds.referee.verify.boxes.numbers import number

Tree = Any
"""["num", text], ["symbol", "", name], ["real", name, low, high], [operation, trees...]."""

EXPECTED = {"L", "mean_square"}
STEPS = "delta_k^2"
LISTS = {"norms", "pi", "gradient_change", STEPS}
CHOSEN = {"mu_max", "norms", "diameter", "pi_min", "pi_max", "gradient_change", STEPS}
SUMMED = EXPECTED | {"gradient_change"}
SYMBOLS = SUMMED | {"mu_max", "norms", "diameter", "pi_min", "pi_max"}
SYMBOLS |= {"S", "U", "Y", "pi", "n", "d"}
REDUCED = ("total", "largest", "smallest")
ONE_TREE: Tree = ["num", "1"]
NOTHING: Tree = ["num", "0"]


def parts(e: Tree) -> list[Tree]:
    """The trees that an operation is done to."""
    start = 2 if e[0] in REDUCED else 1
    return [] if e[0] in ("num", "symbol", "real", "integer") else list(e[start:])


def read(e: Tree, constants: dict[str, str]) -> Tree:
    """The tree with its constants as numbers; of this vocabulary, or ValueError. A displacement,
    of one coordinate, is known by its square and in the change of the gradient alone: so it may
    change its sign with the means."""
    op, *a = e
    if op == "const":
        return ["num", str(number(constants.get(a[0], a[1])))]
    if op == "*" and a[0] == a[1] and a[0][0] == "displacement":
        return ["symbol", "", STEPS]
    if op == "symbol" and a[:2] == ["", "gradient_change"] and len(a) == 3:
        if a[2][0] == "displacement":
            return ["symbol", "", "gradient_change"]
    elif op == "symbol" and len(a) == 2 and a[0] == "" and a[1] in SYMBOLS - {"gradient_change"}:
        return e
    if op in ("symbol", "displacement", "vector", "moved"):
        raise ValueError(f"{op} {a} is beyond this checker")
    below = parts(e)
    found = [*e[: len(e) - len(below)], *(read(x, constants) for x in below)]
    if op == "total" and a[0] == "c" and found[2] == ["symbol", "", STEPS]:
        return found[2]
    axes(found)
    return found


def axes(e: Tree) -> str:
    """Along what a tree has entries: "i", "k" (where at_k says so) or nothing."""
    op, *a = e
    if op == "symbol":
        return "i" if a[1] in LISTS else ""
    inner = {axes(x) for x in parts(e)} - {""}
    if len(inner) > 1 or (op == "at_k" and inner != {"i"}):
        raise ValueError(f"{op} of entries over i and k is beyond this checker")
    own = "".join(inner)
    if op in REDUCED:
        over = "i" if a[0] == "ic" and a[1] == ["symbol", "", STEPS] else a[0]
        if len(a) != 2 or over not in ("", own):
            raise ValueError(f"{op} over {a[0]} is beyond this checker")
        return ""
    return "k" if op == "at_k" else own


def displacements(e: Tree) -> set[str]:
    """The names of those in a tree that is not read yet."""
    if e[0] == "displacement":
        return {e[1]}
    return set().union(*(displacements(x) for x in e if isinstance(x, list)))


def symbols(e: Tree) -> set[str]:
    return {e[2]} if e[0] == "symbol" else set().union(*map(symbols, parts(e)))


def branches(e: Tree) -> bool:
    """Whether an argument of max, min or | | may be chosen in it: roots of squares are | |."""
    chosen = ("max", "min", "abs", "largest", "smallest", "sqrt", "^")
    if e[0] in chosen or symbols(e) & CHOSEN:
        return True
    return any(map(branches, parts(e)))


def nonnegative(e: Tree) -> bool:
    """Whether a tree is >= 0 by its form."""
    op, *a = e
    if op == "num":
        return number(a[0]) >= 0
    if op in ("real", "integer"):
        return a[1] is not None and number(a[1]) >= 0
    if op == "^":
        return (a[1][0] == "num" and number(a[1][1]) % 2 == 0) or nonnegative(a[0])
    if op in ("+", "*", "/", "min", "at_k", *REDUCED):
        return all(map(nonnegative, parts(e)))
    return op in ("abs", "exp", "sqrt", "symbol") or (op == "max" and any(map(nonnegative, a)))


ORDERS = dict.fromkeys(("L", "mean_square", "S", "U", "Y"), 2)
ORDERS |= dict.fromkeys(("mu_max", "norms", "diameter"), 1)


def order(e: Tree) -> int:
    """To which order a tree vanishes at least where all means do, if it has derivatives there."""
    op, *a = e
    if op == "num":
        return 0 if number(a[0]) else 99
    if op == "symbol":
        return ORDERS.get(a[1], 0)
    below = list(map(order, parts(e)))
    if op in ("+", "-", "max", "min"):
        return min(below)
    if op == "*":
        return sum(below)
    if op == "^":
        return math.floor(max(below[0] * number(a[1][1]), Fraction(0))) if a[1][0] == "num" else 0
    if op in ("neg", "abs", "/", *REDUCED):
        return below[0]
    return below[0] // 2 if op == "sqrt" else 0


def exact(e: Tree, known: dict[tuple[str, str], Fraction]) -> Fraction | None:
    """The value of a tree of numbers alone; ``known``: n, d and parameters that do not vary."""
    op, *a = e
    if op == "num":
        return number(a[0])
    if op in ("symbol", "real", "integer"):
        return known.get(("symbol", a[1]) if op == "symbol" else ("parameter", a[0]))
    if op not in ("+", "-", "*", "/", "neg"):
        return None
    x, y = exact(a[0], known), exact(a[-1], known)
    if x is None or y is None or (op == "/" and y == 0):
        return None
    done = {"neg": -x, "+": x + y, "-": x - y, "*": x * y}
    return x / y if op == "/" else done[op]


def multiplied(x: Tree, y: Tree) -> Tree:
    return x if y == ONE_TREE else y if x == ONE_TREE else ["*", x, y]


def ratio(e: Tree) -> tuple[Tree, Tree]:
    """A tree as numerator and a denominator that is >= 0 by its form."""
    op, *a = e
    if op == "neg":
        p, q = ratio(a[0])
        return ["neg", p], q
    if op not in ("+", "-", "*", "/") or (op == "/" and not nonnegative(a[1])):
        return e, ONE_TREE
    (p, q), (r, s) = map(ratio, a)
    if op == "/":
        return multiplied(p, s), multiplied(q, r)
    if op == "*":
        return multiplied(p, r), multiplied(q, s)
    return [op, multiplied(p, s), multiplied(r, q)], multiplied(q, s)


def rooted(e: Tree) -> bool:
    """Whether a tree has a root as a factor."""
    return e[0] == "sqrt" or (e[0] in ("*", "/") and any(map(rooted, e[1:])))


def squared(e: Tree) -> Tree:
    if e[0] == "sqrt":
        return e[1]
    if rooted(e):
        return [e[0], *map(squared, e[1:])]
    return ["^", e, ["num", "2"]]


def margin(relation: Tree) -> Tree:
    """What is > 0 only where a relation holds, if its sides have values."""
    sign, less, more = relation
    if sign not in ("<", "<=", ">", ">="):
        raise ValueError(f"{sign!r} is no inequality")
    if sign in (">", ">="):
        less, more = more, less
    if nonnegative(less) and nonnegative(more) and (rooted(less) or rooted(more)):
        less, more = squared(less), squared(more)
    (a, b), (c, d) = ratio(less), ratio(more)
    return ["-", multiplied(c, b), multiplied(a, d)]


def linear(e: Tree) -> dict[str, Tree] | None:
    """Coefficients of L, of E|psi~|^2 and of neither (""), or None."""
    op, *a = e
    if not symbols(e) & EXPECTED:
        return {"": e}
    if op == "symbol":
        return {a[1]: ONE_TREE}
    found = [linear(x) for x in a] if op in ("+", "-", "*", "/", "neg") else [None]
    x, y = found[0], found[-1]
    if x is None or y is None:
        return None
    if op == "neg":
        return {k: ["neg", v] for k, v in x.items()}
    if op in ("+", "-"):
        return {k: [op, x.get(k, NOTHING), y.get(k, NOTHING)] for k in {**x, **y}}
    if set(y) == {""}:
        return {k: [op, v, y[""]] for k, v in x.items()}
    return {k: ["*", x[""], v] for k, v in y.items()} if op == "*" and set(x) == {""} else None
