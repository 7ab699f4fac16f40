"""Imports point one way, from high layers to low; importing the package stays cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gembounds

PACKAGE = Path(gembounds.__file__).parent

LAYERS = (
    {"tools"},
    {"values"},
    {"evaluators"},
    {"batch", "gembounds"},  # the package itself: its re-exports
    {"points"},
    {"dynamics"},
    {"em", "trap"},
    {"statements"},
    {"conform"},
    {"referee"},
    {"papers"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
"""Low to high; a module or package may use itself and what stands in lower sets. A new module
goes into the lowest set above all that it imports."""

HEAVY = {"scipy", "flint", "mpmath", "hypothesis", "matplotlib", "jinja2", "pytest"}


def modules() -> dict[str, Path]:
    """Dotted names below ``gembounds``: "" is the package, "balls.grid" a module."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(p for p in parts if p != "__init__")] = path
    return found


MODULES = modules()


def imported(name: str) -> Iterator[str]:
    """The modules of the package that ``name`` imports, anywhere in its text."""
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            base = node.module or ""
            inner = [f"{base}.{alias.name}" for alias in node.names]
            targets = [t if t.removeprefix("gembounds.") in MODULES else base for t in inner]
        else:
            continue
        for target in targets:
            if target.split(".")[0] == "gembounds":
                yield target.removeprefix("gembounds").removeprefix(".")


def top(name: str) -> str:
    return name.split(".")[0] or "gembounds"


def test_every_name_is_listed_once_and_exists() -> None:
    listed = [name for layer in LAYERS for name in layer]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {top(name) for name in MODULES}


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    level = {top: k for k, layer in enumerate(LAYERS) for top in layer}
    assert top(name) in level, f"{name} has no layer: add it to LAYERS"
    wrong = {
        target for target in imported(name)
        if top(target) != top(name) and level.get(top(target), 0) >= level[top(name)]
    }  # fmt: skip
    assert not wrong


def test_no_cycles_inside_packages_either() -> None:
    graph = {name: set(imported(name)) - {name} for name in MODULES}
    assert list(TopologicalSorter(graph).static_order())


def _is(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def test_the_reference_shares_nothing_with_what_it_judges() -> None:
    allowed = {"reference", "errors", "numerals", "enclosure", "mixture"}
    names = [name for name in MODULES if top(name) == "reference"]
    assert names
    for name in names:
        assert {top(target) for target in imported(name)} <= allowed, name


def test_verification_shares_no_arithmetic_with_the_evaluators() -> None:
    shared = {"verify", "errors", "logic", "mixture", "point", "claims", "cells", "recorded"}
    files = {"verify.confirm": {"certificate"}}  # digests and the names of the rungs
    for name in MODULES:
        if top(name) == "verify":
            allowed = shared | files.get(name, set())
            assert {top(target) for target in imported(name)} <= allowed, name


def test_only_the_commands_write_to_the_standard_streams() -> None:
    writers = set()
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            stream = isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr")
            if stream or (isinstance(node, ast.Name) and node.id == "print"):
                writers.add(top(name))
    assert writers == {"cli", "commands"}


@pytest.mark.parametrize(
    "statement",
    [
        "import gembounds",
        "import gembounds; gembounds.Mixture([[1.0, 2.0]])",
        "from gembounds.cli import main; main(['eval', '--nonsense'])",
    ],
)
def test_a_light_start(statement: str) -> None:
    code = f"{statement}\nimport sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "gembounds" in loaded
    assert not loaded & HEAVY


def test_small_files() -> None:
    assert {n: k for n, p in MODULES.items() if (k := len(p.read_text().splitlines())) > 350} == {}
