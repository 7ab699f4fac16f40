"""Theorem 7: a bad start that traps gradient EM, with (40), (41) and the line before (41).

n >= 3, equal weights, mu_1(0) = 12 sqrt(d) e_1 = -mu_2(0), the other means 0. For every step
size eta > 0 and every whole number t with 0 <= t <= T = exp(d)/(30 eta):

    some i has |mu_i(t)| >= 10 sqrt(d),
    (40)       mu_1(t) + mu_2(t) = 0 and mu_3(t) = ... = mu_n(t) = 0,
    (41)       |mu_i(t) - mu_i(0)| <= eta t 60 sqrt(d) exp(-d) for every i,
    (41prime)  |grad_{mu_i} L(mu(t))| <= 60 sqrt(d) exp(-d) for every i.

No step is run: the whole trajectory is enclosed at once. By symmetry it is mu_1 = -mu_2 =
a(t) e_1, others 0, and a(t+1) = a(t) - eta f(a(t)) with f = a E(psi_1 - psi_2)^2 / 2 >= 0
(:mod:`gembounds.dynamics.pair.force`). With s = sqrt(d), let G bound f on [10 s, 12 s]; as long as
t eta G <= 2 s, induction gives a(t) in [12 s - t eta G, 12 s], which is inside. A second pass
evaluates f on that interval alone: it is so short that f is known to many digits. The bound
G = 12 s erfc(5 s / sqrt 2) serves all n >= 3, and G exp(d)/30 <= 2 s for every d, so that the
theorem holds: 12 s erfc(5 s/sqrt 2) <= 12 s exp(-25 d/2) <= 60 s exp(-d). The constants of T are
named too: with others than 1 and 30 a point's t stands for t T'/T, the same share of the new T'.

(40) is exact at t = 0 and each step keeps it where grad_1 + grad_2 = 0 and grad_3 = ... = 0.
That is what is evaluated, from all the overlaps, at symmetric states a in [10 s, 12 s], which
contain the trajectory: the point is the mixture, with e_1 turned into (1, ..., 1)/sqrt(d), which
keeps the means rational.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point, repeated
from gembounds.statements.legacy import Claim, Constants
from gembounds.statements.logic import Tri, compare

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from gembounds.statements.operations import Operations

START, EXPONENT, FACTOR = Fraction(12), Fraction(1), Fraction(30)
"""mu_1(0) in units of sqrt(d); T = exp(EXPONENT d)/(FACTOR eta)."""

SETTING = {"start": START}

ROOM = Fraction(2)
"""How far from the start, in units of sqrt(d), the enclosure of the trajectory reaches."""

NODES = 2**17
"""Cap on the grid (a choice: d up to 100 needs about half of it)."""

MANY = 10**300
"""Largest n drawn."""


def in_setting(ops: Operations, point: Point) -> Tri:
    """n >= 3, d >= 1, eta > 0, t >= 0 and 30 eta t <= exp(d)."""
    d, n, t, eta = point["d"], point["n"], point["t"], point["eta"]
    if not (d >= 1 and n >= 3 and t >= 0 and eta > 0):
        return False
    if t == 0:
        return True
    return compare(30 * eta * t, "<=", ops.exp(d))


def is_symmetric(ops: Operations, point: Point) -> Tri:
    """Means (a, ..., a), -(a, ..., a) and zeros with a in [10, 12], equal weights; the zeros
    may stand merged in one component, weights 1/n, 1/n, (n-2)/n with a whole n >= 3. Exact."""
    if point.mixture is None or point.mix.n < 3:
        return False
    columns, weights = ops.columns(point.mix), ops.weights(point.mix)
    first, second, *rest = columns[0].entries
    many = 1 / weights[0]
    equal = all(w == weights[0] for w in weights)
    merged = len(weights) == 3 and weights[0] == weights[1] and many.denominator == 1
    return bool(
        len(columns) == 1
        and START - ROOM <= first <= START
        and second == -first
        and not any(rest)
        and (equal or (merged and many >= 3))
    )


def trajectories(
    most: int = 1000, largest_steps: Callable[[int], Fraction] | None = None
) -> SearchStrategy[Point]:
    """d from 1 to 100 and some to ``most``, n from 3 to 10^300, t at 0, 1, T and between, eta
    from 1e-30 to the largest that leaves t = 1; ``largest_steps(d)`` is at most eta T."""
    from hypothesis import strategies as st

    from gembounds.points.strategies import dimensions, positive

    @st.composite
    def drawn(draw: DrawFn) -> Point:
        d = draw(st.one_of(st.integers(1, 12), st.integers(1, 100), dimensions(1, most)))
        n = draw(components())
        steps = (largest_steps or _largest_steps)(d)  # eta t is at most this rational
        kind = draw(st.integers(0, 3))
        if kind == 0:
            eta = draw(st.one_of(positive(), st.integers(1, 10**6).map(Fraction)))
            return Point(parameters={"d": d, "n": n, "eta": eta, "t": 0})
        if kind == 1:
            t = draw(st.integers(1, 10))
            return Point(parameters={"d": d, "n": n, "eta": draw(positive(steps / t)), "t": t})
        eta = min(draw(positive(Fraction(1), 30)), steps)
        last = int(steps / eta)
        t = last if kind == 2 else draw(st.integers(1, last))
        return Point(parameters={"d": d, "n": n, "eta": eta, "t": t})

    return drawn()


def symmetric_states() -> SearchStrategy[Point]:
    """d from 1 to 100, n from 3 to 10^300, a from 10 to 12."""
    from hypothesis import strategies as st

    def state(drawn: tuple[int, int, Fraction, bool]) -> Point:
        d, n, share, merged = drawn
        a = START - ROOM * share
        if n <= 12 and not merged:
            return Point(repeated([[a, -a, *[0] * (n - 2)]], [d]))
        weights = [Fraction(1, n), Fraction(1, n), Fraction(n - 2, n)]
        return Point(repeated([[a, -a, 0]], [d], weights))

    share = st.one_of(st.just(Fraction(0)), st.integers(1, 16).map(lambda k: Fraction(k, 16)))
    small = st.integers(1, 8)  # more often: balls at d = 100 take a second
    dimension = st.one_of(small, small, small, st.integers(1, 30), st.integers(1, 100))
    return st.tuples(dimension, components(), share, st.booleans()).map(state)


def components() -> SearchStrategy[int]:
    """n from 3 to 10^300: small ones, then powers of ten."""
    from hypothesis import strategies as st

    return st.one_of(st.integers(3, 12), st.integers(1, 300).map(lambda e: 10**e))


def _largest_steps(d: int) -> Fraction:
    from gembounds.evaluators.balls.radial import ball

    return just_below(lambda: ball(d).exp() / 30)


def just_below(value: Callable[[], Any]) -> Fraction:
    """A dyadic rational at most the ball ``value()``, and near it."""
    from gembounds.evaluators.balls.precision import working_precision

    with working_precision(64):
        mantissa, exponent = value().lower().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def trajectory(
    ops: Operations, point: Point, constants: Constants, reach: Fraction = ROOM
) -> tuple[Any, Any]:
    """Enclosures of a(t), and of f(a) over the whole way from a(0) to a(t)."""
    from gembounds.dynamics.pair.force import pair_force, pair_force_bound

    root = ops.sqrt(point["d"])
    start = ops.ball(constants["start"]) * root
    room = ops.ball(reach) * root
    passed = ops.ball(point["eta"] * point["t"]) * stretch(ops, point, constants)
    bound = pair_force_bound(start - room, start)
    if not passed * bound <= room:
        return ops.ball(0).union(start), ops.ball(0).union(bound)
    fallen = ops.ball(0).union((passed * bound).upper())
    force = pair_force(start - fallen, point["n"], min(64, ops.rung.bits), NODES)
    return start - passed * force, force


def stretch(ops: Operations, point: Point, constants: Constants) -> Any:
    """T with these constants over T as printed."""
    exponent = constants.get("exponent", EXPONENT) - EXPONENT
    return ops.exp(exponent * point["d"]) * ops.ball(FACTOR / constants.get("factor", FACTOR))


def largest_norm(ops: Operations, point: Point, constants: Constants) -> Any:
    """max_i |mu_i(t)| = a(t)."""
    return trajectory(ops, point, constants)[0]


def kept_norm(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.ball(constants["kept"]) * ops.sqrt(point["d"])


def moved(ops: Operations, point: Point, constants: Constants) -> Any:
    """max_i |mu_i(t) - mu_i(0)|, that of i = 1 and 2; exactly 0 at t = 0."""
    if point["t"] == 0:
        return Fraction(0)
    force = trajectory(ops, point, SETTING)[1]
    return ops.ball(point["eta"] * point["t"]) * force


def moved_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    if point["t"] == 0:
        return Fraction(0)
    return ops.ball(point["eta"] * point["t"]) * gradient_bound(ops, point, constants)


def gradient_norm(ops: Operations, point: Point, constants: Constants) -> Any:
    """max_i |grad_i L(mu(t))|, that of i = 1 and 2; the others are 0."""
    return trajectory(ops, point, SETTING)[1]


def gradient_bound(ops: Operations, point: Point, constants: Constants) -> Any:
    return ops.ball(constants["factor"]) * ops.sqrt(point["d"]) * ops.exp(-point["d"])


def asymmetry(ops: Operations, point: Point, constants: Constants) -> Any:
    """Coordinates of grad_1 + grad_2 and of grad_3 (+ ... + grad_n where they are merged)."""
    first, second, *rest = (row[0] for row in ops.gradient(point.mix))
    return [first + second, *rest]


def nothing(ops: Operations, point: Point, constants: Constants) -> Fraction:
    return Fraction(0)


def gradient_size(ops: Operations, point: Point, constants: Constants) -> Any:
    """a sqrt(d) E psi_1: every term of these gradients is at most this."""
    return sum(ops.overlaps(point.mix)[0], ops.ball(0)) * ops.mu_max(point.mix)


CLAIMS = (
    Claim(
        id="theorem-7",
        source="Theorem 7",
        text="0 <= t <= exp(d)/(30 eta): max_i |mu_i(t)| >= 10 sqrt(d)",
        relation=">=",
        lhs=largest_norm,
        rhs=kept_norm,
        domain=in_setting,
        generator=trajectories,
        constants={
            "start": START,
            "kept": Fraction(10),
            "exponent": EXPONENT,
            "factor": FACTOR,
        },
        uses=("eq-40", "eq-41"),
        cost=4.0,
    ),
    Claim(
        id="eq-40",
        source="proof of Theorem 7, (40)",
        text="mu_1(t) + mu_2(t) = 0 and mu_3(t) = ... = mu_n(t) = 0",
        relation="==",
        lhs=asymmetry,
        rhs=nothing,
        domain=is_symmetric,
        generator=symmetric_states,
        scale=gradient_size,
        uses=("lemma-9.2",),
        cost=4.0,
    ),
    Claim(
        id="eq-41",
        source="proof of Theorem 7, (41)",
        text="|mu_i(t) - mu_i(0)| <= eta t 60 sqrt(d) exp(-d) for every i",
        relation="<=",
        lhs=moved,
        rhs=moved_bound,
        domain=in_setting,
        generator=trajectories,
        constants={"factor": Fraction(60)},
        uses=("eq-40", "eq-41prime"),
        cost=4.0,
    ),
    Claim(
        id="eq-41prime",
        source="proof of Theorem 7, the line before (41)",
        text="|grad_{mu_i} L(mu(t))| <= 60 sqrt(d) exp(-d) for every i",
        relation="<=",
        lhs=gradient_norm,
        rhs=gradient_bound,
        domain=in_setting,
        generator=trajectories,
        constants={"factor": Fraction(60)},
        uses=("eq-40", "lemma-15"),
        cost=4.0,
    ),
)
