"""What a worker computes: a chunk of the configurations of one claim."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.referee import search
from gembounds.referee.margin import WORST, margin
from gembounds.referee.optimise import STARTS
from gembounds.referee.ratio import ratio
from gembounds.referee.sweep.many import Many
from gembounds.referee.sweep.tally import Found, Tally, bin_of, point_of
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision, decide
from gembounds.statements.every import every_point
from gembounds.tools.errors import InputError
from gembounds.tools.seeds import seed_of
from gembounds.tools.versions import file_digest

PUSHED = 0.25
"""Evaluations of the optimiser, beside each point of a later round (a choice)."""


def work(arguments: dict[str, Any], k: int, before: dict[str, Any] | None) -> dict[str, Any]:
    """Chunk ``k`` of a strand, which starts from the nearest misses of the one before: the
    optimiser goes on from them, and the other points are drawn."""
    claim, size = claim_of(arguments), arguments["size"]
    tally = Tally()
    tally.outcomes["asked"] = size
    starts = Tally.from_json(before).nearest if before is not None else []
    key = seed_of("sweep", *(arguments[name] for name in ("seed", "paper", "claim", "strand")), k)
    points = every_point(claim)
    if points is not None:
        for point in points[arguments["firsts"][k] :][:size]:
            add(tally, claim, point, decide(claim, point))
    elif arguments["many"]:
        single = partial(_single, tally, claim)
        Many(tally, claim, size, single).run(key, starts)
    else:
        singly(tally, claim, size, key, starts)
    chunk = {name: arguments[name] for name in ("paper", "claim", "strand")}
    return {"chunk": {**chunk, "round": k}, **tally.to_json()}


def claim_of(arguments: dict[str, Any]) -> Claim:
    """The claim of a chunk; raises :class:`InputError` where its file is another than it was."""
    home = arguments["home"]
    if library.is_file(home) and file_digest(Path(home)) != arguments["source"]:
        raise InputError(f"{home}: was changed meanwhile; run the same command again")
    return library.at((home, arguments["claim"]))


def singly(tally: Tally, claim: Claim, size: int, key: int, starts: list[Found]) -> None:
    """Points one by one: where the optimiser ends, and drawn ones."""
    if starts and claim.sign != "==":
        points = [point_of(f.point) for f in starts[:STARTS]]
        found = search.pushed(claim, points, max(1, round(size * PUSHED / len(points))))
        tally.outcomes["pushed"] += found.pushed
        ends = [p for p in (found.witness, *(p for _, p in found.closest)) if p is not None]
        for point in ends[:size]:
            add(tally, claim, point, decide(claim, point))
        size -= len(ends[:size])
        tally.keep("nearest", starts)
    if size:
        search.draw(claim, size, key, lambda p: add(tally, claim, p, decide(claim, p)))


def _single(tally: Tally, claim: Claim, point: Point) -> None:
    add(tally, claim, point, decide(claim, point))


def add(tally: Tally, claim: Claim, point: Point, decision: Decision) -> None:
    """Count a configuration that was decided by itself."""
    tally.outcomes[decision.outcome] += 1
    tally.outcomes["single"] += 1
    near = margin(decision.pairs, claim.sign) if decision.pairs else WORST
    ratios = [r.log10 for a, b in decision.pairs if (r := ratio(a, claim.sign, b)) is not None]
    least = min(ratios, default=None)
    if decision.decided and least is not None:
        tally.bins[bin_of(least)] += 1
    found = Found.of(near, least, point)
    if decision.outcome in ("refuted", "undecided"):
        tally.keep(decision.outcome, [found])
    if decision.decided and near < WORST:
        tally.keep("nearest", [found])
