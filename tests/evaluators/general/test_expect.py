"""Expectations of expressions: against quadrature written out here, closed forms, and bounds that
random points of the strip try to break."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
import pytest
from flint import acb, arb

import gembounds as gb
from gembounds.evaluators.general.expand import CONSTANT, LOG_S, SQUARE, expanded, prepared
from gembounds.evaluators.general.float_sums import float_sums
from gembounds.evaluators.general.frame import frame
from gembounds.evaluators.general.growth import Growth, left_out
from gembounds.evaluators.general.integrate import PolynomialPart
from gembounds.evaluators.general.sums import Grid, Wanted, grid_sums
from gembounds.evaluators.reduction.exact import exact_rank
from gembounds.tools.errors import InputError, RankError
from gembounds.values.expression_text import read_expression
from gembounds.values.precision import working_precision
from gembounds.values.rule import Axis

FloatArray = npt.NDArray[np.float64]

psi, x, log_density, entropy = gb.words

MODEL = gb.Mixture([[-1.0, 0.25], [2.0, 1.0], [0.5, -1.5]], [0.25, 0.5, 0.25])
DATA = gb.Mixture([[0.5, -1.0], [1.5, 2.0]], ["1/3", "2/3"])

KINDS: tuple[tuple[Any, Callable[..., FloatArray]], ...] = (
    ("psi[0]*psi[1]**3", lambda p, x, g: p[0] * p[1] ** 3),
    ("psi[0]*log(psi[1])", lambda p, x, g: p[0] * np.log(p[1])),
    ("entropy**2 - 1/3*psi[1]", lambda p, x, g: (p * np.log(p)).sum(0) ** 2 - p[1] / 3),
    ("log_density**3", lambda p, x, g: g**3),
    ("psi[0]*x[0]**2*(x[1] - 2)", lambda p, x, g: p[0] * x[0] ** 2 * (x[1] - 2)),
    ("x[1]*log_density*log(psi[0]*psi[2]**2)",
     lambda p, x, g: x[1] * g * (np.log(p[0]) + 2 * np.log(p[2]))),
)  # fmt: skip
"""Text, and the same in NumPy of psi, x (coordinates first) and log p."""


def by_quadrature(f: Callable[..., FloatArray], mix: gb.Mixture, data: gb.Mixture) -> float:
    """Gauss-Legendre on panels of the plane, in the coordinates as they are given."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    sides = []
    for j in range(2):
        ends = np.arange(data.means[:, j].min() - 9.5, data.means[:, j].max() + 10.0, 0.75)
        sides.append(((ends[:, None] + 0.375 * (1 + nodes)).ravel(),
                      np.tile(0.375 * weights, len(ends))))  # fmt: skip
    at = np.array(np.meshgrid(sides[0][0], sides[1][0], indexing="ij"))
    area = sides[0][1][:, None] * sides[1][1]
    logs, of_data = (
        np.log(m.weights)[:, None, None] - np.log(2 * np.pi)
        - ((at - m.means[:, :, None, None]) ** 2).sum(1) / 2 for m in (mix, data)
    )  # fmt: skip
    g = np.logaddexp.reduce(logs, axis=0)
    return float((f(np.exp(logs - g), at, g) * np.exp(of_data).sum(0) * area).sum())


@pytest.mark.parametrize(("text", "f"), KINDS, ids=[text for text, _ in KINDS])
def test_against_quadrature_in_the_plane(text: str, f: Callable[..., FloatArray]) -> None:
    origin = gb.Mixture([[0.0, 0.0]])
    for data in (None, DATA):
        value = by_quadrature(f, MODEL, data or origin)
        found = gb.expect(text, MODEL, data=data, rtol=1e-9)
        assert float(found.relative_width) < 3e-9
        assert abs(value - float(found.mid)) < 3e-9 * abs(value)
        sharp = gb.expect(text, MODEL, data=data, evaluator="arb", bits=40)
        assert float(sharp.lower) - 1e-11 < value < float(sharp.upper) + 1e-11
        assert found.meets(sharp)


def test_against_mpmath_on_the_line() -> None:
    """To 35 digits: x^2 psi_0^2 log psi_1 over two components of the data."""
    mix, data = gb.Mixture([[-1.5], [1.0]], [0.75, 0.25]), gb.Mixture([[0.5], [-2.0]])
    with mpmath.workdps(50):

        def f(t: Any) -> Any:
            a, b = 0.75 * mpmath.npdf(t, -1.5), 0.25 * mpmath.npdf(t, 1)
            density = (mpmath.npdf(t, 0.5) + mpmath.npdf(t, -2)) / 2
            return t**2 * (a / (a + b)) ** 2 * mpmath.log(b / (a + b)) * density

        value = mpmath.quad(f, mpmath.linspace(-20, 18, 39))
        found = gb.expect(
            lambda psi, x: x[0] ** 2 * psi[0] ** 2 * psi[1].log(), mix, data=data,
            evaluator="arb", bits=116,
        )  # fmt: skip
        ball = found.balls[()]
        middle, radius = (
            mpmath.mpf(part.str(60, radius=False)) for part in (ball.mid(), ball.rad())
        )
        assert radius < abs(value) * mpmath.mpf(10) ** -34
        assert abs(value - middle) <= radius + mpmath.mpf(10) ** -40


def test_the_quantities_are_special_cases() -> None:
    n, d = MODEL.n, MODEL.d
    for data in (None, DATA):
        for evaluator in ("float64", "arb"):
            of: dict[str, Any] = {"data": data, "evaluator": evaluator, "rtol": 1e-8}
            overlaps = gb.expect(
                [[psi[i] * psi[k] for k in range(n)] for i in range(n)], MODEL, **of
            )
            assert overlaps.meets(gb.overlaps(MODEL, **of)).all()
            first = gb.expect([psi[i] for i in range(n)], MODEL, **of)
            assert first.meets(gb.expected_posterior(MODEL, **of)).all()
            means = MODEL.exact_means
            pull = [[psi[i] * (means[i][j] - x[j]) for j in range(d)] for i in range(n)]
            gradient = gb.expect(pull, MODEL, **of)
            assert gradient.meets(gb.gradient(MODEL, **of)).all()
            own = gb.Mixture([[0.0, 0.0]]) if data is None else data
            kl = gb.expect(log_density, own, **of) - gb.expect(log_density, MODEL, **of)
            assert kl.meets(gb.loss(MODEL, **of))
            assert float(kl.rad) < 1e-6


def test_small_values_keep_their_digits_and_zeros_are_narrow() -> None:
    far = gb.Mixture([[-40.0], [40.0]])
    found = gb.expect("psi[0]**3*psi[1]**2", far, data=gb.Mixture([[30.0]]), evaluator="arb")
    assert 0 < float(found.upper) < 1e-150 and float(found.relative_width) < 2**-126
    even = gb.Mixture([[-1.0], [1.0]])
    zero = gb.expect(psi[0] - psi[1], even)
    assert 0 in zero and float(zero.rad) < 1e-20
    assert float(gb.expect(psi[0] - psi[1], even, atol=1e-6).rad) <= 1e-6
    assert gb.expect(x[0] * psi[0] - x[0] * psi[0], even) == 0
    assert Fraction(1, 3) in gb.expect("1/3", even, evaluator="arb")
    assert gb.expect([3, x[0], x[0] ** 4], even).meets(np.array([3, 0, 3])).all()
    assert (gb.expect([3, x[0]], even).rad == 0).all()


def test_one_component_is_exact() -> None:
    one = gb.Mixture([[1.0, 2.0, 2.0]])
    assert gb.expect("psi[0]**4", one) == 1
    found = gb.expect(["log_density", "log_density**2"], one, evaluator="arb", bits=200)
    # log p = -(3/2) log 2 pi - |z - mu|^2/2, and |z - mu|^2 has mean 12 and variance 42
    mean = -1.5 * math.log(2 * math.pi) - 6
    assert abs(found.mid - [mean, mean**2 + 42 / 4]).max() < 1e-13
    assert float(found.relative_width.max()) < 2**-190


def test_outside_the_span() -> None:
    """Means on a line in R^4: x_j outside it is an independent N(a_j, 1)."""
    mix = gb.Mixture([[1.0, 1.0, 0.0, 3.0], [2.0, 2.0, 0.0, 3.0]])
    data = gb.Mixture([[0.0, 0.5, 2.0, -1.0]])
    found = gb.expect("psi[0]*x[2]**4", mix, data=data)
    assert found.meets(gb.expect("psi[0]", mix, data=data) * (16 + 6 * 4 + 3))
    # along (1, 1) and across: x_0 - x_1 is N(-1/2, 2), independent of psi
    across = gb.expect("psi[0]*(x[0] - x[1])**2", mix, data=data)
    assert across.meets(gb.expect("psi[0]", mix, data=data) * 2.25)
    assert gb.expect("x[0]**3*x[1]", mix, data=data).contains(0)


def test_what_is_outside_with_the_log_density() -> None:
    """log p = -(3/2) log 2 pi - |x - mu|^2/2 of one component, times x_0^2 and x_0 x_1."""
    mu = [1.0, -2.0, 0.5]
    found = gb.expect(["log_density*x[0]**2", "log_density*x[0]*x[1]"], gb.Mixture([mu]))
    square = -1.5 * math.log(2 * math.pi) - (3 + 2 + sum(t * t for t in mu)) / 2
    assert abs(found.mid - [square, 0]).max() < 1e-9


def test_components_that_coincide_share() -> None:
    split = gb.Mixture([[0.0], [0.0], [1.5]], [0.125, 0.375, 0.5])
    whole = gb.Mixture([[0.0], [1.5]])
    one = gb.expect(["log(psi[0])", "psi[1]*psi[2]", "log_density"], split)
    other = gb.expect(["log(psi[0])", "psi[0]*psi[1]", "log_density"], whole)
    assert one[0].meets(other[0] + np.log(0.25)) and one[1].meets(other[1] * 0.75)
    assert one[2].meets(other[2]) and float(one.relative_width.max()) < 3e-10


def test_what_the_budget_leaves_is_wide_and_true() -> None:
    exact = gb.expect("psi[0]*log_density**2", MODEL)
    widths = []
    signed = gb.expect(["psi[0]*psi[1]", "entropy", "psi[0]*log(psi[1])"], MODEL, max_nodes=1)
    assert signed.lower[:2].tolist() == [0, 0] and float(signed.upper[2]) == 0
    assert 1 <= float(signed.upper[0]) < 1.01
    for nodes in (1, 400, 2000):
        found = gb.expect("psi[0]*log_density**2", MODEL, max_nodes=nodes)
        assert found.hull(exact).meets(found) and exact in found
        widths.append(float(found.rad))
    assert widths[0] > widths[1] > widths[2] > 1e-6


@pytest.mark.parametrize(
    ("f", "words"),
    [
        ("1/psi[0]", "a quotient by psi[0]"),
        ("psi[0]**-1", "powers are whole numbers"),
        ("psi[0]**0.5", "powers are whole numbers"),
        ("log(x[0])", "log(x[0]) cannot be certified"),
        ("log(psi[0] - psi[1])", "cannot be certified"),
        ("psi[3]", "psi[3]: the model has 3 components"),
        ("x[2]", "x[2]: the model has 2 coordinates"),
        ("psi[0]^2", "a power is **"),
        ("__import__('os').getcwd()", "cannot be read"),
        ("psi[0", "is no expression"),
        ("x[0]**41", "degree 41"),
        (psi, "psi is a list"),
        ([[psi[0]], [psi[0], psi[1]]], "different shapes"),
        (None, "give a number"),
    ],
)
def test_what_cannot_be_certified_is_refused_by_name(f: Any, words: str) -> None:
    with pytest.raises(InputError) as error:
        gb.expect(f, MODEL)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_other_models_and_many_dimensions_are_refused_by_name() -> None:
    class Fitted:
        covariances_ = np.eye(2)

    with pytest.raises(InputError, match="Fitted with covariances"):
        gb.expect("psi[0]", Fitted())  # type: ignore[arg-type]
    with pytest.raises(RankError, match="4 dimensions"):
        gb.expect("psi[0]", gb.Mixture(np.eye(5)))
    with pytest.raises(InputError, match="mpmath"):
        gb.expect("psi[0]", MODEL, evaluator="mpmath")
    with pytest.raises(InputError, match="atol"):
        gb.expect("psi[0]", MODEL, atol=-1)


def test_means_that_rounding_takes_out_of_a_plane() -> None:
    """Exactly they span four dimensions, two of them 1e-16 wide."""
    rng = np.random.default_rng(2)
    core, basis = rng.normal(size=(5, 2)), rng.normal(size=(2, 4))
    mix = gb.Mixture(core @ basis)
    assert exact_rank(mix) == 4
    found = gb.expect("entropy", mix, rtol=1e-4)
    flat = gb.Mixture(core @ np.linalg.qr(basis.T)[1].T)
    assert abs(float(found.mid) - float(gb.expect("entropy", flat).mid)) < 2e-4
    assert float(found.relative_width) < 2e-4


def test_text_and_words_are_the_same() -> None:
    for f in (psi[0] ** 2 * 3 - x[1] / 7 + 0.5, entropy * log_density, (psi[0] * psi[1]).log()):
        assert read_expression(repr(f)) == f
    assert read_expression("0.1*psi[0]") == psi[0] / 10 == "1/10" * psi[0]
    assert (psi[0] + psi[1]) ** 2 == psi[0] ** 2 + 2 * psi[0] * psi[1] + psi[1] ** 2


def test_the_strip_s_bounds_hold_at_random_points_of_it() -> None:
    """Each variable of the grid against its bound, at y + ib in one coordinate."""
    rng = np.random.default_rng(3)
    variables = [log_density, psi[0].log(), psi[1].log(), psi[2].log()]
    for scale in (0.2, 1.0, 4.0):
        mix = gb.Mixture(scale * rng.normal(size=(3, 2)) + 2, [0.125, 0.75, 0.125])
        seen = frame(mix, {})
        keys = expanded(variables, seen)
        growth = Growth(seen.reduction, keys, Wanted.of([key for one in keys for key in one]))
        u = [[float(t.mid()) for t in row] for row in growth.u]
        weights = [float(w.p) / float(w.q) for w in seen.reduction.weights]
        for j in range(2):
            for part in (0.05, 0.5, 0.97):
                a = part * math.pi / float(growth.spreads[j].mid())
                cosine = math.cos(part * math.pi / 2)
                s, theta = -math.log(cosine), part * math.pi
                bound = {v: float(growth._bound(v, j, arb(a), arb(s), arb(theta)).upper())
                         for v in growth.variables | {("y", j)}}  # fmt: skip
                for _ in range(40):
                    y = rng.normal(size=2) * rng.choice([0.5, 3.0, 12.0])
                    z = [acb(t) for t in y]
                    z[j] = acb(y[j], a * rng.choice([-1.0, 1.0, rng.uniform(-1, 1)]))
                    exponents = [sum((t * c for t, c in zip(z, row, strict=True)), acb(0))
                                 - sum(c * c for c in row) / 2 for row in u]  # fmt: skip
                    terms = [w * e.exp() for w, e in zip(weights, exponents, strict=True)]
                    total = sum(terms, acb(0))
                    # the continuous branch: turned back by the middle of the angles, Log, forth
                    turn = acb(0, 1) * z[j].imag * (
                        max(row[j] for row in u) + min(row[j] for row in u)) / 2  # fmt: skip
                    log_s = (total * (-turn).exp()).log() + turn
                    at = {LOG_S: log_s, SQUARE: z[0] ** 2 + z[1] ** 2, ("y", j): z[j]}
                    for g, e in enumerate(exponents):
                        at["log Psi", g] = e + math.log(weights[g]) - log_s
                    size = 1 + y @ y
                    for v, most in bound.items():
                        grown = size if v == SQUARE else math.sqrt(size)
                        assert float(abs(at[v]).mid()) <= most * grown * (1 + 1e-9), v
                    real = sum(
                        math.exp(float(e.real.mid())) * w
                        for e, w in zip(exponents, weights, strict=True)
                    )
                    assert float(abs(total).mid()) >= cosine * real * (1 - 1e-9)


def test_what_is_left_out_is_at_most_that() -> None:
    for r in (1, 2, 3):
        for k in (0, 2):
            for step, reach in ((0.5, 4.0), (1.0, 3.0), (0.75, 6.0)):
                count = math.ceil(reach / step)
                grid = Grid((Axis(1.0, step, count, 0.0),) * r, reach)
                line = step * np.arange(-30, 31)
                square = sum(t**2 for t in np.meshgrid(*[line] * r))
                weights = np.exp(-square / 2) * (step / math.sqrt(2 * math.pi)) ** r
                outside = float(((1 + square) ** k * weights)[square > reach**2].sum())
                bound = left_out(grid, k)
                assert outside <= float(bound.upper())
                assert not bound.is_finite() or float(bound.upper()) < 1e5 * outside or k


def test_float64_contains_what_balls_sum() -> None:
    """On the same grids: each sum within its radius, and the radius within reason."""
    rng = np.random.default_rng(5)
    fs = [entropy**2, psi[0] ** 3 * psi[1], log_density**2 * psi[1].log(), x[0] ** 2 * psi[0]]
    for r in (1, 2, 3):
        for scale in (0.01, 1.0, 5.0, 30.0):
            mix = gb.Mixture(scale * rng.normal(size=(4, r)), [0.5, 0.25, 0.125, 0.125])
            seen = frame(mix, {0: Fraction(0)})
            keys = expanded([prepared(f, 4) for f in fs], seen)
            wanted = Wanted.of([key for one in keys for key in one if key != CONSTANT])
            steps = [0.75, 1.0, 0.875][:r]
            axes = tuple(Axis(1.0, h, {1: 30, 2: 8, 3: 5}[r], 0.0) for h in steps)
            grid, reduction = Grid(axes, 1000.0), seen.reduction  # all of the box, by both
            with working_precision(100):
                u = reduction.coordinates()
                weights = [arb(w) for w in reduction.weights]
                exact = grid_sums(weights, u, grid, wanted)
                found = float_sums(weights, u, grid, wanted)
                assert found is not None
                for key, ball in found.value.items():
                    assert ball.contains(exact.value[key].mid()), key
                    size = exact.value[key].abs_upper().max(exact.mass[key[0]])
                    assert scale > 5 or ball.rad() < 1e-9 * size + 1e-290
                for m, ball in found.mass.items():
                    assert ball.contains(exact.mass[m].mid()), m
                    assert ball.rad() < 1e-9 * ball.mid() + 1e-290


def test_coarse_grids_never_err_by_more_than_their_bound() -> None:
    """T against the expectation, the rule's error and the tail each alone; and not far below."""
    rng = np.random.default_rng(11)
    fs = [psi[0] * psi[1], psi[0] ** 4, entropy, log_density**2, psi[0] * x[0], psi[1].log()]
    worst = {"rule": 0.0, "tail": 0.0}
    for _ in range(8):
        spread = float(rng.choice([0.5, 2.0, 6.0]))
        mix = gb.Mixture([[-spread * rng.random()], [spread]], [0.25, 0.75])
        exact = gb.expect(fs, mix, evaluator="arb", bits=90)
        part = PolynomialPart([prepared(f, 2) for f in fs], frame(mix, {0: Fraction(0)}))
        for _ in range(4):
            a = float(rng.uniform(0.2, 0.95)) * math.pi / float(part.growth.spreads[0].mid())
            step = float(np.round(2 * math.pi * min(a, 3) / rng.uniform(1.5, 9), 3)) + 2.0**-10
            for kind, h, reach in (("rule", step, 60.0), ("tail", 0.03125, rng.uniform(1.5, 5))):
                axis = Axis(min(a, 3), min(h, 4.0), math.ceil(reach / min(h, 4.0)), 0.0)
                found = part.evaluate(Grid((axis,), float(reach)), 120)
                for ball, value, error in zip(
                    exact.balls, found.values, found.errors, strict=True
                ):
                    miss = abs(value - ball)
                    assert not miss > error, (kind, mix.exact_means, axis)
                    if error.is_finite():
                        worst[kind] = max(worst[kind], float((miss / error).mid()))
    assert worst["rule"] > 0.02 and worst["tail"] > 1e-3, worst


@pytest.mark.parametrize("size", [1e-25, 1e-310])
def test_nearly_one_component(size: float) -> None:
    """Logarithms of posteriors that are 1 but for rounding, of means that nearly coincide."""
    mix = gb.Mixture([[size], [-2 * size]], [1e-100, 1.0])
    found = gb.expect(["log_density", "psi[0]*log(psi[1])", "x[0]**2*psi[1]"], mix)
    entropy_of_normal = 0.5 * math.log(2 * math.pi) + 0.5
    assert abs(found[0].mid + entropy_of_normal) < 1e-9 and abs(found[2].mid - 1) < 1e-9
    assert -1e-100 <= found[1].lower <= -0.9e-200 and found[1].upper >= -1.1e-200
