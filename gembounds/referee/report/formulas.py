"""Statements as MathML: the plain text of a claim, set as a formula that a browser renders.

The text is what ``gembounds list`` shows: names with ``_`` for subscripts and ``^`` for powers,
``sqrt( )``, ``|x|``, ``psi~`` and ``xbar``, relations in ASCII, and words between formulas.
"""

from __future__ import annotations

import re
from html import escape

GREEK = {
    "mu": "\u03bc", "pi": "\u03c0", "psi": "\u03c8", "phi": "\u03c6", "eta": "\u03b7",
    "xi": "\u03be", "delta": "\u03b4", "gamma": "\u03b3", "Gamma": "\u0393", "Omega": "\u03a9",
    "theta": "\u03b8", "Delta": "\u0394", "rho": "\u03c1", "sigma": "\u03c3",
}  # fmt: skip
BREAKS = {
    "\u2264",
    "\u2265",
    "=",
    "&lt;",
    "&gt;",
    "+",
    "\u2212",
    "\u00b7",
    "/",
    ",",
    ":",
    ";",
    "\u2192",
}
"""Signs outside all brackets after which a long formula may go on in the next line."""

LARGE = {
    "sum": "\u2211",
    "integral": "\u222b",
    "int": "\u222b",
    "prod": "\u220f",
    "grad": "\u2207",
}
FUNCTIONS = {"exp", "log", "max", "min", "argmax", "cos", "erfc", "Pr"}
SIGNS = {
    "<=": "\u2264", ">=": "\u2265", "==": "=", "*": "\u00b7", "->": "\u2192", "-": "\u2212",
    "!=": "\u2260",
}  # fmt: skip

TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]+)(?P<tilde>~)?"
    r"|(?P<sign><=|>=|==|!=|->|[^\sA-Za-z0-9])|(?P<space>\s+)"
)

Token = tuple[str, str]


LONG = 14
"""Tokens in brackets beyond which a line may break inside them."""


def mathml(text: str) -> str:
    """``text`` as ``<math>`` elements with spaces between, where lines may break.

    Nothing is lost: what is not known is set as text.
    """
    parser = _Parser(_tokens(text))
    lines: list[list[str]] = [[]]
    while parser.at < len(parser.tokens):
        item = parser.item()
        lines[-1].append(item)
        sign = item.removeprefix("<mo>").removesuffix("</mo>")
        if (sign in BREAKS and len(lines[-1]) > 1) or item.startswith("<mtext>"):
            lines.append([])
    return " ".join(f"<math><mrow>{''.join(line)}</mrow></math>" for line in lines if line)


def _tokens(text: str) -> list[Token]:
    out: list[Token] = []
    text = re.sub(r"<(?=[A-Za-z(])", "\u27e8", text)  # <a, b>: a product, no relation
    text = re.sub(r"(?<=[A-Za-z0-9)}\]])>", "\u27e9", text)
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "tilde":
            out.append(("tilde", match["name"]))
        elif kind == "space":
            if out and out[-1][0] == "word":
                out[-1] = ("word", out[-1][1] + " ")
            else:
                out.append(("space", " "))
        else:
            value = match[kind]
            known = value in GREEK or value in LARGE or value in FUNCTIONS or value == "sqrt"
            single = len(value) <= 2 or value in ("xbar", "given")
            word = kind == "name" and not known and not single
            out.append(("word" if word or value == "given" else kind, value))
    return out


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def is_long(self) -> bool:
        """Whether the brackets just opened, outside all others, hold much."""
        level, k = 1, self.at
        while k < len(self.tokens) and level and self.depth == 0:
            level += {("sign", "("): 1, ("sign", ")"): -1}.get(self.tokens[k], 0)
            k += 1
        return self.depth == 0 and k - self.at > LONG

    def row(self) -> str:
        """Items up to the closing parenthesis, or the end."""
        parts = []
        while self.at < len(self.tokens) and self.tokens[self.at] != ("sign", ")"):
            parts.append(self.item())
        return "".join(parts)

    def item(self) -> str:
        base = self.atom()
        lower = upper = ""
        while self.at < len(self.tokens) and self.tokens[self.at][0] == "sign":
            sign = self.tokens[self.at][1]
            if sign == "_" and not lower:
                self.at += 1
                lower = self.script()
            elif sign == "^" and not upper:
                self.at += 1
                upper = self.script()
            else:
                break
        if lower and upper:
            return f"<msubsup>{base}{lower}{upper}</msubsup>"
        if lower:
            return f"<msub>{base}{lower}</msub>"
        return f"<msup>{base}{upper}</msup>" if upper else base

    def script(self) -> str:
        """What stands below or above: a group, or a name or number with its sign."""
        if self.at >= len(self.tokens):
            return "<mrow></mrow>"
        kind, value = self.tokens[self.at]
        if (kind, value) in (("sign", "("), ("sign", "{")):
            closing = ")" if value == "(" else "}"
            self.at += 1
            parts = []
            while self.at < len(self.tokens) and self.tokens[self.at] != ("sign", closing):
                parts.append(self.item())
            self.at += 1
            return f"<mrow>{''.join(parts)}</mrow>"
        if (kind, value) == ("sign", "-"):
            self.at += 1
            return f"<mrow><mo>\u2212</mo>{self.atom()}</mrow>"
        return self.atom()

    def atom(self) -> str:
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return f"<mn>{value}</mn>"
        if kind == "tilde":
            return f"<mover><mi>{GREEK.get(value, escape(value))}</mi><mo>~</mo></mover>"
        if kind == "word":
            return f"<mtext>&#160;{escape(value.strip())}&#160;</mtext>"
        if kind == "space":
            return '<mspace width="0.2em"/>'
        if kind == "name":
            return self.name(value)
        if value == "(" and self.is_long():
            return '<mo stretchy="false">(</mo>'  # its end is an item of its own
        if value == "(":
            self.depth += 1
            inner = self.row()
            self.at += 1
            self.depth -= 1
            return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"
        return f"<mo>{escape(SIGNS.get(value, value))}</mo>"

    def name(self, value: str) -> str:
        if value == "sqrt" and self.at < len(self.tokens) and self.tokens[self.at][1] == "(":
            self.at += 1
            self.depth += 1
            inner = self.row()
            self.depth -= 1
            self.at += 1
            return f"<msqrt><mrow>{inner}</mrow></msqrt>"
        if value in LARGE:
            return f"<mo>{LARGE[value]}</mo>"
        if value == "xbar":
            return "<mover><mi>x</mi><mo>\u00af</mo></mover>"
        return f"<mi>{GREEK.get(value, escape(value))}</mi>"
