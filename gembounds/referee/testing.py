"""Claims as tests of pytest.

    import gembounds as gb

    @gb.parametrize_with_claims("lemmas.py")
    def test_claim(claim):
        claim()

``pytest lemmas.py`` collects the claims of a file itself (:mod:`gembounds.conform.plugin`).
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from gembounds.referee.answer import Checked, check
from gembounds.statements import library
from gembounds.statements.claim import Claim


class BoundClaim(Claim):
    """A claim that can be called: it is checked, and fails the test unless its verdict is the
    one expected."""

    def __call__(self, *, points: int | None = None, seed: int = 0) -> Checked:
        __tracebackhide__ = True
        found = check(self, points=points, seed=seed)
        if not found.as_expected:
            expected = self.expect or "anything but refuted or undecided"
            raise AssertionError(f"{found}\nexpected: {expected}")
        return found


def bound(claim: Claim) -> BoundClaim:
    """``claim``, to be called."""
    return BoundClaim(**{f.name: getattr(claim, f.name) for f in fields(claim)})


def parametrize_with_claims(*targets: str) -> Any:
    """Decorator: the test takes an argument ``claim`` and calls it, once for each claim that
    ``targets`` name: files relative to the test's own, papers, ids.

    Raises :class:`gembounds.InputError` for what names nothing.
    """
    import pytest

    caller = Path(inspect.stack()[1].filename).parent
    claims = library.select(relative_to(caller, targets))
    return pytest.mark.parametrize("claim", [pytest.param(bound(c), id=c.id) for c in claims])


def relative_to(folder: Path, targets: Sequence[str]) -> list[str]:
    """Targets whose files are looked for in ``folder`` first."""
    out = []
    for target in targets:
        path, colon, rest = target.partition(".py")
        beside = folder / f"{path}.py"
        out.append(f"{beside}{rest}" if colon and beside.is_file() else target)
    return out
