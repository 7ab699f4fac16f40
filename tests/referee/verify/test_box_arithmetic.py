"""The checker's own arithmetic and derivatives, against mpmath: what a proof rests on."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from gembounds import Mixture, loss, psi_tilde_norm2
from gembounds.referee.verify.boxes import numbers
from gembounds.referee.verify.boxes.cell import Cell
from gembounds.referee.verify.boxes.jets import Jet
from gembounds.referee.verify.boxes.numbers import ONE, WHOLE, Interval, P
from gembounds.referee.verify.boxes.problem import Proof
from gembounds.referee.verify.boxes.sums import Rule

RULE = {"distance": "4", "strip": "7/10", "step": "2/5", "count": 15}
"""Sound, and not accurate: what it misses is seen."""


@pytest.fixture(autouse=True)
def many_digits() -> Any:
    with mpmath.workprec(160):
        yield


def inside(x: Interval, value: Any, slack: float = 0.0) -> bool:
    """Whether an interval contains a number; the whole line does."""
    if x.lo is None:
        return True
    return bool(mpmath.mpf(x.lo) / ONE - slack <= value <= mpmath.mpf(x.hi) / ONE + slack)


def test_constants() -> None:
    for found, exact in (
        (numbers.PI, mpmath.pi), (numbers.DENSITY, 1 / mpmath.sqrt(2 * mpmath.pi)),
    ):  # fmt: skip
        assert inside(found, exact) and found.hi - found.lo <= 4
    low, high = numbers.LN2
    assert low < mpmath.log(2) * 2**numbers.W < high < low + 2**12


def test_functions_are_enclosed_and_narrow() -> None:
    rng = random.Random(1)
    for _ in range(600):
        n = rng.choice([
            rng.randint(-200 << P, 60 << P), rng.randint(-2 << P, 2 << P), rng.randint(-999, 999)
        ])  # fmt: skip
        m = n + rng.choice([0, 1, 2**19, 2**20 - 1, 2**20, 2**70])
        for x, f in ((Interval(n, m), "exp"), (Interval(abs(n) + 1, abs(n) + m - n + 1), "log")):
            found = getattr(x, f)()
            for end in (x.lo, x.hi):
                assert inside(found, getattr(mpmath, f)(mpmath.mpf(end) / ONE))
            if x.lo == x.hi and abs(n) < 2 << P and f == "exp":
                assert found.hi - found.lo <= 2
        root = Interval(abs(n), abs(m)).sqrt() if abs(n) <= abs(m) else WHOLE
        assert inside(root, mpmath.sqrt(mpmath.mpf(abs(n)) / ONE))
    assert Interval(-1, 5).log() is WHOLE and Interval(-1, 5).inverse() is WHOLE
    assert Interval(ONE << 17, ONE << 17).exp() is WHOLE


def test_products_and_powers_are_the_tightest() -> None:
    rng = random.Random(2)
    for _ in range(3000):
        size = rng.choice([1, 5, 2**20, 2**81])
        (a, b), (c, d) = (sorted(rng.randint(-size, size) for _ in "ab") for _ in "xy")
        x, y = Interval(a, b), Interval(c, d)
        ends = [p * q for p in (a, b) for q in (c, d)]
        assert ((x * y).lo, (x * y).hi) == (min(ends) >> P, -(-max(ends) >> P))
        k, u = rng.randint(2, 7), rng.randint(a, b)
        assert (x.power(k).lo - k) * ONE ** (k - 1) <= u**k <= (x.power(k).hi + k) * ONE ** (k - 1)
        assert x.square().lo >= 0 and x.square().lo * ONE <= u * u <= x.square().hi * ONE


# -- sums -----------------------------------------------------------------------------------
def proof(means: list[Any], weights: list[Any], rest: int | None, **more: Any) -> Proof:
    box = {"means": [[x] for x in means], "weights": weights, "rest": rest, **more}
    tree = {"relation": ["<=", ["num", "0"], ["num", "1"]], "decided_by": None, "when": []}
    return Proof({"box": box, "tree": tree, "constants": {}, "rules": [RULE]})


def finite_sum(name: str, means: list[Any], weights: list[Any]) -> Any:
    """The sum over the nodes of ``RULE``, in mpmath."""
    out, h = mpmath.mpf(0), mpmath.mpf(2) / 5
    for k in range(-15, 16):
        x = h * k
        terms = [w * mpmath.exp(-((x - m) ** 2) / 2)
                 for w, m in zip(weights, means, strict=True)]  # fmt: skip
        mixed = sum(t * m for t, m in zip(terms, means, strict=True)) / sum(terms)
        term = mixed**2 if name == "mean_square" else -(x**2) / 2 - mpmath.log(sum(terms))
        out += h * mpmath.exp(-(x**2) / 2) / mpmath.sqrt(2 * mpmath.pi) * term
    return out


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("name", ["L", "mean_square"])
def test_sums_and_their_derivatives(name: str, n: int) -> None:
    """On a tiny piece around a point, against differences of the sum."""
    rng, tiny = random.Random(n), Fraction(1, 2**60)
    means = [Fraction(rng.randint(-8, 8), 7) for _ in range(n)]
    weights = [Fraction(rng.randint(2, 6), 20) for _ in range(n - 1)]

    def around(x: Fraction) -> list[str]:
        return [str(x - tiny), str(x + tiny)]

    rest = n - 1 if n > 1 else None
    rows = [around(w) for w in weights] + [["0", "1"] if n > 1 else "1"]
    cell = Cell(proof([around(m) for m in means], rows, rest), [(0, 0)] * (2 * n - 1))
    jet = cell.expectation(name)

    def value(*v: Any) -> Any:
        return finite_sum(name, list(v[:n]), [*v[n:], 1 - sum(v[n:])])

    point = [mpmath.mpf(x.numerator) / x.denominator for x in (*means, *weights)]
    assert inside(jet.at, value(*point), 1e-20) and inside(jet.over, value(*point))
    for p in range(len(point)):
        orders = [int(k == p) for k in range(len(point))]
        d = mpmath.diff(value, tuple(point), tuple(orders))
        for found in (jet.slope[p], jet.slopes[p]):
            assert found is not None and inside(found, d, 1e-16)
            assert found.hi - found.lo < ONE >> 40
        for q in range(p, len(point)):
            orders = [int(k == p) + int(k == q) for k in range(len(point))]
            second, there = mpmath.diff(value, tuple(point), tuple(orders)), (jet.bend or {})[p, q]
            assert there is not None and inside(there, second, 1e-16)
            assert there.hi - there.lo < ONE >> 40


@pytest.mark.parametrize("name", ["L", "mean_square"])
def test_ranges_over_a_piece(name: str) -> None:
    """At random points of a large piece, where the rest's weight is cut: gradient and second
    derivatives are in their ranges, and the expectation within what the sum misses."""
    rng = random.Random(5)
    made = proof(
        [["-1", "1/2"], ["0", "1"], "-1/3"], [["1/10", "1/2"], ["1/5", "2/5"], ["1/4", "2/5"]], 2
    )
    cell = Cell(made, [(0, 0), (1, 2), (0, 1), (1, 2)])
    jet, evaluator = cell.expectation(name), {"L": loss, "mean_square": psi_tilde_norm2}[name]

    def value(a: Any, b: Any, u: Any, v: Any) -> Any:
        return finite_sum(name, [a, b, mpmath.mpf(-1) / 3], [u, v, 1 - u - v])

    assert jet.over.hi - jet.over.lo < 4 * ONE
    seen = 0
    while seen < 5:
        at = [low + (high - low) * Fraction(rng.randint(0, 4), 4) for low, high in cell.ends]
        if not Fraction(1, 4) <= 1 - at[2] - at[3] <= Fraction(2, 5):
            continue
        seen += 1
        point = tuple(mpmath.mpf(x.numerator) / x.denominator for x in at)
        assert inside(jet.over, value(*point))
        for p in range(4):
            slope = jet.slopes[p]
            step = tuple(int(k == p) for k in range(4))
            assert slope is not None and inside(slope, mpmath.diff(value, point, step), 1e-16)
        step = (1, 0, 0, 1)
        bend = (jet.bend or {})[0, 3]
        assert bend is not None and inside(bend, mpmath.diff(value, point, step), 1e-16)
        mix = Mixture([[at[0]], [at[1]], ["-1/3"]], [at[2], at[3], 1 - at[2] - at[3]])
        exact = evaluator(mix, rtol=1e-12)
        assert inside(jet.all, mpmath.mpf(float(exact.lower)), 1e-12)


def test_what_a_rule_misses_is_bounded_and_seen() -> None:
    rng, most = random.Random(7), {"L": mpmath.mpf(0), "mean_square": mpmath.mpf(0)}
    coarse = {"distance": "4", "strip": "7/10", "step": "3/2", "count": 4}
    rule, h = Rule(coarse), mpmath.mpf(3) / 2
    for _ in range(12):
        means = [Fraction(rng.randint(-8, 8), 4) for _ in range(2)]
        p = Fraction(rng.randint(1, 9), 10)
        exact = {
            "L": loss(Mixture([[x] for x in means], [p, 1 - p]), rtol=1e-10),
            "mean_square": psi_tilde_norm2(Mixture([[x] for x in means], [p, 1 - p]), rtol=1e-10),
        }
        for name in most:
            total = mpmath.mpf(0)
            for k in range(-4, 5):
                x, ws = h * k, (p, 1 - p)
                terms = [mpmath.mpf(w.numerator) / w.denominator
                         * mpmath.exp(-((x - float(m)) ** 2) / 2)
                         for m, w in zip(means, ws, strict=True)]  # fmt: skip
                mixed = sum(t * float(m) for t, m in zip(terms, means, strict=True)) / sum(terms)
                f = mixed**2 if name == "mean_square" else -x * x / 2 - mpmath.log(sum(terms))
                total += h * mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi) * f
            square = max(m * m for m in means)
            apart = numbers.of(abs(means[0] - means[1]))
            for flat in (False, True):
                missed = rule.missed(name, apart, numbers.of(square), flat)
                share = abs(total - float(exact[name].mid)) / (mpmath.mpf(missed.hi) / ONE + 1e-30)
                assert share <= 1 or not square
                most[name] = max(most[name], share)
    assert all(share > 1e-3 for share in most.values())


@pytest.mark.parametrize(
    "entry",
    [{"strip": "4/5"}, {"step": "7"}, {"count": 4}, {"count": 6000}, {"count": True},
     {"count": "40"}, {"step": "0"}, {"step": "1e-9"}, {"distance": "-1"}],
)  # fmt: skip
def test_a_rule_outside_its_bounds_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"rule|number"):
        Rule({**RULE, **entry})


# -- jets -----------------------------------------------------------------------------------
FUNCTIONS: list[tuple[Callable[..., Jet], Callable[..., Any]]] = [
    (lambda x, y: x * y + x, lambda x, y: x * y + x),
    (lambda x, y: (x - y).square() * (x * x), lambda x, y: (x - y) ** 2 * x * x),
    (lambda x, y: (x * y).exp() - y.log(), lambda x, y: mpmath.exp(x * y) - mpmath.log(y)),
    (lambda x, y: (y * y + x.square()).sqrt(), lambda x, y: mpmath.sqrt(y * y + x * x)),
    (lambda x, y: y.inverse() * x.power(3), lambda x, y: x**3 / y),
    (lambda x, y: (x + y + y).power(-2), lambda x, y: (x + 2 * y) ** -2),
    (lambda x, y: -(x.power(5) * y.power(4)), lambda x, y: -(x**5) * y**4),
]


@pytest.mark.parametrize(("f", "g"), FUNCTIONS)
def test_jets(f: Callable[..., Jet], g: Callable[..., Any]) -> None:
    rng = random.Random(3)
    made = proof([["-1/2", "3/4"], ["1", "3/2"]], ["1/2", "1/2"], None)
    for piece in ([(0, 0), (0, 0)], [(1, 2), (3, 2)], [(700, 10), (5, 3)]):
        cell = Cell(made, piece)
        jet = f(*cell.variables)
        centre = tuple(mpmath.mpf(c.numerator) / c.denominator for c in cell.centre)
        assert inside(jet.at, g(*centre))
        for _ in range(4):
            at = [low + (high - low) * Fraction(rng.randint(0, 8), 8) for low, high in cell.ends]
            point = tuple(mpmath.mpf(x.numerator) / x.denominator for x in at)
            assert inside(jet.over, g(*point))
            for p, step in ((0, (1, 0)), (1, (0, 1))):
                slope, slopes = jet.slope[p], jet.slopes[p]
                assert slope is not None and slopes is not None
                assert inside(slope, mpmath.diff(g, centre, step), 1e-20)
                assert inside(slopes, mpmath.diff(g, point, step), 1e-20)
            for key, step in (((0, 0), (2, 0)), ((0, 1), (1, 1)), ((1, 1), (0, 2))):
                bend = (jet.bend or {}).get(key) or numbers.ZERO
                assert inside(bend, mpmath.diff(g, point, step), 1e-20)


def test_an_unknown_error_stays_unknown() -> None:
    """Of the root of what may be 0: it was taken for none once its sign was changed."""
    cell = Cell(proof([["-1", "1"]], ["1"], None), [(0, 0)])
    square = cell.expectation("mean_square")
    root = square.sqrt()
    for jet in (root, -root, root * cell.number(2), cell.number(1) - root, root * root):
        assert jet.err.lo is None and jet.near.lo is None


def test_errors_grow_as_derivatives_say() -> None:
    """f stands for something within its error: so do functions of it."""
    exact = numbers.of(Fraction(1, 2**40))
    cell = Cell(proof([["1/2", "1"]], ["1"], None), [(0, 0)])
    x = cell.variables[0]
    f = Jet(x.at, x.over, x.slope, x.slopes, {}, exact)
    for g, h in (
        (f.square(), lambda v: v * v), (f.exp(), mpmath.exp), (f.inverse(), lambda v: 1 / v),
        (f * x, lambda v: v * 1), (f.sqrt(), mpmath.sqrt), (f.log(), mpmath.log),
    ):  # fmt: skip
        e, size = mpmath.mpf(2) ** -40, mpmath.mpf(g.err.hi) / ONE
        for v in (mpmath.mpf(1) / 2, mpmath.mpf(1)):
            assert abs(h(v + e) - h(v)) <= size * (1 + 1e-20) and size <= 5 * e
