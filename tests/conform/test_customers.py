"""The example cores conform where they say that they may be used.

Each runs in a process of its own, by the command that a user would type: JAX's precision is
global and its threads do not go with ``fork``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CUSTOMERS = {
    "numpy": (["examples.cores.numpy_core"], ["*"]),
    "grid": (["examples.cores.grid_core"], ["*"]),
    "torch": (
        ["examples.cores.torch_core"],
        ["*-ordinary", "*-generic", "*-one-component", "*-near-coincident", "import"],
    ),
    "sklearn": (["examples.cores.sklearn_core"], ["*"]),
    # 350,000 samples a value, and a compilation for each shape: only some checks here, all of
    # them in reports/customers.md
    "monte_carlo": (
        ["examples.cores.monte_carlo_core"],
        ["*-ordinary", "*-generic", "overlaps-*-one", "inputs-kept-*"],
    ),
    "jax": (
        ["examples.cores.jax_core:single", "examples.cores.jax_core:double"],
        ["*-ordinary", "*-generic", "*-tiny-weights", "psi-[!p]*"],
    ),
}

XLA = {"XLA_FLAGS": "--xla_backend_optimization_level=0"}
"""JAX compiles for each shape, and what it compiles runs once or twice."""

EXTRA = {"sklearn": "customers", "jax": "customers", "torch": "torch"}
"""What some stand on, and the extra of the package that it comes with."""


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customers_conform(name: str) -> None:
    cores, checks = CUSTOMERS[name]
    if name in EXTRA and find_spec(name) is None:
        pytest.skip(f"{name} is not installed: it comes with the extra '{EXTRA[name]}'")
    only = [word for check in checks for word in ("--only", check)]
    command = [sys.executable, "-W", "error", "-m", "gembounds", "conform", *cores, *only]
    run = subprocess.run(
        [*command, "--quick", "--seed", "0", "--json", "-"],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, **XLA},
    )  # fmt: skip
    reports = json.loads(run.stdout or "[]")
    wrong = [r for report in reports for r in report["results"]
             if r["status"] not in ("passed", "absent")]  # fmt: skip
    assert run.returncode == 0 and not wrong, f"{wrong}{run.stderr}"
    assert [report["core"] for report in reports] == cores
    for report in reports:
        tried = {r["function"] for r in report["results"] if r["points"]}
        assert set(report["declared"]["functions"]) <= tried
