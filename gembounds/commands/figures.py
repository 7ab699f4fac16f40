"""``gembounds figures [PAPER...]``: the papers' figures, with the numbers behind them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from gembounds.commands.output import STDOUT, add_json, check_folder, check_places, say, write_json
from gembounds.commands.work import add_dask
from gembounds.statements.paper import Paper, papers
from gembounds.tools.errors import InputError

NAME = "figures"
HELP = "the papers' figures: by Monte Carlo and certified; PNG, SVG, CSV and numbers"

REPORTS, FULL, QUICK = Path("reports"), "figures", "figures-quick"
"""Apart, so that a quick run does not replace the data that claims are decided from."""

KINDS = ("png", "svg", "csv", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("papers", nargs="*", metavar="PAPER", help="all that have figures if none")
    parser.add_argument(
        "--out", metavar="DIR",
        help=f"where (default {REPORTS / FULL}, with --quick {REPORTS / QUICK}, or that of the "
        "paper's folder in reports); of several papers below it; made if it is not there",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="fewer steps, sizes and runs")
    parser.add_argument("--only", nargs="+", metavar="FIGURE", help="some of them, by name")
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default 0)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    add_dask(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Make the figures; 0, or :class:`InputError`. Interrupted, call it again to go on."""
    if options.jobs < 1:
        raise InputError(f"--jobs is {options.jobs}: give a positive integer")
    if options.seed < 0:
        raise InputError(f"--seed is {options.seed}: give an integer that is not negative")
    for name in options.papers:
        if name not in papers() or not papers()[name].figures:
            known = " or ".join(k for k, p in papers().items() if p.figures)
            raise InputError(f"{name!r} is no paper with figures: give {known}")
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:  # pragma: no cover - depends on the installation
        raise InputError(f"{error.name} is missing: pip install 'gembounds[report]'") from None
    named = [p for k, p in papers().items() if p.figures and k in (options.papers or papers())]
    chosen = _chosen(named, options.only)
    places = {paper.name: _place(paper, options, len(chosen)) for paper, _, _ in chosen}
    check_folder("--out", None if options.out is None else Path(options.out))
    outputs = []
    for paper, _, names in chosen:
        out = places[paper.name]
        check_folder("--out", out)
        outputs += [out / "figures.md", *(out / f"{name}.{k}" for name in names for k in KINDS)]
    check_places({"--json": options.json}, outputs)
    made: list[Path] = []
    for paper, module, names in chosen:
        out = places[paper.name]
        made += [out / name for name in _made(module, out, names, options)]
    if options.json is not None:
        from gembounds.tools.files import read_json

        write_json([read_json(place.with_name(f"{place.name}.json")) for place in made],
                   options.json)  # fmt: skip
    for place in made if options.json != STDOUT else ():
        say(f"{place}.png .svg .csv .json\n")
    return 0


def _chosen(
    named: Sequence[Paper], only: Sequence[str] | None
) -> list[tuple[Paper, Any, list[str]]]:
    """The papers that have some of the figures, each with its module and those."""
    found = [(paper, import_module(paper.figures)) for paper in named]
    known = [name for _, module in found for name in module.NAMES]
    for name in only or ():
        if name not in known:
            raise InputError(f"--only {name}: no such figure; choose from {', '.join(known)}")
    picked = [
        (paper, module, [name for name in module.NAMES if not only or name in only])
        for paper, module in found
    ]
    return [entry for entry in picked if entry[2]]


def _place(paper: Paper, options: argparse.Namespace, count: int) -> Path:
    if options.out is not None:
        return Path(options.out) / (paper.folder if count > 1 else "")
    return REPORTS / paper.folder / (QUICK if options.quick else FULL)


def _made(module: Any, out: Path, names: Sequence[str], options: argparse.Namespace) -> list[str]:
    from gembounds.tools.files import make_folder
    from gembounds.tools.progress import Progress
    from gembounds.tools.workers import cluster

    make_folder(out)
    start = time.monotonic()
    here = nullcontext(options.jobs)
    with Progress(sys.stderr) as bar, cluster(options.dask) if options.dask else here as jobs:
        made: list[str] = module.figures(
            out, only=names, quick=options.quick, seed=options.seed, jobs=jobs,
            progress=bar,
        )  # fmt: skip
    sys.stderr.write(f"gembounds: {time.monotonic() - start:.0f} s\n")
    return made
