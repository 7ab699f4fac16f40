"""A tree as text and as LaTeX, from which the report and notebooks make MathML.

Nodes are read by what they have (``op``, ``args``, ``axes``; ``sign`` for relations), so that
trees can print themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4
"""How tightly an expression holds together: what stands in a tighter place gets brackets."""

_SIGNS = {
    "text": {"<=": "<=", ">=": ">=", "<": "<", ">": ">", "==": "="},
    "latex": {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "==": "="},
}
_EACH = {"": "", "i": "every i", "k": "every k", "ik": "every i, k", "*": ""}
_NAMES = {"total": "sum", "largest": "max", "smallest": "min"}
_LONGEST = 40
"""Digits of a fraction written out as it is."""

_DIGITS = 9
"""Of one that is not."""


def printed(x: Any, style: str = "text", values: Mapping[str, Any] | None = None) -> str:
    """``x`` as "text" or "latex"; ``values`` replaces values of named constants."""
    return _Printer(style, values or {}).written(x)


def mathml(latex: str) -> str:
    """LaTeX as MathML; needs the extra ``report``."""
    from html import escape

    from latex2mathml.converter import convert

    words = re.compile(r"(?<=\\text\{)[^{}]*")  # which it would leave as they are
    return str(convert(words.sub(lambda m: escape(m[0], quote=False), latex)))


def stated(relation: Any, style: str = "text", values: Mapping[str, Any] | None = None) -> str:
    """The relation, and for which entries it is meant; ``values`` as in :func:`printed`."""
    each = _EACH[relation.axes]
    text = printed(relation, style, values)
    if not each:
        return text
    return rf"{text} \quad\text{{for {each}}}" if style == "latex" else f"{text} for {each}"


class _Printer:
    def __init__(self, style: str, values: Mapping[str, Any]) -> None:
        self.latex, self.values = style == "latex", values
        self.signs = _SIGNS[style]
        self.coordinates = False  # whether vectors are meant entry by entry

    def written(self, x: Any) -> str:
        if hasattr(x, "sign"):
            return f"{self.at(x.lhs)} {self.signs[x.sign]} {self.at(x.rhs)}"
        return self.at(x)

    def at(self, e: Any, level: int = 0, index: str = "i") -> str:
        """``e`` where only what holds together more tightly than ``level`` needs no brackets."""
        text, own = self.node(e, index)
        if own > level:
            return text
        return rf"\left({text}\right)" if self.latex else f"({text})"

    def node(self, e: Any, index: str) -> tuple[str, int]:
        a = e.args
        if e.op in ("num", "const"):
            value = a[0] if e.op == "num" else self.values.get(a[0], a[1])
            return self.number(Fraction(value))
        if e.op == "parameter":
            return _indexed(self.parameter(a[0]), index), ATOM
        if e.op == "symbol":
            symbol, *rest = a
            text = symbol.latex if self.latex else symbol.text
            if rest:  # in one pass: {1} may also be in the LaTeX of an argument
                shown = {str(k): self.whole(x, index) for k, x in enumerate(rest)}
                text = re.sub(r"\{(\d)\}", lambda m: shown.get(m[1], m[0]), text)
            return (text if index == "i" else _indexed(text, index)), ATOM
        if e.op == "at_k":
            if any("k" in x.axes for x in a[0].walk()):  # a k of its own
                return f"[{self.at(a[0])}]_{{i = k}}", ATOM
            return self.node(a[0], "k")
        if e.op == "neg":
            return f"-{self.at(a[0], PRODUCT - 1, index)}", SUM
        if e.op == "+" and (less := self.opposite(a[1])) is not None:
            return self.node(type(e)("-", a[0], less), index)
        if e.op in ("+", "-"):
            right = self.at(a[1], SUM - 1 if e.op == "+" else SUM, index)
            return f"{self.at(a[0], SUM - 1, index)} {e.op} {right}", SUM
        if e.op in ("*", "/") and (less := self.opposite(e)) is not None:
            return f"-{self.at(less, PRODUCT - 1, index)}", SUM
        if e.op == "*" and self.is_one(a[0]):
            return self.node(a[1], index)
        if e.op == "*":
            return self.product(e, index), PRODUCT
        if e.op == "/":
            if self.latex:
                return rf"\frac{{{self.at(a[0], 0, index)}}}{{{self.at(a[1], 0, index)}}}", PRODUCT
            level = PRODUCT if _open(a[0]) else PRODUCT - 1
            return f"{self.at(a[0], level, index)}/{self.at(a[1], PRODUCT, index)}", PRODUCT
        if e.op == "^":
            return self.power(a[0], a[1], index), POWER
        sums = e.op in _NAMES and not _inner_product(e)
        return self.function(e, index), PRODUCT if sums else ATOM

    def whole(self, e: Any, index: str) -> str:
        """An argument: of a displacement all of it, not an entry."""
        text = self.at(e, 0, index)
        return text.removesuffix("_i") if e.axes == "ic" and e.op == "parameter" else text

    def opposite(self, e: Any) -> Any:
        """What ``e`` is written as minus of; None where no sign is in front."""
        if e.op == "neg":
            return e.args[0]
        if e.op in ("num", "const"):
            value = Fraction(e.args[-1] if e.op == "num" else self.values.get(*e.args))
            return type(e)("num", -value) if value < 0 else None
        if e.op not in ("*", "/") or (first := self.opposite(e.args[0])) is None:
            return None
        return type(e)(e.op, first, e.args[1])

    def is_one(self, e: Any) -> bool:
        """Whether ``e`` is a 1 that a product need not show."""
        shown = e.op == "num" or (e.op == "const" and e.args[0] not in self.values)
        return shown and bool(e.args[-1] == 1)

    def product(self, e: Any, index: str) -> str:
        left, right = (
            self.at(e.args[0], PRODUCT if _open(e.args[0]) else PRODUCT - 1, index),
            self.at(e.args[1], PRODUCT - 1, index),
        )
        if e.args[1].op in ("*", "/") and not self.latex:
            right = self.at(e.args[1], PRODUCT, index)
        if self.latex:
            return rf"{left} \cdot {right}" if right[0].isdigit() else rf"{left} \, {right}"
        return (
            f"{left} {right}"
            if not right[0].isdigit() or not left[-1:].isdigit()
            else f"{left} * {right}"
        )

    def power(self, base: Any, exponent: Any, index: str) -> str:
        below = self.at(base, POWER, index)
        if self.latex:
            return f"{{{below}}}^{{{self.at(exponent, 0, index)}}}"
        text, own = self.node(exponent, index)
        return f"{below}^{text}" if own == ATOM and "/" not in text else f"{below}^({text})"

    def function(self, e: Any, index: str) -> str:
        if factors := _inner_product(e.args[0] if e.op == "sqrt" else e):
            outer, self.coordinates = self.coordinates, False
            x, y = (self.at(x, 0, index) for x in factors)
            self.coordinates = outer
            if e.op != "sqrt":
                return rf"\langle {x}, {y} \rangle" if self.latex else f"<{x}, {y}>"
            if x == y:
                return rf"\left|{x}\right|" if self.latex else f"|{x}|"
        inner = [self.at(x, 0, index) for x in e.args if hasattr(x, "op")]
        if e.op in _NAMES:
            name, letters = _NAMES[e.op], e.args[1]
            under = ", ".join(letters).replace("*", "")
            outer, self.coordinates = self.coordinates, self.coordinates or "c" in letters
            body = self.at(e.args[0], PRODUCT - 1 if e.op == "total" else SUM, index)
            self.coordinates = outer
            if self.latex:
                sign = r"\sum" if e.op == "total" else rf"\{name}"
                return rf"{sign}_{{{under}}} {body}"
            return f"{name}_{under.replace(', ', '')} {body}" if under else f"{name} {body}"
        if e.op == "moved":
            place = r"\mu + " if self.latex else "mu + "
            return f"[{inner[0]}]({place}{self.whole(e.args[1], index)})"
        if e.op == "abs":
            return rf"\left|{inner[0]}\right|" if self.latex else f"|{inner[0]}|"
        if self.latex and e.op == "sqrt":
            return rf"\sqrt{{{inner[0]}}}"
        if self.latex:
            return rf"\{e.op}\left({', '.join(inner)}\right)"
        return f"{e.op}({', '.join(inner)})"

    def number(self, q: Fraction) -> tuple[str, int]:
        text = str(abs(q))
        if len(text) > _LONGEST:
            size = abs(q)
            short = Context(prec=_DIGITS).divide(Decimal(size.numerator), size.denominator)
            text = f"{short:e}..."
        if self.latex and "/" in text:
            text = r"\frac{{{}}}{{{}}}".format(*text.split("/"))
        level = PRODUCT if "/" in str(q) else ATOM
        return (f"-{text}", SUM) if q < 0 else (text, level)

    def parameter(self, p: Any) -> str:
        name: str = {"delta": r"\delta", "eta": r"\eta", "xi": r"\xi"}.get(p.name, p.name)
        if not self.latex:
            name = p.name
        elif len(p.name) > 1 and name == p.name:
            name = rf"\mathrm{{{p.name}}}".replace("_", r"\_")
        letters = {"vector": "", "displacement": "i"}.get(p.kind)
        if letters is None:
            return name
        letters += "c" if self.coordinates else ""
        if len(letters) > 1 and self.latex:
            letters = f"{{{letters}}}"
        return f"{name}_{letters}" if letters else name


def _inner_product(e: Any) -> tuple[Any, ...] | None:
    """The factors of an inner product over coordinates."""
    if e.op != "total" or e.args[1] != "c" or e.args[0].op != "*":
        return None
    factors: tuple[Any, ...] = e.args[0].args
    return factors if all("c" in x.axes for x in factors) else None


def _open(e: Any) -> bool:
    """Whether ``e`` ends with a sum, which would go on with what follows."""
    if e.op == "*":
        return _open(e.args[1])
    return e.op in _NAMES and not _inner_product(e)


def _indexed(text: str, index: str) -> str:
    return re.sub(r"_i(?![A-Za-z])|_(\{?)i(?=c)", lambda m: f"_{m[1] or ''}{index}", text)
