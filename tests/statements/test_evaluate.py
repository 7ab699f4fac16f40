"""Evaluation: what stays exact, what has no value, and that all arithmetics say the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import gembounds as gb
from gembounds.evaluators.balls.radial import ball
from gembounds.points.point import Point
from gembounds.referee.verify.interval import Interval, Unsure
from gembounds.referee.verify.operations import IntervalOperations
from gembounds.statements import (
    L,
    U,
    Y,
    at_k,
    const,
    d,
    displacement,
    distances,
    dot,
    equals,
    exp,
    expected_posterior,
    gradient_norms,
    integer,
    largest,
    log,
    maximum,
    mean_square,
    minimum,
    moved,
    mu_max,
    n,
    norm,
    norms,
    overlaps,
    pi,
    posterior,
    real,
    smallest,
    sqrt,
    total,
    vector,
)
from gembounds.statements.claim import Claim, sides
from gembounds.statements.decide import decide
from gembounds.statements.evaluate import Undefined, entries, evaluate
from gembounds.statements.operations import LADDER, Operations
from gembounds.statements.tree import Expr
from gembounds.statements.vocabulary import SYMBOLS as VOCABULARY
from gembounds.values.exact import Root, is_exact, root
from gembounds.values.precision import working_precision
from tests import trees
from tests.trees import literal

PAIR = Point(gb.Mixture([[3, 4], [0, 1]], ["1/4", "3/4"]), {"c": Fraction(1, 3), "k": 2})
OPS = Operations(LADDER[1])
OWN: Any = IntervalOperations(60)


def value(e: Any, point: Point = PAIR, ops: Any = OPS, **constants: Any) -> Any:
    with ops.precision():
        found = evaluate(e, ops, point, constants)
    return found.tolist() if isinstance(found, np.ndarray) else found


# --- exactness --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("e", "wanted"),
    [
        (U, 26),
        (norms, [5, 1]),
        (2 * mu_max**2 - n * d, 46),
        (pi * at_k(pi), [[Fraction(1, 16), Fraction(3, 16)], [Fraction(3, 16), Fraction(9, 16)]]),
        (distances, [[0, root(18)], [root(18), 0]]),
        (largest(distances) ** 2 / 2, 9),
        (sqrt(2) * sqrt(d), 2),
        (sqrt(2) / sqrt(8), Fraction(1, 2)),
        (sqrt(2) + sqrt(2), root(8)),
        (sqrt(2) - sqrt(2), 0),
        (sqrt(8) - sqrt(2), root(2)),
        (-(sqrt(2) ** 3), -root(8)),
        (2 ** const("a", "1/2"), root(2)),
        (4 ** const("a", "-3/2"), Fraction(1, 8)),
        (abs(-sqrt(3)), root(3)),
        (maximum(sqrt(2), Fraction(7, 5)), root(2)),
        (minimum(sqrt(2), Fraction(3, 2)) * 1, root(2)),
        (smallest(norms) + largest(pi), Fraction(7, 4)),
        (total(norms**2) - U, 0),
        (total(overlaps * 0), 0),
        (0 * L, 0),
        (exp(0 * L), 1),
        (log(pi * 0 + 1), [0, 0]),
        (L**0, 1),
        (0 / L, 0),
        ((0 * L) ** 0, 1),
        (0 ** sqrt(2), 0),
        (0**L, 0),
        (real("c") + integer("k"), Fraction(7, 3)),
        (const("a", 2) * U, 52),
    ],
)
def test_what_stays_exact(e: Any, wanted: Any) -> None:
    found = value(e)
    assert found == wanted
    assert all(map(is_exact, entries(np.array(found, dtype=object))))


def test_constants_may_be_replaced() -> None:
    assert value(const("a", 2) * U, a=Fraction(3)) == 78


def test_sums_with_roots_and_huge_powers_are_balls() -> None:
    for e in (sqrt(2) + 1, sqrt(2) + sqrt(3), exp(1), log(2), U ** Fraction(1, 3), Fraction(3, 2)
              ** const("a", 10**6), L, total(overlaps)):  # fmt: skip
        assert not is_exact(value(e)), e
    assert is_exact(value(const("a", "3/2") ** 1000))


def test_quantities_are_exact_where_all_means_coincide() -> None:
    same = Point(gb.Mixture([[1, 2], [1, 2]], ["1/4", "3/4"]))
    assert value(L, same) == Fraction(5, 2) and value(mean_square, same) == 5
    assert value(gradient_norms, same) == [root(Fraction(5, 16)), root(Fraction(45, 16))]
    assert value(expected_posterior, same) == [Fraction(1, 4), Fraction(3, 4)]
    assert value(overlaps, same)[0][1] == Fraction(3, 16)
    assert decide(Claim("tie", equals(mean_square, mu_max**2)), same).outcome == "consistent"
    assert decide(Claim("tie", 2 * L < mu_max**2), same).outcome == "refuted"


# --- no value ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "e",
    [
        1 / (n - 2),
        U / (mu_max - 5),
        (0 * U) ** -1,
        (mu_max - 5) ** -2,
        log(mu_max - 5),
        log(-U),
        log(-L),
        sqrt(-L),
        sqrt(3 - U),
        (-U) ** Fraction(1, 2),
        (-L) ** Fraction(1, 3),
        (0 * L) ** (-sqrt(2)),
        1 / distances,
        total(1 / distances),
        exp(1 / (n - 2)),
        0 * log(0 * U),
    ],
)
def test_what_has_no_value_is_undefined(e: Expr) -> None:
    for ops in (OPS, Operations(LADDER[0]), OWN):
        with pytest.raises(Undefined):
            value(e, ops=ops)
    assert decide(Claim("nothing", total(e) <= 1), PAIR).outcome == "undefined"


def test_what_may_have_no_value_is_undecided() -> None:
    """A ball around 0 is not certainly 0."""
    zero = (sqrt(2) + 1) ** 2 - 3 - 2 * sqrt(2)
    less = (1 / zero, log(zero), sqrt(zero), zero**-2, zero ** Fraction(1, 3))
    for e in (*less, 0 * log(zero), (1 / zero) * (n - 2), (1 / zero) ** 0, (n - 2) ** zero):
        assert decide(Claim("open", e <= 1), PAIR).outcome == "undecided"
        assert decide(Claim("open", e >= 1), PAIR).outcome == "undecided"
        with OWN.precision(), pytest.raises(Unsure):
            evaluate(e, OWN, PAIR, {})


def test_no_rung_takes_0_times_what_has_no_value_as_0() -> None:
    """Float64 does not tell whether there is a root."""
    less = L - L - Fraction(1, 10**9)
    for e in (0 * sqrt(less), 1 + 0 * log(less), sqrt(less) ** 0):
        assert decide(Claim("none", e <= 1), PAIR).outcome == "undefined"
    assert decide(Claim("power", (n - 2) ** -less <= 0), PAIR).outcome == "holds"


def test_a_root_of_what_is_never_negative_is_known_around_0() -> None:
    """By its form, or because the number is a square: here an enclosure reaches below 0."""
    zero = (sqrt(2) + 1) ** 2 - 3 - 2 * sqrt(2)
    for e in (sqrt(abs(zero)), sqrt(zero**2), (zero * zero) ** Fraction(1, 2)):
        assert decide(Claim("small", e <= 1), PAIR).outcome == "holds"
    assert decide(Claim("open", sqrt(-zero) >= 1), PAIR).outcome == "undecided"


def test_a_root_of_a_negative_number_is_refused_however_small_it_is() -> None:
    """L < Y/2 where the means differ, by less than float64 resolves."""
    near = Point(gb.Mixture([["1/10000"], [0]]))
    for relation in (sqrt(L - Y / 2) <= 1, sqrt(L - Y / 2) >= 1):
        assert decide(Claim("root", relation), near).outcome == "undefined"


# --- axes -------------------------------------------------------------------------------------


def test_entries_go_with_their_axes() -> None:
    p = Point(gb.Mixture([[3, 4], [0, 1]], ["1/4", "3/4"]))
    assert value(norms / pi, p) == [20, Fraction(4, 3)]
    assert value(norms - at_k(norms), p) == [[0, 4], [-4, 0]]
    assert value(total(pi * at_k(norms), over="k"), p) == [Fraction(3, 2), Fraction(9, 2)]
    assert value(total(pi * at_k(norms), over="i"), p) == [5, 1]
    assert value(total(total(distances, over="k"), over="i") ** 2, p) == 72


def test_sides_of_different_axes_are_paired_entry_by_entry() -> None:
    with OPS.precision():
        rows = sides(distances <= at_k(norms), OPS, PAIR, {})
        assert rows == [(0, 5), (root(18), 1), (root(18), 5), (0, 1)]
        assert sides(norms >= at_k(norms), OPS, PAIR, {}) == [(5, 5), (5, 1), (1, 5), (1, 1)]
        assert sides(mu_max >= norms, OPS, PAIR, {}) == [(5, 5), (5, 1)]
        assert sides(norms <= distances, OPS, PAIR, {})[1] == (5, root(18))


def test_vectors_and_moved_mixtures() -> None:
    x, delta = vector("x"), displacement("delta")
    point = Point(
        gb.Mixture([[3, 4], [0, 1]]),
        {"x": (Fraction(1), Fraction(2)), "delta": ((-3, -4), (0, Fraction(1, 2)))},
    )
    assert value(norm(x), point) == root(5) and value(total(x**2), point) == 5
    assert value(dot(x, delta), point) == [-11, 1]
    assert value(norm(delta), point) == [5, Fraction(1, 2)]
    assert value(moved(norms, delta), point) == [0, Fraction(3, 2)]
    assert value(moved(U, delta) - U, point) == Fraction(9, 4) - 26
    assert value(total(posterior(x)), point).contains(1)
    apart = gb.Mixture([[0, 0], [0, Fraction(3, 2)]])
    assert value(moved(L, delta), point).overlaps(value(L, Point(apart)))


# --- all arithmetics --------------------------------------------------------------------------

ARITHMETICS: tuple[Any, ...] = (
    Operations(LADDER[2]), Operations(LADDER[0]), IntervalOperations(50),
)  # fmt: skip
"""Balls, float64 and intervals; each keeps what it computed."""


def as_ball(x: Any) -> Any:
    """What contains an interval, or a ball or exact number itself."""
    if isinstance(x, Interval):
        low, high = x.value.a, x.value.b
        if not (mpmath.isfinite(low.mid) and mpmath.isfinite(high.mid)):
            return None
        return ball(x.ends[0]).union(ball(x.ends[1]))
    return ball(x)


def known(e: Expr, ops: Any, point: Point) -> list[Any] | None:
    try:
        with ops.precision():
            return entries(evaluate(e, ops, point, {}))
    except Undefined:
        return None


def by_logarithm(e: Expr) -> bool:
    """Whether a power is exp(k log x), which has no value where x is 0 and not known as that."""
    powers = [x.args[1] for x in e.walk() if x.op == "^"]
    return not all(k.op == "num" and k.args[0].denominator <= 2 for k in powers)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.trees(), st.sampled_from(trees.POINTS))
def test_all_arithmetics_contain_the_literal_value(e: Expr, point: Point) -> None:
    try:
        wanted = literal(e, point)
    except Undefined:
        wanted = None
    except trees.TooLarge:
        assume(False)
    for ops in ARITHMETICS:
        try:
            found = known(e, ops, point)
        except Unsure:
            continue
        if found is None:
            assert wanted is None or by_logarithm(e), f"{e} by {type(ops).__name__}"
            continue
        if wanted is None:
            continue
        shape = [point.mix.n if a in e.axes else 1 for a in "ik"]
        values = np.broadcast_to(wanted, (*shape, 1)).ravel()
        assert len(found) == len(values)
        with working_precision(400):
            for a, b in zip(found, values, strict=True):
                assert contains(a, b), f"{e} is {a} by {type(ops).__name__}, and {b}"


def contains(enclosure: Any, x: Any) -> bool:
    """Whether a number of 60 digits is in an enclosure, to 40 digits."""
    found = as_ball(enclosure)
    if found is None or not found.is_finite():
        return True
    with mpmath.workdps(trees.DIGITS):
        slack = mpmath.mpf(10) ** -40 * max(1, abs(x))
        low, high = (Fraction(*map(int, mpmath.libmp.to_rational((x + t)._mpf_)))
                     for t in (-slack, slack))  # fmt: skip
    return bool(found.overlaps(ball(low).union(ball(high))))


def test_the_literal_values_know_every_symbol() -> None:
    assert set(trees.SYMBOLS) == set(VOCABULARY)


@pytest.mark.parametrize("e", [*trees.SCALARS, *trees.COMPONENTS, *trees.PAIRS], ids=repr)
@pytest.mark.parametrize("k", range(len(trees.POINTS)))
def test_every_symbol_is_what_it_is_literally(e: Expr, k: int) -> None:
    point = trees.POINTS[k]
    shape = [point.mix.n if a in e.axes else 1 for a in "ik"]
    wanted = np.broadcast_to(literal(e, point), (*shape, 1)).ravel()
    for ops in ARITHMETICS:
        found = known(e, ops, point)
        assert found is not None
        with working_precision(400):
            for a, b in zip(found, wanted, strict=True):
                assert contains(a, b)
                narrow = as_ball(a)
                assert float(2 * narrow.rad()) <= 1e-5 * max(1e-3, abs(float(b)))
    assert not isinstance(wanted[0], Root)
