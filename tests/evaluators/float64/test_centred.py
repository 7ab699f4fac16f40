"""L of tiny configurations: accurate relative to itself, and never wrong."""

from __future__ import annotations

import math
from fractions import Fraction
from operator import mul

import numpy as np
import numpy.typing as npt
import pytest
from mpmath import mp

import gembounds as gb
from gembounds.evaluators.float64 import centred, centred_slopes
from gembounds.values.rounding import U, gamma

FloatArray = npt.NDArray[np.float64]

QUANTITIES = (gb.loss, gb.gradient, gb.psi_tilde_norm2)


@pytest.mark.parametrize("size", [3e-2, 1e-2, 1e-3, 1e-5, 1e-8])
def test_two_means_near_0(size: float) -> None:
    """The truth is s^4/4 - s^6/3 + ...: 2.5e-21 for s = 1e-5."""
    mix = gb.Mixture([[-size], [size]])
    found, sure = gb.loss(mix), gb.loss(mix, evaluator="arb")
    assert found.lower <= sure.lower and sure.upper <= found.upper
    assert found.lower <= size**4 / 4 * (1 + 1e-12)
    assert found.upper >= size**4 / 4 * (1 - 1.4 * size * size)
    assert float(found.relative_width) <= 1e-10


def _tiny(rng: np.random.Generator) -> gb.Mixture:
    n, d = (int(x) for x in rng.integers([2, 1], [7, 6]))
    means = rng.normal(size=(n, d)) * 10.0 ** rng.uniform(-9, -1) / 3
    kind = rng.integers(3)
    if kind == 0:
        means -= means.mean(axis=0)
    elif kind == 1:
        means += rng.normal(size=d) * 10.0 ** rng.uniform(-9, -0.5)
    weights = 10.0 ** -rng.uniform(0, rng.choice([0.5, 2, 9]), size=n)
    return gb.Mixture(means, None if rng.random() < 0.4 else weights / weights.sum())


def test_tiny_configurations_are_never_missed_and_narrow() -> None:
    rng = np.random.default_rng(20)
    widths, taken = [], 0
    for _ in range(100):
        mix = _tiny(rng)
        rtol = 10.0 ** -float(rng.integers(3, 14))
        with np.errstate(all="ignore"):
            taken += centred.centred_loss(mix, rtol) is not None
        found = [quantity(mix, rtol=rtol) for quantity in QUANTITIES]
        for x, quantity in zip(found, QUANTITIES, strict=True):
            sure = quantity(mix, evaluator="arb", rtol=1e-14, max_nodes=2**13)
            assert x.meets(sure).all(), (mix.means.tolist(), mix.exact_weights, rtol)
        widths += [float(x.relative_width) / rtol for x in (found[0], found[2])]
    assert taken >= 80
    assert np.median(widths) <= 1


KINDS = ("mean lost", "offset", "thirds", "far thirds", "mean 0")


def _many(rng: np.random.Generator, kind: str, size: float) -> gb.Mixture:
    """Ten means in some ten dimensions: their mean is a float64 sum, which may be all rounding
    where they are centred; entries in thirds are rounded before."""
    n, d, r = 10, int(rng.integers(7, 12)), int(rng.integers(1, 3))
    rows = rng.integers(-4, 5, size=(n, r)) @ rng.integers(-2, 3, size=(r, d))
    parts = rng.integers(1, 9, size=n)
    weights = parts / parts.sum()
    if kind == "mean lost":
        return gb.Mixture((rows - weights @ rows) * (size / 8), weights)
    if kind == "offset":
        offset = rng.normal(size=d) * 10.0 ** rng.uniform(-9, 1)
        return gb.Mixture((rows + offset) * (size / 8), weights)
    unit, exact = Fraction(size) / 8, [Fraction(x, int(parts.sum())) for x in parts.tolist()]
    if kind == "thirds":
        return gb.Mixture([[x * unit / 3 for x in row] for row in rows.tolist()], exact)
    if kind == "far thirds":
        far = (rows + 1000).tolist()
        return gb.Mixture([[x * unit / 3000 for x in row] for row in far], exact)
    middle = [sum(map(mul, exact, column)) for column in rows.T.tolist()]
    pairs = [list(zip(row, middle, strict=True)) for row in rows.tolist()]
    return gb.Mixture([[(x - m) * unit for x, m in row] for row in pairs], exact)


@pytest.mark.parametrize("kind", KINDS)
def test_many_entries_whose_mean_is_rounded(kind: str) -> None:
    rng, taken = np.random.default_rng(24), 0
    for _ in range(12):
        mix = _many(rng, kind, 10.0 ** -rng.uniform(1.5, 45))
        with np.errstate(all="ignore"):
            taken += centred.centred_loss(mix, 1e-8) is not None
        for quantity in QUANTITIES:
            found = quantity(mix, rtol=1e-8)
            sure = quantity(mix, evaluator="arb", rtol=1e-14, max_nodes=2**13)
            assert (found.lower <= found.upper).all()
            assert found.meets(sure).all(), (kind, mix.means.tolist(), mix.exact_weights)
            if kind in ("offset", "thirds", "far thirds") and quantity is not gb.gradient:
                assert float(found.relative_width) < 1e-8
    assert taken == 12


def _norm(v: list[Fraction]) -> float:
    return math.sqrt(float(sum(x * x for x in v)))


@pytest.mark.parametrize("kind", [*KINDS, "few"])
def test_what_is_around_the_mean_errs_by_no_more_than_is_said(kind: str) -> None:
    """m, v_i, <m, v_i> and |m|^2 against exact rationals; the errors are seen, too."""
    rng, worst = np.random.default_rng(25), [0.0] * 3
    for _ in range(12):
        size = 10.0 ** -rng.uniform(1.5, 30)
        mix = _tiny(rng) if kind == "few" else _many(rng, kind, size)
        with np.errstate(all="ignore"):
            tiny = centred.tiny_of(mix, 1e-8)
        if tiny is None:
            continue
        mean = [sum(map(mul, mix.exact_weights, x), Fraction(0))
                for x in zip(*mix.exact_means, strict=True)]  # fmt: skip
        parts = tiny.parts
        moved = [Fraction(x) - y for x, y in zip(parts.mean.tolist(), mean, strict=True)]
        worst[0] = max(worst[0], _norm(moved) / parts.mean_error)
        square = abs(Fraction(tiny.square) - sum(x * x for x in mean))
        assert square <= Fraction(centred.mean_square_error(tiny))
        for row, away, tilt in zip(mix.exact_means, parts.away.tolist(), parts.tilt, strict=True):
            v = [x - y for x, y in zip(row, mean, strict=True)]
            error = _norm([Fraction(x) - y for x, y in zip(away, v, strict=True)])
            worst[1] = max(worst[1], error / parts.away_error)
            exact = sum(map(mul, mean, v), Fraction(0))
            off = float(abs(Fraction(float(tilt)) - exact))
            assert off <= parts.tilt_error + 1e-300
            worst[2] = max(worst[2], off / (parts.tilt_error + 1e-300))
            assert abs(exact) <= Fraction(parts.tilted) and _norm(v) <= parts.widest
    assert max(worst) <= 1 and min(worst[:2]) > 1e-2


@pytest.mark.parametrize("size", [1e-2, 1e-3, 1e-5, 1e-8])
def test_slopes_of_two_means_near_0(size: float) -> None:
    """s^3/2 and s^4, nearly; the gradient's terms cancel to third order."""
    mix = gb.Mixture([[-size], [size]])
    for quantity, width in ((gb.psi_tilde_norm2, 1e-10), (gb.gradient, 1e-10 + 1e-13 / size)):
        found, sure = quantity(mix), quantity(mix, evaluator="arb")
        assert (found.lower <= sure.lower).all() and (sure.upper <= found.upper).all()
        assert (found.upper - found.lower <= width * np.abs(sure.upper)).all()


def test_slopes_outside_their_range_are_left_to_the_grid() -> None:
    with np.errstate(all="ignore"):
        for mix in (gb.Mixture([[0.0], [0.2]]), gb.Mixture([[100.0], [100.1]])):
            assert centred_slopes.centred_gradient(mix, 1e-10) is None
            assert centred_slopes.centred_square(mix, 1e-10) is None
        seven = np.vstack([np.zeros(6), 1e-3 * np.eye(6)])
        assert centred_slopes.centred_square(gb.Mixture(seven), 1e-10) is None


def test_what_the_coordinates_leave_out_is_counted() -> None:
    """Three means on a line but for a part that is left out: it is seen in the error."""
    mix = gb.Mixture([[0.0, 0.0], [0.01, 1e-9], [0.03, 0.0]])
    with np.errstate(all="ignore"):
        tiny = centred.tiny_of(mix, 1e-10)
        assert tiny is not None
        flat = tiny._replace(v=tiny.v[:, :1])
        blind = flat._replace(co=tiny.co._replace(v=tiny.co.v[:, :1], spreads=tiny.co.spreads[:1]))
        aware = blind._replace(co=blind.co._replace(beyond=1e-9))
        one, two = (centred_slopes._moments(x, 1e-10) for x in (blind, aware))
    assert one is not None and two is not None
    assert two.first_error - one.first_error >= 4.2e-9
    assert two.second_error - one.second_error >= 1e-11


def test_what_leaves_the_range_is_left_to_the_grid() -> None:
    for mix in (
        gb.Mixture([[0.0], [0.2]]),  # not tiny
        gb.Mixture([[1e-80], [-1e-80]]),  # L underflows
        gb.Mixture([[100.0], [100.1]]),  # logits above 1
        gb.Mixture([[0.0], [0.0]]),
        gb.Mixture([[1e300], [1e300]]),
    ):
        with np.errstate(all="ignore"):
            assert centred.centred_loss(mix, 1e-10) is None
        assert gb.loss(mix).meets(gb.loss(mix, evaluator="arb"))


def test_the_series() -> None:
    t = np.concatenate((np.linspace(-1, 1, 401), 10.0 ** np.linspace(-12, -1, 20)))
    w = np.expm1(t)
    with mp.workdps(60):
        for x, y, got, height in zip(t, w, centred.remainder(t), centred.excess(w), strict=True):
            exact = mp.expm1(mp.mpf(x)) - mp.mpf(x)
            assert abs(got - exact) <= 3e-16 * exact + 1e-320
            exact = mp.mpf(y) - mp.log1p(mp.mpf(y))
            assert abs(height - exact) <= 5e-16 * exact + 1e-320


def test_the_rule_errs_by_no_more_than_is_said() -> None:
    """Against an integral, with so few points that the error shows."""
    y = np.arange(-12, 12, 1e-2)
    phi = np.exp(-y * y / 2) / math.sqrt(2 * math.pi) * 1e-2
    for spread in (0.03, 0.125):
        for share in (0.5, 0.02):
            v = np.array([-spread * (1 - share), spread * share])
            pi = np.array([share, 1 - share])

            def h(y: FloatArray, v: FloatArray = v, pi: FloatArray = pi) -> FloatArray:
                w = pi @ centred.remainder(np.outer(v, y) - 0.5 * (v * v)[:, None])
                return centred.excess(w - 0.5 * float(pi @ (v * v)))

            inside = np.abs(y) < 7
            truth = float(h(y[inside]) @ phi[inside])
            for points in (1, 2, 3):
                nodes, weights = centred.hermite(points)
                error = abs(float(h(nodes) @ weights) - truth)
                assert error <= centred._rule_error(spread, points)


def test_bounds_at_the_nodes_hold_there() -> None:
    """lambda >= |l_i| is attained where y v < 0; w is within its error of the exact mean."""
    rng = np.random.default_rng(9)
    mixtures = [gb.Mixture([[-0.03], [0.03]]), gb.Mixture([[0.0], [0.06]], [0.9, 0.1])]
    for mix in mixtures + [_tiny(rng) for _ in range(20)]:
        with np.errstate(all="ignore"):
            tiny = centred.tiny_of(mix, 1e-10)
            nodes = tiny and centred.nodes_of(tiny, [3] * tiny.co.rank)
        if not nodes:
            continue
        assert (np.abs(nodes.logits).max(axis=0) <= nodes.reach).all()
        with mp.workdps(40):
            weights = [mp.mpf(w.numerator) / w.denominator for w in mix.exact_weights]
            for column, w, off in zip(nodes.logits.T, nodes.w, nodes.off, strict=True):
                exact = mp.fdot(weights, [mp.expm1(mp.mpf(x)) for x in column])
                # logits that are off by their rounding move this sum by as much, to first order
                shift = mp.fdot(weights, map(mp.mpf, column.tolist()))
                rho = mp.fdot(weights, [float(v @ v) for v in tiny.parts.away]) if tiny else 0
                assert abs(exact - shift - rho / 2 - w) <= off


def test_errors_of_logits_are_counted_in_what_is_summed() -> None:
    """w of logits that are moved by their errors is within its own, and uses a good part."""
    rng, most = np.random.default_rng(27), 0.0
    for mix in [
        gb.Mixture([[-0.03], [0.04]]),
        gb.Mixture([[0.3, 0.0], [0.34, 0.02], [0.32, 0.1]]),
    ]:
        with np.errstate(all="ignore"):
            tiny = centred.tiny_of(mix, 1e-10)
            assert tiny is not None
            known = centred.nodes_of(tiny, [3] * tiny.co.rank)
            for error_v, beyond in ((1e-6, 0.0), (0.0, 1e-3)):
                co = tiny.co._replace(error_v=error_v, beyond=beyond)
                nodes = centred.nodes_of(tiny._replace(co=co), [3] * tiny.co.rank)
                assert nodes is not None and known is not None
                assert (nodes.eps >= 2 * beyond**2).all()
                for _ in range(20):
                    signs = rng.choice([-1, 1], size=nodes.logits.shape)
                    moved = centred.remainder(nodes.logits + signs * nodes.eps)
                    by = np.abs(mix.weights @ (moved - centred.remainder(nodes.logits)))
                    assert (by <= nodes.off).all()
                    most = max(most, float((by / nodes.off).max()))
                assert (nodes.eps > 1e3 * known.eps).any()
    assert most > 0.05


def test_what_rounding_costs_the_loss_is_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """All else taken for exact: 4 * 22 U and the chain of E h(w), gamma_(n+8) + 66 U of E w,
    gamma_(d+4) of |m|^2, and 4 U of the three."""
    for mix in (
        gb.Mixture([[0.2, 0.0], [0.23, 0.05]]),
        gb.Mixture(np.linspace(0.1, 0.2, 9)[:, None]),
    ):
        with np.errstate(all="ignore"):
            tiny = centred.tiny_of(mix, 1e-10)
            assert tiny is not None
            exact = tiny.parts._replace(mean_error=0.0, away_error=0.0, tilt_error=0.0)
            tiny = tiny._replace(parts=exact, co=tiny.co._replace(beyond=0.0))
            nodes = centred.nodes_of(tiny, [4] * tiny.co.rank)
            assert nodes is not None
            sure = nodes._replace(off=0.0 * nodes.off, chain=1e-7)
            for name, value in (("tiny_of", tiny), ("nodes_of", sure)):
                monkeypatch.setattr(centred, name, lambda *_, value=value: value)
            monkeypatch.setattr(centred, "_rule_error", lambda *_: 0.0)
            found = centred.centred_loss(mix, 1e-10)
            monkeypatch.undo()
        assert found is not None
        total = float(nodes.weights @ centred.excess(nodes.w))
        known = float(mix.weights @ centred.remainder(-exact.tilt))
        cost = total * (88 * U + 1e-7) + known * (gamma(mix.n + 8) + 66 * U)
        cost += gamma(mix.d + 4) * tiny.square + 4 * U * (tiny.square + known + total)
        width = 0.5 * (found[1] - found[0])
        assert width == pytest.approx(cost, rel=0.05, abs=0)


def test_equal_means_near_the_end_of_the_range_say_nothing() -> None:
    """The sum of their entries is beyond it."""
    mix = gb.Mixture([[1.7e308, 0.0]] * 3)
    for quantity in (gb.loss, gb.gradient, gb.psi_tilde_norm2):
        assert quantity(mix).upper.ravel()[0] == math.inf
