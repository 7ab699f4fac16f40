"""Millions of enclosures held against a higher precision, in one resumable run: `make honesty`.

Each task draws from its own seed, encloses, and compares every entry with a ball of 220 bits or
more; of shared grids, with an enclosure of the mixture alone that is asked for a thousand times
more. *Missed*: the ball lies certainly outside the enclosure, wherever in it the value is. *Held*:
certainly inside. The rest is *touching*: the reference is not narrow enough to tell. What is done
is kept beside the page as it is finished, so a run that was ended goes on where it was, as long as
nothing that computes was changed.
"""

from __future__ import annotations

import argparse
import operator
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from flint import arb, fmpq

import gembounds as gb
from gembounds import batch
from gembounds.commands.work import warn
from gembounds.referee.origin import version
from gembounds.tools.errors import InputError
from gembounds.tools.files import try_place, write_file
from gembounds.tools.kept import Results
from gembounds.tools.seeds import seed_of
from gembounds.tools.versions import file_digest
from gembounds.tools.workers import as_done, workers
from gembounds.values.balls import exact_interval
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.enclosure import Enclosure, from_balls
from gembounds.values.precision import working_precision
from tests import many

Pair = tuple[Enclosure, Any]
"""An enclosure, and finite balls, or an enclosure, of the same shape, in which the values lie."""

QUANTITIES = ("loss", "gradient", "overlaps", "psi_tilde_norm2")
SCALES = (1e-8, 1e-5, 1e-3, 0.1, 0.5, 1.0, 2.0, 4.0)
FINE: dict[str, Any] = {"evaluator": "arb", "bits": 220, "rtol": 1e-40}
REFERENCE_BITS = 400
MOST_NODES = 1 << 14
"""Of shared grids: far means take no longer than a task may."""

ROUNDS = 40
"""Draws of one task, an eighth of it where a draw is a whole batch: a second or two."""


def mixture(rng: np.random.Generator) -> gb.Mixture:
    """n to 6; means that span one or two dimensions, in up to 40; norms from 1e-8 to about 20, on
    a line to 300; coincident means and means at 0; weights from even to 1e-12."""
    n, rank = int(rng.integers(1, 7)), int(rng.choice([1, 1, 1, 2]))
    scale = rng.choice([*SCALES, 30.0, 100.0] if rank == 1 else SCALES)
    core = scale * rng.normal(size=(n, rank))
    core[rng.random(n) < 0.1] = 0.0
    if n > 2 and rng.random() < 0.2:
        core[1] = core[0]
    means = np.zeros((n, int(rng.choice([rank, rank + 1, 5, 40]))))
    means[:, rng.permutation(means.shape[1])[:rank]] = core
    if rng.random() < 0.3:
        return gb.Mixture(means)
    shares = rng.dirichlet(np.ones(n)) + 10.0 ** -rng.integers(2, 13)
    exact = [Fraction(float(w)) for w in shares]
    return gb.Mixture(means, [w / sum(exact) for w in exact])


def fine(name: str, mix: gb.Mixture) -> Any:
    return getattr(gb, name)(mix, **FINE).balls


def float64(rng: np.random.Generator) -> Iterator[Pair]:
    mix, rtol = mixture(rng), float(rng.choice([1e-10, 1e-10, 1e-4, 1e-13]))
    for name in QUANTITIES:
        yield getattr(gb, name)(mix, rtol=rtol), fine(name, mix)


def balls(rng: np.random.Generator) -> Iterator[Pair]:
    mix, bits = mixture(rng), int(rng.choice([20, 53, 64, 128]))
    for name in QUANTITIES:
        yield getattr(gb, name)(mix, evaluator="arb", bits=bits), fine(name, mix)


def batches(rng: np.random.Generator) -> Iterator[Pair]:
    n, d = int(rng.choice([2, 2, 2, 3])), int(rng.integers(1, 4))
    means = rng.choice(SCALES) * rng.normal(size=(4, n, d))
    means[:, :, 1 if n == 3 else d :] = 0
    means[1:] = means[:1] * rng.uniform(0.9, 1.1, size=(3, n, 1))  # on one grid
    weights = rng.dirichlet(np.full(n, 2.0), size=4)
    mixtures = [gb.Mixture(m, w) for m, w in zip(means, weights, strict=True)]
    for name in QUANTITIES:
        found = getattr(batch, name)(means, weights)
        yield from ((found[k], fine(name, mix)) for k, mix in enumerate(mixtures))


def shared(kind: str) -> Callable[[np.random.Generator], Iterator[Pair]]:
    """Batches on shared grids; gradients and squares, which are made of overlaps, less often."""

    def drawn(rng: np.random.Generator) -> Iterator[Pair]:
        means, weights = many.KINDS[kind][0](rng)
        rtol = float(rng.choice([1e-3, 1e-4, 1e-6, 1e-8, 1e-10]))
        alone = [gb.Mixture(m, None if weights is None else weights[b])
                 for b, m in enumerate(means)]  # fmt: skip
        sharp = {"rtol": max(1e-13, 1e-3 * rtol), "max_nodes": 2 * MOST_NODES}
        for name in ("overlaps", "loss", *(QUANTITIES if rng.random() < 0.1 else ())):
            found = getattr(batch, name)(means, weights, rtol=rtol, max_nodes=MOST_NODES)
            sure = [getattr(gb, name)(mix, **sharp) for mix in alone]
            lower, upper = np.stack([e.lower for e in sure]), np.stack([e.upper for e in sure])
            yield found, Enclosure(lower, upper)

    return drawn


def posteriors(rng: np.random.Generator) -> Iterator[Pair]:
    mix = mixture(rng)
    x = (rng.normal(size=mix.d) * rng.choice([0.1, 1.0, 10.0, 1e3])).tolist()
    exact = gb.psi(mix, x, evaluator="arb", bits=REFERENCE_BITS).balls
    yield gb.psi(mix, x), exact
    yield gb.psi(mix, x, evaluator="arb", bits=64), exact


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "**": operator.pow,
}  # fmt: skip
UNARY = ("abs", "sqrt", "exp", "log")


def arithmetic(rng: np.random.Generator) -> Iterator[Pair]:
    """Operations on float64 enclosures (points, narrow and wide ones) and on balls, each against
    the value at a place in the operands, an end of them half of the time."""
    in_balls = bool(rng.random() < 0.3)
    (a, x), (b, y) = _operand(rng, in_balls), _operand(rng, in_balls)
    with working_precision(REFERENCE_BITS):
        for name, f in BINARY.items():
            one, at, other, where = a, x, b, y
            if name == "**":  # powers that a rational can hold
                one, at, other, where = abs(a).hull(1e-3), abs(x), b * 2.0**-20, y * arb(2) ** -20
            some = ~((b.lower == 0) & (b.upper == 0)) | (name != "/")
            yield from _defined(f(one[some], other[some]), f(at[some], where[some]))
        for name in UNARY:
            one, at = (abs(a), abs(x)) if name in ("sqrt", "log") else (a, x)
            if name == "exp":
                near = abs(a.mid) + a.rad < 1e4
                one, at = a[near], x[near]
            value = [abs(t) if name == "abs" else getattr(t, name)() for t in at]
            yield from _defined(abs(one) if name == "abs" else getattr(one, name)(), value)
        total = np.array([sum(x, arb(0)), sum(x * y, arb(0))], dtype=object)
        yield a.sum(), total[0]
        yield a @ b, total[1]
        yield a.minimum(b), [s.min(t) for s, t in zip(x, y, strict=True)]
        yield a.max(), max(x)


def _operand(rng: np.random.Generator, in_balls: bool) -> tuple[Enclosure, Any]:
    size = 2.0 ** rng.uniform(-30, 30, 20) if rng.random() < 0.8 else rng.integers(1, 9, 20)
    middle = rng.choice([-1.0, 1.0], 20) * size
    middle[rng.random(20) < 0.05] = 0.0
    width = abs(middle) * rng.choice([0.0, 1e-15, 1e-6, 0.3, 2.0], 20)
    lower, upper = middle - width, middle + width
    share = [Fraction(int(k), 8) for k in rng.choice([0, 8, 0, 8, 1, 4, 7, 3], 20)]
    ends = zip(map(Fraction, lower), map(Fraction, upper), share, strict=True)
    places = [p + t * (q - p) for p, q, t in ends]
    with working_precision(REFERENCE_BITS):
        at = np.array([arb(fmpq(p.numerator, p.denominator)) for p in places], dtype=object)
        if in_balls:
            hulls = [arb(p).union(arb(q)) for p, q in zip(lower, upper, strict=True)]
            return from_balls(hulls), at
    return Enclosure(lower, upper), at


def _defined(found: Enclosure, value: Any) -> Iterator[Pair]:
    """Where the result is not NaN, which claims nothing, and there is a value (not log 0)."""
    finite = np.array([v.is_finite() for v in value], dtype=bool)
    kept = ~np.isnan(found.lower) & finite
    yield found[kept], np.array(list(value), dtype=object)[kept]


KINDS: dict[str, tuple[Callable[[np.random.Generator], Iterator[Pair]], int, str]] = {
    "float64": (float64, 250_000, "L, grad L, overlaps, E psi~^2"),
    "arb": (balls, 200_000, "the same in balls of 20 to 128 bits"),
    "batches": (batches, 150_000, "the same, many mixtures at once, n = 2 and 3"),
    **{
        f"shared: {kind}": (shared(kind), 1_500_000, words)
        for kind, (_, words) in many.KINDS.items()
    },
    "psi": (posteriors, 50_000, "posteriors at points near and far"),
    "arithmetic": (arithmetic, 1_000_000, "+ - * / ** @, abs, sqrt, exp, log, sum, min, max"),
}
"""How pairs are made, how many entries are wanted, and what they are."""


def task(given: tuple[str, int]) -> dict[str, Any]:
    """The counts of one task: (kind, number)."""
    kind, number = given
    rng = np.random.default_rng(seed_of("honesty", kind, number))
    counts: dict[str, Any] = {"kind": kind, "number": number, "held": 0, "missed": [],
                              "touching": 0, "widths": [], "alone": [0, 0]}  # fmt: skip
    for k in range(max(1, ROUNDS // 8) if kind.startswith("shared") else ROUNDS):
        for found, reference in KINDS[kind][0](rng):
            if isinstance(found, BatchEnclosure):
                counts["alone"][0] += int(found.single.sum())
                counts["alone"][1] += len(found.single)
            if isinstance(reference, Enclosure):
                compare_all(counts, found, reference, k)
            else:
                compare(counts, found, np.asarray(reference, dtype=object), k)
    widths = np.sort(counts["widths"])
    counts["widths"] = widths[:: max(1, len(widths) // 50)].tolist()
    return counts


def compare(counts: dict[str, Any], found: Enclosure, reference: Any, draw: int) -> None:
    """Count each entry of ``found``."""
    entries = zip(found.lower.ravel(), found.upper.ravel(), np.ravel(reference), strict=True)
    for low, high, ball in entries:
        least, most = exact_interval(ball)
        if least > high or most < low:
            counts["missed"].append([draw, float(low), float(high), str(ball)])
        elif low <= least and most <= high:
            counts["held"] += 1
        else:
            counts["touching"] += 1
    note_widths(counts, found)


def compare_all(counts: dict[str, Any], found: Enclosure, sure: Enclosure, draw: int) -> None:
    """The same against an enclosure."""
    missed = ~found.meets(sure)
    held = (found.lower <= sure.lower) & (sure.upper <= found.upper)
    for place in np.argwhere(missed).tolist():
        at = tuple(place)
        ends = [x[at] for x in (found.lower, found.upper, sure.lower, sure.upper)]
        counts["missed"].append([draw, *map(float, ends[:2]), f"{ends[2:]} at {at}"])
    counts["held"] += int(held.sum())
    counts["touching"] += int((~held & ~missed).sum())
    note_widths(counts, found)


def note_widths(counts: dict[str, Any], found: Enclosure) -> None:
    width = np.ravel(found.relative_width)
    counts["widths"] += width[np.isfinite(width)].tolist()


def entries(found: dict[str, Any]) -> int:
    return int(found["held"] + found["touching"] + len(found["missed"]))


def page(done: list[dict[str, Any]]) -> str:
    """The figures as Markdown."""
    lines = [
        "# Millions of enclosures against a higher precision", "",
        "Made by `make honesty`: every entry of every enclosure against a ball of "
        f"{FINE['bits']} bits or more, of shared grids against single enclosures a thousand times "
        "sharper (tests/honesty.py says how they are drawn). *Alone*: the part of a batch's "
        "mixtures that went one by one.", "",
        "| what | by | enclosures | missed | held | touching | median width | alone |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for kind, (_, _, words) in KINDS.items():
        mine = [d for d in done if d["kind"] == kind]
        if not mine:
            continue
        widths = [w for d in mine for w in d["widths"]]
        wide = [w for w in widths if w > 0]
        middle = f"{np.median(wide):.2g}" if wide else "-"
        alone, of = (sum(d["alone"][k] for d in mine) for k in (0, 1))
        share = f"{alone / of:.1%} of {of:,}" if of else ""
        lines.append(
            f"| {words} | {kind} | {sum(map(entries, mine)):,} | "
            f"{sum(len(d['missed']) for d in mine)} | {sum(d['held'] for d in mine):,} | "
            f"{sum(d['touching'] for d in mine):,} | {middle} | {share} |"
        )
    missed = sum(len(d["missed"]) for d in done)
    lines += [
        "", f"**{sum(map(entries, done)):,} enclosures, {missed} missed.** *Touching*: the "
        "reference is no narrower than the end that it meets, or the value is the end itself. "
        "Widths are relative, over those that are not exact.", "",
        f"NumPy {np.__version__}, gembounds {gb.__version__}, {len(done):,} tasks.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


TOGETHER = 8
"""Tasks after which it is looked whether there are enough (a choice)."""


def run(out: Path, share: float, jobs: int, only: str = "", dask: str | None = None) -> int:
    """Work off what is wanted (``share`` of it) and is not kept; 1 where one was missed."""
    done: list[dict[str, Any]] = []
    with workers(jobs, dask) as those:
        those.version = version
        now = {**version(), "many": file_digest(Path(many.__file__)), "rounds": ROUNDS}
        those.kept = Results(out.with_suffix(".kept"), now, warn)
        for kind, (_, wanted, _) in KINDS.items():
            if not kind.startswith(only):
                continue
            count, number = 0, 0
            while count < wanted * share:
                tasks = [(task, (kind, number + k)) for k in range(TOGETHER)]
                for one in as_done(those, tasks):
                    done.append(one.result)
                    count += entries(one.result)
                number += TOGETHER
                sys.stderr.write(f"{kind}: {count:,} of {wanted * share:,.0f}\n")
        those.kept.close()
    write_file(out, page(done))
    return int(any(d["missed"] for d in done))


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("reports/honesty.md"))
    parser.add_argument("--share", type=float, default=1.0, help="of a million")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--dask", help="the scheduler of a dask cluster, in place of --jobs")
    parser.add_argument("--only", default="", help="kinds that start so")
    options = parser.parse_args(given)
    if not any(kind.startswith(options.only) for kind in KINDS):
        parser.error(f"--only {options.only}: choose the start of one of {', '.join(KINDS)}")
    try:
        try_place(options.out)
    except InputError as error:
        parser.error(f"--out {error}")
    return run(options.out, options.share, options.jobs, options.only, options.dask)


if __name__ == "__main__":
    sys.exit(main())
