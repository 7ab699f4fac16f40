"""``gembounds trap --d D --n N``: how long Theorem 7's start keeps gradient EM trapped."""

from __future__ import annotations

import argparse
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.commands.output import STDOUT, add_json, check_places, say, write_json

if TYPE_CHECKING:
    from gembounds.trap import Trap

NAME = "trap"
HELP = "certified number of steps for which Theorem 7's start keeps a mean beyond 10 sqrt(d)"

DEFAULT_ETA = "0.7"
"""The step size of the paper's experiments (Section 5)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--d", type=int, required=True, help="dimension, 1 to 1000000")
    parser.add_argument("--n", type=int, required=True, help="components, 3 to 10^12")
    parser.add_argument(
        "--eta",
        default=DEFAULT_ETA,
        help=f"step size, read exactly (default {DEFAULT_ETA}); above about exp(12.5 d) a step "
        "may lead across, and there may be no upper bound",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Count and print; returns 0, or raises :class:`InputError`."""
    check_places({"--json": options.json})

    from gembounds.trap import trapped_steps

    found = trapped_steps(options.d, options.n, options.eta)
    if options.json is not None:
        write_json(_document(found, options.eta), options.json)
    if options.json != STDOUT:
        say(_table(found, options.eta))
    return 0


def _document(found: Trap, eta: str) -> dict[str, Any]:
    from gembounds.trap import EXPONENT

    as_float = float(found.eta) if found.eta < Fraction(10) ** 308 else math.inf
    same = math.isfinite(as_float) and Fraction(repr(as_float)) == found.eta
    return {
        "d": found.d,
        "n": found.n,
        "eta": as_float if same else eta.strip(),
        "log10_steps_lower": found.log10_steps_lower,
        "log10_steps_upper": found.log10_steps_upper,
        "log10_paper": found.log10_paper,
        "steps": found.steps,
        "log10_true_exponent_per_d": float(EXPONENT) / math.log(10),
        "log10_paper_exponent_per_d": 1 / math.log(10),
        "method": found.method,
    }


def _table(found: Trap, eta: str) -> str:
    from gembounds.trap import EXPONENT
    from gembounds.values.decimals import interval_text

    upper = math.inf if found.log10_steps_upper is None else found.log10_steps_upper
    count = f"10^{interval_text(found.log10_steps_lower, upper)}"
    lines = [
        f"Theorem 7's start: d = {found.d}, n = {found.n}, eta = {eta.strip()}",
        f"steps beyond 10 sqrt(d)   {found.steps if found.steps is not None else count}",
        f"the paper's lower bound   10^{found.log10_paper:.6g}   exp(d)/(30 eta)",
        f"log(steps)/d for large d  {EXPONENT}   (1 in the paper)",
        f"by                        {found.method}",
    ]
    if found.log10_steps_upper is None:
        lines.append("no upper bound: with so large an eta a step may lead to beyond -10 sqrt(d)")
    return "\n".join(lines) + "\n"
