"""How loose each inequality is over random configurations: log10 of larger over smaller side."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from gembounds.claims import registry
from gembounds.claims.record import Claim
from gembounds.decide import decide
from gembounds.operations import LADDER
from gembounds.point import Point
from gembounds.ratio import extremes, ratio
from gembounds.search import draw


def run(
    points: int,
    *,
    ids: Sequence[str] = (),
    seed: int = 0,
    jobs: int = 2,
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, list[float]]:
    """:func:`log_ratios` of every inequality of ``ids`` (all if none), by id."""
    claims = [c.id for c in registry.select(ids) if c.relation != "=="]
    found: dict[str, list[float]] = {}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        tasks = {pool.submit(_one, name, points, seed): name for name in claims}
        for task in as_completed(tasks):
            found[tasks[task]] = task.result()
            if progress is not None:
                progress(len(found), len(claims), "distributions")
    return {name: found[name] for name in claims}


def _one(name: str, points: int, seed: int) -> list[float]:
    claim = registry.get(name)
    key = int.from_bytes(hashlib.sha256(f"atlas/{seed}/{name}".encode()).digest()[:8], "big")
    return log_ratios(claim, max(10, round(points / claim.cost)), key)


def log_ratios(claim: Claim, points: int, key: int) -> list[float]:
    """log10 of the smallest certified ratio at each of ``points`` generated points.

    By the first rung alone (float64 population quantities, certified as always); points that it
    leaves undecided, or where a ratio is not a positive number, are left out. Empty for
    equalities. Deterministic by ``key``.
    """
    found: list[float] = []
    if claim.relation == "==":
        return found

    def visit(point: Point) -> None:
        value = smallest_ratio(claim, point)
        if value is not None:
            found.append(value)

    draw(claim, points, key, visit)
    return found


def smallest_ratio(claim: Claim, point: Point) -> float | None:
    decision = decide(claim, point, LADDER[:1])
    if not decision.decided:
        return None
    known = extremes(ratio(a, claim.relation, b) for a, b in decision.pairs)
    return None if known is None else known.smallest.log10


def quantiles(values: Sequence[float], at: Sequence[float]) -> list[float]:
    """Order statistics of finite ``values`` at fractions ``at`` (nearest rank)."""
    ordered = sorted(v for v in values if math.isfinite(v))
    return [ordered[min(len(ordered) - 1, int(q * len(ordered)))] for q in at] if ordered else []
