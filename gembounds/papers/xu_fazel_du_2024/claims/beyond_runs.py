"""Runs of gradient EM and of EM proper from a start, and L along them: what the rates speak of.

A point is the start mu(0), ``steps`` step sizes and, for gradient EM, ``sizes``: those of the
steps in turn, from the first again after the last, each in (0, 2); sigma_t is the sum of
eta_s (2 - eta_s) over s < t. Every entry of a side is a time t = 1, ..., ``steps``.

Evaluation: :func:`gembounds.em.trajectory` encloses L of the exact trajectory, by float64 on the
first rung, then in balls where that is not too slow. Runs that are too long for a rung are unknown
there (``NODES_A_STEP``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.claims.section_5_rate import not_run
from gembounds.papers.xu_fazel_du_2024.claims.states import away_from_zero
from gembounds.papers.xu_fazel_du_2024.vocabulary import named
from gembounds.points.batch import Batch, FloatArray
from gembounds.points.batches import Rng, filled
from gembounds.points.configurations import log_uniform
from gembounds.points.point import Point
from gembounds.statements import SEVERAL
from gembounds.statements.conditions import Part, part
from gembounds.statements.domain import Domain
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.statements.operations import Operations

NODES_A_STEP = 1024
"""What a step counts for of a rung's nodes (a choice: 1,024 steps are run where points are decided
in float64, 128 and fewer in balls, and 64, for some 0.1 s, where the optimiser takes margins)."""

RTOL = 1e-12
"""Of the overlaps in float64: bounds are compared with L after many steps."""


def sizes_of(point: Point) -> list[Fraction]:
    """The step sizes, one a step."""
    sizes = point["sizes"]
    return [sizes[t % len(sizes)] for t in range(point["steps"])]


def losses(ops: Operations, point: Point, kind: str) -> list[Any]:
    """L(mu(t)) for t = 0, ..., steps as balls; unknown where the run is not within reach."""
    steps, mix = point["steps"], point.mix
    etas = sizes_of(point) if kind == "gradient" else None
    key = f"losses of {kind}, {etas if etas else steps}, {ops.rung}"
    found: list[Any] = mix.kept(key, lambda: _losses(ops, mix, etas, steps, kind))
    return found


def _losses(
    ops: Operations, mix: Mixture, etas: list[Fraction] | None, steps: int, kind: str
) -> list[Any]:
    from gembounds import em
    from gembounds.statements.operations import interval_ball

    unknown = [ops.unknown()] * (steps + 1)
    options: dict[str, Any] = {"rtol": RTOL}
    if steps > ops.rung.max_nodes // NODES_A_STEP:
        return unknown
    if ops.rung.evaluator == "arb":
        options = {"evaluator": "arb", "bits": min(ops.rung.bits, 512)}
        if not ops.in_reach(mix, grids=steps + 1):
            return unknown
    try:
        run = em.trajectory(mix, etas, steps, kind=kind, **options)
    except InputError:  # beyond the range of float64
        return unknown
    if run.loss.balls is not None:
        return [ops.ball(x) for x in run.loss.balls.tolist()]
    ends = zip(run.loss.lower.tolist(), run.loss.upper.tolist(), strict=True)
    return [interval_ball(low, high) for low, high in ends]


# -- estimates over batches ----------------------------------------------------------------------
def _walked(b: Batch, kind: str) -> FloatArray:
    """L at t = 1, ..., steps, (B, steps), all rows of a batch with as many steps."""

    def walk() -> FloatArray:
        state, found = b, []
        for t in range(int(b["steps"][0])):
            if kind == "gradient":
                eta = b["sizes"][:, t % b["sizes"].shape[1], None, None]
                means = state.means - eta * state.gradient
            else:
                means = em_means(state)
            state = b.moved(means)
            found.append(state.loss)
        return np.stack(found, axis=1)

    found: FloatArray = b.kept(f"losses of {kind}", walk)
    return found


def em_means(b: Batch) -> FloatArray:
    """The means after a step of EM proper, (B, n, d)."""
    means: FloatArray = b.means - b.gradient / b.resolved_overlaps.sum(axis=2)[:, :, None]
    return means


def _sums(b: Batch, of: Any) -> FloatArray:
    steps, sizes = int(b["steps"][0]), b["sizes"]
    each = np.stack([of(sizes[:, t % sizes.shape[1]]) for t in range(steps)], axis=1)
    return np.asarray(np.cumsum(each, axis=1))


def _product(eta: Any) -> Any:
    return eta * (2 - eta)


# -- words ---------------------------------------------------------------------------------------
loss_along = named(
    "loss_along", "L(mu(t))", r"L(\mu(t))", lambda ops, p: losses(ops, p, "gradient")[1:],
    axes="*", interval=not_run, needs=("loss", "gradient"),
    meaning="after t steps of gradient EM, t = 1, 2, ...",
    estimate=lambda b: _walked(b, "gradient"),
)  # fmt: skip
loss_along_em = named(
    "loss_along_em", "L(mu(t))", r"L(\mu(t))", lambda ops, p: losses(ops, p, "em")[1:],
    axes="*", interval=not_run, needs=("loss", "gradient"),
    meaning="after t steps of EM proper, t = 1, 2, ...",
    estimate=lambda b: _walked(b, "em"),
)  # fmt: skip
sigma = named(
    "sigma", "sigma_t", r"\sigma_t", lambda ops, p: list(accumulate(map(_product, sizes_of(p)))),
    axes="*", mixture=False, meaning="the sum of eta_s (2 - eta_s) over s < t",
    estimate=lambda b: _sums(b, _product),
)  # fmt: skip
travelled = named(
    "travelled", "tau_t", r"\tau_t", lambda ops, p: list(accumulate(sizes_of(p))),
    axes="*", mixture=False, meaning="the sum of eta_s over s < t",
    estimate=lambda b: _sums(b, lambda eta: eta),
)  # fmt: skip
largest_size = named(
    "largest_size", "max_s eta_s", r"\max_s \eta_s", lambda ops, p: max(sizes_of(p)),
    mixture=False, meaning="the largest step size", estimate=lambda b: b["sizes"].max(axis=1),
)  # fmt: skip
time = named(
    "time", "t", "t", lambda ops, p: [Fraction(t) for t in range(1, p["steps"] + 1)],
    axes="*", mixture=False, meaning="the number of steps",
    estimate=lambda b: np.tile(np.arange(1.0, b["steps"][0] + 1), (len(b), 1)),
)  # fmt: skip


# -- where ---------------------------------------------------------------------------------------
SCALES = tuple(map(Fraction, ["1", "1/2", "1/4", "2", "1/10", "1/100"]))
SHIFTS = tuple(map(Fraction, ["0", "0", "0", "1", "-3", "1/10"]))
SIZES = tuple(map(Fraction, ["1", "7/10", "1/10", "19/10", "3/2", "1/1000", "1999/1000", "1/2"]))
STEPS = (1, 2, 3, 5, 8, 12, 12, 24, 24, 60)


def starts(smallest_weight: int = 12, scales: Sequence[Fraction] = SCALES) -> Any:
    """Mixtures of 2 to 6 components that span at most three dimensions."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import core_means, weights

    @st.composite
    def start(draw: DrawFn) -> Mixture:
        n, rank = draw(st.sampled_from((2, 2, 3, 3, 4, 6))), draw(st.sampled_from((1, 1, 2, 2, 3)))
        scale, shift = draw(st.sampled_from(scales)), draw(st.sampled_from(SHIFTS))
        rows = [[scale * x for x in row] for row in draw(core_means(n, rank))]
        rows = [[*row, shift] for row in rows] if shift and rank < 3 else rows
        return Mixture(rows, draw(weights(n, smallest_weight)))

    return start().map(away_from_zero)


def runs_from(mixtures: Any, sizes: bool = True) -> SearchStrategy[Point]:
    """Those starts with step sizes, one to five of them in turn, and a number of steps."""
    from hypothesis import strategies as st

    size = st.one_of(st.sampled_from(SIZES), st.integers(1, 63).map(lambda k: Fraction(k, 32)))
    steps = st.fixed_dictionaries(
        {"steps": st.sampled_from(STEPS)}
        | ({"sizes": st.lists(size, min_size=1, max_size=5).map(tuple)} if sizes else {})
    )
    return st.tuples(mixtures, steps).map(lambda t: Point(t[0], t[1]))


def has_steps(ops: Any, point: Point) -> Iterator[Part]:
    """Two components or more that are not all at 0, a step or more."""
    yield from SEVERAL.test(ops, point)
    yield part("U(0) > 0", ops.U(point.mix), ">", 0)
    yield part("steps >= 1", point["steps"], ">=", 1)


def has_sizes(ops: Any, point: Point) -> Iterator[Part]:
    """The same, and step sizes in (0, 2)."""
    yield from has_steps(ops, point)
    yield part("smallest step size > 0", min(point["sizes"]), ">", 0)
    yield part("largest step size < 2", max(point["sizes"]), "<", 2)


def sized(rng: Rng, batch: Batch) -> Batch:
    """Eight steps of three sizes in turn."""
    count = len(batch)
    sizes = 2 - log_uniform(rng, 3 * count, 0.05, 1.99).reshape(count, 3)
    steps = np.full(count, 8)
    return Batch(batch.means, batch.weights, {"sizes": sizes, "steps": steps})


def timed(rng: Rng, batch: Batch) -> Batch:
    """Eight steps."""
    return Batch(batch.means, batch.weights, {"steps": np.full(len(batch), 8)})


def opposite(mix: Mixture) -> Mixture:
    """The mixture and its mirror image, half the weight each: symmetric under mu -> -mu."""
    means, weights = mix.exact_means, mix.exact_weights
    return Mixture([*means, *([-x for x in row] for row in means)], [w / 2 for w in weights * 2])


def _is_symmetric(ops: Any, point: Point) -> Iterator[Part]:
    yield from has_sizes(ops, point)
    found = list(zip(map(tuple, ops.means(point.mix)), ops.weights(point.mix), strict=True))
    turned = [(tuple(-x for x in mean), weight) for mean, weight in found]
    yield Part("symmetric under mu -> -mu, with weights", sorted(found) == sorted(turned))


def _opposite_pairs(rng: Rng, batch: Batch) -> Batch:
    means = np.concatenate([batch.means, -batch.means], axis=1)
    short = np.minimum(1, 0.7 / np.sqrt((means**2).sum(axis=(1, 2), keepdims=True)))
    weights = np.concatenate([batch.weights, batch.weights], axis=1) / 2
    sizes = sized(rng, batch).parameters
    return Batch(means * short, weights, {**sizes, "sizes": sizes["sizes"] / 2})


GRADIENT_RUNS = Domain(
    "runs of gradient EM", has_sizes, lambda: runs_from(starts()),
    filled("runs of gradient EM", sized, 3.0, 2, 4),
    text="after t >= 1 steps of sizes eta_s in (0, 2)",
)  # fmt: skip
EM_RUNS = Domain(
    "runs of EM", has_steps, lambda: runs_from(starts(3, SCALES[:3]), sizes=False),
    filled("runs of EM", timed, 3.0, 2, 4), text="after t >= 1 steps of EM proper",
)  # fmt: skip
SYMMETRIC_RUNS = Domain(
    "symmetric runs of gradient EM", _is_symmetric,
    lambda: runs_from(starts(scales=SCALES[4:]).map(opposite)),
    filled("symmetric runs of gradient EM", _opposite_pairs, 3.0, 2, 3),
    text="means and weights symmetric under mu -> -mu, after t >= 1 steps of sizes eta_s in "
    "(0, 2)",
)  # fmt: skip
