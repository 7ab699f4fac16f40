"""The example cores conform where they say that they may be used; each has a process of its own.

The NumPy core is asked everything; of the others, what differs from it: all of their checks are
in reports/customers.md.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from gembounds.conform import run

CUSTOMERS = {
    "numpy": (["examples.cores.numpy_core"], ["*"]),
    "grid": (
        ["examples.cores.grid_core"],
        ["*-ordinary", "*-generic", "*-many", "*-tiny-weights", "inputs-kept-*", "import"],
    ),
    "torch": (
        ["examples.cores.torch_core"],
        ["*-ordinary", "*-generic", "*-one-component", "*-near-coincident", "import"],
    ),
    "sklearn": (
        ["examples.cores.sklearn_core"],
        ["*-ordinary", "*-generic", "*-repeated", "*-high-d", "inputs-kept-*", "import"],
    ),
    # 350,000 samples a value, and a compilation for each shape
    "monte_carlo": (
        ["examples.cores.monte_carlo_core"], ["*-generic", "overlaps-*-one", "inputs-kept-*"],
    ),
    "jax": (
        ["examples.cores.jax_core:single", "examples.cores.jax_core:double"],
        ["*-generic", "*-tiny-weights", "psi-far", "psi-many"],
    ),
}  # fmt: skip

XLA = "--xla_backend_optimization_level=0"
"""JAX compiles for each shape, and what it compiles runs once or twice."""

EXTRA = {"sklearn": "customers", "jax": "customers", "torch": "torch"}
"""What some stand on, and the extra of the package that it comes with."""


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customers_conform(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cores, checks = CUSTOMERS[name]
    if name in EXTRA and find_spec(name) is None:
        pytest.skip(f"{name} is not installed: it comes with the extra '{EXTRA[name]}'")
    monkeypatch.setenv("XLA_FLAGS", XLA)
    for core in cores:
        report = run(core, seed=0, quick=True, only=checks)
        assert report.passed, report.failures()
        assert {r.status for r in report.results} <= {"passed", "absent"}
        tried = {r.function for r in report.results if r.points}
        assert set(report.declared["functions"]) <= tried
