"""Population and sample gradient EM.

    mu_i(t+1) = mu_i(t) - eta grad_i L(mu(t)),    grad_i L = E[psi_i(x)(mu_i - x)], x ~ N(0, I)

with the weights fixed (the paper's equation (3)); EM proper, with the weights fixed or moving. x
may be distributed as any mixture (``data``); L is then KL(data || mixture). :func:`step` is one
step from exact means, :func:`trajectory` many, with a certified bound on the distance to the exact
trajectory, :func:`trajectories` the same for many starts at once;
:func:`sample_trajectories` replaces the expectation by the mean over data.
"""

from __future__ import annotations

from typing import Any

from gembounds.dynamics.trajectory.record import Trajectories, Trajectory
from gembounds.dynamics.trajectory.sample import SampleRuns, sample_trajectories
from gembounds.dynamics.trajectory.stepsize import DEFAULT_ETA
from gembounds.evaluators.options import DEFAULT_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture

__all__ = [
    "SampleRuns",
    "Trajectories",
    "Trajectory",
    "maximization_step",
    "sample_trajectories",
    "step",
    "trajectories",
    "trajectory",
]


def step(
    mix: Mixture, eta: Any = DEFAULT_ETA, *, data: Mixture | None = None,
    evaluator: str = "float64", rtol: float | None = None, bits: int | None = None,
) -> Enclosure:  # fmt: skip
    """The means after one step of population gradient EM, an :class:`Enclosure` (n, d).

    ``eta``: a positive number (float, int, Fraction, or str such as "7/10"), exact. ``data``: the
    mixture that x is distributed as, or None for N(0, I).
    ``evaluator``, ``rtol``, ``bits``: as :func:`gembounds.gradient`'s; float64 or arb.
    Raises :class:`InputError` for an option out of range.
    """
    from gembounds.dynamics.trajectory import single

    return single.step(mix, eta, data=data, evaluator=evaluator, rtol=rtol, bits=bits)


def maximization_step(
    mix: Mixture,
    *,
    data: Mixture | None = None,
    evaluator: str = "float64",
    rtol: float | None = None,
    bits: int | None = None,
) -> Enclosure:
    """The means after one step of EM proper, E[psi_i x] / E psi_i, an :class:`Enclosure` (n, d).

    The weights stay as they are; where they move, they become
    :func:`gembounds.expected_posterior`. Options and errors as :func:`step`.
    Source: A. P. Dempster, N. M. Laird, D. B. Rubin, J. Royal Stat. Soc. B 39 (1977) 1-38.
    """
    from gembounds.dynamics.trajectory import single

    return single.maximization_step(mix, data=data, evaluator=evaluator, rtol=rtol, bits=bits)


def trajectory(
    mix: Mixture,
    eta: Any = None,
    steps: int = 200,
    *,
    data: Mixture | None = None,
    evaluator: str = "float64",
    rtol: float | None = None,
    gradient_rtol: float | None = None,
    bits: int | None = None,
    kind: str = "gradient",
    update_weights: bool = False,
    stop: Any = None,
    checkpoint: Any = None,
    progress: Any = None,
) -> Trajectory:
    """Population gradient EM from ``mix``: at most ``steps`` steps, every state recorded.

    Parameters
    ----------
    eta : a positive number for all steps (exact, as a mixture's numbers; 7/10 by default), a
        sequence with one entry a step, or a function of t
    data : the mixture that x is distributed as, or None for N(0, I); L is then
        KL(data || mixture), known but for the entropy of the data's weights where their centres
        span more dimensions than grids do (5, in balls 16)
    kind : "gradient", or "em" for EM proper: mu_i <- E[psi_i x] / E psi_i, without eta
    update_weights : with kind "em" and evaluator float64, pi_i <- E psi_i too; ``weights`` of the
        run then has a row a step, and ``distance_bound`` is that of (mu, log pi)
    evaluator : "float64" or "arb"
    rtol : accuracy of the overlaps in float64, 1e-13 to 1e-3 (default 1e-10)
    gradient_rtol : instead of ``rtol``: each gradient's certified error at most this times its
        norm (where 1e-13 of the overlaps suffices); for means that span four or five dimensions
    bits : relative bits of the states in balls (default 128)
    stop : {"gradient_norm": g, "loss": l}: ends at the first t where the upper end of one of
        them is at most its number; the gradient is of all means together, Euclidean
    checkpoint : a file from which the run goes on if it is there, and which it keeps up to date
    progress : called as ``progress(done, total, label)``

    Raises :class:`InputError` for an option out of range and for a checkpoint of another run,
    and :class:`RankError` where the means span more than five dimensions after reduction.
    """
    from gembounds.dynamics.trajectory import run
    from gembounds.dynamics.trajectory.settings import Settings

    if not isinstance(mix, Mixture):
        raise InputError(f"mix is a {type(mix).__name__}: give a gembounds.Mixture")
    settings = Settings.of(
        mix, eta, steps, evaluator=evaluator, kind=kind, rtol=rtol, gradient_rtol=gradient_rtol,
        bits=bits, stop=stop, data=data, update_weights=update_weights,
    )  # fmt: skip
    return run.trajectory(settings, checkpoint, progress)


def trajectories(
    means: Any,
    weights: Any = None,
    eta: Any = None,
    steps: int = 200,
    *,
    data: Mixture | None = None,
    rtol: float | None = None,
    kind: str = "gradient",
    update_weights: bool = False,
    stop: Any = None,
    progress: Any = None,
) -> Trajectories:
    """:func:`trajectory` by float64 of B starts at once: each step is one batch for all that have
    as many different components and the same symmetries.

    ``means`` is a float array (B, n, d), ``weights`` (n,) or (B, n), or None for equal weights;
    the rest, the same for all, is as in :func:`trajectory`. So is what comes back of each run, but
    that a batch rounds otherwise: the states differ from those of a single run by no more than
    both distances to the exact trajectory. What batches leave is evaluated one by one, and
    counted in ``single``. Raises as :func:`trajectory`, for the first run that it is true of.
    """
    from gembounds.dynamics.trajectory import many
    from gembounds.dynamics.trajectory.settings import Settings
    from gembounds.evaluators.float64.batch import checked

    points, shares, _ = checked(means, weights, DEFAULT_RTOL, None)
    mixes = [Mixture(x, None if shares is None else shares[b]) for b, x in enumerate(points)]
    settings = Settings.of(
        mixes[0], eta, steps, evaluator="float64", kind=kind, rtol=rtol, gradient_rtol=None,
        bits=None, stop=stop, data=data, update_weights=update_weights,
    )  # fmt: skip
    return many.trajectories(settings, mixes, progress)
