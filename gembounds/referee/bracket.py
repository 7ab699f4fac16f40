"""The best value of a constant on a box, between a refutation and a proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.certificate import body
from gembounds.proving.boxes.problem import Problem
from gembounds.proving.boxes.search import Found, search
from gembounds.proving.boxes.sharp import sharp
from gembounds.proving.boxes.workers import answering
from gembounds.proving.record import digest
from gembounds.referee.certificate import certificate
from gembounds.referee.proving import LEAVES, SECONDS
from gembounds.statements.claim import Claim
from gembounds.tools.errors import InputError
from gembounds.tools.workers import Workers, pool
from gembounds.values.balls import float_ends
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown


@dataclass(frozen=True)
class Bracket:
    """The best value of ``constant`` on ``box`` lies in [``lower``, ``upper``] (None: no end was
    found). Where ``stronger`` is "smaller", the claim holds with every value from ``upper`` on,
    by ``proof``, and is false with every positive one below ``lower``, by ``refutation``, at
    ``witness``, since the form of its sides shows that it gets no stronger as the value grows;
    where it is "larger", the ends change places. Both certificates are checked again by
    ``gembounds verify``. ``leaves`` and ``seconds``: of the proof, and of all
    (None where results are kept).
    """

    claim: Claim
    box: Box
    constant: str
    stronger: str
    lower: Fraction | None
    upper: Fraction | None
    witness: Mixture | None
    parameters: dict[str, Any]
    refutation: dict[str, Any] | None
    proof: dict[str, Any] | None
    leaves: int
    seconds: float | None

    @property
    def width(self) -> float | None:
        """(upper - lower) / lower."""
        if self.lower is None or self.upper is None or not self.lower:
            return None
        return float((self.upper - self.lower) / abs(self.lower))

    def to_json(self) -> dict[str, Any]:
        """What ``gembounds tightness --box`` gives, the certificates in their places."""
        return {
            "id": self.claim.id,
            "constant": self.constant,
            "stronger": self.stronger,
            "certified_lower": _end(self.lower, 0),
            "certified_upper": _end(self.upper, 1),
            "width": self.width,
            "witness": None if self.refutation is None else self.refutation["point"],
            "refutation": self.refutation,
            "proof": self.proof,
            "leaves": self.leaves,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
        }

    def __str__(self) -> str:
        from gembounds.tools.tables import table

        what = "infimum" if self.stronger == "smaller" else "supremum"
        ends = [None if x is None else f"{float(x):.9g}" for x in (self.lower, self.upper)]
        known = f"in [{ends[0] or '?'}, {ends[1] or '?'}]"
        rows = [(self.claim.id, self.claim.text)]
        rows.append((self.constant, f"the {what} of the values that hold on the box is {known}"))
        if self.refutation is not None:
            from gembounds.referee.report.text import point as point_text

            rows.append(("attained near", point_text(self.refutation["point"])))
        rows.append(("leaves", str(self.leaves)))
        if self.seconds is not None:
            rows.append(("seconds", f"{self.seconds:.3g}"))
        return table(rows).rstrip()

    __repr__ = __str__


def bracket(
    claim: Claim, constant: str | None, box: Any, *, width: float = 1e-3,
    jobs: int | Workers = 1, leaves: int = LEAVES, seconds: float = SECONDS,
    progress: Callable[..., None] | None = None,
) -> Bracket:  # fmt: skip
    """Both ends of the best value of a constant on a box; see :class:`Bracket`.

    ``constant`` may be None where the claim has one (or none: a factor on its larger side is
    taken). The ends are at most ``width`` apart, relatively, if ``leaves`` and ``seconds``
    suffice. Raises :class:`InputError` for what is no constant, and as :func:`gembounds.prove`
    does."""
    import time

    from gembounds.referee.tightness.run import with_factor

    if not isinstance(claim, Claim):
        raise InputError(f"{shown(claim)} is no gembounds.Claim: give one")
    if not 0 < width < 1:
        raise InputError(f"width is {shown(width)}: give a number between 0 and 1")
    claim = with_factor(claim)
    names = list(claim.constants)
    if constant is None and len(names) == 1:
        constant = names[0]
    if constant not in names:
        known = ", ".join(names) or "none"
        raise InputError(f"{claim.id} has no constant {shown(constant)}: give one of {known}")
    where = Box.from_json(box)
    start = time.monotonic()

    def prove(changed: Claim) -> tuple[Problem, Found]:
        problem = Problem(changed, where)
        left = seconds - (time.monotonic() - start)

        def told(done: int, waiting: int) -> None:
            if progress is not None:
                value = float(changed.constants[constant])
                progress(done, done + waiting, f"pieces, {constant} = {value:.6g}")

        with answering(problem, workers) as run:
            return problem, search(problem, run, leaves, max(left, 1.0), told)

    with pool(jobs) as workers:
        found = sharp(Problem(claim, where), constant, width, prove)
    ends = (found.proved, found.refuted) if found.larger else (found.refuted, found.proved)
    proof = refutation = None
    if found.problem is not None and found.found is not None:
        content = body(found.problem, found.found)
        proof = {**content, "digest": digest(content)}
    point = found.point or Point()
    if found.refuted is not None:
        beyond = replace(claim, constants={**claim.constants, constant: found.refuted})
        refutation = certificate(beyond, point)
    return Bracket(
        claim, where, constant, "larger" if found.larger else "smaller", *ends, point.mixture,
        dict(point.parameters), refutation, proof, found.found.leaves if found.found else 0,
        None if workers.kept else time.monotonic() - start,
    )  # fmt: skip


def _end(x: Fraction | None, side: int) -> float | None:
    """An end as a float64, outward."""
    if x is None:
        return None
    from flint import arb, fmpq

    return float_ends(arb(fmpq(x.numerator, x.denominator)))[side]
