"""What a worker computes: a chunk of the configurations of one claim."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.referee.margin import WORST, margin
from gembounds.referee.ratio import ratio
from gembounds.referee.sweep.balance import balanced
from gembounds.referee.sweep.many import Many
from gembounds.referee.sweep.singly import singly
from gembounds.referee.sweep.tally import Found, Tally, bin_of
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.statements.every import every_point
from gembounds.tools.errors import InputError
from gembounds.tools.seeds import seed_of
from gembounds.tools.versions import file_digest


def work(arguments: dict[str, Any], k: int, before: dict[str, Any] | None) -> dict[str, Any]:
    """Chunk ``k`` of a strand, which starts from the nearest misses of the one before: the
    optimiser goes on from them, and the other points are drawn."""
    claim, size = balanced(claim_of(arguments)), arguments["size"]
    tally = Tally()
    tally.outcomes["asked"] = size
    starts = Tally.from_json(before).nearest if before is not None else []
    key = seed_of("sweep", *(arguments[name] for name in ("seed", "paper", "claim", "strand")), k)
    points = every_point(claim)
    if points is not None:
        for point in points[arguments["firsts"][k] :][:size]:
            single(tally, claim, point)
    elif arguments["many"]:
        Many(tally, claim, size, partial(single, tally, claim)).run(key, starts)
    else:
        singly(tally, claim, size, k, key, starts, partial(single, tally, claim))
    chunk = {name: arguments[name] for name in ("paper", "claim", "strand")}
    return {"chunk": {**chunk, "round": k}, **tally.to_json()}


def claim_of(arguments: dict[str, Any]) -> Claim:
    """The claim of a chunk; raises :class:`InputError` where its file is another than it was."""
    home = arguments["home"]
    if library.is_file(home) and file_digest(Path(home)) != arguments["source"]:
        raise InputError(f"{home}: was changed meanwhile; run the same command again")
    return library.at((home, arguments["claim"]))


def single(tally: Tally, claim: Claim, point: Point) -> None:
    """Decide a configuration by itself, and count it."""
    decision = decide(claim, point)
    tally.outcomes[decision.outcome] += 1
    tally.outcomes["single"] += 1
    near = margin(decision.pairs, claim.sign, graded=True) if decision.pairs else WORST
    ratios = [r.log10 for a, b in decision.pairs if (r := ratio(a, claim.sign, b)) is not None]
    least = min(ratios, default=None)
    if decision.decided and least is not None:
        tally.bins[bin_of(least)] += 1
    found = Found.of(near, least, point)
    if decision.outcome in ("refuted", "undecided"):
        tally.keep(decision.outcome, [found])
    if decision.decided and near < WORST:
        tally.keep("nearest", [found])
