"""The tightness of every constant of the inequalities: what ``gembounds tightness`` runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.referee.tightness import along, families
from gembounds.referee.tightness.certify import Certified, certify, refuted_value, smaller
from gembounds.referee.tightness.critical import Constant, with_sense
from gembounds.referee.tightness.notes import note_of
from gembounds.referee.tightness.record import STRONGER, Row, slack
from gembounds.referee.tightness.seek import FULL, QUICK, SHORT, Effort, Found, drawn_points, seek
from gembounds.statements import library
from gembounds.statements.best import Best, Family, Proof
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Relation
from gembounds.statements.words import const
from gembounds.tools.errors import InputError, check_whole
from gembounds.tools.progress import Count
from gembounds.tools.seeds import seed_of
from gembounds.tools.workers import Workers, as_done, pool
from gembounds.values.balls import float_ends

Progress = Callable[..., None]

SLOW = 2.0
"""``cost`` of a claim from which the quick form is content with less (a choice)."""

LONGEST = 4096
"""Dimension from which mixtures are left out of the search, where others were drawn (a choice:
each move makes a mixture anew)."""

ESTIMATED = 1e-3
"""Relative error that an extrapolated limit may well have (a choice)."""

FOR_SENSE = 24
"""Drawn points at which a constant is moved to see which way it acts."""


def run(
    targets: Sequence[str] = (),
    *,
    seed: int = 0,
    quick: bool = False,
    jobs: int | Workers = 2,
    progress: Progress | None = None,
    empty: bool = False,
) -> list[dict[str, Any]]:
    """A row (:class:`gembounds.referee.tightness.record.Row`, as a dict) for each constant of the
    claims that ``targets`` name, all of the installed papers if none.

    All inequalities with constants are taken; a claim that has a repaired form is replaced by
    it, unless it is named; a file's claim without constants gets a factor on its larger side.
    With ``empty`` it is no error where there is nothing to look at.
    Rows depend on ``seed`` and ``quick`` alone, ``seconds`` aside, which is None where results are
    kept. Raises :class:`InputError` for
    an unknown target, an id without constants that can be looked at, or numbers out of range.
    """
    check_whole("seed", seed, 0)
    claims = chosen(targets, empty)
    rows: dict[library.Ref, list[dict[str, Any]]] = {}
    slowest_first = sorted(claims, key=lambda c: -c.cost * len(c.constants))
    with pool(jobs, len(claims)) as workers:
        tasks = ((_rows_of_task, (library.ref(c), seed, quick)) for c in slowest_first)
        count = Count(progress, sum(len(c.constants) for c in claims), "constants")
        for one in as_done(workers, tasks):
            claim = slowest_first[one.k]
            rows[library.ref(claim)] = [row.to_json() for row in one.result]
            count(len(one.result), one.known)
    return [row for claim in claims for row in rows[library.ref(claim)]]


def chosen(targets: Sequence[str], empty: bool = False) -> list[Claim]:
    """The inequalities that ``targets`` name and that have constants; see :func:`run`."""
    claims = [with_factor(c) for c in library.select(targets)]
    names = {target.rpartition(":")[2] for target in targets}
    for claim in claims:
        if not empty and claim.id in names and (claim.sign == "==" or not claim.constants):
            kind = "an equality" if claim.sign == "==" else "a statement without constants"
            raise InputError(f"{claim.id} is {kind}: name an inequality that has constants")
    found = [
        c for c in claims
        if c.sign != "==" and c.constants and (c.id in names or not _repaired(c))
    ]  # fmt: skip
    if not found and not empty:
        raise InputError("no inequality with constants is named: name one that has some")
    return found


def with_factor(claim: Claim) -> Claim:
    """A claim that is nobody's paper's and has no constant, with a factor on its larger side."""
    if claim.constants or library.paper_of(claim) is not None or claim.sign == "==":
        return claim
    lhs, sign, rhs = claim.relation.lhs, claim.sign, claim.relation.rhs
    factor = const("factor", 1)
    sides = (lhs, factor * rhs) if sign in ("<", "<=") else (factor * lhs, rhs)
    return replace(claim, relation=Relation(sides[0], sign, sides[1]))


def _repaired(claim: Claim) -> bool:
    others = library.collection(claim.home).values() if claim.home else ()
    return any(c.form == "repaired" and c.repairs == claim.id for c in others)


def _rows_of_task(task: tuple[library.Ref, int, bool]) -> list[Row]:
    place, seed, quick = task
    return rows_of_claim(library.at(place), seed, quick)


def rows_of_claim(claim: Claim, seed: int, quick: bool) -> list[Row]:
    """The rows of one claim's constants, which share their points."""
    given, claim = claim, with_factor(claim)
    if claim.sign == "==":
        raise InputError(f"{claim.id} is an equality: give an inequality")
    drawn: dict[int, list[Point]] = {}

    def of(number: int) -> list[Point]:
        if number not in drawn:
            drawn[number] = _drawn(claim, number, seed)
        return drawn[number]

    added = claim is not given
    return [_row_of(claim, name, of, quick, added) for name in claim.constants]


def _row_of(
    claim: Claim,
    name: str,
    drawn_points_of: Callable[[int], list[Point]],
    quick: bool,
    added: bool,
) -> Row:
    """The row of one constant; a factor that was ``added`` may act both ways, and has no ends."""
    start = time.perf_counter()
    effort = _effort(claim, name, quick)
    number = max(FOR_SENSE // 2, round(effort.drawn / claim.cost))
    drawn = drawn_points_of(number)
    known = claim.best.get(name, Best())
    family = known.family
    own = family.points(quick) if family else []
    try:
        constant = with_sense(claim, name, [*drawn[:FOR_SENSE], *(point for _, point in own)])
    except InputError:
        if not added:
            raise
        constant = None
    proof = known.proof
    if proof is None and claim.form in ("repaired", "sharpened"):
        proof = Proof(claim.constants[name], claim.id)
    if constant is None or claim.failure_probability:
        return _row(claim, name, constant, proof, None, None, [], None, start)
    certain = _along(constant, own)
    made = list(families.points(drawn[0], quick)) if drawn else []
    found = seek(constant, drawn, made, _best_of(constant, certain, family), effort)
    if found is not None and not quick:
        found = smaller(constant, found)
    certified = None if found is None else certify(constant, found, _exact(proof))
    limit = None
    if family and family.has_limit:
        limit = along.fitted([(u, v) for u, v, _ in certain])
    if limit is None and found is not None and not quick:
        limit = along.followed(constant, found)
    if certified is not None and limit is not None and _refuted(constant, certified, limit):
        limit = None  # of a family that is not the worst
    size = family.size if family else ""
    shown = [{"size": size, "at": u, "value": v} for u, v, _ in certain]
    where = found.family if found else None
    return _row(claim, name, constant, proof, certified, where, shown, limit, start)


def _effort(claim: Claim, name: str, quick: bool) -> Effort:
    proof = claim.best.get(name, Best()).proof
    short = quick and claim.cost >= SLOW and proof is not None and proof.sharp
    return SHORT if short else QUICK if quick else FULL


def _exact(proof: Proof | None) -> Fraction | None:
    return proof.best if proof is not None and isinstance(proof.best, Fraction) else None


def _along(
    constant: Constant, own: list[tuple[Fraction, Point]]
) -> list[tuple[float, float, Point]]:
    """(u, certified critical value, point) for the points of a family that have one."""
    found = [(float(u), refuted_value(constant, point), point) for u, point in own]
    return [(u, float(value), point) for u, value, point in found if value is not None]


def _best_of(
    constant: Constant, certain: list[tuple[float, float, Point]], family: Family | None
) -> Found | None:
    """The point of a family with the strongest refutation."""
    if family is None or not certain:
        return None
    places = [(constant.place(value), point) for _, value, point in certain]
    w, point = min(places, key=lambda place: place[0])
    return Found(w, point, family.name)


def _row(
    claim: Claim,
    name: str,
    constant: Constant | None,
    proof: Proof | None,
    certified: Certified | None,
    family: str | None,
    shown: list[dict[str, Any]],
    limit: float | None,
    start: float,
) -> Row:
    claimed = claim.constants[name]
    stronger = None if constant is None else STRONGER[constant.sense]
    ends: dict[str, float | None] = {"lower": None, "upper": None}
    witness_end, proof_end = ("upper", "lower") if stronger == "larger" else ("lower", "upper")
    if certified is not None:
        ends[witness_end] = _outward(certified.value, witness_end)
    if proof is not None and stronger is not None:
        value = proof.value()
        ends[proof_end] = _outward(value, proof_end)
        end = proof.beyond(value)
        if end is not None:
            ends[witness_end] = _stronger(ends[witness_end], _outward(end, witness_end), proof)
        if certified is not None:
            _consistent(claim, name, certified, value, stronger)
    best = ends[proof_end] if ends[proof_end] is not None else ends[witness_end]
    return Row(
        claim=claim.id,
        paper=library.paper_of(claim),
        form=claim.form,
        source=claim.source,
        statement=claim.text,
        constant=name,
        claimed=float(claimed),
        claimed_exact=str(claimed),
        stronger=stronger,
        certified_lower=ends["lower"],
        certified_upper=ends["upper"],
        attained=_attained(certified, proof),
        limit_estimate=limit,
        slack=slack(claimed, best, stronger),
        witness=None if certified is None else certified.point.to_json(),
        witness_value=None if certified is None else str(certified.value),
        family=family,
        along=shown,
        proof=None if proof is None else proof.where,
        note=note_of(claim.best.get(name, Best()).note, constant, certified, proof),
        sharpened=_sharpened(claim),
        seconds=round(time.perf_counter() - start, 3),
    )


def _sharpened(claim: Claim) -> list[dict[str, str]]:
    """The sharpened forms of the statement, with their texts."""
    of = claim.repairs or claim.id
    return [
        {"claim": c.id, "statement": c.text}
        for c in (library.collection(claim.home).values() if claim.home else ())
        if c.form == "sharpened" and c.repairs == of
    ]


def _stronger(found: float | None, shown: float, proof: Proof) -> float:
    """The end that the argument gives, or the witness where that is nearer to ``best``."""
    if proof.sharp or found is None:
        return shown
    best = float_ends(ball(proof.value()))[0]
    return min(found, shown, key=lambda x: abs(x - best))


def _attained(certified: Certified | None, proof: Proof | None) -> bool | None:
    if certified is not None and certified.attained:
        return True
    return None if proof is None or not proof.sharp else proof.attained


def _refuted(constant: Constant, certified: Certified, limit: float) -> bool:
    """Whether ``limit`` is beyond what the witness refutes, by more than an estimate's error."""
    if limit <= 0 or certified.value <= 0:
        return False
    return constant.place(limit) > constant.place(certified.value) + ESTIMATED


def _outward(value: Any, end: str) -> float:
    return float_ends(ball(value))[0 if end == "lower" else 1] + 0.0  # no -0


def _consistent(claim: Claim, name: str, certified: Certified, proved: Any, stronger: str) -> None:
    """A value that a proof says holds is not refuted: else one of the two is wrong."""
    value = ball(certified.value)
    beyond = value < ball(proved) if stronger == "larger" else value > ball(proved)
    if beyond:
        raise ArithmeticError(
            f"{claim.id}, {name}: {certified.value} is refuted at {certified.point!r}, "
            "and the proof on record says that it holds"
        )


def _drawn(claim: Claim, number: int, seed: int) -> list[Point]:
    """Points of the claim's generator, those of moderate dimension where there are some."""
    points = drawn_points(claim, number, seed_of("tightness", seed, claim.id))
    short = [p for p in points if p.mixture is None or p.mixture.d <= LONGEST]
    return short or points
