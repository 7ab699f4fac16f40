"""Distributions and maps of all inequalities: what ``gembounds report`` shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gembounds.papers.xu_fazel_du_2024.ensembles import ENSEMBLES
from gembounds.papers.xu_fazel_du_2024.numbers import NUMBERS
from gembounds.papers.xu_fazel_du_2024.sides.table import NEGATIVE, REASONS, SIDES, UNWRITTEN
from gembounds.referee.atlas import pointwise
from gembounds.referee.atlas.maps import REPEATS, maps_of
from gembounds.referee.atlas.ratios import log10_ratios, summary
from gembounds.statements import library
from gembounds.tools.errors import InputError
from gembounds.tools.processes import finished, pool

POINTS = 10_000
"""Configurations in the domain for each batched claim."""

SPARE = 1.5
"""How many times more are drawn where some fall outside a claim's domain."""

Entry = dict[str, Any]
Task = tuple[str, tuple[str, ...], int, int]


def run(
    points: int = POINTS,
    *,
    ids: Sequence[str] = (),
    seed: int = 0,
    jobs: int = 2,
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, Entry]:
    """By id, for every inequality of ``ids`` (all if none): ``distribution``
    (:class:`gembounds.referee.atlas.ratios.Distribution`) and ``maps`` (:class:`gembounds.referee.atlas.maps.Map`
    by name), as JSON objects.

    ``points`` configurations or a few more for each batched claim; the others have
    ``pointwise.POINTS``, and maps ``maps.REPEATS`` configurations a place; fewer where
    ``points`` is below 10,000. Deterministic by ``seed``.
    """
    for name, number, least in (("points", points, 1), ("seed", seed, 0), ("jobs", jobs, 1)):
        if number < least:
            raise InputError(f"{name} is {number}: give an integer of at least {least}")
    claims = [c.id for c in library.select(ids) if c.sign != "=="]
    groups: dict[str, list[str]] = {}
    for claim_id in claims:
        if claim_id in SIDES:
            groups.setdefault(SIDES[claim_id].ensemble, []).append(claim_id)
    tasks: list[tuple[Callable[[Task], dict[str, Entry]], Task]] = []
    for ensemble, names in groups.items():
        tasks.append((batched, (ensemble, tuple(names), points, seed)))
        tasks.append((mapped, (ensemble, tuple(names), points, seed)))
    few = max(10, round(pointwise.POINTS * min(1.0, points / POINTS)))
    for claim_id in claims:
        if claim_id not in SIDES and REASONS.get(claim_id) != NEGATIVE:
            number = max(10, round(few / library.get(claim_id).cost))
            tasks.append((drawn_singly, (claim_id, (), number, seed)))
    out: dict[str, Entry] = {name: {**nothing(name), "maps": {}} for name in claims}
    with pool(jobs) as submit:
        waiting = [submit(function, task) for function, task in tasks]
        for done, task in enumerate(finished(waiting), 1):
            for name, entry in task.result().items():
                out[name].update(entry)
            if progress is not None:
                progress(done, len(waiting), "distributions")
    return out


def nothing(claim_id: str) -> Entry:
    reason = REASONS.get(claim_id, UNWRITTEN)
    return {"distribution": summary([], 0, "none", "", reason).to_json()}


def rng_of(seed: int, name: str) -> np.random.Generator:
    digest = hashlib.sha256(f"atlas/{seed}/{name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def batched(task: Task) -> dict[str, Entry]:
    """The distributions of the claims of one ensemble."""
    ensemble, names, points, seed = task
    draw = {**ENSEMBLES, **NUMBERS}[ensemble]
    masked = any(SIDES[name].mask is not None for name in names)
    rng = rng_of(seed, ensemble)
    found: dict[str, list[Any]] = {name: [] for name in names}
    for batch in draw(rng, round(points * SPARE) if masked else points):
        for name in names:
            found[name].append(log10_ratios(library.get(name), SIDES[name], batch))
    out = {}
    for name in names:
        values = np.concatenate(found[name])
        inside = values[~np.isposinf(values)]
        out[name] = {"distribution": summary(inside, len(inside), "estimate", ensemble).to_json()}
    return out


def mapped(task: Task) -> dict[str, Entry]:
    """The maps of the claims of one ensemble."""
    ensemble, names, points, seed = task
    claims = {name: library.get(name) for name in names}
    repeats = max(2, min(REPEATS, REPEATS * points // POINTS))
    found = maps_of(claims, SIDES, ensemble, rng_of(seed, f"map/{ensemble}"), repeats)
    return {
        name: {"maps": {kind: one.to_json() for kind, one in maps.items()}}
        for name, maps in found.items()
    }


def drawn_singly(task: Task) -> dict[str, Entry]:
    claim_id, _, points, seed = task
    found = pointwise.distribution(claim_id, points, seed, REASONS.get(claim_id, UNWRITTEN))
    return {claim_id: {"distribution": found.to_json()}}
