"""What a core declares: read, checked, and not mistaken for something else."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.core import as_core
from gembounds.tools.errors import InputError
from tests.conform import plain


def core(**declared: Any) -> Any:
    return as_core(types.SimpleNamespace(psi=plain.psi, loss=plain.loss, **declared))


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"rtoll": 1e-3}, "rtoll is no declaration: did you mean rtol"),
        ({"max_nn": 3}, "max_nn is no declaration: did you mean max_n"),
        ({"Dtype": "float32"}, "Dtype is no declaration: did you mean dtype"),
        ({"Rtol": {"loss": 1e-3}}, "Rtol is no declaration: did you mean rtol"),
        ({"sample": 100}, "did you mean samples"),
        ({"min_weigth": 1e-3}, "did you mean min_weight"),
        ({"rtol": {"los": 1e-3}}, "rtol is declared for 'los': did you mean loss"),
        ({"max_n": {"x": 3}}, "declared for 'x': the functions are psi"),
        ({"rtol": 0}, r"rtol is 0.0: declare a number in \(0, 1\)"),
        ({"rtol": "tight"}, "rtol is 'tight': declare a number"),
        ({"rtol": True}, "rtol is True: declare"),
        ({"atol": -1.0}, "atol is -1.0: declare a number that is not negative"),
        ({"atol": {"loss": float("nan")}}, "atol is nan"),
        ({"samples": 0.5}, "samples is 0.5: declare at least 1"),
        ({"seconds": 0}, "seconds is 0.0: declare a positive number"),
        ({"max_norm": float("nan")}, "max_norm is nan"),
        ({"max_d": [3]}, r"max_d is \[3\]: declare a number or a dict by function"),
        ({"dtype": "float16"}, "dtype is 'float16': declare float64 or float32"),
    ],
)
def test_what_cannot_be_meant_is_refused(declared: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        core(**declared)


def test_what_is_declared_is_read() -> None:
    found = core(rtol={"loss": 1e-6}, atol=1e-9, samples=100, dtype=np.float32, max_n=np.int64(4))
    assert [found.rtol(f) for f in ("psi", "loss")] == [1e-4, 1e-6]
    assert [found.atol(f) for f in ("psi", "loss")] == [1e-9, 1e-9]
    assert [found.samples(f) for f in ("psi", "loss")] == [None, 100]
    assert [found.limit("max_n", f) for f in ("psi", "gradient")] == [4, None]


def test_names_of_its_own_are_left_alone() -> None:
    own = {"tol": 1e-3, "max_k": 5, "max_iter": 100, "_rtoll": 1, "NODES": 7, "DTYPE": np.float32}
    found = core(**own, rtols=lambda: 1e-3)
    assert found.rtol("psi") == 1e-10 and found.dtype == "float64"
    assert found.declared.misspelt == {"dtype": "DTYPE"}


def test_a_statement_about_two_mixtures_stays_inside_with_both() -> None:
    """Theorem 13 moves the means: their differences may span more than those of the point."""

    class Line:
        max_rank = 1

        def overlaps(self, means: Any, weights: Any) -> Any:
            rank = np.linalg.matrix_rank(np.asarray(means) - means[0], tol=1e-3)
            assert rank <= 1
            return plain.overlaps(means, weights)

    point = {
        "means": [[0, 0, 0], [0.5, 0, 0], [1, 0, 0]], "weights": [0.25, 0.25, 0.5],
        "parameters": {"delta": [["0", "0", "0"], ["0", "1/18", "0"], ["0", "0", "0"]]},
    }  # fmt: skip
    report = run(Line(), only="paper-theorem-13-repaired", at=point)
    asked = [(r.status, r.message) for r in report.results]
    assert asked == [("absent", "outside the declared domain: max_rank = 1")]


def test_points_that_are_made_of_others_stay_inside_too() -> None:
    """A coordinate or a component more, a weight split, a longer mean: none reaches the core."""

    class Strict:
        max_d, max_n, max_norm, min_weight = 3, 3, 2.0, 0.2

        def psi(self, x: Any, means: Any, weights: Any) -> Any:
            n, d = means.shape
            assert n <= 3 and d <= 3 and min(weights) >= 0.2 * (1 - 1e-9)
            assert np.linalg.norm(means, axis=1).max() <= 2 * (1 + 1e-9)
            return plain.psi(x, means, weights)

    only = ["padded-psi", "shifted-psi", "merged-psi", "new-means-psi", "rotated-psi"]
    for seed in (1, 2):
        report = run(Strict(), only=only, seed=seed, points=6)
        assert report.passed, report.failures()
        assert all(r.left_out for r in report.results)
