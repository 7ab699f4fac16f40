"""Running the checks: right cores pass, wrong ones fail with a message that says where."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.checks import all_checks
from gembounds.conform.core import load
from gembounds.conform.protocol import FUNCTIONS
from gembounds.tools.errors import InputError
from tests.conform import plain


def changed(**functions: Any) -> types.SimpleNamespace:
    """The plain core with some of its parts replaced; None takes one away."""
    parts = {name: getattr(plain, name) for name in dir(plain) if not name.startswith("_")}
    parts.update(functions)
    return types.SimpleNamespace(**{k: v for k, v in parts.items() if v is not None})


def test_a_right_core_of_plain_numpy_passes() -> None:
    kinds = ["*-generic", "*-one-dimension", "*-one-component", "permuted-*", "nearby-*"]
    report = run(plain, quick=True, only=[*kinds, "inputs-kept-*", "paper-lemma-*"])
    assert report.passed, report.failures()
    assert {r.function for r in report.ran if r.kind == "certified"} == set(FUNCTIONS)


def test_what_is_lacking_is_absent() -> None:
    report = run(changed(loss=None), quick=True, only="*-generic")
    statuses = {r.id: r.status for r in report.results}
    assert statuses["loss-generic"] == "absent"
    assert statuses["gradient-generic"] == "passed"
    assert report.passed


def test_a_wrong_digit_is_caught_and_explained() -> None:
    def wrong(means: Any, weights: Any) -> Any:
        return plain.gradient(means, weights) * (1 + 1e-9)

    report = run(changed(gradient=wrong), only="gradient-generic")
    (result,) = report.results
    assert result.status == "failed"
    assert not report.passed
    assert result.digits_worst is not None and 8.9 < result.digits_worst < 9.5
    for part in ("the core gives", "certified [", "digits are right", "point: {", "reproduce: "):
        assert part in result.message


def test_an_exception_is_an_error_not_a_failure() -> None:
    def broken(means: Any, weights: Any) -> Any:
        raise RuntimeError("no licence")

    (result,) = run(changed(loss=broken), only="loss-generic", quick=True).results
    assert result.status == "error"
    assert "loss raised RuntimeError: no licence" in result.message


@pytest.mark.parametrize(
    "value", [None, "text", [1.0], float("nan"), [[1.0, 2.0], [3.0]], np.array(1 + 2j), True]
)
def test_answers_that_cannot_be_right_are_failures(value: Any) -> None:
    core = changed(loss=lambda means, weights: value)
    (result,) = run(core, only="loss-generic", quick=True).results
    assert result.status == "failed"


def test_expected_failures() -> None:
    core = changed(loss=lambda means, weights: 0.5)
    reasons = {"loss-*": "a stub"}
    report = run(core, only=["loss-generic", "gradient-generic"], quick=True,
                 expected_failures=reasons)  # fmt: skip
    assert report.passed
    assert [r.status for r in report.results] == ["expected", "passed"]
    stale = run(plain, only="loss-generic", quick=True, expected_failures=reasons)
    assert not stale.passed
    assert "expected failure" in stale.failures()
    with pytest.raises(InputError, match=r"loss-nowhere.*matches no check"):
        run(plain, only="loss-generic", expected_failures={"loss-nowhere": "a typo"})


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("no_such_module_here", "no such module"),
        ("gembounds.conform.own:nothing", "has no 'nothing'"),
        ("math", "is no core"),
        ("nowhere.py", "no such file"),
        (":x", "give MODULE"),
    ],
)
def test_no_such_core(spec: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(spec)


def test_ids_are_words_and_every_check_says_what_it_is() -> None:
    for check in all_checks().values():
        assert check.id == check.id.lower().replace(" ", "-")
        assert check.text and (check.functions or check.imports)
        assert check.points >= max(1, check.quick) and check.quick >= 0


def test_what_does_not_fail_again_is_shown_as_it_was() -> None:
    class Fifth:
        max_rank, max_norm, min_weight = plain.max_rank, plain.max_norm, plain.min_weight
        calls = 0

        def loss(self, means: Any, weights: Any) -> Any:
            self.calls += 1
            return plain.loss(means, weights) * (1.5 if self.calls == 5 else 1.0)

    (found,) = run(Fifth(), only="loss-generic", small=True).results
    assert found.status == "failed"
    assert "loss: the core gives" in found.message
    assert "tried again at this point it was otherwise" in found.message
    assert found.reproduce is not None
    assert "seed=0, points=12" in found.reproduce


def test_a_misspelt_function_is_pointed_out() -> None:
    report = run(changed(gradient=None, gradiant=plain.gradient), quick=True, only="psi-ordinary")
    assert report.passed
    assert "has gradiant and no gradient: a misspelling?" in report.summary()
    assert "misspelling" not in run(plain, quick=True, only="psi-ordinary").summary()


def test_more_is_drawn_where_nothing_could_be_decided() -> None:
    # at seed 372 the one point of these checks is too far out for the certified values
    report = run("gembounds.conform.own", seed=372, quick=True, points=1, only=["gradient-far"])
    (result,) = report.results
    assert (result.status, result.points, result.undecided) == ("passed", 1, 1)
