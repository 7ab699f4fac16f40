"""Numbers, intervals, points and docstrings as short text."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from html import escape
from itertools import groupby
from textwrap import dedent
from typing import Any

GREEK = {
    "mu": "\u03bc", "pi": "\u03c0", "psi": "\u03c8", "phi": "\u03c6", "eta": "\u03b7",
    "xi": "\u03be", "delta": "\u03b4", "gamma": "\u03b3", "Gamma": "\u0393", "Omega": "\u03a9",
    "theta": "\u03b8", "Delta": "\u0394", "rho": "\u03c1", "sigma": "\u03c3",
}  # fmt: skip
DASH = "\u2013"
LONGEST = 12
"""Digits of a rational that is shown as it is; longer ones are rounded, marked by \u2248."""

AGREED = 12
"""Most digits of a value that both ends of an interval round to."""

ENDS = 5
"""Digits of ends that differ, rounded outward."""

MOST = 260
"""Characters of a point in a line."""

TINY = 1e-300
"""Numbers below this are not told from 0 in float64."""

RUN = 4
"""Equal entries in a row that are written once, with their number."""


def no_value(name: str, count: int, points: int) -> str:
    """A line about the points at which a side of a claim has none."""
    return f"undefined: {name}: a side has no value at {count} of {points} points\n"


def no_point(name: str) -> str:
    """A line about a claim none of whose points was in its domain."""
    return f"no point: {name}: none that was drawn is in its domain and meets its conditions\n"


def number(value: Any) -> str:
    """Four significant digits; powers of ten for large and small ones; a dash for none."""
    if value is None:
        return DASH
    if 0 < float(value) < TINY:
        return f"below {plain(f'{TINY:g}')}"
    return plain(f"{float(value):.4g}")


def plain(shown: str) -> str:
    """1e+05 as 1e5."""
    return re.sub(r"e([+-])0*(\d)", lambda m: "e" + m[1].replace("+", "") + m[2], shown)


def interval(constant: Mapping[str, Any]) -> str:
    """What is certified of a best constant: digits on which both ends agree, or the ends."""
    low, high = constant["certified_lower"], constant["certified_upper"]
    if low is None and high is None:
        return DASH
    if low is None:
        return f"at most {outward(high, True)}"
    if high is None:
        return f"at least {outward(low, False)}"
    for digits in range(AGREED, ENDS, -1):
        shown = plain(f"{low:.{digits}g}")
        if shown == plain(f"{high:.{digits}g}"):
            return shown
    return f"[{outward(low, False)}, {outward(high, True)}]"


def outward(x: float, up: bool) -> str:
    """``ENDS`` digits, rounded up or down."""
    context = Context(prec=ENDS, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return plain(f"{float(context.create_decimal(Decimal(x))):.{ENDS}g}")


def ends(side: Mapping[str, Any]) -> str:
    """An enclosure that a certificate gives by exact dyadic ends."""
    low, high = side["lower"], side["upper"]
    if low == high:
        return rational(str(low))
    return f"[{_dyadic(low)}, {_dyadic(high)}]"


def _dyadic(text: Any) -> str:
    match = re.fullmatch(r"(-?\d+)\*2\^(-?\d+)", str(text))
    if match is None:
        return rational(str(text))
    value = Decimal(int(match[1])) * Context(prec=40).power(Decimal(2), int(match[2]))
    return plain(f"{value:.9g}")


def rational(text: str) -> str:
    """A number as it is where it is short, else rounded and marked."""
    if len(text) <= LONGEST:
        return text
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text
    context = Context(prec=5)
    shown = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return "\u2248" + plain(f"{shown:.5g}").replace("E", "e")


def point(found: Mapping[str, Any]) -> str:
    """A configuration in one line."""
    parts = []
    for name in ("mixture", "data"):
        for key, value in found.get(name, {}).items():
            parts.append(f"{'data ' * (name == 'data')}{key} {_short(value)}")
    for key, value in found.get("parameters", {}).items():
        parts.append(f"{key} = {_short(value)}")
    return "; ".join(parts)


def _short(value: Any) -> str:
    text = _shown(value)
    return text if len(text) <= MOST else text[: MOST - 3] + "..."


def _shown(value: Any) -> str:
    if not isinstance(value, list):
        return rational(str(value))
    parts: list[str] = []
    for item, run in groupby(_shown(v) for v in value):
        many = len(list(run))
        parts += [f"{item} \u00d7{many}"] if many >= RUN else [item] * many
    return f"[{', '.join(parts)}]"


SIGNS = {"<=": "\u2264", ">=": "\u2265", "==": "="}


def sign(relation: str) -> str:
    """A relation as it is printed."""
    return SIGNS.get(relation, relation)


def sentence(words: str) -> str:
    """With a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}." if words else words


def cell(text: str) -> str:
    """Text that may stand in a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def title(module: str) -> str:
    """``lemma_11_steps`` as "Lemma 11, steps"."""
    words = module.split("_")
    head = " ".join(words[:2]).capitalize() if len(words) > 1 else module.capitalize()
    rest = " ".join(words[2:])
    return f"{head}, {rest}" if rest else head


def paragraphs(text: str) -> list[tuple[bool, str]]:
    """A docstring's blocks: (False, a paragraph), or (True, formulas as they are written)."""
    blocks = (block.strip("\n") for block in text.split("\n\n") if block.strip())
    return [
        (True, dedent(b)) if b.startswith("    ") else (False, " ".join(b.split())) for b in blocks
    ]


def prose(words: str, ids: Container[str] = ()) -> str:
    """A paragraph of a docstring as HTML: Greek letters, signs, sub- and superscripts set, names
    of modules as code, ids of claims as links."""
    out = []
    for part in re.split(r"(:mod:`[^`]*`|``[^`]*``|`[^`]*`)", words):
        if part.startswith((":mod:`", "`")):
            out.append(f"<code>{escape(part.removeprefix(':mod:').strip('`'))}</code>")
            continue
        for old, new in (("<=", "\u2264"), (">=", "\u2265"), ("+-", "\u00b1")):
            part = part.replace(old, new)
        part = WORD.sub(lambda match: _word(match, ids), escape(part, quote=False))
        out.append(SCRIPT.sub(_script, part))
    return "".join(out)


WORD = re.compile(
    r"(?<![\w-])[a-z]+(?:-[\w.]*\w)+"  # perhaps a claim's id
    r"|(?<![A-Za-z_])[A-Za-z]+(?:_\w+|_\{[^{}]*\})?~?"
)
SCRIPT = re.compile(r"\^(-?\d+\.\d+|-?\w+|\([^()]*\))")


def _script(match: re.Match[str]) -> str:
    return f"<sup>{match[1].strip('()').replace('-', chr(0x2212))}</sup>"


def _word(match: re.Match[str], ids: Container[str]) -> str:
    word = match[0]
    if word in ids:
        return f'<a href="#{word}">{word}</a>'
    name, _, lower = word.removesuffix("~").partition("_")
    shown = GREEK.get(name, {"sum": "\u2211", "sqrt": "\u221a", "grad": "\u2207"}.get(name, name))
    if shown == name and not (len(name) <= 2 and lower):
        return word
    tilde = "\u0303" if word.endswith("~") else ""
    lower = GREEK.get(lower, lower.strip("{}"))
    return f"{shown}{tilde}<sub>{lower}</sub>" if lower else shown + tilde
