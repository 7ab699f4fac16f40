"""What a result of anything that the referee computes depends on, beside what it is asked."""

from __future__ import annotations

import hashlib
import importlib
from functools import cache
from pathlib import Path

import gembounds
from gembounds.evaluators.float64.compiled import kernel
from gembounds.referee import recorded
from gembounds.statements import library
from gembounds.statements.paper import papers
from gembounds.tools.versions import Version, file_digest, libraries, processor, source_digest

LIBRARIES = ("numpy", "scipy", "python-flint", "mpmath", "hypothesis")


@cache
def version() -> Version:
    """The version of what computes here: gembounds, the papers and the figures' data that some of
    their claims are decided from, the libraries, the kind of processor."""
    return {
        "source": source_digest(Path(gembounds.__file__).parent),
        "papers": {name: origin(name)[1] for name in papers()},
        "figures": {name: _figures(name) for name in papers()},
        "kernel": kernel(),
        "processor": processor(),
        **libraries(LIBRARIES),
    }


def origin(home: str) -> tuple[str, str]:
    """What the paper or file is called, and its digest."""
    if library.is_file(home):
        return Path(home).name, file_digest(Path(home))
    return home, source_digest(folder_of(home))


def folder_of(paper: str) -> Path:
    """The folder of an installed paper: that of its claims, or above it where they are many."""
    module = importlib.import_module(papers()[paper].claims)
    folder = Path(module.__file__ or "").parent
    return folder.parent if hasattr(module, "__path__") else folder


def _figures(paper: str) -> str:
    """The digest of what is recorded of a paper's figures."""
    found = hashlib.sha256()
    folder = recorded.directory_of(papers()[paper]) / "figures"
    for path in sorted(p for kind in ("csv", "json") for p in folder.glob(f"*.{kind}")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
