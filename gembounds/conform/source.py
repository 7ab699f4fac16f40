"""What the answers of a core that is given by a spec depend on: results are kept of it alone."""

from __future__ import annotations

import hashlib
import sys
from importlib.machinery import PathFinder
from importlib.metadata import distributions
from pathlib import Path

from gembounds.tools.versions import file_digest

CODE = (".py", ".so", ".pyd")


def source_of(spec: str) -> str:
    """A digest of the core's file with what it imports from its folder, or of the code of its
    package; and of the versions of all that is installed. What else it reads is not in it."""
    found = hashlib.sha256()
    for name, version in sorted((d.metadata["Name"] or "", d.version) for d in distributions()):
        found.update(f"{name} {version}\n".encode())
    for path in _files(spec.partition(":")[0]):
        code = file_digest(path).encode() if path.suffix == ".py" else path.read_bytes()
        found.update(path.name.encode() + b"\0" + code)
    return found.hexdigest()


def _files(name: str) -> list[Path]:
    if name.endswith(".py"):
        return [Path(name)]
    spec = PathFinder.find_spec(name.partition(".")[0], [str(Path.cwd()), *sys.path])
    if spec is None:
        return []
    folders = [Path(x) for x in spec.submodule_search_locations or ()]
    files = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in CODE)
    return files or ([Path(spec.origin)] if spec.origin else [])
