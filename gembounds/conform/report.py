"""What a run found: results, their table, and their JSON."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gembounds.tools.tables import table

STATUSES = ("passed", "failed", "error", "absent", "expected")
"""passed; failed on an assertion; error, the core raised; absent, the core has no such function
or declares that it is not for these points; expected, it failed as the user said it would."""

SHORT = 60
"""Characters of a point in the table; the JSON has all of it."""

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
    unoffered: tuple[str, ...] = ()
    """What the core does not offer and the check needs: why it is absent."""
    seconds: float = field(default=0.0, compare=False)


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
    speed: dict[str, float] = field(default_factory=dict)
    """Times by function, as a ratio to our own core's; empty where they were not taken."""

    @property
    def passed(self) -> bool:
        """Whether something was checked, and nothing failed."""
        return bool(self.ran) and all(r.status in GOOD for r in self.results)

    @property
    def unoffered(self) -> tuple[str, ...]:
        """What the core does not offer: functions, and weights of 0."""
        return tuple(dict.fromkeys(name for r in self.results for name in r.unoffered))

    @property
    def offered(self) -> tuple[Result, ...]:
        """The results of checks of what it offers."""
        return tuple(r for r in self.results if not r.unoffered)

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
        """Function, domain, status, certified digits (worst, median), points, worst point; then
        a line for each other kind of check."""
        rows = [("function", "domain", "status", "worst", "median", "points", "worst point")]
        for r in self.results:
            if r.kind == "certified" and (r.status != "absent" or r.left_out):
                points = str(r.points) + (f" ({r.left_out} left out)" if r.left_out else "")
                rows.append((
                    r.function, r.domain, r.status, shown(r.digits_worst), shown(r.digits_median),
                    points, _short(r.worst_point),
                ))  # fmt: skip
        lines = table(rows).splitlines()
        for kind in dict.fromkeys(r.kind for r in self.offered if r.kind != "certified"):
            found = [r for r in self.offered if r.kind == kind]
            bad = [r.id for r in found if r.status not in GOOD]
            lines.append(f"{kind}: {counted(found)}" + (f" ({', '.join(bad)})" if bad else ""))
        return "\n".join(lines) + "\n"

    def failures(self) -> str:
        """What failed, by cause: both values, the digits, the point, a line to paste."""
        return "\n".join(map(told, alike(self.bad)))

    def summary(self) -> str:
        """One line, and one for each function that may be there under another name."""
        verdict = "conforms" if self.passed else "does not conform"
        notes = [
            f"\n{self.core} has {name} and no {function}: a misspelling?"
            for function, name in self.declared.get("misspelt", {}).items()
        ]
        seed = f"; --seed {self.seed} draws the same points"
        without = f"; not offered: {', '.join(self.unoffered)}" if self.unoffered else ""
        counts = counted(self.offered) or "nothing that was asked for"
        return f"{self.core} {verdict}: {counts}{without}{seed}" + "".join(notes)


def alike(results: Sequence[Result]) -> list[list[Result]]:
    """Results whose messages begin alike, numbers aside; those with the shortest points first."""
    found: dict[tuple[str, str], list[Result]] = {}
    for r in results:
        first = re.sub(r" (at x|in \d+ rows|with eta|, called) .*", "", r.message.split("\n")[0])
        gist = re.sub(r"[-+]?(\d[\d.]*(e[-+]?\d+)?|nan|inf)", "#", first).replace("[#, #]", "[#]")
        found.setdefault((r.status, gist), []).append(r)
    return [
        sorted(group, key=lambda r: len(json.dumps(r.worst_point))) for group in found.values()
    ]


def told(group: Sequence[Result]) -> str:
    """One failing check; of several that are alike, the first, and the names of all."""
    r = group[0]
    if len(group) == 1:
        return f"{r.id}: {r.status}\n{indented(r.message)}"
    first = r.message.split("\n")[0]
    names = ", ".join(r.id for r in group)
    return (f"{len(group)} checks fail alike: {first}\n{indented(f'{r.id}: {r.status}')}"
            f"{indented(r.message)}{indented('all of them: ' + names)}")  # fmt: skip


def counted(results: Sequence[Result]) -> str:
    """How many have each status."""
    found = [(sum(r.status == s for r in results), s) for s in STATUSES]
    return ", ".join(f"{n} {s}" for n, s in found if n)


def _short(point: dict[str, Any] | None) -> str:
    text = "" if point is None else json.dumps({k: v for k, v in point.items() if k != "salt"})
    return text if len(text) <= SHORT else text[: SHORT - 3] + "..."


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
