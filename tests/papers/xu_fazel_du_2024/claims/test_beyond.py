"""Beyond the paper: closed forms, trajectories, what the proofs rest on, and moved constants."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gembounds import em
from gembounds.evaluators.reduction.exact import exact_rank
from gembounds.papers.xu_fazel_du_2024.arithmetic.trapped_pair import pair_after
from gembounds.papers.xu_fazel_du_2024.claims import beyond_runs
from gembounds.papers.xu_fazel_du_2024.families import even_at_0
from gembounds.papers.xu_fazel_du_2024.rate import bounds
from gembounds.points.point import Point
from gembounds.referee.margin import WORST
from gembounds.referee.optimise import margin_at
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import LADDER, Operations
from gembounds.values.mixture import Mixture

PAIR = Mixture([["1/2"], ["-1/2"]])
LINE = Mixture([[0, 1], [1, 1], [3, 1]], ["1/2", "1/4", "1/4"])
"""Three means on a line that misses 0."""


def outcome(claim_id: str, point: Point, **constants: Any) -> str:
    moved = {name: Fraction(x) for name, x in constants.items()}
    return decide(library.get(claim_id).with_constants(**moved), point).outcome


def run(mix: Mixture, steps: int, *sizes: Any) -> Point:
    etas = {"sizes": tuple(map(Fraction, sizes))} if sizes else {}
    return Point(mix, {"steps": steps, **etas})


# -- the mean square -----------------------------------------------------------------------------
def test_loss_and_mean_square_where_the_posteriors_are_even_at_0() -> None:
    """The closed forms from which the rate 1/4 is best."""
    u, point = even_at_0(True)[0]
    a, gap = mp.sqrt(u.numerator), mp.mpf(1) / u.numerator

    def mean(f: Any) -> Any:
        return mp.quad(lambda x: f(x) * mp.npdf(x), mp.linspace(-9, 9, 10))

    loss = a**2 / 2 + gap**2 / 8 + mp.log(mp.cosh(a * gap / 2))
    loss -= mean(lambda x: mp.log(mp.cosh(gap * x / 2)))
    square = a**2 + gap**2 / 4 * mean(lambda x: mp.tanh(gap * x / 2) ** 2)
    ops = Operations(LADDER[2])
    with ops.precision():
        assert float(ops.loss(point.mix).mid()) == pytest.approx(float(loss), rel=1e-10)
        found = ops.psi_tilde_norm2(point.mix)
        assert float(found.mid()) == pytest.approx(float(square), rel=1e-10)


@pytest.mark.parametrize(
    ("claim", "name", "value"),
    [
        ("loss-by-mean-square", "rate", "249/1000"),
        ("loss-from-below", "denominator", "399/100"),
        ("gradient-from-below", "factor", "101/100"),
        ("rate-gradient-1", "factor", "49/100"),
        ("rate-gradient-1", "growth", "11/10"),
        ("rate-gradient-lower", "denominator", "399/100"),
        ("em-distances.1", "factor", "99/100"),
        ("em-distances.2", "factor", "24/100"),
        ("em-decrease.1", "factor", "51/100"),
        ("em-decrease.2", "factor", "101/100"),
        ("em-decrease.3", "factor", "101/100"),
        ("rate-em-lower", "denominator", "159/10"),
    ],
)
def test_a_moved_best_constant_is_refuted(claim: str, name: str, value: str) -> None:
    """At the last point of its family, or at two coincident means."""
    family = library.get(claim).best[name].family
    points = [p for _, p in family.points(True)] if family else [Point(Mixture([[1], [1]]))]
    assert outcome(claim, points[-1]) in ("holds", "undecided")
    assert outcome(claim, points[-1], **{name: value}) == "refuted"


# -- runs ----------------------------------------------------------------------------------------
def test_sums_of_step_sizes_are_exact_and_go_round() -> None:
    point, ops = run(PAIR, 4, "1/2", "3/2", 1), Operations()
    values = [3, 3, 4, 3]  # eta (2 - eta), in quarters
    sums = [Fraction(sum(values[:k]), 4) for k in range(1, 5)]
    assert beyond_runs.sigma.args[0].of(ops, point) == sums
    steps = [Fraction(1, 2), Fraction(2), Fraction(3), Fraction(7, 2)]
    assert beyond_runs.travelled.args[0].of(ops, point) == steps


@pytest.mark.parametrize("kind", ["gradient", "em"])
def test_losses_by_float64_and_in_balls_meet_and_start_at_the_start(kind: str) -> None:
    point = run(PAIR, 3, "19/10", "1/10")
    found = []
    for rung in (LADDER[0], LADDER[2]):
        ops = Operations(rung)
        with ops.precision():
            found.append(beyond_runs.losses(ops, point, kind))
            assert len(found[-1]) == 4 and found[-1][0].overlaps(ops.ball(ops.loss(PAIR)))
    assert all(a.overlaps(b) for a, b in zip(*found, strict=True))
    assert float(found[1][3].rad()) < 1e-25


def test_sizes_outside_0_to_2_and_starts_at_0_are_outside() -> None:
    assert outcome("rate-gradient-1", run(PAIR, 1, 2)) == "outside"
    assert outcome("rate-gradient-1", run(PAIR, 2, 1, 0)) == "outside"
    assert outcome("rate-gradient-1", run(Mixture([[0], [0]]), 1, 1)) == "outside"
    assert outcome("rate-gradient-lower", run(LINE, 1, "1/100")) == "outside"
    assert outcome("rate-em-lower", run(Mixture([[1], [1]]), 1)) == "outside"


def test_longer_runs_than_are_run_are_undecided() -> None:
    longest = LADDER[0].max_nodes // beyond_runs.NODES_A_STEP
    assert outcome("rate-em-upper", run(PAIR, longest + 1)) == "undecided"


def test_margins_are_taken_of_runs_of_64_steps_and_none_longer() -> None:
    """What the optimiser does at 150 points is cheap, however far it would go."""
    claim = library.get("rate-em-upper")
    assert margin_at(claim, run(PAIR, 64)) < WORST
    assert margin_at(claim, run(PAIR, 65)) == WORST


def test_after_many_steps_the_growth_of_the_lower_bound_of_em_is_best() -> None:
    short = Mixture([["1/5"], ["-1/5"]])
    assert outcome("rate-em-lower", run(short, 400)) == "holds"
    assert outcome("rate-em-lower", run(short, 400), growth="4/10") == "refuted"


def test_gradient_em_raises_the_rank_of_differences_and_em_keeps_it() -> None:
    """Why rate-gradient-2 has min(n - 1, d), and rate-em-upper the rank of the differences."""
    assert exact_rank(LINE) == 1
    after = em.step(LINE, 1, evaluator="arb").mid
    assert abs(np.linalg.det(after[1:] - after[0])) > 0.01
    after = em.maximization_step(LINE, evaluator="arb").mid
    assert abs(after[:, 1]).max() < 1e-12


SIDES = (
    ("upper", "gradient", ("rate-gradient-1", "rate-gradient-2"), PAIR, ("1/2", "3/2")),
    ("upper", "gradient", ("rate-gradient-1", "rate-gradient-2"), LINE, ("1", "1/10", "7/10")),
    ("lower", "gradient", ("rate-gradient-lower",), PAIR, ("1/2", "1/4")),
    ("upper", "em", ("rate-em-upper",), LINE, ()),
    ("lower", "em", ("rate-em-lower",), LINE, ()),
)


@pytest.mark.parametrize(("side", "kind", "claims", "mix", "sizes"), SIDES)
def test_bounds_of_rate_are_those_of_the_claims(
    side: str, kind: str, claims: tuple[str, ...], mix: Mixture, sizes: tuple[str, ...]
) -> None:
    """From the start alone, but for the slack of float64 and L <= D^2/2."""
    point, ops, start = run(mix, 9, *sizes), Operations(LADDER[2]), bounds.Start.of(mix)
    with ops.precision():
        sides = [library.get(c).rhs(ops, point, {}) for c in claims]
        expected = [[float(ops.ball(x).mid()) for x in values] for values in sides]
        wide = float(ops.sqrt(max(map(max, ops.distances2(mix)))).mid())
        total = float(ops.U(mix))
    if kind == "em":
        found = bounds.em_bounds(start, 9, (np.array([wide]), np.array([wide])), total, [0])
        expected.append([wide**2 / 2] * 9)
    else:
        etas = np.array([float(x) for x in beyond_runs.sizes_of(point)])
        ends = np.array([total]), np.array([total])
        found = bounds.gradient_bounds(start, etas, ends, [0], None)
    least = np.min(expected if side == "upper" else expected[:1], axis=0)
    assert getattr(found, side)[1:] == pytest.approx(least, rel=1e-7)
    assert ((getattr(found, side)[1:] > least) == (side == "upper")).all()


def test_all_but_limits_and_open_questions_have_an_argument() -> None:
    claims = library.collection("xu-fazel-du-2024").values()
    beyond = [c for c in claims if c.module.startswith("beyond")]
    lacking = {c.id for c in beyond if c.proof is None and not c.id.startswith("open-")}
    assert lacking == {"limit-em", "limit-gradient"}


# -- the trap ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("m", "steps"), [(6, 15), (7, 65), (8, 372)])
def test_the_trap_encloses_trajectories(m: int, steps: int) -> None:
    """All steps of size 1 that the claim allows."""
    walk = em.trajectory(Mixture([[m], [0]]), 1, steps)
    ops = Operations(LADDER[1])
    with ops.precision():
        found = pair_after(ops, Fraction(m), ops.ball(steps))
        assert found is not None
        apart = float(walk.distance_bound[-1])
        assert apart < 1e-8
        assert found.far.lower() < walk.means[-1, 0, 0] + apart < found.far.upper() + 2 * apart
        assert 0 < -walk.means[-1, 1, 0] + apart < float(found.near.upper()) + 2 * apart
        assert found.loss.lower() < float(walk.loss.lower[-1])
        assert pair_after(ops, Fraction(m), ops.ball(100 * steps)) is None


def test_the_trap_has_its_ends() -> None:
    def at(t: int, m: int = 6) -> Point:
        return Point(parameters={"M": Fraction(m), "eta": Fraction(1), "t": t})

    assert outcome("trap-pair.2", at(16)) == "outside"
    assert outcome("trap-pair.2", at(15)) == outcome("trap-pair.3", at(15)) == "holds"
    assert outcome("trap-pair.1", at(0)) == "holds"
    assert outcome("trap-pair.1", at(0, 60), rate="14/100") == "refuted"
    assert outcome("trap-pair.1", at(0, 5)) == "outside"
