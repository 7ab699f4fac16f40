"""Points drawn for conditions and parameters: always inside, and reaching the ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.referee.check import SHARD
from gembounds.referee.search import draw
from gembounds.statements import (
    LINES,
    NUMBERS,
    PLANES,
    SEVERAL,
    L,
    S,
    U,
    Y,
    at_k,
    d,
    diameter,
    displacement,
    distances,
    dot,
    drawing,
    equals,
    gradient_norm,
    integer,
    largest,
    mean_square,
    mu_max,
    n,
    norm,
    norms,
    overlaps,
    pi,
    pi_max,
    pi_min,
    r,
    real,
    smallest,
    sqrt,
    total,
    vector,
)
from gembounds.statements.claim import Claim
from gembounds.statements.meeting import Meeting
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.exact import root

C, K, X, DELTA = real("c", "1/3", 2), integer("k", 2, 9), vector("x"), displacement("delta")
POINTS = SHARD // 2

CONDITIONS: dict[str, tuple[Any, ...]] = {
    "n = 1": (equals(n, 1),),
    "n = 2": (equals(n, 2),),
    "n >= 3": (n >= 3,),
    "n > 12": (n > 12,),
    "3 <= n <= 4": (n >= 3, n <= 4),
    "d = 1": (equals(d, 1),),
    "d >= 5": (d >= 5,),
    "d > 1000": (d > 1000,),
    "n = d": (equals(n, d),),
    "r >= 2": (r >= 2,),
    "r = 1": (equals(r, 1),),
    "r = 3": (equals(r, 3),),
    "mu_max <= 1": (mu_max <= 1,),
    "mu_max = 1": (equals(mu_max, 1),),
    "mu_max >= 100": (mu_max >= 100,),
    "mu_max > 0": (mu_max > 0,),
    "U <= 1/1000": (Fraction(1, 1000) >= U,),
    "U = 2": (equals(U, 2),),
    "S > 0": (S > 0,),
    "L >= 1": (L >= 1,),
    "E|psi~|^2 <= 1/10": (mean_square <= Fraction(1, 10),),
    "|grad L| <= 1": (gradient_norm <= 1,),
    "pi_min >= 1/10": (pi_min >= Fraction(1, 10),),
    "pi_max <= 1/2": (pi_max <= Fraction(1, 2),),
    "equal weights": (equals(pi, 1 / n),),
    "equal norms": (equals(norms, mu_max),),
    "unit norms": (equals(norms, 1),),
    "D <= 1": (diameter <= 1,),
    "apart": (smallest(norms) > 0, n >= 2),
    "small and several": (n >= 2, mu_max <= 1, pi_min >= Fraction(1, 5)),
    "distances": (distances <= at_k(norms) + 1,),
    "sqrt(d) mu_max <= 1": (sqrt(d) * mu_max <= 1,),
    "c": (C * mu_max <= 1,),
    "c = mu_max": (equals(C, mu_max),),
    "k >= n": (K >= n,),
    "|x| <= 1": (norm(X) <= 1,),
    "|x| = 1": (equals(norm(X), 1),),
    "x orthogonal": (equals(dot(X, vector("y")), 0), d >= 2),
    "sum of x = 0": (equals(total(X), 0),),
    "|delta_i| <= 1": (norm(DELTA) <= 1,),
    "|delta_i| <= |mu_i|": (norm(DELTA) <= norms,),
    "delta as Theorem 13 has it": (norm(DELTA) <= 1 / (6 * d),),
}  # fmt: skip


def shards(claim: Claim, points: int, key: int = 3) -> Iterator[list[Point]]:
    """As ``gembounds check`` does: in shards, since a run of Hypothesis repeats itself."""
    for k in range(0, points, SHARD):
        found: list[Point] = []
        draw(claim, min(SHARD, points - k), 1000 * key + k, found.append)
        yield found


def drawn(claim: Claim, points: int = POINTS, key: int = 3) -> list[Point]:
    return [point for shard in shards(claim, points, key) for point in shard]


def values(claim: Claim, e: Any, points: list[Point]) -> list[Any]:
    ops = Operations(LADDER[0])
    with ops.precision():
        return [Claim("of", e <= 0).lhs(ops, p, {})[0] for p in points]


@pytest.mark.parametrize("name", CONDITIONS)
def test_points_are_inside_and_many(name: str) -> None:
    claim = Claim("c", U + total(overlaps) >= 0, CONDITIONS[name])
    points = drawn(claim)
    ops = Operations(LADDER[0])
    with ops.precision():
        assert all(claim.inside(ops, p) is True for p in points), name
    assert len(points) >= POINTS * 2 // 3
    assert len(set(map(repr, points))) >= 8


ENDS: dict[str, tuple[tuple[Any, ...], Any, Any]] = {
    "mu_max <= 1": ((mu_max <= 1,), mu_max, 1),
    "U <= 1/1000": ((Fraction(1, 1000) >= U,), U, Fraction(1, 1000)),
    "d >= 5": ((d >= 5,), d, 5),
    "n >= 3": ((n >= 3,), n, 3),
    "n <= 4": ((n <= 4,), n, 4),
    "pi_min >= 1/10": ((pi_min >= Fraction(1, 10),), pi_min, Fraction(1, 10)),
    "D <= sqrt(2)": ((diameter <= sqrt(2), diameter > 0), diameter, root(2)),
    "r >= 2": ((r >= 2,), r, 2),
    "Y <= 3": ((Y <= 3,), Y, 3),
    "c": ((C <= 2,), C, 2),
    "c low": ((C <= 2,), C, Fraction(1, 3)),
    "k": ((K <= 9,), K, 9),
    "k low": ((K <= 9,), K, 2),
    "|x| <= 1": ((norm(X) <= 1,), norm(X), 1),
    "largest delta": ((norm(DELTA) <= 2,), largest(norm(DELTA)), 2),
}


@pytest.mark.parametrize("name", ENDS)
def test_ends_are_reached(name: str) -> None:
    when, e, end = ENDS[name]
    claim = Claim("c", U >= 0, when)
    found: list[Any] = []
    for shard in shards(claim, 160):
        found += values(claim, e, shard)
        if end in found and len(set(map(repr, found))) > 1:
            return
    pytest.fail(f"{name}: {end!r} is none of {len(found)} values, or they are all one")


def test_without_conditions_all_mixtures_are_drawn() -> None:
    found = drawn(Claim("all", L >= 0), 200)
    counts = Counter(p.mix.n for p in found)
    assert counts[1] and counts[2] and counts[10]
    assert any(p.mix.d > 1000 for p in found)
    assert any(len(set(p.mix.exact_means)) == 1 for p in found if p.mix.n > 1)
    assert all(p.parameters == {} for p in found)


def test_numbers_alone_have_no_mixture() -> None:
    for claim in (Claim("a", C <= 2), Claim("b", C * U <= 2, over=NUMBERS)):
        assert all(p.mixture is None for p in drawn(claim, 20))
    assert all(p.mixture is not None for p in drawn(Claim("c", C * U >= 0), 20))
    assert all(p.mixture is not None for p in drawn(Claim("d", norm(X) >= 0), 20))


@pytest.mark.parametrize(
    ("parameter", "low", "high"),
    [(real("p", 0, 1), 0, 1), (real("p", "-1/3", "1/7"), Fraction(-1, 3), Fraction(1, 7)),
     (real("p", 2, None), 2, None), (real("p", None, -1), None, -1), (real("p"), None, None),
     (real("p", 3, 3), 3, 3), (integer("p", 0, 4), 0, 4), (integer("p", -3), -3, None),
     (integer("p", None, 7), None, 7), (integer("p"), None, None), (integer("p", 5, 5), 5, 5),
     (integer("p", "1/2", "7/2"), 1, 3), (integer("p", 1, 1000), 1, 1000)],
    ids=lambda x: repr(x.args[0]) if hasattr(x, "args") else "",
)  # fmt: skip
def test_numbers_reach_both_ends_and_what_is_between(parameter: Any, low: Any, high: Any) -> None:
    found = [p["p"] for p in drawn(Claim("p", parameter <= 10**9), 160)]
    kind = parameter.args[0].kind
    assert all(isinstance(x, int if kind == "integer" else Fraction) for x in found)
    if low is not None:
        assert min(found) == low
    if high is not None:
        assert max(found) == high
    if low is None or high is None:
        assert max(map(abs, found)) >= 1000
    if low is None and high is None:
        assert 0 in found and min(found) < 0 < max(found)
    elif kind == "real" and low != high:
        assert len(set(found)) > 30
    elif low is not None and high is not None:
        between = range(low, high + 1)
        assert set(found) == set(between) or (len(between) > 100 < 2 * len(set(found)))


def test_vectors_and_displacements_have_the_shape_of_the_mixture() -> None:
    claim = Claim("shapes", norm(X) + total(norm(DELTA)) >= 0)
    found = drawn(claim, 120)
    for p in found:
        assert len(p["x"]) == p.mix.d and len(p["delta"]) == p.mix.n
        assert all(len(row) == p.mix.d for row in p["delta"])
        assert all(isinstance(v, Fraction) for row in (p["x"], *p["delta"]) for v in row)
    assert any(not any(p["x"]) for p in found) and any(any(p["x"]) for p in found)
    assert any(tuple(p["x"]) in p.mix.exact_means for p in found if any(p["x"]))
    still = [sum(not any(row) for row in p["delta"]) for p in found]
    assert 0 in still and any(still)
    assert max(p.mix.n for p in found) >= 5 and max(p.mix.d for p in found) >= 10


@pytest.mark.parametrize("domain", [SEVERAL, LINES, PLANES], ids=lambda x: x.name)
def test_conditions_go_on_top_of_a_domain(domain: Any) -> None:
    claim = Claim("on", U >= 0, (mu_max <= 1, pi_min >= Fraction(1, 8)), over=domain)
    ops = Operations()
    with ops.precision():
        for p in drawn(claim, 30):
            assert claim.inside(ops, p) is True
            assert p.mix.n >= 2
            assert ops.rank(p.mix) <= {"lines": 1, "planes": 2}.get(domain.name, 9)


def test_conditions_that_nothing_meets_give_no_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PATIENCE", 10)  # each point is moved hundreds of times
    for when in ((U < 0,), (equals(n, 0),), (mu_max <= 1, mu_max >= 2)):
        assert drawn(Claim("never", L >= 0, when), 5) == []


def test_scales_beyond_floats_are_left_out() -> None:
    """Tiny means, which draws reach, ask for factors that float64 does not have."""
    tiny = Point(Mixture([[Fraction(1, 10**170)], [0]]))
    for condition in (U >= 10**150, equals(U, 10**150), equals(n, Y * 10**100), mu_max >= 10**290):
        met = Meeting(Claim("far", L >= 0, condition))(tiny)
        assert met is None or max(abs(x) for (x,) in met.mix.exact_means) < 10**300


def test_the_same_seed_draws_the_same_points() -> None:
    claim = Claim("same", U >= 0, (equals(norm(X), 1), equals(n, 2)))
    first, again, other = (list(map(repr, drawn(claim, 25, key))) for key in (1, 1, 2))
    assert first == again != other


def test_many_components_are_drawn_where_no_condition_forbids_them() -> None:
    """Else ``n <= 10`` would hold."""
    counts = [p.mix.n for p in drawn(Claim("many", L >= 0), 3 * SHARD)]
    assert {20, 50} & set(counts)
    assert sum(n > 10 for n in counts) < len(counts) / 4
    few = [p.mix.n for p in drawn(Claim("few", L >= 0, n <= 15), 3 * SHARD)]
    assert max(few) <= 15
