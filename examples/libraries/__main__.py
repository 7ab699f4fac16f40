"""Judge one library, in the environment that it is installed in; the result as JSON.

    python -m examples.libraries sklearn_gm reports/libraries/sklearn_gm.json

``make libraries`` does that for all, each in an environment of its own.
"""

import importlib
import json
import math
import platform
import sys
import warnings
from importlib import metadata
from pathlib import Path

from examples.libraries import asked
from gembounds.conform import run
from gembounds.conform.core import load
from gembounds.tools.files import make_folder, write_file

SUMS = ("ordinary", "generic")
CHECKED = {
    "psi": ("ordinary", "generic", "far", "tiny-weights", "near-coincident", "many", "high-d"),
    "loss": SUMS, "gradient": SUMS, "em_step": SUMS,
}  # fmt: skip
"""Functions and kinds of mixtures; sums only where the quadrature is beyond doubt."""


def digits(found):
    """None where there is no number."""
    return None if found is None or math.isnan(found) else round(float(found), 1)


def main(name, place):
    spec = f"examples.libraries.{name}"
    warnings.simplefilter("ignore")
    module = importlib.import_module(spec)
    rows = asked.judged(module)
    falls = asked.monotone(module)
    only = [f"{f}-{d}" for f, domains in CHECKED.items() for d in domains]
    report = run(load(spec), quick=True, only=only, seed=0)
    checks = [
        {"id": r.id, "function": r.function, "domain": r.domain, "status": r.status,
         "digits": digits(r.digits_worst),
         "points": r.points, "left_out": r.left_out}
        for r in report.results
    ]  # fmt: skip
    packages = ("scikit-learn", "torch", "pomegranate", "tensorflow-probability", "numpyro", "jax",
                "jaxlib", "scipy", "numpy", "gembounds")  # fmt: skip
    versions = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    found = {"library": name, "says": module.__doc__.strip(), "versions": versions,
             "asked": rows, "monotone": falls, "checks": checks}  # fmt: skip
    make_folder(Path(place).parent)
    write_file(Path(place), json.dumps(found, indent=1, allow_nan=True) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
