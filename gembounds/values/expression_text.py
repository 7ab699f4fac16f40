"""Expressions as text, such as ``psi[0]*log(psi[1]) + x[0]**2/3``: nothing in it is run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.values.expressions import Indexed, Polynomial, polynomial, words
from gembounds.values.numerals import exact_number, shown

MOST_LENGTH = 100_000
"""Of a text, in characters."""

INFIX: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip

READ = "psi[i], x[j], log_density, entropy, log(psi[i]), numbers, + - * / ** and brackets"


def read_expression(text: str) -> Polynomial:
    """The polynomial that ``text`` is; numbers in it are exact, 0.1 is one tenth.

    Raises :class:`InputError`, which names the part, for all else.
    """
    if len(text) > MOST_LENGTH:
        raise InputError(f"{shown(text)}: longer than {MOST_LENGTH} characters; split it")
    source = text.strip()
    try:
        node = ast.parse(source, mode="eval").body
        return polynomial(_value(node, source))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{shown(text)} is no expression: write one of {READ}") from None


def _value(node: ast.expr, source: str) -> Polynomial | Indexed:
    part = ast.get_source_segment(source, node) or source
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return polynomial(exact_number(part.replace("_", ""), "a number in an expression"))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        inner = polynomial(_value(node.operand, source))
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in INFIX:
        sides = (polynomial(_value(side, source)) for side in (node.left, node.right))
        return polynomial(INFIX[type(node.op)](*sides))
    if isinstance(node, ast.Name) and node.id in words._fields:
        found: Polynomial | Indexed = getattr(words, node.id)
        return found
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        listed, index = _value(node.value, source), node.slice
        if isinstance(listed, Indexed) and isinstance(index, ast.Constant):
            return listed[index.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name, given = node.func.id, (len(node.args), len(node.keywords))
        if name == "log" and given == (1, 0):
            return polynomial(_value(node.args[0], source)).log()
    hint = "; a power is **" if "^" in part else ""
    raise InputError(f"{shown(part, quote=False)} cannot be read: write one of {READ}{hint}")
