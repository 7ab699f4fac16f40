"""What a trajectory is: states, certified distances, recorded quantities."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.values.enclosure import Enclosure

FloatArray = npt.NDArray[np.float64]

QUANTITIES = ("loss", "U", "mu_max", "gradient_norm", "parametric_distance")


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Gradient EM (or EM proper) from ``means[0]``, step by step.

    ``means`` (T+1, n, d) float64, the states computed; ``weights`` (n,), or (T+1, n) where they
    move (then distances are of (mu, log pi)); ``distance_bound`` (T+1,), a certified
    bound of the Euclidean distance in R^(n d) from ``means[t]`` to the exact trajectory's state;
    ``loss``, ``U``, ``mu_max``, ``gradient_norm`` (Euclidean, of all means) and
    ``parametric_distance`` (sum_i pi_i |mu_i|^2), :class:`Enclosure` of shape (T+1,), valid for
    the *exact* trajectory. ``eta`` has one exact number a step. ``stopped`` says why it ended:
    "steps", or the name of the quantity that came down to its level. ``gradient_error`` (T+1,): a
    certified bound of the error of the gradient used, relative to the exact gradient at
    ``means[t]``, both Euclidean.
    ``computed`` has the same five quantities at ``means`` themselves: they stay narrow where
    ``distance_bound`` is large. ``balls`` (T+1, n, d), of evaluator arb: ball enclosures of the
    exact means, with the ``bits`` asked for.
    """

    means: FloatArray
    weights: FloatArray
    distance_bound: FloatArray
    loss: Enclosure
    U: Enclosure
    mu_max: Enclosure
    gradient_norm: Enclosure
    parametric_distance: Enclosure
    eta: tuple[Fraction, ...]
    kind: str = "gradient"
    evaluator: str = "float64"
    stopped: str = "steps"
    gradient_error: FloatArray = field(default_factory=lambda: np.zeros(0), repr=False)
    computed: dict[str, Enclosure] = field(default_factory=dict, repr=False)
    balls: Any = field(default=None, repr=False)
    bits: int = 53

    @property
    def steps(self) -> int:
        """T."""
        return len(self.means) - 1

    def to_json(self) -> dict[str, Any]:
        """Everything as lists, numbers and strings; infinite bounds are null. Of evaluator arb,
        ``exact_means`` has the ends and the balls of the exact means."""
        from gembounds.values.display import as_json
        from gembounds.values.enclosure import from_balls

        digits = math.ceil(self.bits * 0.30103) + 2

        out: dict[str, Any] = {
            "kind": self.kind,
            "evaluator": self.evaluator,
            "steps": self.steps,
            "stopped": self.stopped,
            "eta": [str(x) for x in self.eta],
            "weights": self.weights.tolist(),
            "means": self.means.tolist(),
            "distance_bound": _finite(self.distance_bound),
        }
        for name in QUANTITIES:
            out[name] = as_json(getattr(self, name), digits)
        out["gradient_error"] = _finite(self.gradient_error)
        out["computed"] = {name: as_json(value, digits) for name, value in self.computed.items()}
        if self.balls is not None:
            out["exact_means"] = as_json(from_balls(self.balls), digits)
        return out


@dataclass(frozen=True, eq=False)
class Trajectories:
    """``runs``, one a start, in the order given; ``single`` (B,): how many states of each were
    evaluated one by one. ``found[b]`` is the run b."""

    runs: tuple[Trajectory, ...] = field(repr=False)
    single: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[Trajectory]:
        return iter(self.runs)

    def __getitem__(self, b: int) -> Trajectory:
        return self.runs[b]

    @property
    def means(self) -> FloatArray:
        """The last states computed, (B, n, d)."""
        return np.array([run.means[-1] for run in self.runs])

    @property
    def distance_bound(self) -> FloatArray:
        """Of the last states, (B,)."""
        return np.array([run.distance_bound[-1] for run in self.runs])

    @property
    def steps(self) -> npt.NDArray[np.intp]:
        """Taken, (B,)."""
        return np.array([run.steps for run in self.runs])


def _finite(values: FloatArray) -> list[float | None]:
    return [x if np.isfinite(x) else None for x in values.tolist()]
