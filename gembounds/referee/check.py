"""Deciding claims on generated points: what ``gembounds check`` runs."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Any

from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.certificate import certificate
from gembounds.referee.optimise import EVALUATIONS
from gembounds.referee.search import Findings, pushed, search, smallest_witness
from gembounds.statements import library
from gembounds.statements.legacy import Claim
from gembounds.tools.errors import InputError
from gembounds.tools.processes import finished, pool

Result = dict[str, Any]
Progress = Callable[[int, int, str], None]

POINTS = 160
"""Points drawn for each claim unless asked otherwise, divided by the claim's ``cost``."""

SHARD = 40
"""Points that one task draws: small enough to share the work, large enough to vary."""

UNDECIDED_SHARE = 0.02
"""Of the points drawn for a claim, how many may stay undecided."""

STATEMENT_WIDTH = 62


def run(
    ids: Sequence[str] = (),
    *,
    points: int | None = None,
    seed: int = 0,
    jobs: int = 2,
    evaluations: int = EVALUATIONS,
    progress: Progress | None = None,
) -> list[Result]:
    """Decide the claims of ``ids`` (all if none) at ``points`` generated points each, then let the
    optimiser start from the nearest ones with ``evaluations`` (divided by the claim's cost).

    The results depend on ``points``, ``seed`` and ``evaluations`` alone, not on ``jobs``. Each is
    a dict: id,
    form, verdict, recorded_verdict, checked (points decided), undecided, undecided_points (a few
    of them), outside (points that the generator drew outside the domain: 0 unless it is wrong),
    points, seed, min_points, pushed (evaluations of the optimiser), closest (the point nearest to
    a violation, or at it; null for equalities),
    max_ratio and min_ratio (larger side over smaller side, certified upper end over certified
    lower end, over all points and entries; null for equalities and where it is not a finite
    float64), max_ratio_log10, witness (path of the recorded certificate of a refuted claim),
    certificate (the violation found by this run), seconds; statistical and
    failure_probability (what holds or is refuted but for that probability, where the verdict is
    "statistical"; else null).

    Raises :class:`InputError` for an unknown id, or numbers out of range.
    """
    for name, number, least in (("points", points, 1), ("seed", seed, 0), ("jobs", jobs, 1)):
        if number is not None and number < least:
            raise InputError(f"{name} is {number}: give an integer of at least {least}")
    claims = library.select(ids)
    drawn = {c.id: points or max(SHARD, round(POINTS / c.cost)) for c in claims}
    found = {c.id: Findings() for c in claims}
    certificates: dict[str, Any] = {}
    total, done = sum(drawn.values()), 0
    known = recorded.read()
    with pool(jobs) as submit:
        tasks = [
            (c.id, submit(_search, (c.id, size, _key(seed, c.id, part))), size)
            for c in claims
            for part, size in enumerate(_parts(drawn[c.id]))
        ]
        for _ in finished(task for _, task, _ in tasks):
            done = sum(size for _, task, size in tasks if task.done())
            if progress is not None:
                progress(done, total, "points")
        for claim_id, task, _ in tasks:  # in a fixed order, whatever finished first
            found[claim_id].merge(task.result())
        pushes = [
            (c.id, submit(_push, (c.id, start, round(evaluations / c.cost))))
            for c in claims
            if found[c.id].witness is None and c.sign != "=="
            for start in found[c.id].starts
        ]
        for _ in finished(task for _, task in pushes):
            if progress is not None:
                over = sum(task.done() for _, task in pushes)
                progress(over, len(pushes), "searches")
        for claim_id, task in pushes:
            found[claim_id].merge(task.result())
        shrinking = {
            c.id: submit(_certify, (c.id, found[c.id].witness))
            for c in claims
            if found[c.id].witness is not None and not c.failure_probability
        }
        for claim_id, task in shrinking.items():
            certificates[claim_id] = task.result()
    return [
        _result(c, found[c.id], certificates.get(c.id), drawn[c.id], seed, known) for c in claims
    ]


def record(results: Sequence[Result]) -> None:
    """Keep these verdicts and certificates as the last known, under ``reports``."""
    recorded.write(results)


def exit_status(results: Sequence[Result]) -> int:
    """1 where a verdict differs from the recorded one, or a claim was decided on fewer points
    than its minimum, or more than ``UNDECIDED_SHARE`` (and more than one point) stayed undecided,
    or a point was outside its domain; else 3 where one is undecided; else 0.
    """
    for r in results:
        if r["verdict"] != "undecided" and (
            r["checked"] < r["min_points"]
            or r["undecided"] > max(1, UNDECIDED_SHARE * r["points"])
        ):
            return 1
        if r["outside"] or (r["recorded"] and _changed(r)):
            return 1
    return 3 if any(r["verdict"] == "undecided" for r in results) else 0


def _changed(result: Result) -> bool:
    known = result["recorded_verdict"], result.get("recorded_statistical")
    return (result["verdict"], result.get("statistical")) != known


def format_table(results: Sequence[Result]) -> str:
    """The table of verdicts: claim, statement, verdict, points decided, undecided, ratio."""
    rows = [("claim", "statement", "verdict", "decided", "undecided", "largest ratio")]
    for r in results:
        text = r["text"]
        if len(text) > STATEMENT_WIDTH:
            text = text[: STATEMENT_WIDTH - 3] + "..."
        verdict = r["verdict"]
        if r.get("statistical"):
            verdict += f": {r['statistical']} but for {r['failure_probability']:g}"
        if r["recorded"] and _changed(r):
            verdict += f" (was {r['recorded_verdict'] or 'not recorded'})"
        rows.append((r["id"], text, verdict, str(r["checked"]), str(r["undecided"]), _shown(r)))
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _shown(result: Result) -> str:
    log10 = result["max_ratio_log10"]
    if log10 is None:
        return "-"
    if abs(log10) < 6:
        return f"{10.0**log10:.6g}"
    return f"1e{log10:+.1f}"


def _result(
    claim: Claim,
    found: Findings,
    proof: dict[str, Any] | None,
    drawn: int,
    seed: int,
    known: dict[str, Result] | None,
) -> Result:
    verdict, chance = verdict_of(claim, found, proof), None
    if claim.failure_probability and verdict != "undecided":
        verdict, chance = "statistical", verdict
    path = recorded.certificate_path(claim.id)
    ratios = found.ratios
    return {
        "id": claim.id,
        "form": claim.form,
        "source": claim.source,
        "text": claim.text,
        "verdict": verdict,
        "recorded_verdict": (known or {}).get(claim.id, {}).get("verdict"),
        "statistical": chance,
        "failure_probability": claim.failure_probability or None,
        "recorded_statistical": (known or {}).get(claim.id, {}).get("statistical"),
        "recorded": known is not None,
        "checked": found.decided,
        "undecided": found.outcomes["undecided"],
        "undecided_points": [point.to_json() for point in found.undecided],
        "outside": found.outcomes["outside"],
        "points": drawn,
        "seed": seed,
        "min_points": min(claim.min_points, drawn - drawn // 10),
        "max_ratio": _finite(ratios.largest.value) if ratios else None,
        "max_ratio_log10": ratios.largest.log10 if ratios else None,
        "min_ratio": _finite(ratios.smallest.value) if ratios else None,
        "pushed": found.pushed,
        "closest": found.closest[0][1].to_json() if found.closest else None,
        "witness": path.as_posix() if verdict == "refuted" and path.exists() else None,
        "certificate": proof,
        "seconds": round(found.seconds, 3),
    }


def verdict_of(claim: Claim, found: Findings, proof: Any) -> str:
    """The verdict, that a claim with a failure probability has but for it."""
    if proof is not None or (claim.failure_probability and found.witness is not None):
        return "refuted"
    if found.decided and found.witness is None:
        return "consistent" if claim.sign == "==" else "holds"
    return "undecided"


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _parts(points: int) -> list[int]:
    whole, rest = divmod(points, SHARD)
    return [SHARD] * whole + ([rest] if rest else [])


def _key(seed: int, claim_id: str, part: int) -> int:
    text = f"{seed}/{claim_id}/{part}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def _search(task: tuple[str, int, int]) -> Findings:
    claim_id, points, key = task
    return search(library.get(claim_id), points, key)


def _push(task: tuple[str, Point, int]) -> Findings:
    claim_id, start, evaluations = task
    return pushed(library.get(claim_id), start, evaluations)


def _certify(task: tuple[str, Point]) -> dict[str, Any] | None:
    claim = library.get(task[0])
    return certificate(claim, smallest_witness(claim, task[1]))
