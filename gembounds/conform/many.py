"""One core at many seeds: how often a right core is called wrong, which should be never."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gembounds.conform.core import as_core
from gembounds.conform.report import GOOD, Result, versions
from gembounds.conform.runner import fresh_seed, run
from gembounds.tools.workers import Workers


@dataclass
class Sweep:
    """Counts over all seeds: results by status, ``points`` decided, ``undecided``, ``left_out``;
    ``bad`` has the seed and the result of everything that is not good."""

    core: str
    seeds: int
    first: int
    statuses: dict[str, int] = field(default_factory=dict)
    points: int = 0
    undecided: int = 0
    left_out: int = 0
    bad: list[tuple[int, Result]] = field(default_factory=list)
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=versions)

    @property
    def passed(self) -> bool:
        return not self.bad and self.points > 0

    def add(self, seed: int, results: Sequence[Result]) -> None:
        for r in results:
            self.statuses[r.status] = self.statuses.get(r.status, 0) + 1
            self.points += r.points
            self.undecided += r.undecided
            self.left_out += r.left_out
            if r.status not in GOOD:
                self.bad.append((seed, r))

    def summary(self) -> str:
        """A few lines."""
        counts = ", ".join(f"{n} {s}" for s, n in self.statuses.items())
        lines = [f"seed {seed}: {r.id}: {r.status}\n{r.message}" for seed, r in self.bad]
        lines.append(
            f"{self.core}, {self.seeds} seeds from {self.first}: results {counts}; {self.points} "
            f"points decided, {self.undecided} undecided, {self.left_out} left out; "
            f"{self.seconds:.0f} s"
        )
        return "\n".join(lines) + "\n"

    def to_json(self) -> dict[str, Any]:
        from dataclasses import asdict

        out = asdict(self)
        out["bad"] = [{"seed": seed, **asdict(r)} for seed, r in self.bad]
        out["passed"] = self.passed
        return out


def sweep(
    core: Any,
    seeds: int,
    *,
    seed: int | None = None,
    points: int | None = None,
    quick: bool = False,
    only: Sequence[str] | str | None = None,
    expected_failures: Mapping[str, str] | None = None,
    seconds: float | None = None,
    jobs: int | Workers = 1,
    progress: Callable[[int, int, str], None] | None = None,
) -> Sweep:
    """:func:`gembounds.conform.run` at ``seeds`` seeds from ``seed`` (None: one
    that is drawn) on."""
    judged = as_core(core, seconds)
    began = time.perf_counter()
    seed = fresh_seed() if seed is None else seed
    found = Sweep(judged.name, seeds, seed)
    for k in range(seeds):
        if progress is not None:
            progress(k, seeds, "seeds")
        report = run(judged, seed=seed + k, quick=quick, points=points, only=only,
                     expected_failures=expected_failures, seconds=seconds, jobs=jobs)  # fmt: skip
        found.add(seed + k, report.results)
    found.seconds = round(time.perf_counter() - began, 1)
    return found
