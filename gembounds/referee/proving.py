"""A claim proved, refuted, or neither: what ``gembounds prove`` and :func:`prove` give."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gembounds.points.point import Point
from gembounds.points.shrink import shrink
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.certificate import body
from gembounds.proving.boxes.chart import Chart
from gembounds.proving.boxes.leaves import OPEN, OUTSIDE
from gembounds.proving.boxes.points import is_inside
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.boxes.search import Found, search
from gembounds.proving.boxes.workers import answering
from gembounds.proving.record import digest
from gembounds.proving.scalar import certificate as scalar
from gembounds.proving.scalar.problem import Problem as Numbers
from gembounds.proving.scalar.search import search as search_numbers
from gembounds.referee import tasks
from gembounds.referee.certificate import certificate
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.paper import papers
from gembounds.tools.errors import InputError, check_whole
from gembounds.tools.workers import Workers, pool
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown

LEAVES, SECONDS = 4_000_000, 600.0
"""Where a search over a box gives up, unless it is told otherwise (a choice)."""

LEAVES_OF_NUMBERS = 20_000
"""Where one gives up that is about numbers (a choice)."""

SHOWN = 200
"""Undecided boxes that are listed, largest first."""


@dataclass(frozen=True)
class Proved:
    """What :func:`prove` found.

    ``verdict`` is "proved" (``by`` "arithmetic"), "refuted" or "undecided". ``leaves`` are the
    pieces that were shown, ``undecided_volume`` the share that was not (of the cubes of the
    variables), and ``undecided`` its largest pieces on a box: an interval for each variable, by
    name. ``witness`` is the mixture at which the claim is false (None where it speaks of none),
    with its ``parameters``; ``certificate`` what ``gembounds verify`` checks again, of the proof
    or, on a box, of the refutation. ``seconds`` are None where results are kept.
    """

    claim: Claim
    box: Box | None
    verdict: str
    by: str | None
    leaves: int
    undecided_volume: float
    undecided: list[dict[str, tuple[float, float]]]
    witness: Mixture | None
    parameters: Mapping[str, Any]
    certificate: dict[str, Any] | None
    seconds: float | None

    def to_json(self) -> dict[str, Any]:
        """What ``gembounds prove --json`` gives, the certificate in its place."""
        point = None
        if self.verdict == "refuted":
            point = Point(self.witness, self.parameters).to_json()
        return {
            "claim": self.claim.id,
            "verdict": self.verdict,
            "by": self.by,
            "leaves": self.leaves,
            "undecided_volume": self.undecided_volume,
            "undecided": [{k: list(x) for k, x in cell.items()} for cell in self.undecided],
            "witness": point,
            "certificate": self.certificate,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
        }

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """The ends of each variable of the box."""
        if self.box is None or not self.box.means:
            return {}
        return {v.name: (float(v.low), float(v.high)) for v in Chart(self.box).variables}

    @property
    def where(self) -> str:
        """The hull of the pieces that are listed as undecided, in words."""
        parts = []
        for name in self.undecided[0] if self.undecided else ():
            low = min(cell[name][0] for cell in self.undecided)
            high = max(cell[name][1] for cell in self.undecided)
            parts.append(f"{name} in [{low:.6g}, {high:.6g}]")
        return f", within {', '.join(parts)}" if parts else ""

    def __str__(self) -> str:
        from gembounds.referee.report.text import point as point_text
        from gembounds.tools.tables import table

        how = f" by {self.by}" if self.by else ""
        rows = [(self.claim.id, self.claim.text), ("verdict", f"{self.verdict}{how}")]
        if self.verdict == "refuted":
            rows.append(("witness", point_text(Point(self.witness, self.parameters).to_json())))
        else:
            rows.append(("leaves", str(self.leaves)))
        if self.verdict == "undecided":
            rows.append(("undecided", f"{self.undecided_volume:.3g} of it{self.where}"))
        if self.seconds is not None:
            rows.append(("seconds", f"{self.seconds:.3g}"))
        return table(rows).rstrip()

    __repr__ = __str__


def prove(
    claim: Claim, box: Any = None, *, leaves: int | None = None, seconds: float = SECONDS,
    jobs: int | Workers = 1, progress: Callable[..., None] | None = None,
) -> Proved:  # fmt: skip
    """Prove an inequality on its whole domain, or on a box of it, or find where it is false.

    Without means in the ``box`` the claim is about numbers, on its whole domain but for the
    parameters' intervals of the box: parameters, and of a mixture's symbols n, d, mu_max, U, S, Y,
    pi_min, pi_max and D, which are taken for any numbers that satisfy what holds of every
    mixture. With means it is about the mixtures of a box, an
    object as in BOX.json (:mod:`gembounds.proving.boxes.box`). The search halves what is
    neither proved nor left out, and gives up after ``leaves`` pieces or so many ``seconds``.
    Nothing is an estimate: each leaf of a cover is shown, with every error bounded.

    Raises :class:`InputError` for what is no box, and for statements that are not proved so
    (equalities, quantities of moved means but the change of the gradient).
    """
    if not isinstance(claim, Claim):
        raise InputError(f"{shown(claim)} is no gembounds.Claim: give one")
    if leaves is not None:
        check_whole("leaves", leaves, 1)
    if not isinstance(seconds, (int, float)) or not 0 < seconds < math.inf:
        raise InputError(f"seconds is {shown(seconds)}: give a positive number")
    where = None if box is None else Box.from_json(box)
    if where is None or not where.means:
        return _of_numbers(claim, where, leaves, seconds, jobs)
    if claim.decided_by is not None and claim.home not in papers():
        raise InputError(
            f"{claim.id} is decided by another relation, which nothing holds to its own: state "
            "the one that is to be proved"
        )
    problem = Problem(claim, where)

    def told(leaves: int, waiting: int) -> None:
        if progress is not None:
            progress(leaves, leaves + waiting, f"pieces of {claim.id}")

    with pool(jobs) as workers, answering(problem, workers) as run:
        found = search(problem, run, leaves or LEAVES, seconds, told)
    if found.verdict == "proved" and set(found.counts) <= {OPEN, OUTSIDE}:
        raise InputError(f"{claim.id} says nothing on this box: its conditions are false on it")
    return _proved(problem, found, None if workers.kept else found.seconds)


@dataclass(frozen=True)
class _Numbers:
    """What is found of a claim about numbers."""

    verdict: str
    leaves: int
    volume: float
    point: Point
    certificate: dict[str, Any] | None
    seconds: float | None = field(default=None, compare=False)


def _of_numbers(
    claim: Claim, box: Box | None, leaves: int | None, seconds: float, jobs: int | Workers
) -> Proved:
    with pool(jobs, 1) as workers:
        handle = tasks.handle_of(claim) if workers.kept else claim
        where = None if box is None else box.to_json()
        found = workers.here(_numbers, (handle, where, leaves or LEAVES_OF_NUMBERS, seconds))
    by = "arithmetic" if found.verdict == "proved" else None
    return Proved(
        claim, box, found.verdict, by, found.leaves, found.volume, [], found.point.mixture,
        dict(found.point.parameters), found.certificate, found.seconds,
    )  # fmt: skip


def _numbers(task: tuple[tasks.Handle, Any, int, float]) -> _Numbers:
    handle, where, leaves, seconds = task
    box = None if where is None else Box.from_json(where)
    problem = Numbers(tasks.claim_of(handle), None if box is None else box.parameters)
    found = search_numbers(problem, leaves, seconds)
    return _Numbers(
        found.verdict, found.leaves, float(found.undecided_volume), found.witness or Point(),
        scalar.certificate(problem, found) if found.verdict == "proved" else None, found.seconds,
    )  # fmt: skip


def _proved(problem: Problem, found: Found, seconds: float | None) -> Proved:
    claim = problem.claim
    by = "arithmetic" if found.verdict == "proved" else None
    proof: dict[str, Any] | None = None
    witness, parameters = None, {}
    if found.point is not None:
        point = shrink(
            found.point,
            lambda p: is_inside(problem.box, p) and decide(claim, p).outcome == "refuted",
        )
        witness, parameters = point.mixture, dict(point.parameters)
        proof = certificate(claim, point)
    elif by is not None:
        content = body(problem, found)
        proof = {**content, "digest": digest(content)}
    return Proved(
        claim, problem.box, found.verdict, by, found.leaves, found.volume,
        _undecided(problem, found), witness, parameters, proof, seconds,
    )  # fmt: skip


def _undecided(problem: Problem, found: Found) -> list[dict[str, tuple[float, float]]]:
    if found.left is None:
        return []
    chart = problem.chart
    out = []
    for k in range(min(SHOWN, found.left.shape[2])):
        cell = {}
        for j, v in enumerate(chart.variables):
            low, width = float(v.low), float(v.high - v.low)
            a, b = found.left[j, :, k]
            cell[v.name] = (low + width * float(a), low + width * float(b))
        out.append(cell)
    return out
