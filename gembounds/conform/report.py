"""What a run found: results, their table, and their JSON."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

STATUSES = ("passed", "failed", "error", "absent", "expected")
"""passed; failed on an assertion; error, the core raised; absent, the core has no such function
or declares that it is not for these points; expected, it failed as the user said it would."""

GOOD = ("passed", "absent", "expected")


@dataclass(frozen=True)
class Result:
    """What one check found.

    ``points`` were decided, ``undecided`` were not (the enclosure is too wide), ``left_out``
    lie outside the domain that the core declares. ``digits_worst`` and ``digits_median`` are
    certified, over the points; None where the check does not measure digits. ``worst_point`` is
    the case with the fewest digits, or at which it failed. ``reproduce`` is a line to paste.
    """

    id: str
    kind: str
    function: str
    domain: str
    text: str
    status: str
    message: str = ""
    reason: str | None = None
    points: int = 0
    undecided: int = 0
    left_out: int = 0
    digits_worst: float | None = None
    digits_median: float | None = None
    worst_point: dict[str, Any] | None = None
    reproduce: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Report:
    """All results for one core."""

    core: str
    seed: int
    quick: bool
    declared: dict[str, Any]
    results: tuple[Result, ...]
    seconds: float
    versions: dict[str, str] = field(default_factory=lambda: versions())

    @property
    def passed(self) -> bool:
        """Whether something was checked, and nothing failed."""
        return bool(self.ran) and all(r.status in GOOD for r in self.results)

    @property
    def ran(self) -> tuple[Result, ...]:
        """The results of checks that were not absent."""
        return tuple(r for r in self.results if r.status != "absent")

    @property
    def bad(self) -> tuple[Result, ...]:
        return tuple(r for r in self.results if r.status not in GOOD)

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        out = asdict(self)
        out["passed"] = self.passed
        out["results"] = [asdict(r) for r in self.results]
        return out

    def table(self) -> str:
        """Function, domain, status, certified digits (worst, median), points."""
        rows = [("check", "domain", "status", "digits: worst", "median", "points")]
        for r in self.results:
            if r.status == "absent" and not r.left_out:
                continue
            rows.append(
                (r.id, r.domain, r.status, shown(r.digits_worst), shown(r.digits_median),
                 str(r.points) + (f" (+{r.left_out} left out)" if r.left_out else ""))
            )  # fmt: skip
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
                 for row in rows]  # fmt: skip
        return "\n".join(lines) + "\n"

    def failures(self) -> str:
        """Each failing check: both values, the digits, the point, a line to paste."""
        return "\n".join(f"{r.id}: {r.status}\n{indented(r.message)}" for r in self.bad)

    def summary(self) -> str:
        """One line."""
        counts = [f"{n} {s}" for s in STATUSES
                  if (n := sum(r.status == s for r in self.results))]  # fmt: skip
        verdict = "conforms" if self.passed else "does not conform"
        return f"{self.core} {verdict}: {', '.join(counts)}"


def shown(digits: float | None) -> str:
    return "-" if digits is None else f"{digits:.1f}"


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def versions() -> dict[str, str]:
    """Of Python, the platform, and the packages that matter."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in ("gembounds", "numpy", "python-flint", "hypothesis"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
