"""What a core may offer and need not: weights of 0, and how what it does not offer is said."""

from __future__ import annotations

import math
import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.case import Case
from gembounds.conform.junit import junit
from gembounds.conform.page import html
from gembounds.conform.protocol import AT, FUNCTIONS, OVER, means_and_weights
from gembounds.tools.errors import InputError
from tests.conform import plain

BIG = 10**400

LIMITS = {name: getattr(plain, name) for name in ("max_rank", "max_norm")}


def without(function: str) -> Any:
    """The plain core's function of the components that are there, the others' entries 0."""
    base = function.removesuffix("_over")

    def value(*arguments: Any) -> Any:
        means, weights = means_and_weights(function, arguments)
        there = weights > 0
        changed = list(arguments)
        start = 1 if function in AT else 0
        changed[start : start + 2] = means[there], weights[there]
        found = np.asarray(getattr(plain, function)(*changed))
        if base == "psi":
            out = np.zeros((len(found), len(means)))
            out[:, there] = found
        elif base == "overlaps":
            out = np.zeros((len(means), len(means)))
            out[np.ix_(there, there)] = found
        elif base in ("gradient", "em_step"):
            out = np.array(means) if base == "em_step" else np.zeros_like(means)
            out[there] = found
        else:
            out = found
        return out

    return value


def core(make: Any, **more: Any) -> Any:
    return types.SimpleNamespace(**{f: make(f) for f in FUNCTIONS}, **LIMITS, **more)


def clamped(function: str) -> Any:
    """Weights of 0 as 2.2e-16, as some libraries have them."""

    def value(*arguments: Any) -> Any:
        _, weights = means_and_weights(function, arguments)
        changed = list(arguments)
        changed[2 if function in AT else 1] = np.maximum(weights, 2.2e-16)
        return getattr(plain, function)(*changed)

    return value


def test_who_takes_weights_of_0_is_judged_there() -> None:
    report = run(core(without, min_weight=0), quick=True, only="*-zero-weights")
    assert report.passed, report.failures()
    assert {r.function for r in report.ran} == set(FUNCTIONS)


@pytest.mark.parametrize("function", ["psi", "log_prob"])
def test_a_component_that_is_still_there_is_found(function: str) -> None:
    """The least witness says which weight is 0, and holds when it is tried again."""
    wrong, check = core(clamped, min_weight=0), f"{function}-zero-weights"
    (found,) = run(wrong, only=check, small=True, seed=3, points=20).results
    assert found.status == "failed"
    point = found.worst_point
    assert point is not None and 0 in point["weights"] and len(point["means"]) == 2
    assert run(wrong, only=check, at=point).results[0].status == "failed"
    assert run(core(without, min_weight=0), only=check, at=point).passed


def test_all_other_checks_take_such_a_point_too() -> None:
    """Means of every kind beside a component that is absent, also over data."""
    point = {"means": [[-1.0], [0.5], [2.0]], "weights": [0.25, 0, 0.75], "salt": 1}
    report = run(core(without, min_weight=0), quick=True, at=point,
                 only=["*-generic", "permuted-*", "merged-*", "gradient-against-*"])  # fmt: skip
    assert report.passed and len(report.ran) > 20, report.failures()


def test_who_does_not_say_so_is_not_asked() -> None:
    report = run(core(clamped), quick=True, only=["*-zero-weights", "psi-generic"])
    assert report.passed and [r.id for r in report.ran] == ["psi-generic"]
    assert report.unoffered == ("weights of 0",)
    (found,) = run(core(clamped), only="psi-generic", at={"means": [[0], [1]], "weights": [0, 1]}
                   ).results  # fmt: skip
    assert found.status == "absent" and "declare min_weight = 0" in found.message


@pytest.mark.parametrize("weights", [[0, 0], [0, 1, 0], [0, 0.5], [0, -1], [0, BIG], 5, ""])
def test_weights_that_are_none(weights: Any) -> None:
    with pytest.raises(InputError):
        Case.from_json({"means": [[0], [1]], "weights": weights})


@pytest.mark.parametrize(
    "key, value",
    [("x", [[BIG]]), ("variances", [BIG, 1]), ("eta", BIG), ("eta", math.nan)],
    ids=["x", "variances", "eta", "nan"],
)
def test_numbers_that_no_float_has(key: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"^{key} (is|are) "):
        Case.from_json({"means": [[0], [1]], key: value})


def test_what_is_not_offered_is_said_once() -> None:
    some = types.SimpleNamespace(psi=plain.psi, loss=plain.loss, **LIMITS)
    report = run(some, quick=True, only=["*-generic", "quiet-*", "*-zero-weights"])
    missing = {*FUNCTIONS, *OVER} - {"psi", "loss"}
    assert {*report.unoffered} == {*missing, "weights of 0"}
    text = junit([report])
    for name in missing:
        assert text.count(f'name="{name}"') == 1
    assert text.count("<testcase") == len(report.offered) + len(report.unoffered)
    assert "<failure" not in text
    page = html([report])
    assert page.count("gradient_over") == 1 and "gradient-generic" not in page
    assert report.summary().count("gradient_over") == 1
