"""What is asked of a core: one module a kind of check, each with its ``CHECKS``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache

from gembounds.conform.check import Check
from gembounds.tools.errors import InputError


@cache
def all_checks() -> dict[str, Check]:
    """Every check by its id, in the order in which they run."""
    from gembounds.conform.checks import (
        certified,
        identities,
        inputs,
        memory,
        offset,
        over,
        paper,
        sample,
        symmetries,
        traces,
    )

    modules = (
        certified,
        offset,
        identities,
        symmetries,
        memory,
        paper,
        over,
        sample,
        inputs,
        traces,
    )
    found = [check for module in modules for check in module.CHECKS]
    indexed = {check.id: check for check in found}
    if len(indexed) != len(found):
        raise InputError("two checks have the same id: rename one")
    return indexed


def select(only: Sequence[str] | str | None = None) -> list[Check]:
    """The checks whose ids match one of ``only`` (``gradient-*``), all if None.

    Raises :class:`InputError` for one that matches nothing.
    """
    checks = all_checks()
    if only is None:
        return list(checks.values())
    wanted = [only] if isinstance(only, str) else list(only)
    for pattern in wanted:
        if not matching(pattern, list(checks)):
            near = difflib.get_close_matches(pattern, checks, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else "--list shows all ids"
            raise InputError(f"no check {pattern!r}: {hint}")
    return [c for c in checks.values() if any(fnmatchcase(c.id, w) for w in wanted)]


def matching(pattern: str, ids: Sequence[str]) -> list[str]:
    """The ``ids`` that ``pattern`` matches (``*`` and ``?`` stand for anything)."""
    return [i for i in ids if fnmatchcase(i, pattern)]
