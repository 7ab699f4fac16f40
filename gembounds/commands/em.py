"""``gembounds em FILE``: population gradient EM from the mixture in FILE."""

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
from gembounds.tools.errors import InputError
from gembounds.tools.tables import table

if TYPE_CHECKING:
    from gembounds.dynamics.trajectory.record import Trajectory

NAME = "em"
HELP = "population gradient EM from the mixture in FILE, with certified bounds"

COLUMNS = (
    ("loss", "L"), ("gradient_norm", "|grad L|"), ("mu_max", "mu_max"),
    ("parametric_distance", "sum pi |mu|^2"),
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    add_mixture(parser)
    add_data(parser)
    parser.add_argument("--eta", metavar="E",
                        help="step size, a number or quotient (default 7/10)")  # fmt: skip
    parser.add_argument("--steps", type=int, default=200, metavar="T", help="default 200")
    parser.add_argument(
        "--kind",
        default="gradient",
        metavar="KIND",
        help="gradient (default), or em for EM proper, which has no step size",
    )
    parser.add_argument(
        "--update-weights", action="store_true", help="with --kind em: the weights move too"
    )
    parser.add_argument(
        "--evaluator", default="float64", metavar="NAME", help="float64 (default) or arb"
    )
    parser.add_argument("--rtol", type=float, help="accuracy of the overlaps, for float64")
    parser.add_argument(
        "--gradient-rtol",
        type=float,
        metavar="R",
        help="instead of --rtol: accuracy of each gradient",
    )
    parser.add_argument("--bits", type=int, help="relative bits of the states, for arb")
    parser.add_argument("--stop-gradient", metavar="G", help="end where |grad L| <= G certainly")
    parser.add_argument("--stop-loss", metavar="L", help="end where L <= this certainly")
    parser.add_argument("--checkpoint", metavar="FILE", help="keep the run's state in FILE")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint if it is there"
    )
    add_plot(parser, "loss, gradient and distance over the steps: .svg, .png or .pdf", "em.svg")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Run and print; returns 0."""
    file, target = mixture_and_target(options)
    _check_checkpoint(options)
    plot = options.plot
    if plot is not None:
        plots.check_kind("--plot", plot)
    places = {"--json": target, "--checkpoint": options.checkpoint, "--plot": plot}
    check_places(places, [file, options.data])

    from gembounds import em
    from gembounds.tools.progress import Progress

    mix, data = model_and_data(file, options.data)
    levels = {"gradient_norm": options.stop_gradient, "loss": options.stop_loss}
    with Progress(sys.stderr) as progress:
        found = em.trajectory(
            mix, options.eta, options.steps, data=data, evaluator=options.evaluator,
            rtol=options.rtol, gradient_rtol=options.gradient_rtol, bits=options.bits,
            kind=options.kind, update_weights=options.update_weights,
            stop={k: v for k, v in levels.items() if v is not None} or None,
            checkpoint=options.checkpoint, progress=progress,
        )  # fmt: skip
    if target is not None:
        write_json(found.to_json(), target)
    if plot is not None:
        plots.draw_run(found, _table(found).partition("\n")[0], Path(plot))
    if target != STDOUT:
        say(_table(found))
    return 0


def _check_checkpoint(options: argparse.Namespace) -> None:
    path = options.checkpoint
    if path is None:
        if options.resume:
            raise InputError("--resume without --checkpoint: name the checkpoint file")
        return
    if Path(path).exists() and not options.resume:
        raise InputError(f"--checkpoint {path}: is there already; add --resume, or remove it")


def _table(found: Trajectory) -> str:
    from gembounds.dynamics.trajectory.settings import KINDS
    from gembounds.values.decimals import interval_text

    step = "" if found.kind == "em" or not found.eta else f", eta = {_sizes(found)}"
    _, n, d = found.means.shape
    why = "" if found.stopped == "steps" else f", ended by {found.stopped}"
    what = f"{KINDS[found.kind]} by {found.evaluator}"
    lines = [f"{what}: n = {n}, d = {d}{step}, {found.steps} steps{why}"]
    rows = [["t", *(label for _, label in COLUMNS), "distance <="]]
    starred = False
    for t in shown_steps(found.steps):
        ends = [getattr(found, name)[t] for name, _ in COLUMNS]
        here = [found.computed.get(name, getattr(found, name))[t] for name, _ in COLUMNS]
        mark = "*" if here[0].lower > 0 >= ends[0].lower else ""
        ends = here if mark else ends
        texts = [interval_text(float(e.lower), float(e.upper)) for e in ends]
        rows.append([f"{t}{mark}", *texts, f"{found.distance_bound[t] * (1 + 1e-3):.3g}"])
        starred = starred or bool(mark)
    lines += table(rows).splitlines()
    if starred:
        lines.append("* at the state computed, as its distance to the exact one is unknown")
    return "\n".join(lines) + "\n"


def _sizes(found: Trajectory) -> Any:
    sizes = set(found.eta)
    return found.eta[0] if len(sizes) == 1 else f"{min(sizes)} to {max(sizes)}"


def shown_steps(steps: int) -> list[int]:
    """0, then 1, 2, 5 times powers of ten, and the last."""
    marks = {0, steps}
    scale = 1
    while scale <= steps:
        marks |= {m * scale for m in (1, 2, 5) if m * scale <= steps}
        scale *= 10
    return sorted(marks)
