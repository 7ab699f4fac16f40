"""Judge one library, in the environment that it is installed in; the result as JSON.

    python -m examples.libraries sklearn_gm reports/libraries/sklearn_gm.json

``make libraries`` does that for all, each in an environment of its own.
"""

import json
import platform
import sys
from importlib import import_module, metadata
from pathlib import Path

from examples.libraries.along import families
from gembounds.conform import run
from gembounds.conform.core import load
from gembounds.tools.files import make_folder, write_file

PLACES = ("ordinary", "generic", "far", "tiny-weights", "near-coincident", "many", "high-d",
          "offset", "zero-weights")  # fmt: skip
SUMS = ("ordinary", "generic")
CHECKED = {
    "double": {**dict.fromkeys(("psi", "log_prob"), PLACES),
               **dict.fromkeys(("loss", "gradient", "em_step"), SUMS)},
    "single": dict.fromkeys(("psi", "log_prob"), PLACES),
}  # fmt: skip
"""By arithmetic, functions and kinds of mixtures; sums only where the quadrature is beyond
doubt."""

ALONG = ["log_prob-offset", "psi-offset"]
"""The checks that hold a value to the direct formula, wherever the point is."""

SAID = ("id", "function", "domain", "status", "points", "digits_worst")
WHERE = ("message", "worst_point")
"""Of each result, and of those that are not passed."""

PACKAGES = ("scikit-learn", "torch", "pomegranate", "tensorflow-probability", "numpyro", "jax",
            "jaxlib", "scipy", "numpy", "gembounds")  # fmt: skip


def results(report):
    out = []
    for r in report.offered:
        names = SAID if r.status == "passed" else SAID + WHERE
        found = {name: getattr(r, name) for name in names}
        digits = r.digits_worst
        out.append(found | {"digits_worst": None if digits is None else round(digits, 2)})
    return out


def judged(core, functions):
    """At drawn points, failing ones made small; then along the families."""
    only = [f"{f}-{d}" for f, domains in functions.items() for d in domains]
    drawn = results(run(core, points=3, only=[*only, "monotone-*"], seed=0, small=True))
    along = [
        {"family": family, "parameter": parameter, "at": at,
         "found": [{k: r[k] for k in ("function", "status", "digits_worst")}
                   for r in results(run(core, only=ALONG, at=point))]}
        for family, parameter, points in families() for at, point in points
    ]  # fmt: skip
    return {"drawn": drawn, "along": along}


def main(name, place):
    spec = f"examples.libraries.{name}"
    module, versions = import_module(spec), {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    found = {"library": name, "says": module.__doc__.strip(), "versions": versions}
    for arithmetic, functions in CHECKED.items():
        if hasattr(module, arithmetic):
            found[arithmetic] = judged(load(f"{spec}:{arithmetic}"), functions)
    make_folder(Path(place).parent)
    write_file(Path(place), json.dumps(found, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
