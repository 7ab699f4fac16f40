"""``gembounds rate [FILE]``: L along a trajectory, and what is proved of it."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gembounds.commands.output import STDOUT, add_json, check_places, is_input, say, write_json
from gembounds.tools.errors import InputError
from gembounds.tools.tables import table

if TYPE_CHECKING:
    from gembounds.papers.xu_fazel_du_2024.rate.record import Exponent, Rate

NAME = "rate"
HELP = "the rate of gradient EM or EM from the mixture in FILE, or from a dozen starts, and bounds"

VIOLATED, UNDECIDED = 1, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="the start; - for standard input")
    parser.add_argument(
        "--kind", default="gradient", metavar="KIND", help="gradient (default), or em: EM proper"
    )
    parser.add_argument(
        "--eta", metavar="E[,E...]",
        help="step sizes in (0, 2), exact, taken in turn (default 0.7); not for em",
    )  # fmt: skip
    parser.add_argument("--steps", type=int, help="at least 16 (default 400)")
    parser.add_argument(
        "--evaluator",
        metavar="NAME",
        help="float64, or arb, slower, for where hardly anything moves (default float64, and arb "
        "where that loses the trajectory)",
    )
    parser.add_argument("--bits", type=int, help="relative bits, for arb (default 128)")
    parser.add_argument(
        "--plot",
        "--picture",
        dest="picture",
        nargs="?",
        const="rate.svg",
        metavar="FILE",
        help="draw L and the bounds, of one start: .png or .svg (default rate.svg)",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Run and print; returns 0, 1 where an inequality is violated, 3 where one is undecided."""
    file, target = options.file, options.json
    if file is None and target not in (None, STDOUT) and is_input(target):
        file, target = target, STDOUT  # "--json FILE": the one name given is the start's
    if options.evaluator not in (None, "float64", "arb"):
        raise InputError(f"--evaluator is {options.evaluator!r}: choose float64 or arb")
    if options.bits is not None and options.evaluator != "arb":
        raise InputError(f"--bits {options.bits}: add --evaluator arb")
    if options.kind not in ("gradient", "em"):
        raise InputError(f"--kind is {options.kind!r}: choose gradient or em")
    if options.kind == "em" and options.eta is not None:
        raise InputError(f"--eta {options.eta} does nothing for --kind em: leave it out")
    picture = options.picture
    if picture is not None and (file is None or not picture.endswith((".png", ".svg"))):
        raise InputError(f"--plot {picture}: give a FILE with a start, and a name in .png or .svg")
    check_places({"--json": target, "--plot": picture}, [file])

    from gembounds.papers.xu_fazel_du_2024.rate.run import DEFAULT_ETA, along
    from gembounds.papers.xu_fazel_du_2024.rate.starts import STEPS, Start, panel
    from gembounds.tools.progress import Progress
    from gembounds.values.configuration import read_mixture

    starts = panel() if file is None else [Start(file, read_mixture(file), STEPS)]
    eta = DEFAULT_ETA if options.eta is None else options.eta.split(",")
    found = []
    with Progress(sys.stderr) as progress:
        for k, start in enumerate(starts):
            progress(k, len(starts), start.name)
            steps = start.steps if options.steps is None else options.steps
            rate = along(start.mixture, eta, steps, kind=options.kind,
                         evaluator=options.evaluator, bits=options.bits)  # fmt: skip
            found.append((start.name, rate))
    if target is not None:
        documents = [_document(name, rate) for name, rate in found]
        write_json(documents if file is None else documents[0], target)
    if picture is not None:
        _draw(found[0], picture)
    if target != STDOUT:
        write = _table if file is None else _one
        say(write(found))
    every = [check for _, rate in found for check in rate.checks]
    if any(check.violated for check in every):
        return VIOLATED
    return UNDECIDED if any(check.undecided for check in every) else 0


LIMIT = {"em": "limit of t^2 L(t)", "gradient": "bound of limsup t^2 L(t)"}


def _steps(rate: Rate) -> list[dict[str, Any]]:
    """At each t: ends of L, the bounds with restarts, Theorem 2's (null where it says nothing, or
    is beyond float64)."""
    from gembounds.papers.xu_fazel_du_2024.rate.bounds import finite

    b = rate.bounds
    return [
        {
            "t": t,
            "loss": [finite(x) for x in ends],
            "upper": finite(b.upper[t]),
            "lower": finite(b.lower[t]),
            "paper": finite(10 ** b.paper[t]) if b.paper[t] < 308 else None,
            "upper_from_start": finite(b.first[t]),
            "paper_log10": finite(b.paper[t]),
        }
        for t, ends in enumerate(rate.losses)
    ]


def _draw(found: tuple[str, Rate], place: str) -> None:
    try:
        from gembounds.papers.xu_fazel_du_2024.figures.drawing import rates
        from gembounds.referee import style
    except ImportError as error:  # pragma: no cover - depends on the installation
        raise InputError(f"{error.name} is missing: pip install 'gembounds[report]'") from None
    from gembounds.tools.files import write_file

    name, rate = found
    title = "gradient EM" if rate.kind == "gradient" else "EM"
    png, svg = style.saved(
        lambda: rates.draw(_steps(rate), rate.limit, f"{title} from {Path(name).name}")
    )
    write_file(Path(place), png if place.endswith(".png") else svg)


def _document(name: str, rate: Rate) -> dict[str, Any]:
    return {
        "start": name,
        "n": rate.n,
        "d": rate.d,
        "kind": rate.kind,
        "eta": [str(x) for x in rate.eta],
        "steps": _steps(rate),
        "limit": rate.limit,
        "limit_is": LIMIT[rate.kind],
        "log10_eta_of_theorem_2": rate.paper_eta_log10,
        "checks": [vars(check) for check in rate.checks],
        "exponents": {"loss": _exponent(rate.loss), "distance": _exponent(rate.distance)},
        "exponent_of_theorem_2": -0.5,
        "growth_of_inverse_root_of_loss": None if rate.growth is None else _ends(rate.growth),
        "expected_growth": rate.expected_growth,
    }


def _ends(pair: tuple[float, float]) -> list[float | None]:
    return [x if math.isfinite(x) else None for x in pair]


def _exponent(found: Exponent) -> dict[str, Any]:
    return {
        "expected": found.expected,
        "fit": _ends(found.fit),
        "fit_over": [found.times[0], found.times[-1]],
        "interval": _ends(found.interval),
        "local": [[t, *_ends(pair)] for t, pair in zip(found.octaves, found.local, strict=True)],
    }


def _table(found: list[tuple[str, Rate]]) -> str:
    rows: list[tuple[str, ...]] = [
        ("start", "n", "d", "certain", "undecided", "violated", "L ~ t^", "distance ~ t^")
    ]
    for name, rate in found:
        counts = [sum(getattr(c, k) for c in rate.checks)
                  for k in ("holds", "undecided", "violated")]  # fmt: skip
        exponents = [_short(rate.loss), _short(rate.distance)]
        rows.append((name, str(rate.n), str(rate.d), *map(str, counts), *exponents))
    lines = table(rows).splitlines()
    lines.append(
        "The exponents are those from t to 2t for t from T/4 to T/2; expected as t grows: -2 and "
        "-1. Theorem 2: L <= t^-0.5."
    )
    return "\n".join(lines) + "\n"


def _short(found: Exponent) -> str:
    low, high = found.interval
    return f"{low:.3f} .. {high:.3f}"


def _one(found: list[tuple[str, Rate]]) -> str:
    from gembounds.values.decimals import interval_text

    rate = found[0][1]
    top = _bounds_table(rate)
    rows = [("", "inequality", "certain", "undecided", "violated", "closest ratio")]
    for c in rate.checks:
        closest = "-" if c.closest is None else f"{c.closest:.6g}"
        rows.append((c.id, c.text, str(c.holds), str(c.undecided), str(c.violated), closest))
    lines = table(rows).splitlines()
    for name, one in (("L", rate.loss), ("sum_i pi_i |mu_i|^2", rate.distance)):
        first, last = one.times[0], one.times[-1]
        lines.append(
            f"{name}: exponent of t fitted over t = {first} to {last} {interval_text(*one.fit)}, "
            f"local {_short(one)}, expected {one.expected:g} for large t"
        )
    if rate.growth is not None:
        lines.append(f"1/sqrt(L) grows by {interval_text(*rate.growth)} a step over the last half")
        if rate.expected_growth is not None:
            lines[-1] += f", expected {rate.expected_growth:.6g} in the end"
    return top + "\n".join(lines) + "\n"


def _bounds_table(rate: Rate) -> str:
    """L and the bounds at t = 0, 1, 2, 5, 10, 20, ... and the last."""
    from gembounds.values.decimals import interval_text

    steps, last = _steps(rate), rate.steps
    shown = sorted(
        {0, last, *(k * 10**e for e in range(8) for k in (1, 2, 5) if k * 10**e < last)}
    )
    rows: list[tuple[str, ...]] = [
        ("t", "lower", "L(mu(t))", "upper", "upper from t = 0", "Theorem 2")
    ]
    for t in shown:
        one = steps[t]
        paper = one["paper_log10"]
        rows.append((
            str(t), _number(one["lower"]), interval_text(*rate.losses[t]), _number(one["upper"]),
            _number(one["upper_from_start"]), "-" if paper is None else f"10^{paper:.2f}",
        ))  # fmt: skip
    text = table(rows)
    if rate.limit is not None:
        text += f"{LIMIT[rate.kind]}: {rate.limit:.6g}; at t = {last} "
        text += f"{interval_text(*(last**2 * x for x in rate.losses[last]))}\n"
    return text


def _number(x: float | None) -> str:
    return "-" if x is None else f"{x:.4g}"
