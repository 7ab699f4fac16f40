"""A run in float64: states, accuracy, what is kept of them."""

from __future__ import annotations

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
from gembounds.dynamics.trajectory.start import start_of
from gembounds.dynamics.trajectory.weights_map import WeightsMap
from gembounds.evaluators.float64.loss import half_square
from gembounds.evaluators.options import MAX_RTOL, MIN_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture

FloatArray = npt.NDArray[np.float64]

NAMES = ("means", "slopes", "errors", "losses", "distance")

MARGIN = 0.6
"""Part of ``gradient_rtol`` aimed at: a step or two ahead the gradient is smaller (a choice)."""

LOSS_SHARE = 10.0
"""Error of L relative to itself over ``gradient_rtol`` (a choice: L is only recorded)."""

TRIES = 4


class FloatEngine:
    """One state after another; ``distance`` is in the map's own norm."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.start = start_of(settings.mix, settings.data)
        kind = GradientMap if settings.kind == "gradient" else EmMap
        if settings.update_weights:
            kind = WeightsMap
        self.map: GradientMap | EmMap = kind(self.start, settings.steps)
        self.rtol = settings.rtol if settings.rtol is not None else MAX_RTOL
        self.used = self.rtol  # at the last state; ``rtol`` is for the next
        self.loss_rtol: float | None = None
        self.kept: dict[str, list[Any]] = {name: [] for name in NAMES}
        self.weights: list[Any] = []  # where they move

    def begin(self) -> None:
        """The start."""
        self._keep(self._accurate(self.start.merged.moved(self.start.merged.means.copy())))

    def advance(self, eta: Fraction) -> None:
        """One step."""
        means, distance = self.map.step(self.state, eta, self.distance)
        if not np.isfinite(means).all():
            raise InputError(
                f"step {len(self.kept['means'])} leaves the range of float64: give smaller means "
                "or a smaller eta"
            )
        shares = self.map.shares(self.state)
        mix = self.state.mix.moved(means) if shares is None else Mixture(means, shares)
        self._keep(self._accurate(mix), distance, shares)

    def _keep(
        self, state: State, distance: float | None = None, shares: FloatArray | None = None
    ) -> None:
        self.state = state
        self.distance = self.map.first_distance(state) if distance is None else distance
        row = (state.mix.means, state.gradient, state.error, state.loss, self.distance)
        for name, value in zip(NAMES, row, strict=True):
            self.kept[name].append(value)
        if self.settings.update_weights:
            self.weights.append(state.mix.weights if shares is None else shares)

    def _accurate(self, mix: Any) -> State:
        """The state at the accuracy wanted: with ``gradient_rtol``, the overlaps' is lowered
        until the gradient's error is small enough, and raised where it is needlessly small."""
        wanted, self.used = self.settings.gradient_rtol, self.rtol
        if wanted is None:
            return evaluate(mix, self.start, self.rtol)
        if self.kept["losses"]:
            loss, half = self.kept["losses"][-1][1], half_square(mix)[0]
            fit = LOSS_SHARE * wanted * loss / half if half > 0 else MAX_RTOL
            self.loss_rtol = min(max(fit, MIN_RTOL), MAX_RTOL)
        state = evaluate(mix, self.start, self.rtol, self.loss_rtol)
        for _ in range(TRIES):
            ratio = self._ratio(state)
            fit = self.rtol * MARGIN * wanted / ratio if ratio > 0 else MAX_RTOL
            fit = min(max(fit, MIN_RTOL), MAX_RTOL)
            if ratio <= wanted or self.rtol <= MIN_RTOL:
                self.rtol = fit if fit < self.rtol or fit > 2 * self.rtol else self.rtol
                break
            self.rtol = self.used = fit
            state = evaluate(mix, self.start, self.rtol, self.loss_rtol)
        return state

    def _ratio(self, state: State) -> float:
        """The gradient's error relative to its norm."""
        error, size = norm(state.error, self.start.counts), norm(state.gradient, self.start.counts)
        return error / size if np.isfinite(error) else np.inf

    @np.errstate(all="ignore")
    def _recorded(self, some: slice, exact: bool = True) -> dict[str, Any]:
        """Ends of the quantities of the exact states, or of those computed."""
        means, slopes, errors, losses, own = (np.array(self.kept[x][some]) for x in NAMES)
        distance = np.array([self.map.euclidean(x) if exact else 0.0 for x in own.tolist()])
        weights = np.array(self.weights[some]) if self.weights else None
        return quantities_of(means, slopes, errors, losses, distance, self.start, weights)

    def last(self) -> dict[str, tuple[float, float]]:
        """Ends of the quantities at the last state."""
        found = self._recorded(slice(-1, None))
        return {name: (float(a[0]), float(b[0])) for name, (a, b) in found.items()}

    @np.errstate(all="ignore")
    def result(self, etas: list[Fraction], why: str) -> Trajectory:
        """The run so far."""
        found = [self._recorded(slice(None), exact) for exact in (True, False)]
        recorded: dict[str, Any] = {name: Enclosure(*ends) for name, ends in found[0].items()}
        computed = {name: Enclosure(*ends) for name, ends in found[1].items()}
        return Trajectory(
            self.start.back(np.array(self.kept["means"])), self._weights(),
            np.array([self.map.euclidean(x) for x in self.kept["distance"]]),
            eta=tuple(etas), kind=self.settings.kind, evaluator="float64", stopped=why,
            gradient_error=self._relative(), computed=computed, **recorded,
        )  # fmt: skip

    def _weights(self) -> FloatArray:
        """Of the components in the order given: (n,), or (T+1, n) where they move."""
        if not self.weights:
            return self.settings.mix.weights
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

    def saved(self) -> dict[str, Any]:
        """What :meth:`restore` needs."""
        arrays = {name: packed(np.array(self.kept[name], dtype=np.float64)) for name in NAMES}
        rtols = [self.used.hex(), self.rtol.hex()]
        if self.weights:
            arrays["weights"] = packed(np.array(self.weights, dtype=np.float64))
        return {"arrays": arrays, "rtols": rtols, "map": self.map.saved()}

    def restore(self, saved: dict[str, Any]) -> None:
        """Go on from :meth:`saved`: the last state is evaluated again."""
        arrays = {name: unpacked(value) for name, value in saved["arrays"].items()}
        for name in ("means", "slopes", "errors"):
            self.kept[name] = list(arrays[name])
        self.kept["losses"] = [tuple(x) for x in arrays["losses"].tolist()]
        self.kept["distance"] = arrays["distance"].tolist()
        self.used, self.rtol = (float.fromhex(x) for x in saved["rtols"])
        self.distance = self.kept["distance"][-1]
        self.map.restore(saved["map"])
        mix = self.start.merged.moved(self.kept["means"][-1].copy())
        if self.settings.update_weights:
            self.weights = list(arrays["weights"])
            if len(self.weights) > 1:
                mix = Mixture(mix.means, self.weights[-1])
        again = evaluate(mix, self.start, self.used)
        slope, error = self.kept["slopes"][-1], self.kept["errors"][-1]
        self.state = again._replace(gradient=slope, error=error)
