"""Imports point one way, from high layers to low; importing the package stays cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
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
    {"proving"},
    {"conform"},
    {"referee"},
    {"commands"},
    {"cli", "papers"},
    {"__main__"},
)
"""Low to high; a room (a folder, or a module beside them) may use itself and what stands in lower
sets. Papers are at the top: nothing imports one, they are found by their entry points."""

MOST_ROOMS, MOST_MODULES, MOST_LINES = 11, 6, 320

HEAVY = {"scipy", "flint", "mpmath", "hypothesis", "matplotlib", "jinja2", "pytest"}


def modules() -> dict[str, Path]:
    """Dotted names below ``gembounds``: "" is the package, "values.rule" a module."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(p for p in parts if p != "__init__")] = path
    return found


MODULES = modules()


@cache
def imported(name: str) -> tuple[str, ...]:
    """The modules of the package that ``name`` imports, anywhere in its text.

    What the package itself names for type checkers is loaded when it is first used.
    """
    tree = ast.parse(MODULES[name].read_text())
    if not name:
        tree.body = [n for n in tree.body if not isinstance(n, ast.If)]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            base = node.module or ""
            inner = [f"{base}.{alias.name}" for alias in node.names]
            targets = [t if t.removeprefix("gembounds.") in MODULES else base for t in inner]
        else:
            continue
        found += [
            target.removeprefix("gembounds").removeprefix(".")
            for target in targets
            if target.split(".")[0] == "gembounds"
        ]
    return tuple(found)


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


def within(name: str, rooms: Iterable[str]) -> bool:
    """Whether a module is one of ``rooms``, or inside one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def test_nothing_imports_a_paper() -> None:
    for name in MODULES:
        if not within(name, ["papers"]):
            assert not [t for t in imported(name) if within(t, ["papers"])], name


def test_the_reference_shares_nothing_with_what_it_judges() -> None:
    own = "evaluators.reference"
    allowed = (
        own,
        "tools.errors",
        "tools.alone",
        "values.numerals",
        "values.estimates",
        "values.mixture",
    )
    names = [name for name in MODULES if within(name, [own])]
    assert names
    for name in names:
        assert [t for t in imported(name) if not within(t, allowed)] == [], name


def test_verification_shares_no_arithmetic_with_the_evaluators() -> None:
    own = "referee.verify"
    allowed = (
        own, "tools", "values.mixture", "values.exact", "values.cells", "values.enclosure",
        "values.numerals", "points.point", "statements", "referee.recorded",
        "referee.certificate",  # digests and the names of the rungs
        "proving",  # exact algebra, and what is shown of ranges that are computed here
    )  # fmt: skip
    decisions = ("statements.operations", "statements.decide", "proving.scalar.search")
    names = [name for name in MODULES if within(name, [own])]
    assert names
    for name in names:
        wrong = [t for t in imported(name) if not within(t, allowed) or within(t, decisions)]
        assert wrong == [], name


def test_only_the_commands_write_to_the_standard_streams() -> None:
    writers = set()
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            stream = isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr")
            if stream or (isinstance(node, ast.Name) and node.id == "print"):
                paper = re.match(r"papers\.\w+\.(commands)\b", name)  # it may bring some
                writers.add(paper[1] if paper else top(name))
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
    long = {
        n: k for n, p in MODULES.items() if (k := len(p.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_few_rooms_each_with_a_sentence_that_says_what_may_live_there() -> None:
    inside = [p for p in PACKAGE.iterdir() if p.name[0] not in "._" or p.suffix == ".py"]
    folders = [p for p in inside if p.is_dir()]
    modules = [p for p in inside if p.suffix == ".py"]
    assert len(folders) <= MOST_ROOMS and len(modules) <= MOST_MODULES
    for folder in {p.parent for p in PACKAGE.rglob("*.py")}:
        text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
        sentence = text.split("\n\n")[0]
        assert len(sentence.split()) >= 5 and sentence.endswith("."), folder
        assert sentence.count(". ") == 0, f"{folder}: one sentence"
