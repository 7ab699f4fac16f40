"""Distributions and maps of all inequalities: what ``gembounds report`` shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gembounds.referee.atlas import pointwise
from gembounds.referee.atlas.maps import REPEATS, maps_of
from gembounds.referee.atlas.ratios import log10_ratios, summary
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.evaluate import Undefined
from gembounds.statements.logs import Unestimated
from gembounds.statements.pairs import has_data
from gembounds.tools.errors import check_whole
from gembounds.tools.progress import Count
from gembounds.tools.seeds import seed_of
from gembounds.tools.workers import Workers, as_done, pool

POINTS = 10_000
"""Configurations in the domain for each batched claim."""

SPARE = 1.5
"""How many times more are drawn where some fall outside a claim's domain."""

Entry = dict[str, Any]
Group = tuple[str, tuple[library.Ref, ...], int, int]

NEGATIVE = "a side is zero or negative everywhere, so there is no ratio"


def run(
    points: int = POINTS,
    *,
    claims: Sequence[Claim],
    seed: int = 0,
    jobs: int | Workers = 2,
    progress: Callable[..., None] | None = None,
) -> dict[library.Ref, Entry]:
    """For every inequality of ``claims``: ``distribution``
    (:class:`gembounds.referee.atlas.ratios.Distribution`) and ``maps``
    (:class:`gembounds.referee.atlas.maps.Map` by name), as JSON objects.

    ``points`` configurations or a few more for each batched claim; the others have
    ``pointwise.POINTS``, and maps ``maps.REPEATS`` configurations a place; fewer where
    ``points`` is below 10,000. Deterministic by ``seed``.
    """
    for name, number, least in (("points", points, 1), ("seed", seed, 0)):
        check_whole(name, number, least)
    chosen = [c for c in claims if c.sign != "=="]
    groups: dict[str, list[library.Ref]] = {}
    reasons: dict[library.Ref, str] = {}
    for claim in chosen:
        place, why = library.ref(claim), unbatched(claim)
        if why is None:
            assert claim.domain.ensemble is not None
            groups.setdefault(claim.domain.ensemble.name, []).append(place)
        else:
            reasons[place] = why
    tasks: list[tuple[Callable[[Any], list[Entry]], Any]] = []
    for ensemble, places in groups.items():
        tasks.append((batched, (ensemble, tuple(places), points, seed)))
        tasks.append((mapped, (ensemble, tuple(places), points, seed)))
    few = max(10, round(pointwise.POINTS * min(1.0, points / POINTS)))
    for claim in chosen:
        place = library.ref(claim)
        if place in reasons:
            number = max(10, round(few / claim.cost))
            tasks.append((drawn_singly, (place, number, seed, reasons[place])))
    out: dict[library.Ref, Entry] = {
        library.ref(c): {
            "distribution": summary([], 0, "none", "", "nothing was drawn").to_json(), "maps": {},
        }
        for c in chosen
    }  # fmt: skip
    count = Count(progress, len(tasks), "distributions")
    with pool(jobs) as workers:
        for one in as_done(workers, tasks):
            for place, entry in zip(_places(*tasks[one.k]), one.result, strict=True):
                out[place].update(entry)
            count(1, one.known)
    return out


def unbatched(claim: Claim) -> str | None:
    """Why a claim's distribution is drawn point by point; None where it is not."""
    ensemble = claim.domain.ensemble
    if has_data(claim):
        return "over data, points are drawn one by one"
    if ensemble is None:
        return "its points are not drawn in batches"
    batch = next(iter(ensemble.draw(rng_of(0, ensemble.name), 1)))
    missing = sorted(set(claim.parameters) - set(batch.parameters))
    if missing:
        return f"{missing[0]} is not drawn in batches"
    try:
        log10_ratios(claim, batch)
    except (Unestimated, Undefined) as why:
        return str(why)
    return None


def _places(work: Callable[..., Any], task: Any) -> tuple[library.Ref, ...]:
    """The claims that a task is about."""
    return (task[0],) if work is drawn_singly else task[1]


def rng_of(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng(seed_of("atlas", seed, name))


def batched(task: Group) -> list[Entry]:
    """The distributions of the claims of one ensemble."""
    ensemble, places, points, seed = task
    claims = [library.at(place) for place in places]
    draw = claims[0].domain.ensemble
    assert draw is not None
    masked = any(c.domain.mask is not None or c.conditions for c in claims)
    found: list[list[Any]] = [[] for _ in claims]
    for batch in draw.draw(rng_of(seed, ensemble), round(points * SPARE) if masked else points):
        for k, claim in enumerate(claims):
            found[k].append(log10_ratios(claim, batch))
    out = []
    for parts in found:
        values = np.concatenate(parts)
        inside = values[~np.isposinf(values)]
        reason = None if np.isfinite(inside).any() else NEGATIVE
        one = summary(inside, len(inside), "estimate", ensemble, reason)
        out.append({"distribution": one.to_json()})
    return out


def mapped(task: Group) -> list[Entry]:
    """The maps of the claims of one ensemble."""
    ensemble, places, points, seed = task
    claims = {place: library.at(place) for place in places}
    repeats = max(2, min(REPEATS, REPEATS * points // POINTS))
    found = maps_of(claims, rng_of(seed, f"map/{ensemble}"), repeats)
    return [
        {"maps": {kind: one.to_json() for kind, one in found.get(place, {}).items()}}
        for place in places
    ]


def drawn_singly(task: tuple[library.Ref, int, int, str]) -> list[Entry]:
    """The distribution of one claim, point by point."""
    place, points, seed, reason = task
    found = pointwise.distribution(library.at(place), points, seed, reason)
    return [{"distribution": found.to_json()}]
