"""Stationary points against quadrature of the definitions and Newton's method, both in mpmath."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb
from mpmath import mp, mpf

import gembounds as gb
from gembounds.dynamics.stationary import describe, search
from gembounds.dynamics.stationary.place import Place
from gembounds.dynamics.stationary.settle import Settled, settle
from gembounds.evaluators.data.components import checked_data
from gembounds.tools.errors import InputError
from tests.dynamics.stationary.independent import DIGITS, Line, jacobian

SPURIOUS = gb.Mixture([["2"], ["-2"]], ["7/10", "3/10"])


def column(numbers: Sequence[str]) -> list[list[str]]:
    return [[x] for x in numbers]


def exact(point: Any) -> Any:
    """The middle of a ball as an mpf."""
    mantissa, exponent = point.mid().man_exp()
    return mp.ldexp(int(mantissa), int(exponent))


def encloses(found: gb.Enclosure, values: Sequence[Any], slack: str) -> bool:
    """Each value in its ball, up to what quadrature and differences err by."""
    balls = found.balls
    assert balls is not None and balls.size == len(values)
    return all(
        abs(x - exact(ball)) <= exact(ball.rad()) + mpf(slack)
        for x, ball in zip(values, balls.ravel(), strict=True)
    )


def check(found: gb.StationaryPoint, line: Line) -> None:
    """The root, the loss and all eigenvalues of ``found`` against the line's."""
    assert found.found and found.means is not None and found.weights is not None
    assert found.eigenvalues is not None and found.loss is not None and found.box is not None
    with mp.workdps(DIGITS):
        z = [mpf(x) for x in found.means.mid.ravel().tolist()]
        if line.weights is None:
            z += [mp.log(mpf(x)) for x in found.weights.mid.tolist()]
        root = line.root(z)
        means, weights = line.parts(root)
        assert encloses(found.means, means, "1e-24") and encloses(found.weights, weights, "1e-24")
        assert encloses(found.loss, [line.loss(root)], "1e-26")
        values = line.eigenvalues(root)
        assert encloses(found.eigenvalues, values, "1e-18")
        natures = {True: "local minimum", False: "saddle"}
        assert found.nature == natures[values[0] > 0] or values[-1] < 0
        if len(root) == 2 and found.multipliers is not None:
            steps = sorted(mp.re(x) for x in mp.eig(jacobian(line.em, root), right=False))
            if line.weights is None:  # of adding a number to all log weights, which EM ignores
                steps.remove(min(steps, key=abs))
            assert encloses(found.multipliers, steps, "1e-15")
    assert np.all(found.box.lower < found.means.lower)
    assert np.all(found.means.upper < found.box.upper)
    width = found.means.upper - found.means.lower
    assert np.all(width <= 1e-14 * max(1, np.abs(found.means.mid).max()))


def test_the_spurious_minimum_of_fixed_unequal_weights() -> None:
    guess = gb.Mixture([["-1.6"], ["2.1"]], ["7/10", "3/10"])
    found = gb.stationary(guess, data=SPURIOUS, kind="em")
    assert found.nature == "local minimum" and found.loss is not None
    assert found.loss > 0.29  # and 0 where the model is the data
    check(found, Line(["2", "-2"], ["0.7", "0.3"], ["0.7", "0.3"], 4.0))


CASES = {
    "two": (["1.5", "-0.5"], ["0.4", "0.6"], ["1", "-1"], ["0.4", "0.6"], False),
    "two, free": (["1.5", "-0.5"], ["0.4", "0.6"], ["1", "-1"], ["0.5", "0.5"], True),
    "a saddle": (["2", "-1", "0"], ["0.2", "0.5", "0.3"], ["0.1", "0.1"], ["0.5", "0.5"], False),
    "far weights": (["2", "0", "-2"], ["0.5", "0.3", "0.2"], ["2", "-2"], ["0.1", "0.9"], False),
    "near": (["0.1", "-0.2"], ["0.5", "0.5"], ["0.5", "-0.5"], ["0.3", "0.7"], False),
    "one": (["3", "-1"], ["0.25", "0.75"], ["7"], ["1"], False),
    "three, free": (
        ["-3", "0", "3"], ["0.2", "0.5", "0.3"], ["-2", "0", "2"], ["0.3", "0.4", "0.3"], True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_roots_and_eigenvalues(case: str) -> None:
    centres, shares, means, weights, free = CASES[case]
    found = gb.stationary(
        gb.Mixture(column(means), weights), data=gb.Mixture(column(centres), shares),
        kind="em", weights="free" if free else "fixed",
    )  # fmt: skip
    check(found, Line(centres, shares, None if free else weights, 6.5))


def test_the_data_themselves_are_found_exactly() -> None:
    guess = gb.Mixture([["-1.5"], ["1"]], ["1/2", "1/2"])
    found = gb.stationary(guess, data=SPURIOUS, weights="free")
    assert found.found and found.means is not None and found.weights is not None
    assert found.means.lower.tolist() == found.means.upper.tolist() == [[-2.0], [2.0]]
    assert (
        Fraction(3, 10) in found.weights[0] and found.loss == 0 and "is the data" in found.reason
    )


@pytest.mark.parametrize(
    ("nature", "means"),
    [("local minimum", [["-1.6"], ["2.1"]]), ("saddle", [["3/4"], ["17/20"]])],
)
def test_the_nature_is_that_of_the_proof(
    nature: str, means: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wide the eigenvalues come out at the end."""
    guess = gb.Mixture(means, ["7/10", "3/10"])
    sharp = gb.stationary(guess, data=SPURIOUS)
    monkeypatch.setattr(describe, "of_loss", lambda *_: [arb(0, 1)] * 2)
    wide = gb.stationary(guess, data=SPURIOUS)
    assert sharp.nature == wide.nature == nature
    assert sharp.reason == wide.reason


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("at_data", [False, True])
def test_the_box_as_rounded_is_in_the_ball_of_uniqueness(free: bool, at_data: bool) -> None:
    """Its furthest corner is, from where the proof was made; and so is the ball that is given."""
    weights = ["3/10", "7/10"] if at_data else ["1/2", "1/2"]
    guess = gb.Mixture([["1.9"], ["-2.1"]], weights[::-1])
    place = Place(guess, checked_data(1, SPURIOUS), free)
    settled = settle(place, None)
    assert isinstance(settled, Settled)
    at, near, unique = settled.proof
    found = search._proved(settled, "gradient", guess)
    assert found.box is not None and found.radius is not None and found.means is not None
    with mp.workdps(DIGITS):
        away = []
        for ends in (found.box.lower, found.box.upper):
            rows = zip(at.mix.exact_means, ends.ravel().tolist(), strict=True)
            away.append([abs(mpf(x.numerator) / x.denominator - mpf(e)) for (x,), e in rows])
        sides = [max(a, b) for a, b in zip(*away, strict=True)]
        if free:
            assert found.weight_box is not None
            for ends in (found.weight_box.lower, found.weight_box.upper):
                for x, e in zip(at.mix.exact_weights, ends.tolist(), strict=True):
                    sides.append(abs(mp.log(mpf(e) * x.denominator / x.numerator)))
            sides = [*sides[:2], max(sides[2::2]), max(sides[3::2])]
        assert mp.sqrt(sum(s * s for s in sides)) <= unique
        assert min(sides) > near
    middle = Place(
        gb.Mixture([[Fraction(x)] for x in found.means.mid.ravel().tolist()], at.mix.weights),
        place.data, False,
    )  # fmt: skip
    assert found.radius + middle.distance(Place(at.mix, place.data, False)) <= unique


def by_quadrature(z: Any, weights: Any, data: gb.Mixture, step: float = 0.11) -> Any:
    """The gradient by the means in the plane, trapezoidal: 1e-13 or so."""
    means = np.reshape(z, (-1, 2))
    ends = zip(data.means.min(axis=0) - 8, data.means.max(axis=0) + 8, strict=True)
    x = np.stack(np.meshgrid(*[np.arange(a, b, step) for a, b in ends]), axis=-1).reshape(-1, 2)
    squares = ((x[:, None] - data.means) ** 2).sum(axis=2)
    mass = (np.exp(-squares / 2) @ data.weights) * step**2 / (2 * np.pi)
    logits = np.log(weights) - ((x[:, None] - means) ** 2).sum(axis=2) / 2
    psi = np.exp(logits - logits.max(axis=1, keepdims=True))
    psi /= psi.sum(axis=1, keepdims=True)
    return ((psi.T @ mass)[:, None] * means - (psi * mass[:, None]).T @ x).ravel()


@pytest.mark.parametrize("seed", range(3))
def test_in_the_plane(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    data = gb.Mixture(rng.normal(size=(3, 2)) * 1.5, [0.5, 0.25, 0.25])
    guess = gb.Mixture(rng.normal(size=(n, 2)))
    found = gb.stationary(guess, data=data)
    assert found.found and found.means is not None and found.eigenvalues is not None
    z = found.means.mid.ravel()
    assert np.abs(by_quadrature(z, guess.weights, data)).max() < 1e-12
    h, each = 1e-3, np.eye(z.size) * 1e-3

    def slope(v: Any) -> Any:
        return by_quadrature(v, guess.weights, data)

    hessian = np.array([
        (8 * (slope(z + e) - slope(z - e)) - (slope(z + 2 * e) - slope(z - 2 * e))) / (12 * h)
        for e in each
    ])  # fmt: skip
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    assert np.abs(values - found.eigenvalues.mid).max() < 1e-8


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("n", [2, 3])
def test_more_components_than_the_data_have(n: int, free: bool) -> None:
    guess = gb.Mixture([[0.3, -0.2], [-0.25, 0.1], [0.0, 0.2]][:n])
    found = gb.stationary(guess, weights="free" if free else "fixed")
    assert not found.found and found.nature == "singular" and "coincide" in found.reason
    assert found.means is not None and found.eigenvalues is not None
    assert found.means == 0 and found.loss == 0
    zeros = (n - 1) * 2 + free * (n - 1)
    inside = (found.eigenvalues.lower <= 0) & (found.eigenvalues.upper >= 0)
    assert inside.sum() == zeros and found.eigenvalues.upper[:zeros].max() < 1e-70


def test_one_component_is_no_such_case() -> None:
    found = gb.stationary(gb.Mixture([[5.0, 1.0]]))
    assert found.nature == "local minimum" and found.means is not None and found.means == 0


def test_means_that_coincide_may_be_isolated() -> None:
    """Fixed weights, both means at that of the data: a saddle, for the data are wider than I."""
    found = gb.stationary(gb.Mixture([[0.1], [0.1]], ["1/4", "3/4"]), data=SPURIOUS)
    assert found.found and found.nature == "saddle" and found.means is not None
    assert Fraction(4, 5) in found.means[0][0] and Fraction(4, 5) in found.means[1][0]
    assert found.eigenvalues is not None
    assert found.eigenvalues[0] < 0 < found.eigenvalues[1]


def test_nearly_degenerate() -> None:
    """Data that are hardly two components: the least eigenvalue is near 1e-14, and certified."""
    data = gb.Mixture([["0"], ["0.01"]])
    found = gb.stationary(gb.Mixture([[-3.0], [2.0]]), data=data, weights="free")
    assert found.found and found.nature == "local minimum" and found.eigenvalues is not None
    assert 1e-15 < found.eigenvalues.lower[0] <= found.eigenvalues.upper[0] < 1e-14
    far = gb.Mixture([["-6"], ["6"]])  # two means for one component, 4e-4 apart
    found = gb.stationary(gb.Mixture([[-6.0], [5.0], [7.0]]), data=far)
    assert found.found and found.means is not None and found.eigenvalues is not None
    assert 3e-4 < (found.means[2][0] - found.means[1][0]).mid < 5e-4
    assert 0 < found.eigenvalues.lower[0] < 1e-7


def test_float64_proves_and_balls_sharpen() -> None:
    """Seven means for two components: float64's errs by a third of the least eigenvalue."""
    found = gb.stationary(gb.Mixture(np.arange(-6.0, 7.0, 2.0)[:, None]), data=SPURIOUS)
    assert found.found and found.eigenvalues is not None and found.means is not None
    widths = found.eigenvalues.upper - found.eigenvalues.lower
    assert found.eigenvalues.lower.min() > 1e-4 and widths.max() < 1e-12
    assert (found.means.upper - found.means.lower).max() < 1e-14


def test_data_beyond_the_loss() -> None:
    """Centres that span six dimensions, a model that spans one."""
    data = gb.Mixture(np.eye(7) * 2)
    found = gb.stationary(gb.Mixture([[2.0] + [0.0] * 6, [0.0] + [1.0] * 6]), data=data)
    assert found.means is not None and found.loss is not None
    assert found.loss.lower == 0 and found.loss.upper == np.inf


@pytest.mark.parametrize("away", [1e5, 1e8])
def test_data_far_apart(away: float) -> None:
    """Grids over all of it would have millions of nodes: those who are far are left out."""
    data = gb.Mixture(np.array([[0.0, 0.0], [away, 0.0], [0.0, away], [1.0, away]]))
    found = gb.stationary(
        gb.Mixture([[0.1, 0.0], [away, 0.1], [0.2, away]]), data=data, weights="free", kind="em"
    )
    assert found.found and found.nature == "local minimum" and found.means is not None
    assert np.abs(found.means.mid - [[0, 0], [away, 0], [0.5, away]]).max() <= 1e-12 * away
    assert found.weights is not None and found.multipliers is not None
    assert np.abs(found.weights.mid - [0.25, 0.25, 0.5]).max() < 1e-15
    assert found.multipliers.upper.max() < 1


def test_in_space_by_float64() -> None:
    """Three dimensions after reduction: float64's enclosures prove, as wide as they are."""
    data = gb.Mixture(np.array([[2, 0, 0], [0, 2, 0], [0, 0, 2], [-2.0, 0, 0]]))
    guess = gb.Mixture(data.means + np.array([0.1, 0, -0.1]), data.weights)
    for weights in ("fixed", "free"):
        found = gb.stationary(guess, data=data, weights=weights, kind="em")
        assert found.found and found.nature == "local minimum" and found.loss == 0
        assert found.means is not None
        assert np.array_equal(found.means.lower, data.means)
        assert np.array_equal(found.means.upper, data.means)
        assert found.multipliers is not None and found.multipliers.upper.max() < 1
    other = gb.stationary(gb.Mixture(guess.means, [0.1, 0.3, 0.3, 0.3]), data=data)
    assert other.found and other.means is not None and other.nature == "local minimum"
    widest = (other.means.upper - other.means.lower).max()
    assert 0 < widest < 1e-9


def test_far_guesses_go_where_em_goes() -> None:
    data = gb.Mixture([["-2"], ["3"]])
    found = gb.stationary(gb.Mixture([["40"], ["-60"]]), data=data)
    assert found.found and found.means is not None
    assert found.means.mid.ravel().tolist() == [3.0, -2.0]


def test_as_narrow_as_asked() -> None:
    guess = gb.Mixture([["-1.6"], ["2.1"]], ["7/10", "3/10"])
    sharp = gb.stationary(guess, data=SPURIOUS, rtol=1e-50).means
    plain = gb.stationary(guess, data=SPURIOUS, rtol=1e-4).means
    assert sharp is not None and plain is not None and sharp.balls is not None
    assert all(ball.rad() < 1e-49 for ball in sharp.balls.ravel())
    assert np.all(plain.upper - plain.lower < 3e-4) and bool(np.all(plain.meets(sharp)))


def test_what_is_not_proved_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "settle", lambda place, *_: place)
    found = gb.stationary(gb.Mixture([["-1.6"], ["2.1"]], ["7/10", "3/10"]), data=SPURIOUS)
    assert not found.found and found.means is None and found.box is None
    assert found.nature == "singular" and found.reason.startswith("no proof")
    assert found.to_json()["means"] is None


def test_words_and_options() -> None:
    one = gb.Mixture([[0.0]])
    for options, message in (
        ({"kind": "newton"}, "kind is 'newton'"),
        ({"weights": "moving"}, "weights is 'moving'"),
        ({"rtol": 1.0}, "rtol is 1.0"),
        ({"rtol": "x"}, "rtol is 'x'"),
        ({"data": gb.Mixture([[0.0, 1.0]])}, "the data have 2 coordinates"),
        ({"data": 3}, "data is a int"),
    ):
        with pytest.raises(InputError, match=message.replace("(", r"\(")):
            gb.stationary(one, **options)
    with pytest.raises(InputError, match="mix is a list"):
        gb.stationary([[0.0]])  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"size 1e\+300"):
        gb.stationary(gb.Mixture([[1e300], [0.0]]))
    with pytest.raises(gb.RankError, match="span 4 dimensions"):
        gb.stationary(gb.Mixture(np.eye(5)))
    with pytest.raises(InputError, match="65 unknowns"):
        gb.stationary(gb.Mixture(np.zeros((1, 65))))
