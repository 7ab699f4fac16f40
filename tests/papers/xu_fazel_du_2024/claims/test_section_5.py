"""Section 5's claims: values by another way, ends of the domains, constants past their limit."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import gembounds as gb
from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.claims import (
    figure_data,
    section_5_gradient,
    section_5_rate,
    section_5_statistical,
    section_5_weights,
)
from gembounds.papers.xu_fazel_du_2024.claims.section_5_weights import factor_of
from gembounds.papers.xu_fazel_du_2024.rate.run import along
from gembounds.points.point import Point
from gembounds.referee import check
from gembounds.referee.certificate import certificate
from gembounds.referee.show import format_results
from gembounds.referee.verify.confirm import confirm
from gembounds.statements import library
from gembounds.statements.decide import decide
from gembounds.statements.operations import Operations

GRADIENT = ("section-5-gradient.1", "section-5-gradient.2",
            "section-5-gradient.1-sharpened", "section-5-gradient.2-sharpened")  # fmt: skip


def outcome(claim_id: str, point: Point, **constants: Fraction) -> str:
    return decide(library.get(claim_id).with_constants(**constants), point).outcome


def at(d: Any, n: Any) -> Point:
    return Point(parameters={"d": d, "n": n})


# --- the gradient at a bad start -------------------------------------------------------------


@pytest.mark.parametrize(("d", "n"), [(1, 3), (2, 5), (9, 3), (30, 4)])
def test_the_gradient_norm_is_that_of_the_mixture(d: int, n: int) -> None:
    ops = Operations()
    for c in (2, 12):
        mix = gb.Mixture([[c] * d, [-c] * d] + [[0] * d] * (n - 2))
        found = gb.gradient(mix, evaluator="arb", bits=60)
        with ops.precision():
            norm = sum((x * x for x in found.balls.ravel()), ops.ball(0)).sqrt()
            claimed = section_5_gradient.start_gradient(ops, at(d, n), Fraction(c))
            assert claimed.overlaps(norm)
            assert claimed.rad() < claimed * (1e-9 if c * c * d > 30 else 0.1)


@pytest.mark.parametrize("claim_id", GRADIENT)
def test_both_bounds_hold_at_the_ends_of_the_domain(claim_id: str) -> None:
    for d in (1, 2, 50, 1000):
        for n in (3, 4, 1000, 10**6):
            assert outcome(claim_id, at(d, n)) == "holds"
    assert outcome(claim_id, at(0, 3)) == outcome(claim_id, at(1, 2)) == "outside"


def test_the_factor_cannot_be_moved_by_a_per_cent() -> None:
    far = at(1000, 3)
    for number in (1, 2):
        name = f"section-5-gradient.{number}"
        assert outcome(name, far, factor=Fraction(99, 100)) == "refuted"
        assert outcome(f"{name}-sharpened", far, factor=Fraction(101, 100)) == "refuted"


def test_with_many_components_the_norm_rises_first() -> None:
    ops = Operations()
    with ops.precision():
        two = Fraction(2)
        norms = [section_5_gradient.start_gradient(ops, at(d, 1000), two) for d in (1, 2, 3, 4, 5)]
    assert norms[0] < norms[1] < norms[2] < norms[3]
    assert norms[4] < norms[3]


# --- sub-linear rates -----------------------------------------------------------------------


def test_the_rates_are_refuted_with_a_smaller_share() -> None:
    for seed in range(2):
        point = Point(parameters={"n": 2, "seed": 1 + seed, "t": 100})
        assert outcome("section-5-rate.1", point) == outcome("section-5-rate.2", point) == "holds"
        assert outcome("section-5-rate.1", point, K=Fraction(1)) == "refuted"
        assert outcome("section-5-rate.2", point, K=Fraction(1, 2)) == "refuted"


def test_runs_outside() -> None:
    for parameters in ({"n": 4, "seed": 0, "t": 64}, {"n": 2, "seed": 6, "t": 64},
                       {"n": 2, "seed": 0, "t": 128}, {"n": 2, "seed": 0, "t": 63}):  # fmt: skip
        assert outcome("section-5-rate.1", Point(parameters=parameters)) == "outside"
    for parameters in ({"run": 4, "weights": 0, "t": 100}, {"run": 0, "weights": 2, "t": 100},
                       {"run": 0, "weights": 0, "t": 151}):  # fmt: skip
        assert outcome("section-5-weights", Point(parameters=parameters)) == "outside"


def test_the_values_are_those_of_a_run_in_plain_numpy() -> None:
    """Three steps by the trapezoidal rule in the one direction that matters."""
    means, weights = experiments.student_start(2, 1), experiments.dirichlet_weights(2, 1)
    nodes = np.linspace(-10, 10, 401)
    masses = np.exp(-nodes * nodes / 2)
    masses /= masses.sum()
    for _ in range(3):
        u = (means[0] - means[1]) / np.linalg.norm(means[0] - means[1])
        common = means[0] - (means[0] @ u) * u
        logits = np.outer(means @ u, nodes) - 0.5 * ((means @ u) ** 2)[:, None]
        p = weights[:, None] * np.exp(logits)
        p /= p.sum(axis=0)
        pull = (p * masses) @ p.T
        means = means - 0.7 * (pull @ (means - common) + (p @ masses)[:, None] * common)
    found = section_5_rate.walk(2, 1)
    assert found.means[3] == pytest.approx(means, abs=1e-9)
    assert found.parametric_distance[3].contains(
        float((weights * (found.means[3] ** 2).sum(axis=1)).sum())
    )


def settings(path: Any, seed: int = 0, **others: Any) -> None:
    """The settings that stand beside recorded data."""
    values = {"seed": seed, "quick": False, "d": 5, "eta": 0.7, **others}
    path.write_text(json.dumps({"settings": values}))


@pytest.fixture
def recorded_walks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """y = t^power recorded for n = 2 and 10, where the claims look."""
    monkeypatch.setattr(figure_data, "directory", lambda: tmp_path)

    def write(power: float, names: Any = section_5_rate.FIGURES, error: str = "5e-4") -> None:
        lines = ["n,t,lower,upper,apart,step_error"]
        for n, sure in ((2, "1e-9,"), (10, f",{error}")):
            for t in range(1, 400):
                lines.append(f"{n},{t},{t**power * (1 - 1e-9)!r},{t**power * (1 + 1e-9)!r},{sure}")
        for name in names:
            (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
            settings(tmp_path / f"{name}.json")

    return write


def recorded_outcome(n: int, t: int) -> str:
    point = Point(parameters={"n": n, "t": t})
    return decide(library.get("section-5-rate.3"), point).outcome


@pytest.mark.parametrize(("power", "word"), [(-2, "holds"), (-4, "refuted"), (0.1, "refuted")])
def test_recorded_trajectories_are_read(recorded_walks: Any, power: float, word: str) -> None:
    recorded_walks(power)
    assert [recorded_outcome(n, t) for n, t in ((2, 250), (10, 398))] == [word, word]
    outside = [recorded_outcome(n, t) for n, t in ((2, 249), (2, 399), (3, 300))]
    assert outside == ["outside"] * 3


def test_recorded_data_of_something_else_decide_nothing(
    recorded_walks: Any, tmp_path: Path
) -> None:
    recorded_walks(-2.0, error="2e-3")  # steps further from exact ones than the text says
    assert (recorded_outcome(2, 300), recorded_outcome(10, 300)) == ("holds", "outside")
    recorded_walks(-2.0)
    settings(tmp_path / "fig1_left.json", seed=7)
    assert recorded_outcome(2, 300) == "undecided"
    recorded_walks(-2.0)
    (tmp_path / "fig1_middle.csv").unlink()
    assert recorded_outcome(2, 300) == "undecided"


def test_a_certificate_of_recorded_data_is_not_confirmed(
    recorded_walks: Any, tmp_path: Path
) -> None:
    recorded_walks(-6.0)
    made = certificate(library.get("section-5-rate.3"),
                             Point(parameters={"n": 2, "t": 300}))  # fmt: skip
    assert made is not None
    (wrong,) = confirm(made)
    assert wrong.startswith("out of reach")


# --- weights ----------------------------------------------------------------------------------


def test_even_weights_win_in_the_end_and_not_at_once() -> None:
    early = []
    for run in range(4):
        for pair in range(2):
            point = Point(parameters={"run": run, "weights": pair, "t": 150})
            assert outcome("section-5-weights", point) == "holds"
        values = [section_5_weights.losses(run, k)[5] for k in range(3)]
        early.append(bool((values[0] > values[1]) and (values[1] > values[2]))
                     if run != 3 else False)  # fmt: skip
    assert early == [True, True, True, False]


def test_a_constant_too_small_refutes() -> None:
    point = Point(parameters={"run": 0, "weights": 0, "t": 150})
    assert outcome("section-5-weights", point, factor=Fraction(1, 3)) == "refuted"
    moved = Point(gb.Mixture([[0], [0]], ["1/3", "2/3"]), {"s": Fraction(1, 10**6)})
    assert outcome("section-5-weights-sharpened", moved) == "holds"
    assert outcome("section-5-weights-sharpened", moved, factor=Fraction(99, 100)) == "refuted"
    same = Point(gb.Mixture([[0], [0]]), {"s": Fraction(1, 2)})
    assert outcome("section-5-weights-sharpened", same) == "outside"


@pytest.mark.parametrize("weights", [("1/2", "1/2"), ("1/5", "4/5"), ("1/6", "1/3", "1/2")])
def test_c_is_the_trace_of_the_inverse_square(weights: tuple[str, ...]) -> None:
    exact = [Fraction(w) for w in weights]
    pi = np.array([float(w) for w in exact])
    basis = np.linalg.svd(pi[None])[2][1:]  # rows: the complement of pi
    inverse = np.linalg.inv(basis @ np.diag(pi) @ basis.T)
    assert float(factor_of(exact)) == pytest.approx(np.trace(inverse @ inverse))


@pytest.mark.parametrize("weights", experiments.WEIGHTS[:2])
def test_the_loss_ends_as_the_factor_says(weights: Any) -> None:
    found = along(gb.Mixture(experiments.run_start(1), weights), "0.7", 700)
    assert found.growth is not None and found.expected_growth is not None
    assert found.expected_growth == pytest.approx(2.8 / float(factor_of(weights)) ** 0.5)
    assert found.growth[0] == pytest.approx(found.expected_growth, rel=0.01)


# --- Theorem 7, sharpened --------------------------------------------------------------------


def start(d: int, n: int, eta: Any = 1) -> Point:
    return Point(parameters={"d": d, "n": n, "eta": Fraction(eta)})


def test_the_sharpened_trap_holds_and_not_much_more() -> None:
    for point in (start(1, 3), start(1, 1000), start(100, 3), start(3, 10**300), start(10**6, 4)):
        assert outcome("theorem-7-sharpened", point) == "holds"
    assert outcome("theorem-7-sharpened", start(100, 3), factor=Fraction(6, 10)) == "refuted"
    for d in (10, 100):
        faster = Fraction(18) + Fraction(1, 10)
        assert outcome("theorem-7-sharpened", start(d, 3), rate=faster) == "refuted"


def test_the_constants_of_its_proof() -> None:
    with mp.workdps(20):
        assert mp.sqrt(8 / mp.pi) * (1 - mp.exp(-5.5)) / 3 >= 0.5
        assert abs(mp.beta(1.5, 0.5) - mp.pi / 2) < 1e-15
        kernel = mp.quad(lambda w: mp.exp(-w / 2) / (1 + mp.exp(-w)) ** 2, [-60, 0, 120])
        assert abs(kernel - mp.pi / 2) < 1e-12


# --- the statistical rate --------------------------------------------------------------------


@pytest.fixture
def recorded_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs whose median error is N^rate, recorded where the claim looks."""

    def write(rate: float, more: tuple[str, ...] = (), seed: int = 0) -> None:
        rng = np.random.default_rng(0)
        lines = ["samples,run,error"]
        for size in (100, 1000, 10_000, 100_000):
            errors = size**rate * np.exp(0.15 * rng.normal(size=50))
            lines += [f"{size},{k},{x}" for k, x in enumerate(errors.tolist())]
        path = tmp_path / "figures" / "fig2_right_runs.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([*lines, *more]) + "\n")
        settings(path.parent / "fig2_right.json", seed)
        monkeypatch.setattr(figure_data, "directory", lambda: path.parent)

    return write


@pytest.mark.parametrize(
    ("rate", "word"), [(-0.25, "holds"), (-0.5, "refuted"), (-0.02, "refuted")]
)
def test_the_law_is_decided_statistically(recorded_runs: Any, rate: float, word: str) -> None:
    recorded_runs(rate)
    result = check.run(["section-5-statistical"], jobs=1)[0]
    assert (result["verdict"], result["statistical"]) == ("statistical", word)
    assert result["failure_probability"] == 0.001
    assert result["certificate"] is None and result["outside"] == 0
    assert f"statistical: {word} but for 0.001" in format_results([result])


def test_runs_count_once_and_must_be_those_of_the_section(recorded_runs: Any) -> None:
    recorded_runs(-0.25)
    assert len(section_5_statistical.medians()) == 4
    for change in ({"more": ("100,3,0.5",)}, {"more": ("100,50,nan",)}, {"seed": 7}):
        recorded_runs(-0.25, **change)
        assert section_5_statistical.medians() == {}


def test_without_recorded_runs_it_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_data, "directory", lambda: tmp_path)
    assert section_5_statistical.medians() == {}
    for result in check.run(["section-5-statistical", "section-5-rate.3"], jobs=1):
        assert (result["verdict"], result["checked"], result["outside"]) == ("undecided", 0, 0)


def test_medians_are_missed_as_seldom_as_stated() -> None:
    rng = np.random.default_rng(1)
    failure, missed, turns = Fraction(1, 20), 0, 2000
    for _ in range(turns):
        ends = section_5_statistical.enclosed_median(rng.exponential(size=50).tolist(), failure)
        assert ends is not None
        missed += not ends[0] <= np.log(2) <= ends[1]
    assert 0.01 * turns < missed < 0.065 * turns  # 0.033 expected, and at most 0.05
    assert section_5_statistical.enclosed_median([1.0, 2.0], failure) is None
