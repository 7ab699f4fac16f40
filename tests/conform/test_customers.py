"""The example cores conform where they say that they may be used.

Each runs in a process of its own, by the command that a user would type: JAX's precision is
global and its threads do not go with ``fork``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CUSTOMERS = {
    "numpy": (["examples.cores.numpy_core"], None),
    "scikit-learn": (["examples.cores.sklearn_core"], "sklearn"),
    "monte-carlo": (["examples.cores.monte_carlo_core"], None),
    "jax": (["examples.cores.jax_core:single", "examples.cores.jax_core:double"], "jax"),
}


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customers_conform(name: str) -> None:
    cores, needed = CUSTOMERS[name]
    if needed is not None and find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed: it comes with the extra 'customers'")
    command = [sys.executable, "-W", "error", "-m", "gembounds", "conform", *cores]
    run = subprocess.run(
        [*command, "--quick", "--json", "-"], capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr
    reports = json.loads(run.stdout)
    assert [report["core"] for report in reports] == cores
    for report in reports:
        tried = {r["function"] for r in report["results"] if r["points"]}
        assert {"psi", "loss", "gradient", "overlaps", "psi_tilde_norm2", "em_step"} <= tried
