"""Deciding claims on generated points: what ``gembounds check`` runs."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import tee
from typing import Any

from gembounds.referee import proofs, recorded, tasks
from gembounds.referee.optimise import EVALUATIONS
from gembounds.referee.search import Findings, alike
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.drawing import drawing
from gembounds.statements.every import every_point, points_of
from gembounds.statements.paper import papers
from gembounds.tools.errors import check_whole
from gembounds.tools.progress import Count
from gembounds.tools.seeds import seed_of
from gembounds.tools.workers import Workers, as_done, in_order, pool

Result = dict[str, Any]
Progress = Callable[..., None]
POINTS = 160
"""Points drawn for each claim unless asked otherwise, divided by the claim's ``cost``."""

SHARD = 40
"""Points that one task draws: small enough to share the work, large enough to vary."""

PARTS = 8
"""Tasks that share the points of a finite domain (a choice)."""

STEP_POINTS = 20
"""Points at which each step that an argument shows is decided, divided by the claim's ``cost``."""


def run(
    targets: Sequence[str] = (),
    *,
    claims: Sequence[Claim] | None = None,
    points: int | None = None,
    seed: int = 0,
    jobs: int | Workers = 2,
    evaluations: int = EVALUATIONS,
    progress: Progress | None = None,
) -> list[Result]:
    """Decide the claims that ``targets`` name (:mod:`gembounds.statements.library`; or
    ``claims``) at ``points`` generated points each, then let the optimiser start from the nearest
    ones with ``evaluations`` (divided by the claim's cost). Of a finite domain all points are
    decided, whatever ``points`` says. Claims of one domain, with the same conditions and
    parameters, share their points, which are drawn once. What the steps of an argument show is
    decided too, and so are, of a file's claims, those that an argument rests on.

    What is kept of a claim, its witness and its nearest miss, is decided first and counts; the
    optimiser does not start there, where it ended before. The results depend on that, ``points``,
    ``seed`` and ``evaluations`` alone, not on ``jobs``. Each is a dict: id, paper (null for a
    file's), form, source, text, verdict, expect, recorded_verdict, stored (points kept that were
    decided again), checked (points decided, those among them), undecided, undecided_points (a few
    of them), undefined (points where a side has no value), outside (points that the generator drew
    outside the domain: 0 unless it is wrong), points, seed, min_points, min_recorded (points
    decided below which it is not recorded), pushed (evaluations of the optimiser), closest (the
    point nearest to a violation, or at it; null for equalities), max_ratio and nearest_ratio
    (larger side over smaller side, certified upper end over certified lower end, at the loosest
    and the nearest of all points and entries; null for equalities and where it is not a finite
    float64), max_ratio_log10, nearest_ratio_log10 (their logarithms, beyond float64 too), proof,
    basis, by, own_argument, unproved, void (:func:`gembounds.referee.proofs.settle`), steps (what
    the steps of its argument show: how often decided, undecided, and where refuted), enumerated
    (whether the domain is finite and all its points were decided), witness (path of the recorded
    certificate of a refuted claim), certificate (the violation found by this run), seconds
    (null where results are kept, since they may be of several runs); statistical and
    failure_probability (what holds or is refuted but for that probability, where the verdict is
    "statistical"; else null).

    Raises :class:`InputError` for a target that names nothing, or numbers out of range.
    """
    for name, number, least in (("points", points, 1), ("seed", seed, 0)):
        if number is not None:
            check_whole(name, number, least)
    chosen = library.select(targets) if claims is None else list(claims)
    asked = len(chosen)
    chosen += proofs.needed(chosen)
    if not all(c.home for c in chosen):
        jobs = 1  # they are here and nowhere else
    whole = [every_point(c) for c in chosen]
    drawn = [points or usual_points(c) if w is None else len(w)
             for c, w in zip(chosen, whole, strict=True)]  # fmt: skip
    found, kept = [[Findings() for _ in chosen] for _ in range(2)]
    known = {
        name: recorded.read(recorded.directory_of(papers()[name]))
        for name in {c.home for c in chosen} & set(papers())
    }
    count = Count(progress, len(chosen), "kept points")
    with pool(jobs) as workers:
        handles = [tasks.handle_of(c) for c in chosen]
        stored = (
            (tasks.again, (handle, recorded.stored(c, known.get(c.home))))
            for handle, c in zip(handles, chosen, strict=True)
        )
        for one in in_order(workers, stored):
            kept[one.k] = one.result
            count(1, one.known)
        shards, more = tee(_shards(chosen, drawn, whole))
        searches = (
            (
                tasks.searched,
                (
                    [handles[k] for k in ks],
                    size,
                    seed_of(seed, drawing(chosen[ks[0]])[2], first),
                ),
            )
            if whole[ks[0]] is None
            else (tasks.enumerated, ([handles[k] for k in ks], first, size))
            for ks, first, size in shards
        )
        count = Count(progress, sum(drawn), "points")
        for (ks, _, size), one in zip(more, in_order(workers, searches), strict=True):
            for k, findings in zip(ks, one.result, strict=True):
                found[k].merge(findings)
            count(size * len(ks), one.known)
        slowest = sorted(range(len(chosen)), key=lambda k: -found[k].seconds)
        pushed = [
            k for k in slowest
            if found[k].witness is None and kept[k].witness is None
            if chosen[k].sign != "==" and whole[k] is None and found[k].starts
        ]  # fmt: skip
        pushes = [
            (tasks.push, (handles[k], found[k].starts, round(evaluations / chosen[k].cost)))
            for k in pushed
        ]
        steps = [
            (tasks.steps, (handle, step_points(c), seed_of(seed, c.id, "steps")))
            for handle, c in zip(handles, chosen, strict=True)
        ]
        shown: dict[int, list[Result]] = {}
        count = Count(progress, len(pushes) + len(steps), "searches")
        for one in as_done(workers, [*pushes, *steps]):
            if one.k < len(pushed):
                found[pushed[one.k]].merge(one.result)
            else:
                shown[one.k - len(pushed)] = one.result
            count(1, one.known)
        again = [before.decided for before in kept]
        for before, now in zip(kept, found, strict=True):
            before.merge(now)
        refuted = [
            k for k, c in enumerate(chosen) if kept[k].witness and not c.failure_probability
        ]
        shrinking = (
            (tasks.certified, (handles[k], kept[k].witness, recorded.witness_of(chosen[k])))
            for k in refuted
        )
        count = Count(progress, len(refuted), "certificates")
        certificates = {}
        for one in as_done(workers, shrinking):
            certificates[refuted[one.k]] = one.result
            count(1, one.known)
    out = [
        _result(c, kept[k], certificates.get(k), drawn[k], seed, known.get(c.home), again[k],
                shown[k], whole[k] is not None)
        for k, c in enumerate(chosen)
    ]  # fmt: skip
    for result in out if workers.kept else ():
        result["seconds"] = None
    proofs.settle(chosen, out, known)
    return out[:asked]


def exit_status(results: Sequence[Result]) -> int:
    """1 where a verdict is not the one recorded (or, where nothing is, expected), a claim that has
    a proof or a step of its argument is refuted, a paper's claim was decided on fewer points than
    its minimum, or a point was outside its domain; else 3 where one is undecided and that is not
    what is expected; else 0.
    """
    if any(unexpected(r) for r in results):
        return 1
    open_ones = (r for r in results if r["verdict"] == "undecided")
    return 3 if any(r["expect"] != "undecided" for r in open_ones) else 0


def unexpected(r: Result) -> bool:
    """Whether a result is other than what is expected of it, or recorded."""
    if r["outside"] or r.get("void"):
        return True
    verdict, expect = r["verdict"], r["expect"]
    if r["paper"] is None:
        if expect is None:
            return bool(verdict == "refuted")
        met = ("holds", "proved", "consistent") if expect == "holds" else (expect,)
        return verdict not in met
    if verdict != "undecided" and r["checked"] < r["min_points"]:
        return True
    return bool(changed(r)) if r["recorded"] else expect not in (None, verdict)


def changed(result: Result) -> bool:
    """Whether the verdict, or how it is proved, differs from what is recorded; by arithmetic, also
    whether the certificate is another one than was recorded."""
    keys = ["verdict", "by", "statistical"]
    if result.get("by") == "arithmetic" and result.get("recorded_basis") is not None:
        keys.append("basis")
    return [result.get(k) for k in keys] != [result.get(f"recorded_{k}") for k in keys]


def _result(
    claim: Claim,
    found: Findings,
    proof: dict[str, Any] | None,
    drawn: int,
    seed: int,
    known: dict[str, Result] | None,
    again: int,
    steps: list[Result],
    whole: bool,
) -> Result:
    outside = found.outcomes["outside"]
    if whole:  # the points that the conditions leave out
        drawn, outside = drawn - outside, 0
    least = _least(claim, drawn)
    verdict, chance = verdict_of(claim, found, proof, least), None
    if claim.failure_probability and verdict != "undecided":
        verdict, chance = "statistical", verdict
    paper = papers().get(claim.home)
    path = None if paper is None else recorded.place_of(claim)
    ratios = found.ratios
    return {
        "id": claim.id,
        "paper": None if paper is None else paper.name,
        "form": claim.form,
        "source": claim.source,
        "text": claim.text,
        "severity": claim.severity,
        "slip": None if claim.slip is None else claim.slip.name,
        "why": None if claim.slip is None else claim.slip.why,
        "verdict": verdict,
        "expect": claim.expect,
        "recorded_verdict": (known or {}).get(claim.id, {}).get("verdict"),
        "statistical": chance,
        "failure_probability": claim.failure_probability or None,
        "recorded_statistical": (known or {}).get(claim.id, {}).get("statistical"),
        "recorded_by": (known or {}).get(claim.id, {}).get("by"),
        "recorded_basis": (known or {}).get(claim.id, {}).get("basis"),
        "recorded": known is not None,
        "stored": again,
        "checked": found.decided,
        "undecided": found.outcomes["undecided"],
        "undecided_points": [point.to_json() for point in found.undecided],
        "undefined": found.outcomes["undefined"],
        "outside": outside,
        "enumerated": whole,
        "steps": steps,
        "points": drawn,
        "seed": seed,
        "min_points": least,
        "min_recorded": _least(claim, usual_points(claim)),
        "max_ratio": _finite(ratios.largest.value) if ratios else None,
        "max_ratio_log10": ratios.largest.log10 if ratios else None,
        "nearest_ratio": _finite(ratios.smallest.value) if ratios else None,
        "nearest_ratio_log10": ratios.smallest.log10 if ratios else None,
        "pushed": found.pushed,
        "closest": found.closest[0][1].to_json() if found.closest else None,
        "witness": path.as_posix() if verdict == "refuted" and path and path.exists() else None,
        "certificate": proof,
        "seconds": round(found.seconds, 3),
    }


def verdict_of(claim: Claim, found: Findings, proof: Any, least: int = 1) -> str:
    """The verdict, that a claim with a failure probability has but for it. A claim of nobody's
    paper that was decided at fewer than ``least`` points, by half, is undecided."""
    if proof is not None or (claim.failure_probability and found.witness is not None):
        return "refuted"
    enough = 1 if claim.form != "stated" else max(1, least // 2)
    if found.decided >= enough and found.witness is None:
        return "consistent" if claim.sign == "==" else "holds"
    return "undecided"


def usual_points(claim: Claim) -> int:
    """How many points are drawn for a claim where nothing else is asked."""
    return max(SHARD, round(POINTS / claim.cost))


def _least(claim: Claim, drawn: int) -> int:
    """Points decided, of ``drawn`` ones, below which a claim counts as not checked."""
    return min(claim.min_points, drawn - drawn // 10, points_of(claim) or sys.maxsize)


def step_points(claim: Claim, points: int = STEP_POINTS) -> int:
    """At how many points each step of its argument is decided."""
    return max(1, round(points / claim.cost))


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _shards(
    claims: Sequence[Claim], points: Sequence[int], whole: Sequence[Sequence[Any] | None]
) -> Iterator[tuple[list[int], int, int]]:
    """Places of claims that share their points, the first of some of these, and how many: there
    may be millions. Of a finite domain the claim is alone."""
    places = range(len(claims))
    for same in alike(places, lambda k: drawing(claims[k]) if whole[k] is None else k):
        most = max(points[k] for k in same)
        step = SHARD if whole[same[0]] is None else max(SHARD, math.ceil(most / PARTS))
        for first in range(0, most, step):
            sizes = {k: min(step, points[k] - first) for k in same if points[k] > first}
            for ks in alike(sizes, sizes.get):
                yield ks, first, sizes[ks[0]]
