"""The plugin of pytest for files of claims: ``pytest lemmas.py`` runs each claim as a test.

It imports nothing but pytest until a file that is no test file by its name turns out to have
``CLAIMS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest


def pytest_pycollect_makemodule(module_path: Path, parent: Any) -> Any:
    """A file that is named on the command line and is no test file may have claims."""
    patterns = parent.config.getini("python_files")
    if any(fnmatch(module_path.name, pattern) for pattern in patterns):
        return None
    if "CLAIMS" not in module_path.read_text(encoding="utf-8", errors="replace"):
        return None
    return ClaimsModule.from_parent(parent, path=module_path)


class ClaimsModule(pytest.Module):
    """A module whose claims are tests, beside the tests that it has."""

    def collect(self) -> Iterator[Any]:
        yield from super().collect()
        if getattr(self.obj, "CLAIMS", None) is None:
            return
        from gembounds.statements.library import indexed
        from gembounds.statements.paper import claims_of

        for claim in indexed(claims_of(self.obj, str(self.path), self.path.stem)).values():
            yield ClaimItem.from_parent(self, name=claim.id, claim=claim)


class ClaimItem(pytest.Item):
    """A claim, checked."""

    def __init__(self, *, claim: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.claim = claim

    def runtest(self) -> None:
        from gembounds.referee.testing import bound

        bound(self.claim)()

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"claim {self.claim.id}"
