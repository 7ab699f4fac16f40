"""``gembounds stationary FILE``: a stationary point near the mixture in FILE, and what it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gembounds.commands import plots
from gembounds.commands.output import (
    STDOUT,
    add_data,
    add_json,
    add_mixture,
    add_plot,
    check_places,
    mixture_and_target,
    model_and_data,
    say,
    write_json,
)
from gembounds.tools.tables import table

if TYPE_CHECKING:
    from gembounds.dynamics.stationary.result import StationaryPoint

NAME = "stationary"
HELP = "a stationary point of L near the mixture in FILE, proved, and what it is"

UNDECIDED = 3

MAX_COLUMNS = 6
"""Entries of a mean that are shown, and eigenvalues at either end."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_mixture(parser)
    add_data(parser)
    parser.add_argument(
        "--kind",
        default="gradient",
        metavar="KIND",
        help="gradient (default), or em: with the eigenvalues of EM's step",
    )
    parser.add_argument(
        "--weights", default="fixed", metavar="HOW", help="fixed (default), or free"
    )
    parser.add_argument("--rtol", type=float, help="relative width of the means (default 1e-15)")
    add_plot(parser, "L around the point: .svg, .png or .pdf", "stationary.svg")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Search and print; 0 where the point is proved, 3 where nothing is."""
    file, target = mixture_and_target(options)
    plot = options.plot
    if plot is not None:
        plots.check_kind("--plot", plot)
    check_places({"--json": target, "--plot": plot}, [file, options.data])

    from gembounds.dynamics.stationary.landscape import landscape
    from gembounds.dynamics.stationary.search import stationary
    from gembounds.tools.progress import Progress

    mix, data = model_and_data(file, options.data)
    with Progress(sys.stderr) as progress:
        progress(0, 1, "looking for a stationary point")
        found = stationary(
            mix, data=data, kind=options.kind, weights=options.weights, rtol=options.rtol
        )
        if plot is not None:
            progress(0, 1, "drawing L around it")
            around = landscape(found, data)
    if plot is not None:
        plots.draw_landscape(around, _words(found).partition("\n")[0], Path(plot))
    if target is not None:
        write_json(found.to_json(), target)
    if target != STDOUT:
        say(_words(found))
    return 0 if found.means is not None else UNDECIDED


def _words(found: StationaryPoint) -> str:
    lines = [f"{found.nature}: {found.reason}"]
    if found.means is None:
        where, rows = "near (not proved)", found.candidate.means.tolist()
        means = [[f"{x:.6g}" for x in row] for row in rows]
        weights = [f"{x:.6g}" for x in found.candidate.weights.tolist()]
    else:
        assert found.weights is not None
        where, (n, d) = "means", found.means.shape
        means = [[f"{found.means[i][k]:.10g}" for k in range(d)] for i in range(n)]
        weights = [f"{found.weights[i]:.10g}" for i in range(n)]
    more = len(means[0]) - MAX_COLUMNS
    if more > 0:
        means = [[*row[:MAX_COLUMNS], f"... {more} more, see --json"] for row in means]
    rows = [["component", "weight", where, *[""] * (len(means[0]) - 1)]]
    rows += [[str(i), w, *row] for i, (w, row) in enumerate(zip(weights, means, strict=True))]
    lines += table(rows).splitlines()
    if found.radius is not None:
        lines.append(f"alone within       {found.radius:.3g} of it")
    named: tuple[tuple[str, Any], ...] = (
        ("L", found.loss), ("Hessian", found.eigenvalues), ("EM's step", found.multipliers),
    )  # fmt: skip
    for label, value in named:
        if value is not None:
            each = [value] if not value.shape else list(value)
            texts = [f"{x:.6g}" for x in each]
            if len(texts) > 2 * MAX_COLUMNS:
                texts[MAX_COLUMNS:-MAX_COLUMNS] = ["..."]
            lines.append(f"{label:18} {'  '.join(texts)}")
    return "\n".join(lines) + "\n"
