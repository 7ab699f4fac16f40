"""``gembounds figures``: the figures of the paper's experiments, with the numbers behind them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from gembounds.commands.output import STDOUT, add_json, check_folder, check_places, say, write_json
from gembounds.tools.errors import InputError
from gembounds.tools.files import make_folder, read_json
from gembounds.tools.progress import Progress

NAME = "figures"
HELP = "the paper's figures: by Monte Carlo and certified; PNG, SVG, CSV and numbers"

FULL_OUT, QUICK_OUT = "reports/figures", "reports/figures-quick"
"""Apart, so that a quick run does not replace the data that claims are decided from."""


KINDS = ("png", "svg", "csv", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="DIR",
        help=f"where (default {FULL_OUT}, with --quick {QUICK_OUT}); made if it is not there",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="fewer steps, sizes and runs")
    parser.add_argument(
        "--only", nargs="+", metavar="FIGURE",
        help="of fig1_left, fig1_middle, fig1_right, fig2_left, fig2_right, rate_gradient, "
        "rate_em",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default 0)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Make the figures; 0, or :class:`InputError`. Interrupted, call it again to go on."""
    if options.jobs < 1:
        raise InputError(f"--jobs is {options.jobs}: give a positive integer")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    out = Path(options.out or (QUICK_OUT if options.quick else FULL_OUT))
    check_folder("--out", out)
    from gembounds.papers.xu_fazel_du_2024.figures import plan

    made = (f"{name}.{kind}" for name in plan.chosen(options.only) for kind in KINDS)
    check_places({"--json": options.json}, [out / "figures.md", *(out / name for name in made)])
    make_folder(out)
    try:
        import matplotlib  # noqa: F401

        from gembounds.papers.xu_fazel_du_2024.figures.run import figures
    except ImportError as error:  # pragma: no cover - depends on the installation
        raise InputError(f"{error.name} is missing: pip install 'gembounds[report]'") from None
    start = time.monotonic()
    with Progress(sys.stderr) as bar:
        names = figures(
            out, only=options.only, quick=options.quick, seed=options.seed, jobs=options.jobs,
            progress=bar,
        )  # fmt: skip
    sys.stderr.write(f"gembounds: {time.monotonic() - start:.0f} s\n")
    if options.json is not None:
        paths = [out / f"{name}.json" for name in names]
        write_json([read_json(p) for p in paths], options.json)
    for name in names if options.json != STDOUT else ():
        say(f"{out / name}.png .svg .csv .json\n")
    return 0
