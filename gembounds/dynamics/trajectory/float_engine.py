"""Runs in float64: states, accuracy, what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.dynamics.trajectory.checkpoint import packed, unpacked
from gembounds.dynamics.trajectory.em_map import EmMap
from gembounds.dynamics.trajectory.float_step import State, evaluate, norm
from gembounds.dynamics.trajectory.gradient_map import GradientMap
from gembounds.dynamics.trajectory.quantities import TINY, quantities_of
from gembounds.dynamics.trajectory.record import Trajectory
from gembounds.dynamics.trajectory.settings import Settings
from gembounds.dynamics.trajectory.start import Start, Starts, start_of
from gembounds.dynamics.trajectory.weights_map import WeightsMap
from gembounds.evaluators.float64.loss import half_square
from gembounds.evaluators.options import MAX_RTOL, MIN_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

SAVED = ("means", "slopes", "errors", "losses", "distance")

NAMES = (*SAVED, "flat")
"""The last is the distance as a Euclidean one."""

MARGIN = 0.6
"""Part of ``gradient_rtol`` aimed at: a step or two ahead the gradient is smaller (a choice)."""

LOSS_SHARE = 10.0
"""Error of L relative to itself over ``gradient_rtol`` (a choice: L is only recorded)."""

TRIES = 4


class Run:
    """What is kept of one run, state after state; ``name`` begins what is said of it, ``single``
    counts the states that were evaluated one by one."""

    def __init__(self, settings: Settings, start: Start, name: str = "") -> None:
        self.settings, self.start, self.name = settings, start, name
        self.kept: dict[str, list[Any]] = {name: [] for name in NAMES}
        self.weights: list[Any] = []  # where they move
        self.single = 0

    @np.errstate(all="ignore")
    def result(self, etas: Sequence[Fraction], why: str) -> Trajectory:
        """The run so far."""
        found = [recorded([self], slice(None), exact) for exact in (True, False)]
        ends: dict[str, Any] = {name: Enclosure(*x) for name, x in found[0].items()}
        computed = {name: Enclosure(*x) for name, x in found[1].items()}
        return Trajectory(
            self.start.back(np.array(self.kept["means"])), self._weights(),
            np.array(self.kept["flat"]), eta=tuple(etas), kind=self.settings.kind,
            evaluator="float64", stopped=why, gradient_error=self._relative(), computed=computed,
            **ends,
        )  # fmt: skip

    def _weights(self) -> FloatArray:
        """Of the components in the order given: (n,), or (T+1, n) where they move."""
        if not self.weights:
            return self.start.given.weights
        each = np.array(self.weights) / self.start.counts
        given = np.empty_like(each)
        given[:, self.start.canonical.rows] = each
        return np.asarray(given[:, self.start.classes.place])

    def _relative(self) -> FloatArray:
        """The gradients' errors relative to the exact gradients at the states; 0 where all means
        are 0. ``TINY`` covers squares that underflow."""
        means, slopes, errors = (np.array(self.kept[x]) for x in NAMES[:3])
        size, error = (
            np.sqrt((x * x).sum(axis=2) @ self.start.counts) * (1 + 1e-9) for x in (slopes, errors)
        )
        error += TINY
        relative = error / np.maximum(size * (1 - 4e-9) - error, 0.0)
        relative = np.where(np.isnan(relative), np.inf, relative)
        if not self.start.data.at_origin:
            return relative
        return np.where(means.any(axis=(1, 2)), relative, 0.0)


class FloatEngine:
    """Runs of one structure, of the same settings but for the mixture, one state after another;
    ``distance`` (B,) is in the map's own norm."""

    def __init__(self, settings: Settings, runs: Sequence[Run] = ()) -> None:
        self.settings = settings
        self.runs = list(runs) or [Run(settings, start_of(settings.mix, settings.data))]
        self.start = Starts.of([run.start for run in self.runs])
        kind = GradientMap if settings.kind == "gradient" else EmMap
        if settings.update_weights:
            kind = WeightsMap
        self.map: GradientMap | EmMap = kind(self.start, settings.steps)
        self.rtol = settings.rtol if settings.rtol is not None else MAX_RTOL
        self.used = self.rtol  # at the last state; ``rtol`` is for the next
        self.loss_rtol: float | None = None
        self.state: State
        self.distance: FloatArray

    def begin(self) -> None:
        """The starts."""
        state = self._accurate(np.array([one.merged.means for one in self.start.each]), None)
        self._keep(state, self.map.first_distance(state))

    def advance(self, eta: Fraction) -> None:
        """One step."""
        means, distance = self.map.step(self.state, eta, self.distance)
        good = np.isfinite(means).all(axis=(1, 2))
        if not good.all():
            run = self.runs[int(np.argmin(good))]
            raise InputError(
                f"{run.name}step {len(run.kept['means'])} leaves the range of float64: give "
                "smaller means or a smaller eta"
            )
        self._keep(self._accurate(means, self.map.shares(self.state)), distance)

    def keep(self, index: IndexArray) -> None:
        """Go on with some of the runs."""
        self.runs = [self.runs[b] for b in index.tolist()]
        self.start, self.state = self.start.taken(index), self.state.taken(index)
        self.distance = self.distance[index]
        self.map.keep(index)

    def _keep(self, state: State, distance: FloatArray) -> None:
        self.state, self.distance = state, distance
        rows = zip(
            state.means, state.gradient, state.error, state.loss, distance.tolist(),
            self.map.euclidean(distance).tolist(), strict=True,
        )  # fmt: skip
        for run, row in zip(self.runs, rows, strict=True):
            for name, value in zip(NAMES, row, strict=True):
                run.kept[name].append(value)
        if self.settings.update_weights:
            shares = self.start.weights if state.shares is None else state.shares
            for run, one in zip(self.runs, shares, strict=True):
                run.weights.append(one)
        for b in state.single.nonzero()[0].tolist():
            self.runs[b].single += 1

    def _accurate(self, means: FloatArray, shares: FloatArray | None) -> State:
        """The states at the accuracy wanted: with ``gradient_rtol`` (of one run), the overlaps' is
        lowered until the gradient's error is small enough, and raised where it is needlessly
        small."""
        wanted, self.used = self.settings.gradient_rtol, self.rtol
        if wanted is None:
            return evaluate(self.start, means, shares, self.rtol)
        kept = self.runs[0].kept["losses"]
        if kept:
            mix = self.start.mixture(0, means[0].copy(), shares)
            loss, half = kept[-1][1], half_square(mix)[0]
            fit = LOSS_SHARE * wanted * loss / half if half > 0 else MAX_RTOL
            self.loss_rtol = min(max(fit, MIN_RTOL), MAX_RTOL)
        state = evaluate(self.start, means, shares, self.rtol, self.loss_rtol)
        for _ in range(TRIES):
            ratio = self._ratio(state)
            fit = self.rtol * MARGIN * wanted / ratio if ratio > 0 else MAX_RTOL
            fit = min(max(fit, MIN_RTOL), MAX_RTOL)
            if ratio <= wanted or self.rtol <= MIN_RTOL:
                self.rtol = fit if fit < self.rtol or fit > 2 * self.rtol else self.rtol
                break
            self.rtol = self.used = fit
            state = evaluate(self.start, means, shares, self.rtol, self.loss_rtol)
        return state

    def _ratio(self, state: State) -> float:
        """The gradient's error relative to its norm."""
        error, size = (float(norm(x, self.start.counts)[0]) for x in (state.error, state.gradient))
        return error / size if np.isfinite(error) else np.inf

    def last(self) -> dict[str, tuple[float, float]]:
        """Ends of the quantities at one run's last state."""
        return {name: (float(a[0]), float(b[0])) for name, (a, b) in self.lasts().items()}

    def lasts(self) -> dict[str, Any]:
        """Ends (B,) of the quantities at the runs' last states."""
        return recorded(self.runs, slice(-1, None))

    def result(self, etas: list[Fraction], why: str) -> Trajectory:
        """The one run so far."""
        return self.runs[0].result(etas, why)

    def saved(self) -> dict[str, Any]:
        """What :meth:`restore` needs, of one run."""
        (run,) = self.runs
        arrays = {name: packed(np.array(run.kept[name], dtype=np.float64)) for name in SAVED}
        rtols = [float(self.used).hex(), float(self.rtol).hex()]
        if run.weights:
            arrays["weights"] = packed(np.array(run.weights, dtype=np.float64))
        return {"arrays": arrays, "rtols": rtols, "map": self.map.saved()}

    def restore(self, saved: dict[str, Any]) -> None:
        """Go on from :meth:`saved`: the last state is evaluated again."""
        (run,) = self.runs
        arrays = {name: unpacked(value) for name, value in saved["arrays"].items()}
        run.kept = {name: list(arrays[name]) for name in SAVED}
        self.used, self.rtol = (float.fromhex(x) for x in saved["rtols"])
        self.distance = arrays["distance"][-1:]
        run.kept["flat"] = [float(self.map.euclidean(arrays["distance"][t : t + 1])[0])
                            for t in range(len(arrays["distance"]))]  # fmt: skip
        self.map.restore(saved["map"])
        shares = None
        if self.settings.update_weights:
            run.weights = list(arrays["weights"])
            shares = run.weights[-1][None] if len(run.weights) > 1 else None
        again = evaluate(self.start, run.kept["means"][-1][None].copy(), shares, self.used)
        slope, error = (run.kept[name][-1][None] for name in ("slopes", "errors"))
        self.state = again._replace(gradient=slope, error=error)


@np.errstate(all="ignore")
def recorded(runs: Sequence[Run], some: slice, exact: bool = True) -> dict[str, Any]:
    """Ends of the quantities of the exact states ``some`` of runs of one structure, or of those
    computed."""
    means, slopes, errors, losses, _, flat = (
        np.concatenate([np.array(run.kept[name][some]) for run in runs]) for name in NAMES
    )
    each = len(means) // len(runs)
    moving = bool(runs[0].weights)
    if moving:
        weights = np.concatenate([run.weights[some] for run in runs])
    else:
        weights = np.repeat([run.start.merged.weights for run in runs], each, axis=0)
    distance = flat if exact else np.zeros(len(flat))
    return quantities_of(means, slopes, errors, losses, distance, runs[0].start, weights, moving)
