"""Versions of what computes: the sources, the libraries, the kind of processor."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def source_digest(folder: Path, apart: frozenset[str] = frozenset()) -> str:
    """Of the Python files below ``folder``, but for those of which a folder's name or the path
    from ``folder`` is in ``apart``."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder)
        if not {*place.parts, place.as_posix()} & apart:
            found.update(place.as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@cache
def file_digest(path: Path) -> str:
    """Of one file, as it is when it is first asked for."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def libraries(names: Iterable[str]) -> dict[str, str]:
    """The versions of Python and of installed packages."""
    found = {name: version(name) for name in names}
    return {"python": ".".join(map(str, sys.version_info[:3])), **found}


@cache
def processor() -> str:
    """The kind of this processor, as far as results in float64 may depend on it: the machine, the
    vector instructions that NumPy takes and the kernels of linear algebra."""
    import numpy as np
    from threadpoolctl import threadpool_info

    words = [platform.machine()]
    extensions = np.show_config(mode="dicts").get("SIMD Extensions", {})
    words += extensions.get("found", [])[-1:]
    words += sorted({x["architecture"] for x in threadpool_info() if "architecture" in x})
    return " ".join(words)
