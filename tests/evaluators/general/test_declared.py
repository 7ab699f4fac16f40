"""Functions with a declared bound: as the polynomials that they are, closed forms, and what random
points refute."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import acb

import gembounds as gb
from gembounds.tools.errors import InputError, RankError

MODEL = gb.Mixture([[-1.0], [1.0]], [0.25, 0.75])
PLANE = gb.Mixture([[-1.0, 0.5], [1.0, 0.0]], [0.25, 0.75])
DATA = gb.Mixture([[0.5], [-2.0]])


@pytest.mark.parametrize(
    ("f", "text", "bound"),
    [
        (lambda psi, x: psi[0] * x[0] ** 2, "psi[0]*x[0]**2", (2, 2)),
        (lambda psi, x: psi[0] * psi[0] + 3, "psi[0]**2 + 3", (7, 0)),
        (lambda psi, x: x[0], "x[0]", (1, 1)),
    ],
)
def test_as_the_polynomial_that_it_is(
    f: Callable[..., Any], text: str, bound: tuple[int, int]
) -> None:
    for evaluator in ("float64", "arb"):
        of: dict[str, Any] = {"data": DATA, "evaluator": evaluator}
        found = gb.expect(f, MODEL, bound=bound, **of)
        assert found.meets(gb.expect(text, MODEL, **of))
        assert float(found.relative_width) < 2.1e-10


def test_closed_forms_in_the_plane() -> None:
    """E cos(x_0 + 2 x_1) over N(a, I) is cos(a_0 + 2 a_1) exp(-5/2)."""
    data = gb.Mixture([[0.5, 0.25]])
    found = gb.expect(
        lambda psi, x: (x[0] + 2 * x[1]).cos(), PLANE, data=data, bound=(10, 0), strip=0.5,
        evaluator="arb", rtol=1e-20,
    )  # fmt: skip
    assert abs(float(found.mid) - math.cos(1) * math.exp(-2.5)) < 1e-16
    assert float(found.relative_width) < 3e-20
    log = gb.expect(lambda psi, x: (1 + psi[0]).log(), PLANE, bound=(2, 0))
    assert 0 < float(log.lower) < float(log.upper) < math.log(2)


def test_the_result_says_what_it_rests_on() -> None:
    found = gb.expect(lambda psi, x: psi[0], MODEL, bound=(2, 0))
    assert "declared |f| <= 2 (1 + |x|)^0" in found.rests_on and found.rests_on in repr(found)
    results: list[Any] = [2 * found + 1, 1 - found, found.sqrt(), found.sum(), found.hull(0.5)]
    results.append(np.exp(found))
    for made in results:
        assert made.rests_on == found.rests_on
    assert gb.expect("psi[0]", MODEL).rests_on == "" == gb.loss(MODEL).rests_on


@pytest.mark.parametrize(
    ("f", "options", "words"),
    [
        (lambda psi, x: x[0].exp(), {"bound": (2, 1)}, "bound is refuted: at x = "),
        (lambda psi, x: 1 / (x[0] ** 2 + 1), {"bound": (1, 0)}, "bound is refuted: at x = "),
        (lambda psi, x: abs(x[0]), {"bound": (2, 1)}, "f is not analytic near x = "),
        (lambda psi, x: x[0].conjugate(), {"bound": (2, 1)}, "f is not analytic near x = "),
        (lambda psi, x: (x[0] ** 2).sqrt(), {"bound": (2, 1)}, "f is not analytic near x = "),
        (lambda psi, x: x[0] * acb(0, 1), {"bound": (2, 1)}, "f is not real at x = "),
        (lambda psi, x: 0.5, {"bound": (2, 1)}, "f gives a float"),
        (lambda psi, x: math.exp(x[0]), {"bound": (2, 1)}, "f fails on balls"),
        (lambda psi, x: psi[0], {"bound": (2, 1), "strip": 2}, "strip is 2: give a positive"),
        (lambda psi, x: psi[0], {"bound": (0, 1)}, "the bound's C is 0"),
        (lambda psi, x: psi[0], {"bound": (1, -1)}, "the bound's k is -1"),
        (lambda psi, x: psi[0], {"bound": 3}, "bound is 3: give (C, k)"),
        ("psi[0]", {"bound": (1, 0)}, "bound is for a function"),
        ("psi[0]", {"strip": 1}, "strip does nothing without bound"),
    ],
)
def test_what_is_refuted_or_refused(f: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as error:
        gb.expect(f, MODEL, **options)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_beyond_three_coordinates_functions_of_psi_alone() -> None:
    rng = np.random.default_rng(0)
    mix = gb.Mixture(
        np.vstack([rng.normal(size=(2, 5)), np.zeros((2, 5))]), [0.5, 0.25, 0.125, 0.125]
    )
    data = gb.Mixture(rng.normal(size=(2, 5)))
    found = gb.expect(lambda psi, x: psi[0] * psi[3], mix, data=data, bound=(10, 0))
    assert found.meets(gb.expect("psi[0]*psi[3]", mix, data=data))
    logs = gb.expect(lambda psi, x: psi[0].log(), mix, data=data, bound=(20, 1))
    assert logs.meets(gb.expect("log(psi[0])", mix, data=data))
    with pytest.raises(InputError, match="x one a coordinate, none where there are more than 3"):
        gb.expect(lambda psi, x: x[0], mix, bound=(10, 1))
    with pytest.raises(InputError, match="bound is refuted: at psi = "):
        gb.expect(lambda psi, x: psi[0].log(), mix, bound=(2, 0))
    with pytest.raises(RankError, match="4 dimensions"):
        gb.expect(lambda psi, x: psi[0], gb.Mixture(np.eye(5)), bound=(1, 0))
    same = gb.Mixture(np.ones((2, 5)), [0.25, 0.75])
    assert float(gb.expect(lambda psi, x: psi[0] * psi[0], same, bound=(2, 0)).mid) == 0.0625
