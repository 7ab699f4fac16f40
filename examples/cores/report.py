"""reports/customers.md: what the conformance suite finds about the example cores.

    python -m examples.cores.report

Each core is judged twice, where it says that it may be used and without its limits; then along
one-parameter families, to see where each breaks.
"""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from gembounds.conform import run
from gembounds.conform.case import Case
from gembounds.conform.check import compared
from gembounds.conform.checks import all_checks
from gembounds.conform.core import load
from gembounds.conform.process.handle import Unruly
from gembounds.conform.protocol import LIMITS, Broken, Outside, Wrong
from gembounds.conform.report import shown
from gembounds.conform.tolerance import besides, size
from gembounds.conform.truth import Truth
from gembounds.tools.files import write_file

CORES = {
    "NumPy": "examples.cores.numpy_core",
    "fixed grid": "examples.cores.grid_core",
    "scikit-learn": "examples.cores.sklearn_core",
    "Monte Carlo": "examples.cores.monte_carlo_core",
    "PyTorch": "examples.cores.torch_core",
    "JAX float64": "examples.cores.jax_core:double",
    "JAX float32": "examples.cores.jax_core:single",
}

CERTIFIED = [check.id for check in all_checks().values() if check.kind == "certified"]

TEXT = """# Cores that are not ours

What `gembounds conform` finds about the cores in `examples/cores`; made by
`python -m examples.cores.report`. Digits are certified: the core's value against an enclosure,
relative to what `gembounds.conform.tolerance` says an error is relative to. Checks against
certified values only, three points each (`--quick`).

## Where they say that they may be used

{declared}

## Without their limits

Certified digits at the worst point and at the median one; *failed* means beyond the declared
error somewhere, *error* that the core raised.

{everywhere}

## Where each breaks

Certified digits of one function along a family. `x`: the core raised, returned no number, or is
not for that dimension.

{families}
"""


def unlimited(spec):
    """The core without its limits, but for the dimension: a grid or samples in R^2000 take more
    than there is, and show nothing new."""
    core = load(spec)
    kept = {w: v for w, v in core.declared.values.items() if w == "max_d" or w not in LIMITS}
    core.declared = replace(core.declared, values=kept)
    return core


def declared():
    rows = []
    for name, spec in CORES.items():
        core = load(spec)
        report = run(core, quick=True, only=CERTIFIED)
        limits = {w: v for w in LIMITS if (v := core.limit(w, "gradient")) is not None}
        rows.append((
            name, core.dtype, f"{core.rtol('psi'):g}", f"{core.rtol('gradient'):g}",
            f"{core.atol('gradient'):g}",
            "" if core.samples("gradient") is None else f"{core.samples('gradient'):g}",
            ", ".join(f"{w} {v:g}" for w, v in limits.items()),
            "conforms" if report.passed else ", ".join(r.id for r in report.bad),
            str(sum(r.points for r in report.results)),
            str(sum(r.left_out for r in report.results)),
        ))  # fmt: skip
    head = ("core", "dtype", "rtol of psi", "rtol of the others", "atol of them", "samples",
            "their limits", "verdict", "points", "left out")  # fmt: skip
    return table(head, rows)


def everywhere():
    found = {}
    for name, spec in CORES.items():
        report = run(unlimited(spec), quick=True, only=CERTIFIED)
        found[name] = {r.id: r for r in report.results}
    rows = []
    for check in CERTIFIED:
        one = found["NumPy"][check]
        rows.append((one.function, one.domain, *(cell(found[name][check]) for name in CORES)))
    return table(("function", "domain", *CORES), rows)


def cell(result):
    digits = f"{shown(result.digits_worst)} ({shown(result.digits_median)})"
    return digits if result.status == "passed" else f"{digits} {result.status}"


def families():
    """Title, function, and cases by the values of the parameter."""

    def line(gap, weight=0.5, d=1):
        means = np.zeros((2, d))
        means[:, 0] = gap / 2, -gap / 2
        return Case(means, [weight, 1 - weight], 1)

    def triangle(gap):
        corners = gap / math.sqrt(3) * np.array([[1, 0], [-0.5, 0.75**0.5], [-0.5, -(0.75**0.5)]])
        return Case(corners, [0.25, 0.25, 0.5], 1)

    def shifted(norm):
        return Case([[norm, 1.0], [norm, -1.0], [norm, 0.5]], [0.25, 0.25, 0.5], 1)

    gaps = (1, 2, 4, 8, 16, 32, 64, 1000)
    tiny = (1, 3, 6, 12, 30, 100, 300)
    return [
        ("gradient, two means at the distance", "gradient", {g: line(g) for g in gaps}),
        ("gradient, three means at the distance", "gradient", {g: triangle(g) for g in gaps[:6]}),
        ("overlaps, two means at the distance", "overlaps", {g: line(g) for g in gaps}),
        ("overlaps, distance 2, a weight of 10^-", "overlaps",
         {k: line(2, 10.0**-k) for k in tiny}),
        ("loss, what the means share has the norm", "loss",
         {s: shifted(float(s)) for s in (1, 10, 100, 1000, 10_000)}),
        ("loss, two means at distance 10^-", "loss", {k: line(10.0**-k) for k in (1, 2, 4, 6, 8)}),
        ("psi, two means at the distance", "psi", {g: line(g) for g in gaps}),
        ("gradient, distance 2, dimension", "gradient", {d: line(2, d=d) for d in (1, 10, 100)}),
    ]  # fmt: skip


def along():
    parts = []
    for title, function, cases in families():
        rows = []
        for name, spec in CORES.items():
            core = unlimited(spec)
            rows.append((name, *(digits(core, function, case) for case in cases.values())))
        parts.append(table((title, *map(str, cases)), rows))
    return "\n\n".join(parts)


def digits(core, function, case):
    truth = Truth(case)
    arguments = (case.x,) if function == "psi" else ()
    try:
        value = core.call(function, *arguments, case.means, case.weights)
    except (Broken, Wrong, Unruly, Outside):
        return "x"
    found = compared(
        function, value, truth.value(function), size(truth, function), core.rtol(function),
        besides(core, truth, function),
    )  # fmt: skip
    return shown(found.digits)


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main():
    text = TEXT.format(declared=declared(), everywhere=everywhere(), families=along())
    write_file(Path("reports/customers.md"), text)


if __name__ == "__main__":
    main()
