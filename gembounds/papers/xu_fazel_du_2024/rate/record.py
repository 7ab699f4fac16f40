"""What is found along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gembounds.papers.xu_fazel_du_2024.rate.bounds import Bounds


@dataclass
class Check:
    """An inequality along the trajectory: at how many t it certainly ``holds``, is ``violated``
    or stays ``undecided``; ``closest`` is a certified lower bound of larger over smaller side."""

    id: str
    text: str
    holds: int = 0
    violated: int = 0
    undecided: int = 0
    closest: float | None = None
    first_violated: int | None = None


@dataclass(frozen=True)
class Exponent:
    """``fit`` encloses the least-squares slope of log value against log t over the t listed in
    ``times``; ``local`` encloses log(value(2t)/value(t))/log 2 for the ``octaves`` t."""

    expected: float
    times: tuple[int, ...]
    fit: tuple[float, float]
    octaves: tuple[int, ...]
    local: tuple[tuple[float, float], ...]

    @property
    def interval(self) -> tuple[float, float]:
        """From the least to the greatest local exponent: where the slope lies."""
        return min(low for low, _ in self.local), max(high for _, high in self.local)


@dataclass(frozen=True)
class Rate:
    """What :func:`gembounds.papers.xu_fazel_du_2024.rate.run.along` finds.

    ``kind`` is "gradient" or "em"; ``eta``, the step sizes in turn (none for EM proper);
    ``losses``, the ends of L at t = 0, ..., T; ``limit``, see :func:`~.bounds.limit_of`;
    ``growth``: the mean growth of L^(-1/2) a step over the last half, enclosed;
    ``expected_growth``: what the expansion gives, None where the differences of the means have
    not the rank n - 1. ``paper_eta_log10``: log10 of the largest eta of Theorem 2.
    """

    n: int
    d: int
    kind: str
    eta: tuple[Fraction, ...]
    losses: tuple[tuple[float, float], ...]
    bounds: Bounds
    limit: float | None
    checks: list[Check]
    loss: Exponent
    distance: Exponent
    paper_eta_log10: float
    growth: tuple[float, float] | None = None
    expected_growth: float | None = None

    @property
    def steps(self) -> int:
        """T."""
        return len(self.losses) - 1
