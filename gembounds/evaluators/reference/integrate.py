"""Composite Gauss-Legendre over a line or a plane, at the working precision of mpmath.

In the plane the rule is nested: panels along y, at each node y panels along x. The panels
along x follow from where zeros of S can be; those along y are halved until the last Legendre
coefficients of the inner integral on them say that the rule has converged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from mpmath import mp

from gembounds.evaluators.reference.arithmetic import Arithmetic, fastest
from gembounds.evaluators.reference.kernels import Sample
from gembounds.evaluators.reference.legendre import gauss
from gembounds.evaluators.reference.panels import (
    ROOT,
    Accuracy,
    FloatArray,
    Panel,
    Tracks,
    line_panels,
    strip_panels,
)
from gembounds.evaluators.reference.precision import NotConverged, ObjectArray, objects

MAX_HALVINGS = 12
"""Most halvings of a panel along y beyond the first guess, which rarely needs one."""


class Kernel(Protocol):
    """The integrands of one quantity, without the density phi of x.

    ``power`` chooses the tracks; ``size`` is K, the number of integrals.
    """

    @property
    def power(self) -> int: ...

    @property
    def size(self) -> int: ...

    def values(self, at: Sample) -> ObjectArray:
        """The rule's sums (K,) over the nodes of ``at``."""

    def scales(self, total: ObjectArray) -> ObjectArray:
        """What the error of each of the K integrals is measured against (K,)."""


class Nodes(NamedTuple):
    """One panel along an axis: ``weights`` include phi, ``parts`` are exp(-(x - mu_i)^2/2)."""

    x: ObjectArray
    weights: ObjectArray
    ground: ObjectArray
    parts: ObjectArray


@dataclass
class Integrator:
    """Sums of a kernel's integrands for one mixture, one accuracy and one working precision.

    ``means`` (n, 2) and ``pi`` (n,) are mpf; ``tracks`` place the panels; ``planar`` says
    whether to integrate over y too (rank 2) or to stay at y = 0. ``arithmetic`` is at the
    precision of mpmath, and all numbers inside are its own.
    """

    means: ObjectArray
    pi: ObjectArray
    tracks: Tracks
    kernel: Kernel
    accuracy: Accuracy
    planar: bool
    arithmetic: Arithmetic = field(default_factory=fastest)
    _means: ObjectArray = field(init=False)
    _shares: ObjectArray = field(init=False)
    _rules: dict[int, tuple[ObjectArray, ObjectArray]] = field(default_factory=dict)
    _seen: dict[tuple[int, Panel], Nodes] = field(default_factory=dict)

    def run(self) -> ObjectArray:
        """The K integrals over (x, y) ~ N(0, I), or over x alone."""
        peak_x, peak_y = self.tracks.peaks()
        tops = self.tracks.exponent(peak_x, peak_y)
        with self.arithmetic.precision():
            self._means, self._shares = map(self.arithmetic.entered, (self.means, self.pi))
            if self.planar:
                return self._outer(tops, peak_y)
            (panels,) = line_panels(self.tracks, np.zeros(1), tops, self.accuracy)
            zero, one = self.arithmetic.entered(objects([mp.zero, mp.one]))
            return self.arithmetic.left(self._line(panels, zero, one, self._shares))

    def _line(self, panels: list[Panel], y: Any, ground: Any, parts: ObjectArray) -> ObjectArray:
        """The K integrals over x at height y, ``ground`` and ``parts`` being its factors of y."""
        if not panels:
            return self.arithmetic.entered(np.full(self.kernel.size, mp.zero, dtype=object))
        nodes = [self._nodes(0, panel) for panel in panels]
        sample = Sample(
            self.arithmetic,
            np.concatenate([at.x for at in nodes]),
            y,
            np.concatenate([at.parts for at in nodes]) * parts,
            np.concatenate([at.weights for at in nodes]),
            (np.concatenate([at.ground for at in nodes]), ground),
            self._means,
        )
        return self.kernel.values(sample)

    def _outer(self, tops: FloatArray, peak_y: FloatArray) -> ObjectArray:
        tolerance = mp.mpf(10) ** (-self.accuracy.digits)
        total: Any = np.full(self.kernel.size, mp.zero, dtype=object)
        wanted = strip_panels(self.tracks, peak_y, tops, self.accuracy)
        for _ in range(MAX_HALVINGS):
            fresh = [(panel, *self._strip(panel, tops)) for panel in wanted]
            scales = self.kernel.scales(sum((value for _, value, _ in fresh), total))
            wanted = []
            for panel, value, error in fresh:
                if bool(np.all(error <= tolerance * scales)):
                    total = total + value
                else:
                    wanted += [
                        Panel(2 * panel.index + k, panel.level + 1, panel.count) for k in (0, 1)
                    ]
            if not wanted:
                return np.asarray(total)
        raise NotConverged("the inner integral is not resolved along the second axis")

    def _strip(self, panel: Panel, tops: FloatArray) -> tuple[ObjectArray, ObjectArray]:
        """The K integrals over a panel along y, and an estimate of their errors.

        The N-point rule is exact up to degree 2N-1, so its error is about the Legendre
        coefficient of degree 2N: the square of that of degree N over that of degree 0.
        """
        at, rule = self._nodes(1, panel), gauss(panel.count)
        lines = line_panels(self.tracks, at.x.astype(np.float64), tops, self.accuracy)
        each = zip(lines, at.x, at.ground, at.parts * self._shares, strict=True)
        dense = np.array([self._line(*line) for line in each])
        weights, last, second = map(
            self.arithmetic.entered, (rule.weights, rule.last, rule.second)
        )
        weighted = dense * (at.weights / weights)[:, None]
        value = (dense * at.weights[:, None]).sum(axis=0)
        tail = np.maximum(abs(last @ weighted), abs(second @ weighted))
        peak = abs(weighted).max(axis=0)
        error = 2 * tail * tail / np.where(peak == 0, 1, peak)
        return self.arithmetic.left(value), self.arithmetic.left(error)

    def _nodes(self, axis: int, panel: Panel) -> Nodes:
        key = (axis, panel)
        if key not in self._seen:
            self._seen[key] = self._made(axis, panel)
        return self._seen[key]

    def _made(self, axis: int, panel: Panel) -> Nodes:
        if panel.count not in self._rules:
            rule = gauss(panel.count)
            entered = self.arithmetic.entered
            self._rules[panel.count] = entered(rule.nodes), entered(rule.weights)
        nodes, weights = self._rules[panel.count]
        half = ROOT / 2 ** (panel.level + 1)  # a power of 2: exact, as the shift is
        x = (nodes + (2 * panel.index + 1)) * half + ROOT * self.accuracy.shift
        exp, (root,) = self.arithmetic.exp, self.arithmetic.entered(objects([mp.sqrt(2 * mp.pi)]))
        ground = exp(-x * x / 2)
        away = x[:, None] - self._means[:, axis]
        return Nodes(x, weights * half * ground / root, ground, exp(-away * away / 2))
