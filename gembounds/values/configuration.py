"""A mixture from a JSON file: ``{"means": [[...], ...], "weights": [...]}``, read exactly."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.tools.files import read_file, up_to_limit
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown

KEYS = ("means", "weights")


class _Literal(str):
    """A JSON number as it is written; its value is taken where its place is known."""


def read_mixture(path: str) -> Mixture:
    """The mixture that the JSON file ``path`` describes; ``"-"`` reads standard input.

    The file holds one object with the key ``means`` (n rows of d numbers) and, if it likes,
    ``weights`` (n numbers, or null for equal weights). A number with a point or an exponent is
    the float64 nearest to it, as everywhere in JSON; an integer is exact; a string is an exact
    rational (``"1/3"``, ``"0.1"``, ``"1e-400"``).

    Raises :class:`InputError`, in one line, for a file that cannot be read, text that is not
    UTF-8 or not JSON, keys that are missing, unknown or given twice, NaN and infinities,
    numbers beyond float64 that are not strings, and whatever :class:`Mixture` refuses.
    """
    name = "standard input" if path == "-" else repr(path)[1:-1]  # line ends escaped
    return parse_mixture(_read(path, name), name)


def parse_mixture(data: bytes, name: str) -> Mixture:
    """The mixture that the JSON text ``data`` describes; ``name`` begins every error message.

    Accepts and raises what :func:`read_mixture` does.
    """
    try:
        document = _document(data)
        return Mixture(
            _numbers(document["means"], "means"), _numbers(document.get("weights"), "weights")
        )
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _read(path: str, name: str) -> bytes:
    try:
        return up_to_limit(sys.stdin.buffer, name) if path == "-" else read_file(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"{name}: cannot be read ({reason.lower()}): give a JSON file, or - for standard input"
        ) from None


def _document(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {data[error.start]:#04x} at {error.start} is not UTF-8: save it as UTF-8 JSON"
        ) from None
    if not text.strip():
        raise InputError('empty: give {"means": [[...], ...], "weights": [...]}')
    try:
        document = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_Literal,
            parse_int=_Literal,
            parse_constant=_refused,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON at line {error.lineno}, column {error.colno} ({error.msg.lower()}): "
            "mend it there"
        ) from None
    except RecursionError:
        raise InputError("lists nested too deeply: means is a list of rows of numbers") from None
    if not isinstance(document, dict):
        raise InputError(
            f"{_kind(document)} where an object belongs: "
            'give {"means": [[...], ...], "weights": [...]}'
        )
    for key in document:
        if key not in KEYS:
            more = "; every covariance is I" * str(key).startswith("covariance")
            raise InputError(f"unknown key {shown(key)}: the keys are means and weights{more}")
    if "means" not in document:
        raise InputError('no key "means": give the rows of the means under it')
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise InputError(f"key {shown(twice)} is given twice: keep one")
    return out


def _refused(word: str) -> Any:
    raise InputError(f"{word} is not a number here: give finite numbers")


def _kind(value: Any) -> str:
    if isinstance(value, _Literal):
        return "a number"
    names: dict[type, str] = {list: "a list", str: "a string", bool: "a boolean"}
    return names.get(type(value), "null")


def _numbers(value: Any, name: str) -> Any:
    """``value`` with every literal replaced by a float, or a rational if a long integer."""
    if isinstance(value, list):
        return [_numbers(x, f"{name}[{i}]") for i, x in enumerate(value)]
    return _number(value, name) if isinstance(value, _Literal) else value


def _number(literal: _Literal, name: str) -> Any:
    if literal.lstrip("-").isdigit():
        short = len(literal) <= 15  # below 2^53: exact as a float, which Mixture reads fastest
        return float(literal) if short else exact_number(str(literal), name)
    value = float(literal)
    if math.isinf(value):
        text = shown(str(literal), quote=False)
        raise InputError(
            f"{name} is {text}: beyond the range of float64 (about 1.8e308); give a smaller number"
        )
    if value == 0.0 and literal.lower().partition("e")[0].strip("-0."):
        text = shown(str(literal), quote=False)
        raise InputError(
            f"{name} is {text}: rounds to 0 as a float64; "
            f'write it as a string, which is exact: "{text}"'
        )
    return value
