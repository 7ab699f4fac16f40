"""Batches of the configurations that this paper's claims are about: states, steps, far pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gembounds.points.batch import Batch
from gembounds.points.batches import INSIDE, Ensemble, Rng, anywhere, directions, filled
from gembounds.points.configurations import geometry, log_uniform, mixtures, weights


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
        "delta": directions(rng, size, n, d) * (limit * share)[:, :, None],
        "x": anywhere(rng, batch),
    })  # fmt: skip


def displaced_anyhow(rng: Rng, batch: Batch) -> Batch:
    """Displacements of any length, 1e-2 to 3."""
    size, n, d = batch.means.shape
    length = log_uniform(rng, size * n, 1e-2, 3).reshape(size, n, 1)
    return Batch(batch.means, batch.weights, {"delta": directions(rng, size, n, d) * length})


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
        yield Batch(means, batch.weights, {"imax": first, "x": anywhere(rng, found)})


FAR_SHAPES = (
    (3, 1), (3, 2), (3, 4), (3, 5), (3, 8), (4, 1), (4, 6), (6, 1), (6, 3), (6, 10), (8, 2),
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
        means[::3, 2:, 0] = 0
        reach = log_uniform(rng, 2 * each, 10 / INSIDE, 20).reshape(-1, 2)
        means[:, :2, 0] = sign[:, :2] * root * reach
        shares = weights(rng, each, n)
        shares[::2, 2:] *= log_uniform(rng, len(shares[::2]), 1e-12, 1)[:, None]
        shares /= shares.sum(axis=1, keepdims=True)
        x = np.zeros((each, d))
        x[:, 0] = rng.uniform(-2, 2, each) * root * INSIDE
        yield Batch(means, shares, {"x": x})


PLACED = filled("placed", placed)
STATES = filled("states", stated, 3.0)
STARTS = filled("starts", started, 3.0)
TIMED = filled("timed", timed, 3.0)
STEPS = filled("steps", stepped, 3.0, 2)
TIMED_STEPS = filled("timed steps", stepped_and_timed, 2.0)
MOVED = filled("moved", displaced, 10.0, 2)
MOVED_A_LITTLE = filled("moved a little", displaced, 2.0, 2, 4)
MOVED_ANYHOW = filled("moved anyhow", displaced_anyhow, 5.0, 2)
NEAR, FAR = Ensemble("near", near), Ensemble("far", far)
