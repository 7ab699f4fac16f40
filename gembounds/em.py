"""Population and sample gradient EM.

    mu_i(t+1) = mu_i(t) - eta grad_i L(mu(t)),    grad_i L = E[psi_i(x)(mu_i - x)], x ~ N(0, I)

with the weights fixed (the paper's equation (3)). :func:`step` is one step from exact means,
:func:`trajectory` many, with a certified bound on the distance to the exact trajectory;
:func:`sample_trajectories` replaces the expectation by the mean over data.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gembounds.enclosure import Enclosure
from gembounds.errors import InputError
from gembounds.mixture import Mixture
from gembounds.quantities import DEFAULT_RTOL
from gembounds.trajectory.record import Trajectory

__all__ = ["Trajectory", "sample_trajectories", "step", "trajectory"]

DEFAULT_ETA = Fraction(7, 10)
"""The paper's step size in Section 5."""


def step(mix: Mixture, eta: Any = DEFAULT_ETA, *, evaluator: str = "float64",
         rtol: float | None = None, bits: int | None = None) -> Enclosure:  # fmt: skip
    """The means after one step of population gradient EM, an :class:`Enclosure` (n, d).

    ``eta``: a positive number (float, int, Fraction, or str such as "7/10"), exact.
    ``evaluator``, ``rtol``, ``bits``: as :func:`gembounds.gradient`'s; float64 or arb.
    Raises :class:`InputError` for an option out of range.
    """
    from gembounds.trajectory import single

    found: Enclosure = single.step(mix, eta, evaluator=evaluator, rtol=rtol, bits=bits)
    return found


def trajectory(
    mix: Mixture,
    eta: Any = DEFAULT_ETA,
    steps: int = 200,
    *,
    evaluator: str = "float64",
    rtol: float = DEFAULT_RTOL,
    bits: int | None = None,
    kind: str = "gradient",
    stop: Any = None,
    checkpoint: Any = None,
    progress: Any = None,
) -> Trajectory:
    """Population gradient EM from ``mix``: at most ``steps`` steps, every state recorded.

    ``eta``: a number for all steps (exact, as a mixture's numbers), a sequence with one entry a
    step, or a function of t. ``stop``: {"gradient_norm": g, "loss": l}: ends at the first t
    whose upper end of the quantity is at most the number.
    """
    from gembounds.trajectory import run

    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")
    return run.trajectory(
        mix, eta, steps, evaluator=evaluator, rtol=rtol, bits=bits, kind=kind, stop=stop,
        checkpoint=checkpoint, progress=progress,
    )  # fmt: skip


def sample_trajectories(data: Any, means: Any, weights: Any = None, eta: Any = DEFAULT_ETA,
                        steps: int = 1000, **options: Any) -> Any:  # fmt: skip
    """Sample gradient EM, many runs at once; see :func:`gembounds.trajectory.sample.run`."""
    from gembounds.trajectory import sample

    return sample.run(data, means, weights, eta, steps, **options)
