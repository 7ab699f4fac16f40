"""What the figures need: chains of units, in full and quick size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.figures import bad_start, rates, statistical, walks
from gembounds.papers.xu_fazel_du_2024.figures.units import Chain, Result, Work
from gembounds.tools.errors import InputError

RATES = {"rate_gradient": "gradient", "rate_em": "em"}
"""Figures of this project, and the kinds of their steps."""

FIGURES = ("fig1_left", "fig1_middle", "fig1_right", "fig2_left", "fig2_right", *RATES)

LEFT, RIGHT = 1, 2
"""Third word of a Monte Carlo stream's key: which panel of Figure 1."""

RTOL = {2: 1e-10, 3: 1e-10, 5: 1e-8, 10: 1e-5}
"""Of the certified steps, by n (a choice: n = 10 takes about 0.1 s a step)."""

FOLLOWED = frozenset({2, 3, 5})
"""n for which the distance to the exact trajectory is bounded; see
:mod:`gembounds.papers.xu_fazel_du_2024.figures.walks`."""

SAMPLE_SECONDS = {2: 0.045, 3: 0.047, 5: 0.05, 10: 0.06}
CERTIFIED_SECONDS = {2: 0.002, 3: 0.002, 5: 0.04, 10: 0.12}
"""About what a step takes, by n: only the order of work depends on it."""

UNIT_SECONDS = 5.0
"""About what a unit of work takes: what a killed run loses."""


@dataclass(frozen=True)
class Size:
    """``steps`` of Figure 1 (left and middle; right), ``dimensions`` of Figure 2 (left),
    sample ``sizes`` and ``runs`` of Figure 2 (right), and which runs of which sizes are
    compared with gradient EM alone; steps of the rate's figures."""

    steps: int
    right_steps: int
    dimensions: tuple[int, ...]
    sizes: tuple[int, ...]
    runs: int
    plain_sizes: tuple[int, ...]
    plain_runs: int
    rate_steps: int


FULL = Size(
    steps=1000,
    right_steps=500,
    dimensions=tuple(range(1, 51)),
    sizes=(100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000),
    runs=experiments.STATISTICAL_RUNS,
    plain_sizes=(100, 1000, 5000),
    plain_runs=4,
    rate_steps=100_000,
)

QUICK = Size(
    steps=30,
    right_steps=16,
    dimensions=tuple(range(1, 51, 7)),
    sizes=(100, 200, 500, 1000, 2000, 5000, 10_000, 20_000),
    runs=8,
    plain_sizes=(100,),
    plain_runs=2,
    rate_steps=200,
)


def chosen(only: Sequence[str] | None) -> tuple[str, ...]:
    """The figures named, in the order of the paper; all if none. Raises :class:`InputError`."""
    for name in only or ():
        if name not in FIGURES:
            raise InputError(f"--only {name}: no such figure; choose from {', '.join(FIGURES)}")
    return tuple(name for name in FIGURES if not only or name in only)


def chains(figures: Sequence[str], size: Size, seed: int) -> list[Chain]:
    found: list[Chain] = []
    if "fig1_left" in figures or "fig1_middle" in figures:
        for n in experiments.STUDENTS:
            found += walk_chains(
                f"n={n}", experiments.student_start(n, seed).tolist(),
                experiments.dirichlet_weights(n, seed).tolist(), seed, [LEFT, n], size.steps,
            )  # fmt: skip
    if "fig1_right" in figures:
        for k, weights in enumerate(experiments.WEIGHTS):
            for run in range(experiments.RUNS):
                found += walk_chains(
                    right_name(k, run), experiments.run_start(run, seed).tolist(),
                    [str(w) for w in weights], seed, [RIGHT, k, run], size.right_steps,
                )  # fmt: skip
    if "fig2_left" in figures:
        groups = [list(size.dimensions[k : k + 5]) for k in range(0, len(size.dimensions), 5)]
        for dimensions in groups:
            arguments = {"dimensions": dimensions, "seed": seed}
            name = f"fig2 left, d={dimensions[0]}-{dimensions[-1]}"
            found.append(Chain(name, _bad_starts, arguments, cost=0.1 * sum(dimensions) / 5))
    if "fig2_right" in figures:
        found += [
            _runs(f"fig2 right, N={n}", _converged, n, size.runs, seed, 1.4e-5 * n + 0.02)
            for n in size.sizes
        ]
        found += [
            _runs(f"fig2 right, plain N={n}", _plain, n, size.plain_runs, seed, 2e-3 * n + 0.1)
            for n in size.plain_sizes
        ]
    for name, kind in RATES.items():
        if name in figures:
            arguments = {"kind": kind, "steps": size.rate_steps}
            found.append(Chain(name, rates.followed, arguments, 1, 1e-3 * size.rate_steps))
    return found


def right_name(k: int, run: int) -> str:
    return f"weights {k + 1}, run {run + 1}"


def walk_chains(
    name: str, means: Any, weights: Any, seed: int, key: list[int], steps: int
) -> list[Chain]:
    """Monte Carlo and certified, from one start: their names end in "sampled", "certified"."""
    n = len(weights)
    common = {"means": means, "weights": weights, "steps": steps}
    stride = max(5, round(UNIT_SECONDS / SAMPLE_SECONDS[n]))
    sampled = Chain(
        f"fig1 {name}, sampled", walks.sampled,
        {**common, "seed": seed, "key": key, "stride": stride},
        walks.units_of(steps, stride), SAMPLE_SECONDS[n] * steps,
    )  # fmt: skip
    cost = CERTIFIED_SECONDS[n] * steps
    name, common["rtol"] = f"fig1 {name}, certified", RTOL[n]
    if n in FOLLOWED:
        return [sampled, Chain(name, walks.followed, common, 1, cost)]
    common["stride"] = stride = max(5, round(UNIT_SECONDS / CERTIFIED_SECONDS[n]))
    return [sampled, Chain(name, walks.stepped, common, walks.units_of(steps, stride), cost)]


def _runs(name: str, work: Work, size: int, runs: int, seed: int, seconds: float) -> Chain:
    stride = max(1, min(runs, round(UNIT_SECONDS / seconds)))
    arguments = {"size": size, "runs": runs, "stride": stride, "seed": seed}
    return Chain(name, work, arguments, -(-runs // stride), seconds * runs)


def _bad_starts(arguments: dict[str, Any], k: int, before: Result | None) -> Result:
    n, seed = experiments.BAD_START_STUDENTS, arguments["seed"]
    rows = []
    for d in arguments["dimensions"]:
        sampled = bad_start.sampled(experiments.BAD_STARTS, d, n, seed)
        for c in experiments.BAD_STARTS:
            exact = bad_start.certified(c, d, n)
            rows.append({"constant": c, "d": d, "n": n, **exact, **sampled[str(c)]})
    return {"rows": rows}


def _converged(arguments: dict[str, Any], k: int, before: Result | None) -> Result:
    return {"rows": [statistical.converged(*run) for run in _runs_of(arguments, k)]}


def _plain(arguments: dict[str, Any], k: int, before: Result | None) -> Result:
    return {"rows": [statistical.plain(*run) for run in _runs_of(arguments, k)]}


def _runs_of(arguments: dict[str, Any], k: int) -> list[tuple[int, int, int]]:
    first, stride = k * arguments["stride"], arguments["stride"]
    last = min(first + stride, arguments["runs"])
    return [(arguments["size"], run, arguments["seed"]) for run in range(first, last)]


def described(size: Size) -> dict[str, Any]:
    return asdict(size)
