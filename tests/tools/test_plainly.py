"""Results come back from JSON as they were."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from gembounds.points.point import Point
from gembounds.tools.plainly import from_plain, returned, to_plain
from gembounds.values.mixture import Mixture


class Pair(NamedTuple):
    a: float
    b: tuple[int, ...]


@dataclass
class All:
    counts: Counter[str]
    pair: Pair | None
    none: Pair | None
    exact: list[Fraction]
    keys: dict[int, list[Pair]]
    names: dict[str, tuple[float, Point]]
    anything: Any
    seconds: float = field(default=0.0, compare=False)


def found() -> All:
    point = Point(
        Mixture([["1/3", 2], [0.1, -1]], ["1/7", "6/7"]), {"k": 3, "x": (Fraction(1, 9),)}
    )
    return All(
        Counter(holds=2, refuted=0), Pair(-0.0, (1, 2)), None, [Fraction(-1, 3)],
        {1: [Pair(inf, ())], -2: []}, {"1": (5e-324, point)}, {"a": [None, True, 0.1]}, 7.0,
    )  # fmt: skip


def test_all_kinds_come_back_but_for_times() -> None:
    text = json.dumps(to_plain(found()))
    again = from_plain(returned(found), json.loads(text))
    assert repr(again) == repr(found()).replace("seconds=7.0", "seconds=0.0")
    assert again == found() and json.dumps(to_plain(again)) == text
    assert from_plain(dict[int, int], to_plain({})) == {}


@pytest.mark.parametrize("dtype", ["<f8", ">i4", "?", "<f4"])
def test_arrays_come_back_to_the_bit(dtype: str) -> None:
    for array in (np.array([[1, 0, -3], [4, 5, 6]]).astype(dtype).T, np.array(2, dtype)):
        again = from_plain(npt.NDArray[Any], json.loads(json.dumps(to_plain(array))))
        assert again.dtype == array.dtype and again.shape == array.shape
        assert again.tobytes() == array.tobytes()


def test_what_has_no_form_is_said() -> None:
    for value in ({1, 2}, object(), np.array([object()]), All):
        with pytest.raises(TypeError, match="has no form in JSON"):
            to_plain(value)
    for kind in (object, int | str, set[int]):
        with pytest.raises(TypeError, match="has no form in JSON"):
            from_plain(kind, 1)
