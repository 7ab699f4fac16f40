"""Sample gradient EM: the expectation replaced by the mean over data, many runs at once.

    g_i = mean over the batch of psi_i(x) (mu_i - x),    mu_i <- mu_i - eta g_i

A run has *converged* at the first step t that is looked at where the Euclidean norm of its
full-batch gradient (over all n d entries) is at most ``stop["gradient_norm"]``. With full batches
every step is looked at, with minibatches every ceil(N / batch)-th. A converged run stays where it
is. Values are float64 without error bounds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.sample_gradient import gradients
from gembounds.dynamics.trajectory.stepsize import DEFAULT_ETA, StepSizes
from gembounds.dynamics.trajectory.stop import StoppingRule
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown

FloatArray = npt.NDArray[np.float64]

DEFAULT_STOP = {"gradient_norm": 1e-6}


@dataclass(frozen=True, eq=False)
class SampleRuns:
    """``means`` (runs, n, d) at the end; ``steps`` (runs,) taken; ``converged`` (runs,);
    ``gradient_norm`` (runs,), of the full batch where last looked at; ``seed`` of the
    minibatches; ``history`` (len(recorded), runs, n, d), the means at the steps ``recorded``."""

    means: FloatArray
    weights: FloatArray
    steps: npt.NDArray[np.int64]
    converged: npt.NDArray[np.bool_]
    gradient_norm: FloatArray
    seed: int
    batch: int | None
    recorded: tuple[int, ...] = ()
    history: FloatArray | None = None

    @property
    def parametric_distance(self) -> FloatArray:
        """sum_i pi_i |mu_i|^2 at the end, (runs,)."""
        return np.asarray(np.einsum("i,rij,rij->r", self.weights, self.means, self.means))


@np.errstate(over="ignore", invalid="ignore")
def sample_trajectories(
    data: Any,
    means: Any,
    weights: Any = None,
    eta: Any = DEFAULT_ETA,
    steps: int = 1000,
    *,
    batch: int | None = None,
    seed: int = 0,
    stop: Any = DEFAULT_STOP,
    record: Any = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> SampleRuns:
    """Sample gradient EM, many runs at once: at most ``steps`` steps from ``means`` (runs, n, d)
    or (n, d), each run on ``data`` (N, d), shared, or (runs, N, d), its own.

    ``weights`` (n,) or None for equal; ``eta`` as :func:`gembounds.em.trajectory`'s; ``batch``
    points a step, drawn with replacement from a generator of each run's own (children of
    ``seed``), or None for all; ``stop`` {"gradient_norm": g} or None; ``record``: steps at which
    the means are kept. Raises :class:`InputError` for shapes and numbers that do not fit, and
    where a run leaves the range of float64.
    """
    start, points = _checked(data, means)
    runs = len(start)
    share = Mixture(start[0], weights).weights
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise InputError(f"steps is {steps!r}: choose a whole number >= 0")
    size = points.shape[-2]
    if batch is not None and (isinstance(batch, bool) or not isinstance(batch, int) or batch < 1):
        raise InputError(f"batch is {shown(batch)}: choose a whole number >= 1, or None for all")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed is {shown(seed)}: choose a whole number >= 0")
    sizes, level = StepSizes(eta, steps), _level(stop)
    kept = _kept(record)
    draws = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(runs)]
    every = 1 if batch is None else -(-size // batch)
    state, log_weights = start.copy(), np.log(share)
    taken, done = np.zeros(runs, dtype=np.int64), np.zeros(runs, dtype=bool)
    norms = np.full(runs, np.inf)
    history = []
    active = np.arange(runs)
    for t in range(steps + 1):
        look = t % every == 0 or t == steps
        slope = np.empty(0)
        if len(active) and (look or batch is None):
            slope = _finite(gradients(points, state[active], log_weights, active), t)
            norms[active] = np.sqrt((slope * slope).sum(axis=(1, 2)))
            going = ~(norms[active] <= level)
            done[active[~going]] = True
            active, slope = active[going], slope[going]
        if t in kept:
            history.append(state.copy())
        if progress is not None:
            progress(t, steps, f"{len(active)} runs not converged")
        if t == steps or (not len(active) and (not kept or t >= kept[-1])):
            break
        if not len(active):
            continue
        if batch is not None:
            drawn = np.stack([
                (points if points.ndim == 2 else points[r])[draws[r].integers(size, size=batch)]
                for r in active
            ])  # fmt: skip
            slope = _finite(gradients(drawn, state[active], log_weights), t)
        state[active] -= float(sizes[t]) * slope
        taken[active] += 1
    return SampleRuns(
        state, share, taken, done, norms, seed, batch,
        tuple(t for t in kept if t <= steps)[: len(history)],
        np.array(history).reshape(len(history), *start.shape) if kept else None,
    )  # fmt: skip


def _finite(slope: FloatArray, t: int) -> FloatArray:
    if not np.isfinite(slope).all():
        raise InputError(
            f"the gradient at step {t} leaves the range of float64: give smaller means, smaller "
            "data or a smaller eta"
        )
    return slope


def _kept(record: Any) -> tuple[int, ...]:
    try:
        return tuple(sorted({operator.index(t) for t in record}))
    except TypeError:
        raise InputError(f"record is {shown(record)}: give whole numbers of steps") from None


def _level(stop: Any) -> float:
    levels = dict(StoppingRule.of(stop).levels)
    if "loss" in levels:
        raise InputError("stop has the key 'loss': runs on data have only gradient_norm")
    return levels.get("gradient_norm", -1.0)


def _checked(data: Any, means: Any) -> tuple[FloatArray, FloatArray]:
    start, points = _floats(means, "means"), _floats(data, "data")
    if start.ndim == 2:
        start = start[None]
        if points.ndim == 3:
            start = np.repeat(start, len(points), axis=0)
    if start.ndim != 3 or 0 in start.shape:
        raise InputError(f"means has shape {start.shape}: give (runs, n, d) or (n, d)")
    if points.ndim not in (2, 3) or 0 in points.shape:
        raise InputError(f"data has shape {points.shape}: give (N, d) or (runs, N, d)")
    if points.shape[-1] != start.shape[-1]:
        raise InputError(
            f"data has {points.shape[-1]} coordinates and the means {start.shape[-1]}: "
            "give both the same"
        )
    if points.ndim == 3 and len(points) != len(start):
        raise InputError(
            f"data is for {len(points)} runs and means for {len(start)}: give both the same"
        )
    return start, points


def _floats(values: Any, name: str) -> FloatArray:
    try:
        out = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} is no array of numbers: give floats") from None
    if not np.isfinite(out).all():
        raise InputError(f"{name} has an entry that is not finite: give finite numbers")
    return out
