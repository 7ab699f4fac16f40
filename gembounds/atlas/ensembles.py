"""What is drawn for which claims: mixtures and the parameters that a claim's points have.

An ensemble is a function of a generator and a count: batches with at least that many
configurations in all. Each keeps to the domain of its claims by construction, up to what a
side's own mask leaves out. ``filled`` ensembles can also take mixtures that are given, which is
what maps need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gembounds.atlas.batch import Batch, FloatArray
from gembounds.atlas.configurations import (
    SHAPES,
    geometry,
    log_uniform,
    mixtures,
    weights,
)

Rng = np.random.Generator
Fill = Callable[[Rng, Batch], Batch]
Ensemble = Callable[[Rng, int], Iterator[Batch]]

INSIDE = 1 - 1e-9
"""What keeps a float64 number that is meant to be at an end just inside."""


def plain(rng: Rng, batch: Batch) -> Batch:
    return batch


def placed(rng: Rng, batch: Batch) -> Batch:
    """x at random, along a mean or across two, 1e-2 to 1e2 long; i, j, t in [-1, 1]; imax a
    longest mean and k one distant from it (the farthest)."""
    size, n, d = batch.means.shape
    rows = np.arange(size)
    i, j = rng.integers(0, n, size=(2, size))
    x = np.zeros((size, d))
    x[:, : min(d, 3)] = rng.normal(size=(size, min(d, 3)))
    along = batch.means[rows, i] - np.where(i == j, 0, 1)[:, None] * batch.means[rows, j]
    use = (rng.random(size) < 0.4) & (np.abs(along).sum(axis=1) > 0)
    x = np.where(use[:, None], along, x)
    x *= (log_uniform(rng, size, 1e-2, 1e2) / np.sqrt((x**2).sum(axis=1)))[:, None]
    imax = batch.norms2.argmax(axis=1)
    k = batch.distances2[rows, imax].argmax(axis=1)
    t = rng.uniform(-1, 1, size)
    drawn = {"x": x, "i": i, "j": j, "t": t, "imax": imax, "k": k}
    return Batch(batch.means, batch.weights, drawn)


def stated(rng: Rng, batch: Batch) -> Batch:
    """t = 0, or a later state with U(0)/U(mu) to 3; ``share`` of the largest step size, and
    ``s`` in [0, 1]."""
    size, n = batch.means.shape[:2]
    growth = np.maximum(1 / INSIDE, log_uniform(rng, size, 0.5, 3))
    total = batch.U * growth
    top = total * (1 / n + rng.random(size) * (1 - 1 / n)) * INSIDE + total / n * (1 - INSIDE)
    return Batch(batch.means, batch.weights, {
        "share": log_uniform(rng, size, 1e-6, 1), "s": rng.random(size),
        "start_U": total, "start_top": np.clip(top, total / n / INSIDE, total * INSIDE),
    })  # fmt: skip


def started(rng: Rng, batch: Batch) -> Batch:
    """t = 0: the state is the start, any share of the largest step size."""
    return Batch(batch.means, batch.weights, {"share": log_uniform(rng, len(batch), 1e-6, 1)})


def timed(rng: Rng, batch: Batch) -> Batch:
    """A start and a number of steps, 1 to 10^6: far fewer than take L down, whose enclosure
    for all t at once is narrow there."""
    steps = np.rint(log_uniform(rng, len(batch), 1, 1e6)).astype(np.int64)
    return Batch(batch.means, batch.weights, {**started(rng, batch).parameters, "t": steps})


def stepped(rng: Rng, batch: Batch) -> Batch:
    """eta in (0, 1], from 1e-3 on, and s in [0, 1]."""
    eta = log_uniform(rng, len(batch), 1e-3, 1) * INSIDE
    return Batch(batch.means, batch.weights, {"eta": eta, "s": rng.uniform(0.05, 1, len(batch))})


def stepped_and_timed(rng: Rng, batch: Batch) -> Batch:
    """eta from 1e-3 to 1, one step or two."""
    return Batch(batch.means, batch.weights, {
        "eta": log_uniform(rng, len(batch), 1e-3, 1) * INSIDE,
        "t": rng.integers(1, 3, len(batch)),
    })  # fmt: skip


def displaced(rng: Rng, batch: Batch) -> Batch:
    """Displacements: 1e-3 of the largest that Theorem 13 allows to all of it, each mean alone or
    all together; one in five means stays."""
    size, n, d = batch.means.shape
    limit = 1 / np.maximum(6 * d, 2 * batch.norms)
    share = log_uniform(rng, size * n, 1e-3, 1).reshape(size, n) * INSIDE
    share = np.where(rng.random((size, 1)) < 0.2, INSIDE, share)
    share = np.where(rng.random((size, n)) < 0.2, 0, share)
    share[:, 0] = np.where(share.any(axis=1), share[:, 0], 0.5)
    return Batch(batch.means, batch.weights, {
        "delta": _directions(rng, size, n, d) * (limit * share)[:, :, None],
        "x": _anywhere(rng, batch),
    })  # fmt: skip


def displaced_anyhow(rng: Rng, batch: Batch) -> Batch:
    """Displacements of any length, 1e-2 to 3."""
    size, n, d = batch.means.shape
    length = log_uniform(rng, size * n, 1e-2, 3).reshape(size, n, 1)
    return Batch(batch.means, batch.weights, {"delta": _directions(rng, size, n, d) * length})


def _directions(rng: Rng, size: int, n: int, d: int) -> FloatArray:
    """Unit vectors in the first two coordinates, the same for all means in every third row."""
    m = min(d, 2)
    u = rng.normal(size=(size, n, m))
    u[::3] = u[::3, :1]
    out = np.zeros((size, n, d))
    out[:, :, :m] = u / np.sqrt((u**2).sum(axis=2, keepdims=True))
    return out


def _anywhere(rng: Rng, batch: Batch) -> FloatArray:
    size, _, d = batch.means.shape
    x = np.zeros((size, d))
    x[:, : min(d, 3)] = rng.normal(size=(size, min(d, 3)))
    return x * log_uniform(rng, size, 1e-2, 1e2)[:, None]


def near(rng: Rng, count: int) -> Iterator[Batch]:
    """No mean is distant from the longest: |mu_k - mu_1| < |mu_1|/2, |mu_k| <= |mu_1|; x from
    1e-2 to 1e2."""
    for batch in mixtures(rng, count, rank=2):
        base = batch.means[:, :1]
        size = np.sqrt((base**2).sum(axis=2, keepdims=True))
        base = np.where(size > 0, base, 0)
        base[:, :, 0] += np.where(size[:, :, 0] > 0, 0, 1)
        size = np.sqrt((base**2).sum(axis=2, keepdims=True))
        move = geometry(rng, "isotropic", len(batch), batch.n, min(batch.d, 2))
        move /= np.sqrt((move**2).sum(axis=2, keepdims=True))
        short = log_uniform(rng, batch.n * len(batch), 1e-9, 1).reshape(-1, batch.n, 1)
        reach = size / 2 * (1 - short)
        means = np.repeat(base, batch.n, axis=1)
        means[:, :, : move.shape[2]] += move * reach
        length = np.sqrt((means**2).sum(axis=2, keepdims=True))
        means *= np.minimum(1, INSIDE * size / length)  # onto a ball: no farther from mu_1
        means[:, 0] = base[:, 0]
        found = Batch(means, batch.weights)
        first = np.zeros(len(batch), dtype=np.int64)
        yield Batch(means, batch.weights, {"imax": first, "x": _anywhere(rng, found)})


FAR_SHAPES = (
    (2, 1), (2, 4), (3, 1), (3, 2), (3, 5), (3, 8), (4, 1), (4, 6), (6, 1), (6, 3), (6, 10),
)  # fmt: skip


def far(rng: Rng, count: int) -> Iterator[Batch]:
    """|mu_1|, |mu_2| from 10 to 20 sqrt(d), the others to sqrt(d), on a line; |x| <= 2 sqrt(d).
    Every second point has near means that weigh next to nothing."""
    each = -(-count // len(FAR_SHAPES))
    for n, d in FAR_SHAPES:
        root = np.sqrt(d)
        means = np.zeros((each, n, d))
        sign = rng.choice([-1.0, 1.0], size=(each, n))
        means[:, :, 0] = sign * root * rng.random((each, n)) * INSIDE
        means[:: 3, 2:, 0] = 0
        reach = log_uniform(rng, 2 * each, 10 / INSIDE, 20).reshape(-1, 2)
        means[:, :2, 0] = sign[:, :2] * root * reach
        shares = weights(rng, each, n)
        shares[::2, 2:] *= log_uniform(rng, len(shares[::2]), 1e-12, 1)[:, None]
        shares /= shares.sum(axis=1, keepdims=True)
        x = np.zeros((each, d))
        x[:, 0] = rng.uniform(-2, 2, each) * root * INSIDE
        yield Batch(means, shares, {"x": x})


def of(fill: Fill, largest: float, rank: int, most: int) -> Ensemble:
    """Mixtures of up to ``most`` components with what ``fill`` adds."""

    def drawn(rng: Rng, count: int) -> Iterator[Batch]:
        shapes = tuple(shape for shape in SHAPES if shape[0] <= most)
        for batch in mixtures(rng, count, shapes, rank=rank, largest=largest):
            yield fill(rng, batch)

    return drawn


FILLED: dict[str, tuple[Fill, float, int, int]] = {
    "plain": (plain, np.inf, 3, 10),
    "plane": (plain, 2.0, 2, 6),
    "placed": (placed, np.inf, 3, 10),
    "states": (stated, 3.0, 3, 10),
    "starts": (started, 3.0, 3, 10),
    "timed": (timed, 3.0, 3, 10),
    "steps": (stepped, 3.0, 2, 10),
    "timed steps": (stepped_and_timed, 2.0, 3, 10),
    "moved": (displaced, 10.0, 2, 10),
    "moved a little": (displaced, 2.0, 2, 4),
    "moved anyhow": (displaced_anyhow, 5.0, 2, 10),
}
"""Ensembles of general mixtures: what is added, the largest mu_max, rank and n."""

ENSEMBLES: dict[str, Ensemble] = {
    **{name: of(*how) for name, how in FILLED.items()},
    "near": near,
    "far": far,
}
