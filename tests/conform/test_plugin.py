"""The decorator and the plugin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gembounds.conform import parameters
from gembounds.tools.errors import InputError
from tests.conform import plain

TEST = """
import sys
sys.path.insert(0, {root!r})
from gembounds.conform import parametrize_with_checks
from tests.conform import plain

class Half:
    max_rank, max_norm, min_weight = plain.max_rank, plain.max_norm, plain.min_weight
    gradient = staticmethod(plain.gradient)
    def loss(self, means, weights):
        return 0.5 * plain.loss(means, weights)
    def overlaps(self, means, weights):
        raise OSError("no licence")

@parametrize_with_checks(Half(), quick=True, only=["*-generic"], expected_failures={expected!r})
def test_core(check):
    check()
"""


ALONE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""The plugin is given by name: it may or may not be installed already."""


def run(tmp_path: Path, expected: dict[str, str], *arguments: str) -> tuple[int, str]:
    root = str(Path(__file__).parents[2])
    (tmp_path / "test_half.py").write_text(TEST.format(root=root, expected=expected))
    command = [sys.executable, "-m", "pytest", "-p", "gembounds.conform.plugin", "-rA", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False,
                          env=ALONE)  # fmt: skip
    return done.returncode, done.stdout


def test_each_check_is_a_test(tmp_path: Path) -> None:
    status, said = run(tmp_path, {}, "--gembounds-seed", "3")
    assert status == 1
    assert "PASSED test_half.py::test_core[gradient-generic]" in said
    assert "FAILED test_half.py::test_core[loss-generic]" in said
    assert "loss-generic: loss: the core gives" in said
    assert "FAILED test_half.py::test_core[overlaps-generic]" in said
    assert "CoreError: overlaps-generic: overlaps raised OSError: no licence" in said
    assert said.count("not offered: psi\n") == 1
    assert "certified digits of Half" in said


def test_expected_failures_are_strict(tmp_path: Path) -> None:
    expected = {"loss-*": "a half", "overlaps-generic": "no licence"}
    status, said = run(tmp_path, expected)
    assert status == 0, said
    assert "XFAIL test_half.py::test_core[loss-generic]" in said
    status, said = run(tmp_path, {**expected, "gradient-generic": "old"})
    assert status == 1
    assert "[XPASS(strict)] old" in said


def test_an_expected_failure_that_matches_nothing() -> None:
    with pytest.raises(InputError, match="matches no check"):
        parameters(plain, expected_failures={"gradient-nowhere": "a typo"})


def test_the_plugin_imports_nothing_heavy() -> None:
    code = "import gembounds.conform.plugin, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"numpy", "scipy", "flint", "mpmath", "hypothesis", "jinja2"}


def test_runs_without_checks_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_other():\n    assert True\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "gembounds.conform.plugin"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False,
                          env=ALONE)  # fmt: skip
    assert done.returncode == 0
    assert "gembounds" not in done.stdout


def test_a_class_is_instantiated() -> None:
    class Whole:
        def psi(self, x: Any, means: Any, weights: Any) -> Any:
            return plain.psi(x, means, weights)

    class Needy(Whole):
        def __init__(self, samples: int) -> None:
            self.count = samples

    (found,) = parameters(Whole, only="psi-ordinary", quick=True)
    found.values[0]()
    with pytest.raises(InputError, match=r"missing 1 required .*: give an instance"):
        parameters(Needy)
