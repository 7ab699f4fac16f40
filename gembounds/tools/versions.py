"""Versions of what computes: the sources, the libraries, the kind of processor."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

Version = dict[str, Any]


def digest_of(words: Any) -> str:
    """32 hexadecimal digits of SHA-256 of JSON."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:32]


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
    """Of a Python file and of what it imports from its folder, as they are when they are first
    asked for."""
    found = hashlib.sha256()
    for one in _with_neighbours(path):
        found.update(one.relative_to(path.parent).as_posix().encode() + b"\0" + one.read_bytes())
    return found.hexdigest()


def files_in(arguments: Any) -> dict[str, str]:
    """The digests of the Python files that texts in ``arguments`` name: lists, tuples and
    mappings of texts, and of such."""
    if isinstance(arguments, str):
        there = arguments.endswith(".py") and Path(arguments).is_file()
        return {arguments: file_digest(Path(arguments))} if there else {}
    if isinstance(arguments, Mapping):
        return files_in(list(arguments.values()))
    several = arguments if isinstance(arguments, (list, tuple)) else ()
    return {name: digest for one in several for name, digest in files_in(one).items()}


def _with_neighbours(path: Path) -> list[Path]:
    """The file, and those beside it that it imports, by name, directly or not; of a package in
    its folder all."""
    known, waiting = {path}, [path]
    while waiting:
        try:
            tree = ast.parse(waiting.pop().read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in {name.partition(".")[0] for name in names} - {"gembounds"}:
                place = path.parent / name
                beside = [place.with_name(f"{place.name}.py"), *place.rglob("*.py")]
                new = {p for p in beside if p.is_file()} - known
                known |= new
                waiting += new
    return sorted(known)


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
