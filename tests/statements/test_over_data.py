"""Claims over data: what their words are, by mpmath's quadrature and nothing of ours; domains that
draw model and data; and that all that takes a claim keeps the data."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gembounds as gb
from gembounds.evaluators.balls.radial import ball
from gembounds.points.joint import joined, parted
from gembounds.points.limits import limits
from gembounds.points.moves import moves, single_weights
from gembounds.points.point import Point
from gembounds.points.short import rounded_points, shortened
from gembounds.points.shrink import shrink, size
from gembounds.referee.certificate import certificate
from gembounds.referee.verify.confirm import confirm
from gembounds.statements import (
    PAIRS,
    Domain,
    J,
    L,
    U,
    const,
    data_means,
    dot,
    em_means,
    exp,
    expected_posterior,
    family,
    gradient_norm,
    gradient_norms,
    mean_square,
    means,
    minimum,
    n,
    norm,
    real,
)
from gembounds.statements.conditions import part
from gembounds.statements.decide import decide
from gembounds.statements.drawing import points_of
from gembounds.statements.evaluate import entries, evaluate
from gembounds.statements.operations import LADDER, Operations
from gembounds.tools.errors import InputError

DATA = gb.Mixture([[2], [-1]], ["2/3", "1/3"])
MODEL = gb.Mixture([["1/2"], ["-3/2"]], ["1/4", "3/4"])


def by_quadrature(model: gb.Mixture, data: gb.Mixture) -> dict[str, Any]:
    """On the line, to 25 digits."""
    with mpmath.workdps(30):
        numbers = [[mpmath.mpf(x.numerator) / x.denominator for x in row]
                   for mix in (model, data)
                   for row in ([m[0] for m in mix.exact_means], mix.exact_weights)]  # fmt: skip
        mu, pi, a, w = numbers

        def terms(x: Any, centres: Any, weights: Any) -> list[Any]:
            return [q * mpmath.npdf(x, c) for c, q in zip(centres, weights, strict=True)]

        def mean(f: Any) -> Any:
            def at(x: Any) -> Any:
                model_terms = terms(x, mu, pi)
                total = sum(model_terms)
                return sum(terms(x, a, w)) * f(x, [t / total for t in model_terms], total)

            return mpmath.quad(at, range(-12, 13, 2))

        k = range(len(mu))
        shares = [mean(lambda x, psi, _, i=i: psi[i]) for i in k]
        grad = [mean(lambda x, psi, _, i=i: psi[i] * (mu[i] - x)) for i in k]
        moments = [mean(lambda x, psi, _, i=i: psi[i] * x) for i in k]
        found = {
            "L": [mean(lambda x, _, total: mpmath.log(sum(terms(x, a, w)) / total))],
            "psi2": [mean(lambda x, psi, _: sum(map(lambda p, m: p * m, psi, mu)) ** 2)],
            "shares": shares,
            "gradient": [abs(g) for g in grad],
            "em": [x / s for x, s in zip(moments, shares, strict=True)],
        }
        return {
            name: [Fraction(int(x * 10**22), 10**22) for x in values]
            for name, values in found.items()
        }


def test_words_are_over_the_data() -> None:
    wanted = by_quadrature(MODEL, DATA)
    words = {"L": L, "psi2": mean_square, "shares": expected_posterior,
             "gradient": gradient_norms, "em": em_means}  # fmt: skip
    point = Point(MODEL, {}, DATA)
    for rung in LADDER[:3]:
        ops = Operations(rung)
        with ops.precision():
            for name, word in words.items():
                for found, value in zip(entries(evaluate(word, ops, point, {})), wanted[name],
                                        strict=True):  # fmt: skip
                    gap = abs(found - ball(value))
                    assert gap < 1e-20 + 2 * ball(found).rad()
                    assert found.rad() < 1e-5


def test_what_is_exact_over_data() -> None:
    same = gb.Mixture([[2], [-1], [-1]], ["2/3", "1/6", "1/6"])
    coincident = gb.Mixture([[1], [1]], ["1/4", "3/4"])
    for word, model, wanted in (
        (L, same, [0]), (gradient_norm, same, [0]), (L, DATA, [0]),
        (expected_posterior, same, ["2/3", "1/6", "1/6"]), (em_means, same, [2, -1, -1]),
        (expected_posterior, coincident, ["1/4", "3/4"]), (em_means, coincident, [1, 1]),
        (mean_square, coincident, [1]), (gradient_norm, coincident, [0]),
        (gradient_norms, gb.Mixture([[2], [2]], ["1/4", "3/4"]), ["1/4", "3/4"]),
    ):  # fmt: skip
        found = entries(evaluate(word, Operations(), Point(model, {}, DATA), {}))
        assert found == list(map(Fraction, wanted)), word
    one = Point(gb.Mixture([[3]]), {}, gb.Mixture([[1]]))
    assert evaluate(L, Operations(), one, {}) == 2
    at_0 = Operations()
    assert at_0.over(gb.Mixture([[0], [0]])) is at_0


FALSE = gb.Claim("false-kl", L <= U / 2 + const("c", "1/10"), data=DATA)
AWAY = gb.Claim(
    "away", norm(em_means - data_means) <= norm(means - data_means), when=(n >= J, J >= n),
    data=PAIRS,
)  # fmt: skip


@pytest.mark.parametrize("claim", [FALSE, AWAY], ids=lambda c: c.id)
def test_what_is_false_over_data_is_refuted_small_and_confirmed(claim: gb.Claim) -> None:
    found = gb.check(claim, points=12)
    assert found.verdict == "refuted" and found.witness is not None
    assert gb.decide(claim, found.witness, data=found.data).outcome == "refuted"
    proof = json.loads(json.dumps(found.certificate))
    assert confirm(proof) == []
    assert size(Point.from_json(proof["point"]))[1] == 1  # one dimension
    data = proof["point"].get("data") or proof["tree"]["data"]
    data["means"][0][0] = "7"
    assert confirm(proof) != []


def test_a_claim_of_fixed_data_knows_its_dimension() -> None:
    plane = gb.Claim("plane", L >= 0, data=gb.Mixture([[1, 0], [0, 1]]))
    assert gb.decide(plane, gb.Mixture([[1]])).outcome == "outside"
    assert gb.decide(plane, gb.Mixture([[0, 1], [1, 0]])).outcome == "holds"
    assert gb.decide(FALSE, MODEL, data=gb.Mixture([[2]])).outcome == "outside"
    assert gb.decide(gb.Claim("n", L >= 0), MODEL, data=DATA).outcome == "outside"
    assert gb.decide(AWAY, MODEL).outcome == "outside"
    assert "x ~ 2/3 N(2, 1) + 1/3 N(-1, 1)" in FALSE.text


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from((FALSE, AWAY)).flatmap(lambda c: st.tuples(st.just(c), points_of(c))))
def test_points_are_drawn_inside(drawn: Any) -> None:
    claim, point = drawn
    assert claim.inside(Operations(), point) is True
    assert (point.data is None) == (claim is FALSE)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(points_of(gb.Claim("means", norm(means) <= norm(em_means) + 1)))
def test_words_of_every_coordinate_keep_dimensions_small(point: Point) -> None:
    assert point.mix.d <= 30


# --- model and data as functions of what is drawn ----------------------------------------------


def _data(point: Point) -> gb.Mixture:
    return gb.Mixture([[point["m"]], [-point["m"]]])


def _opposite(ops: Any, point: Point) -> Any:
    mix = point.mix
    yield part("n = 2", mix.n, "==", 2)
    yield part("d = 1", mix.d, "==", 1)
    yield part("mu_1 = -mu_2", mix.exact_means[0][0], "==", -mix.exact_means[1][0])
    yield part("pi_1 = 1/2", mix.exact_weights[0], "==", Fraction(1, 2))
    yield part("lambda > 0", mix.exact_means[0][0], ">", 0)
    yield part("m > 0", point["m"], ">", 0)


NUMBERS = st.integers(1, 40).map(lambda k: Fraction(k, 8))
OPPOSITE = Domain(
    "two against two", _opposite,
    lambda: st.tuples(NUMBERS, NUMBERS).map(lambda t: Point(gb.Mixture([[t[0]], [-t[0]]]),
                                                            {"m": t[1]})),
    text="x ~ N(m, 1)/2 + N(-m, 1)/2", data=_data,
)  # fmt: skip
FACTOR = exp(-const("rate", "1/2") * minimum(dot(means, means), dot(data_means, data_means)))
CONTRACTS = gb.Claim(
    "contracts", norm(em_means - data_means) <= FACTOR * norm(means - data_means), data=OPPOSITE
)


def test_a_contraction_of_em_over_a_domain_that_draws_both() -> None:
    assert gb.check(CONTRACTS, points=30).verdict == "holds"
    found = gb.check(CONTRACTS.with_constants(rate=3), points=30)
    assert found.verdict == "refuted" and found.witness is not None
    assert found.witness.exact_means[0] == (-found.witness.exact_means[1][0],)
    assert (
        found.certificate is not None and "data" not in found.certificate["point"]
    )  # its parameters say them
    stale = Point(gb.Mixture([[1], [-1]]), {"m": Fraction(2)}, gb.Mixture([[3], [-3]]))
    assert CONTRACTS.inside(Operations(), stale) is False
    assert CONTRACTS.inside(Operations(), Point(stale.mix, {"m": Fraction(2)})) is True


S, M = real("s"), real("m")
FAMILY = family(
    "by two numbers", lambda p: gb.Mixture([[p["s"]], [-p["s"]]], [p["s"], 1 - p["s"]]),
    data=lambda p: gb.Mixture([[1 / p["m"]]]),
)  # fmt: skip


def test_a_family_makes_model_and_data_of_numbers() -> None:
    claim = gb.Claim("family", L <= 8 + S + 1 / (M * M), when=(M > 0,), data=FAMILY)
    assert gb.decide(claim, s="1/3", m=2).outcome == "holds"
    for numbers in ({"s": 1, "m": 2}, {"s": 2, "m": 1}, {"s": "1/2", "m": 0}):
        assert gb.decide(claim, **numbers).outcome == "outside"
    model = gb.Mixture([["1/3"], ["-1/3"]], ["1/3", "2/3"])
    assert gb.decide(claim, model, s="1/3", m=2).outcome == "holds"
    assert gb.decide(claim, model, s="1/2", m=2).outcome == "outside"
    assert gb.decide(claim, data=gb.Mixture([[1]]), s="1/3", m=2).outcome == "outside"
    found = gb.check(gb.Claim("lower", L >= M, when=(S > 0, S < 1, M > 0), data=FAMILY), points=20)
    assert found.verdict == "refuted" and found.certificate is not None
    assert set(found.certificate["point"]) == {"parameters"}
    assert found.data == gb.Mixture([[1 / found.parameters["m"]]]) and found.witness is not None


def test_proofs_over_boxes_refuse_data() -> None:
    with pytest.raises(InputError, match="is over data"):
        gb.prove(FALSE, {"means": [[["0", "1"]], [["0", "1"]]], "weights": ["1/2", "1/2"]})


@pytest.mark.parametrize(("options", "message"), [
    ({"data": 3}, "data is 3"), ({"data": Domain("bare", _opposite, lambda: st.nothing())}, "own"),
    ({"data": PAIRS, "over": OPPOSITE}, "over another"), ({"data": DATA, "over": PAIRS}, "too"),
])  # fmt: skip
def test_data_that_are_none(options: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        gb.Claim("bad", L >= 0, **options)


# --- points with data ---------------------------------------------------------------------------

POINT = Point(gb.Mixture([[1, 0], [0, 2]], ["1/3", "2/3"]), {"c": Fraction(1, 3)},
              gb.Mixture([[1, 0], [-2, 0], [0, 3]], ["1/3", "1/3", "1/3"]))  # fmt: skip


def test_points_with_data_as_json_and_as_one_mixture() -> None:
    assert Point.from_json(json.loads(json.dumps(POINT.to_json()))) == POINT
    assert parted(joined(POINT), 2) == POINT
    assert joined(Point(MODEL)) == Point(MODEL)


def test_model_and_data_move_together() -> None:
    for move in (*moves(POINT, ties=False), *single_weights(POINT)):
        found = move.apply(POINT, 2.0)
        if found is not None:
            assert found.data is not None and found.data.d == found.mix.d
            assert found != POINT
    both = next(m for m in moves(POINT) if m.name == "all means").apply(POINT, 2.0)
    assert both is not None and both.data is not None
    assert list(both.mix.exact_means[1]) == [0, 4]
    assert list(both.data.exact_means[2]) == [0, 6]
    tied = next(m for m in moves(POINT) if m.name == "means of size 0").apply(POINT, 3.0)
    assert tied is not None and tied.data is not None
    assert list(tied.mix.exact_means[0]) == list(tied.data.exact_means[0]) == [3, 0]
    for found in (*limits(POINT), *rounded_points(POINT), shortened(POINT, 2)):
        assert found.data is not None and found.data.d == found.mix.d


def test_shrinking_takes_components_of_both_and_their_coordinates() -> None:
    small = shrink(POINT, lambda p: p.data is not None and any(map(any, p.data.exact_means)))
    assert (small.mix.n, small.mix.d) == (1, 1) and small.data is not None
    assert small.data.n == 1 and small.data == gb.Mixture([[1]])


def test_a_parameter_beside_data_is_verified(tmp_path: Path) -> None:
    claim = gb.Claim("c", mean_square <= real("c", 0, 2) * U, data=PAIRS)
    point = Point(gb.Mixture([[1]]), {"c": Fraction(1, 2)}, gb.Mixture([[0], [3]]))
    assert decide(claim, point).outcome == "refuted"
    proof = certificate(claim, point)
    assert proof is not None and confirm(json.loads(json.dumps(proof))) == []
