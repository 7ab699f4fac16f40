"""Options: the one that an evaluator ignores is an error; type checkers know what comes back."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds import InputError, Mixture
from gembounds.evaluators.options import EVALUATORS, USED_BY

MIX = Mixture([[0], [1]])
VALUES: dict[str, Any] = {
    "rtol": 1e-6, "bits": 64, "digits": 10, "max_nodes": 1000, "samples": 256,
    "failure_probability": 0.1, "seed": 1,
}  # fmt: skip


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("option", USED_BY)
def test_an_option_is_used_or_refused(option: str, evaluator: str) -> None:
    given = {option: VALUES[option]}
    for function in (gb.loss, gb.overlaps):
        if evaluator in USED_BY[option]:
            assert function(MIX, evaluator=evaluator, **given).shape in ((), (2, 2))
            continue
        with pytest.raises(InputError, match=f"{option} does nothing for evaluator {evaluator}"):
            function(MIX, evaluator=evaluator, **given)


@pytest.mark.parametrize("evaluator, option", [("float64", "bits"), ("float64", "digits"),
                                               ("arb", "digits"), ("mpmath", "bits")])  # fmt: skip
def test_of_the_parameters_too(evaluator: str, option: str) -> None:
    calls: list[Any] = [gb.U, gb.mu_max, gb.pi_min, lambda mix, **given: gb.psi(mix, [0], **given)]
    for function in calls:
        with pytest.raises(InputError, match=f"{option} does nothing for evaluator {evaluator}"):
            function(MIX, evaluator=evaluator, **{option: VALUES[option]})


NOT_MIXTURES: list[Any] = [3, None, [[0], [1]], {"means": [[0]]}]


@pytest.mark.parametrize("mix", NOT_MIXTURES)
def test_what_is_no_mixture_is_refused(mix: Any) -> None:
    calls: list[Any] = [gb.U, gb.mu_max, gb.pi_min, gb.loss, gb.gradient_of_q,
                        lambda mix: gb.psi(mix, [0])]  # fmt: skip
    for function in calls:
        with pytest.raises(InputError, match=r"mix is a .*: give a gembounds\.Mixture"):
            function(mix)


@pytest.mark.parametrize("x", [{1}, {1: 2}, "1", 5, gb.loss(MIX), np.array(1.0),
                               np.ma.masked_array([1.0], mask=[True])])  # fmt: skip
def test_a_place_is_a_list_of_numbers(x: Any) -> None:
    with pytest.raises(InputError, match=r"x is .*: give "):
        gb.psi(MIX, x)


def test_a_probability_is_a_number() -> None:
    options: dict[str, Any] = {"evaluator": "qmc", "failure_probability": "x"}
    with pytest.raises(InputError, match="failure_probability is 'x': give a number between"):
        gb.loss(MIX, **options)


@pytest.mark.parametrize("name", ["loss", "gradient", "overlaps", "psi_tilde_norm2", "U", "psi"])
def test_help_shows_formula_options_and_errors(name: str) -> None:
    function = getattr(gb, name)
    assert "evaluator" in inspect.signature(function).parameters
    for word in ("Source: the paper's", "bits", "digits", "InputError", "="):
        assert word in function.__doc__, word
    assert function.__name__ == name


USER = """
import gembounds as gb
mix = gb.Mixture([[0], [1]])
reveal_type(gb.loss(mix))
reveal_type(gb.loss(mix, evaluator="arb", bits=64))
reveal_type(gb.overlaps(mix, evaluator="mpmath", digits=20))
reveal_type(gb.gradient(mix, evaluator="qmc", seed=1))
reveal_type(gb.psi(mix, [0.5]))
reveal_type(gb.U(mix, evaluator="mpmath"))
reveal_type(gb.loss(mix) / 2 + gb.overlaps(mix) @ [1, 2])
reveal_type(gb.loss(mix) <= 1)
reveal_type(gb.__version__)
gb.loss(mix, bits=64)
"""


def test_mypy_infers_what_comes_back_in_a_users_file(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="in the dev extra alone")
    file = tmp_path / "user.py"
    file.write_text(USER)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "--follow-imports",
         "silent", str(file)],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    found = [line.split('"')[1] for line in done.stdout.splitlines() if "Revealed type" in line]
    kinds = ["Enclosure", "Enclosure", "Estimate", "StatisticalInterval", "Enclosure", "Estimate",
             "Enclosure", "Truth", "str"]  # fmt: skip
    assert [f.rpartition(".")[2] for f in found] == kinds, done.stdout
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert len(errors) == 1 and "No overload variant" in errors[0], done.stdout
