"""The form of a certificate: which fields there are, of which types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gembounds.referee.certificate import FIELDS, TREES
from gembounds.tools.errors import InputError
from gembounds.values.numerals import shown

DEEPEST = 450
"""Levels of lists and objects (a choice: more than a readable tree has, below Python's stack)."""

_TEXT = (
    "claim", "form", "statement", "relation", "evaluator", "rule", "digest",
)  # fmt: skip
_OF_TEXTS = ("constants", "versions")
_SIDES = ("lhs", "rhs")


def check_form(data: Any) -> None:
    """Raise :class:`InputError` for what is no certificate by its form: no object, a field that is
    missing, unknown or of another type, lists nested too deeply."""
    if not isinstance(data, dict):
        raise InputError("is no JSON object; give a certificate")
    for name in FIELDS:
        if name not in data:
            raise InputError(f"has no {name!r}; give a certificate")
    for name in data:
        if name not in (*FIELDS, *TREES):
            raise InputError(f"has the unknown field {shown(name)}; give a certificate")
    if (TREES[0] in data) != (TREES[1] in data):
        raise InputError(f"has only one of {' and '.join(TREES)}; give a certificate")
    _check_depth(data)
    for name in _TEXT:
        _check(name, data[name], isinstance(data[name], str), "a text")
    for name in _OF_TEXTS:
        _check(name, data[name], _texts(data[name]), "an object of texts")
    for name in _SIDES:
        ok = _texts(data[name]) and set(data[name]) == {"lower", "upper"}
        _check(name, data[name], ok, "an object of texts, lower and upper")
    for name in ("entry", "bits"):
        _check(name, data[name], type(data[name]) is int, "a whole number")
    for name in ("point", *({"tree"} & set(data))):
        _check(name, data[name], isinstance(data[name], dict), "an object")
    parts = data["domain"]
    ok = isinstance(parts, list) and all(isinstance(p, dict) for p in parts)
    _check("domain", parts, ok, "a list of objects")
    paper = data.get("paper")
    _check("paper", paper, paper is None or isinstance(paper, str), "a text, or null")


def _check(name: str, value: Any, ok: bool, wanted: str) -> None:
    if not ok:
        raise InputError(f"{name} is {shown(value)}: give {wanted}")


def _texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(x, str) for pair in value.items() for x in pair
    )


def _check_depth(data: Any) -> None:
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise InputError(f"is nested more than {DEEPEST} deep; give a certificate")
        lists = (x.values() if isinstance(x, dict) else x for x in level)
        level = [x for inner in lists for x in inner if isinstance(x, (dict, list))]
