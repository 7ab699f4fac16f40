"""The strategies reach what they say: ties, zeros, extremes. That they stay inside the domains of
all claims is for `properties/test_statements.py`, which counts points outside."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.points.strategies import MAX_D
from gembounds.referee.search import draw
from gembounds.statements import library
from gembounds.values.columns import distinct_columns, gram

DRAWN = 400


@cache
def drawn(claim_id: str) -> list[Point]:
    points: list[Point] = []
    draw(library.get(claim_id), DRAWN, 20240, points.append)
    return points


def traits(mix: Mixture) -> set[str]:
    columns = distinct_columns(mix)
    rows = list(zip(*(entries for entries, _ in columns), strict=True))
    g = gram(columns)
    norms2 = [g[i][i] for i in range(mix.n)]
    found = {f"n={mix.n}"}
    if len(set(rows)) < len(rows):
        found.add("coincident")
    if len(set(rows)) == 1:
        found.add("all coincident")
    if 0 in norms2:
        found.add("zero mean")
    if any(
        g[i][j] ** 2 == norms2[i] * norms2[j] and rows[i] != rows[j] and norms2[i] and norms2[j]
        for i in range(mix.n)
        for j in range(i)
    ):
        found.add("collinear")
    if len(set(norms2)) < len(set(rows)):
        found.add("tied norms")
    if max(norms2) >= 10**6:
        found.add("norm 1e3")
    if 0 < max(norms2) <= Fraction(1, 10**13):
        found.add("small norms")
    if min(mix.exact_weights) <= Fraction(1, 10**299):
        found.add("weight 1e-300")
    if len(set(mix.exact_weights)) == 1:
        found.add("even weights")
    if mix.d == 1:
        found.add("d=1")
    if mix.d >= MAX_D // 10:
        found.add("d near a million")
    return found


WANTED = (
    "n=2", "n=3", "n=10", "coincident", "all coincident", "zero mean", "collinear", "tied norms",
    "norm 1e3", "small norms", "weight 1e-300", "even weights", "d=1", "d near a million",
)  # fmt: skip


def test_mixtures_reach_every_extreme() -> None:
    counts = Counter(t for point in drawn("lemma-11") for t in traits(point.mix))
    assert {t for t in WANTED if counts[t] == 0} == set()
    assert counts["all coincident"] < DRAWN // 3


def test_dimensions_reach_small_and_huge() -> None:
    ds = [point["d"] for point in drawn("eq-39c")]
    assert set(range(1, 21)) <= set(ds)
    assert MAX_D in ds
    assert sum(d > 1000 for d in ds) > DRAWN // 20


def test_rates_reach_both_ends_of_their_interval() -> None:
    shares = [3 * point["d"] * point["c"] for point in drawn("lemma-17")]
    assert max(shares) == 1
    assert 0 < min(shares) <= Fraction(1, 10**8)


def test_the_same_seed_draws_the_same_points() -> None:
    first: list[Point] = []
    again: list[Point] = []
    for points in (first, again):
        draw(library.get("lemma-9.1"), 40, 3, points.append)
    texts = list(map(repr, first))
    assert texts == list(map(repr, again))
    assert len(set(texts)) > 20
