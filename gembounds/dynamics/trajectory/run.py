"""The loop: steps, stopping, checkpoints, progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

from gembounds.dynamics.trajectory.checkpoint import Checkpoint
from gembounds.dynamics.trajectory.record import Trajectory
from gembounds.dynamics.trajectory.settings import Settings
from gembounds.tools.errors import InputError
from gembounds.tools.files import try_place

LARGE = 4
"""Dimensions of the span of the means from which grids are large."""


def trajectory(
    settings: Settings,
    checkpoint: Any = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Trajectory:
    """See :func:`gembounds.em.trajectory`."""
    if checkpoint is not None:
        try_place(Path(checkpoint))
    engine = _engine(settings)
    file = None if checkpoint is None else Checkpoint(checkpoint, settings.fingerprint())
    found = None if file is None else file.load()
    etas: list[Fraction] = []

    def state() -> dict[str, Any]:
        return {"eta": [str(x) for x in etas], "engine": engine.saved()}

    with one_thread(settings):
        if found is None:
            engine.begin()
        else:
            etas = _restored(engine, found, settings, str(checkpoint))
        met = _steps(engine, settings, etas, file, progress, state)
    if file is not None:
        file.write(state())
    found_run: Trajectory = engine.result(etas, met or "steps")
    return found_run


def _steps(
    engine: Any,
    settings: Settings,
    etas: list[Fraction],
    file: Checkpoint | None,
    progress: Callable[[int, int, str], None] | None,
    state: Callable[[], dict[str, Any]],
) -> str | None:
    """Steps until the rule is met (its name comes back) or there are enough."""
    rule = settings.rule
    while True:
        if progress is not None:
            progress(len(etas), settings.steps, settings.label)
        met = rule.met(engine.last()) if rule.levels else None
        if met is not None or len(etas) == settings.steps:
            return met
        size = settings.sizes[len(etas)]
        engine.advance(size)
        etas.append(size)
        if file is not None:
            file.offer(state)


def one_thread(settings: Settings) -> AbstractContextManager[Any]:
    """For large grids: BLAS with one thread. Its threads wait by spinning, which on a busy machine
    takes ten times longer than the work (measured), and gains little on an idle one."""
    if settings.evaluator == "arb" or min(settings.mix.n - 1, settings.mix.d) < LARGE:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(1, user_api="blas")
    return limits


def _engine(settings: Settings) -> Any:
    if settings.evaluator == "arb":
        from gembounds.dynamics.trajectory.ball_engine import BallEngine

        return BallEngine(settings)
    from gembounds.dynamics.trajectory.float_engine import FloatEngine

    return FloatEngine(settings)


def _restored(engine: Any, found: dict[str, Any], settings: Settings, path: str) -> list[Fraction]:
    """The step sizes of the steps taken, which must be those of ``settings``; ``engine`` is put
    where they lead."""
    try:
        etas = [Fraction(x) for x in found["eta"]]
        engine.restore(found["engine"])
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise InputError(f"{path}: is a damaged checkpoint; remove it or name another") from None
    for t, size in enumerate(etas):
        if settings.sizes[t] != size:
            raise InputError(
                f"{path}: is the checkpoint of a run with step size {size} at t = {t}, not "
                f"{settings.sizes[t]}; remove it or name another"
            )
    return etas
