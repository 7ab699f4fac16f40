"""Mixtures: exact, immutable, validated."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gembounds import InputError, Mixture
from gembounds.values.rounding import TINY, U

HALF = (Fraction(1, 2), Fraction(1, 2))


def exactly(*rows: tuple[int, ...]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(map(Fraction, row)) for row in rows)


@pytest.mark.parametrize(
    "means",
    [
        [[1, 2], [3, 4]],
        [[1.0, 2.0], [3.0, 4.0]],
        [["1", 2.0], [Fraction(3), np.int64(4)]],
        ((1.0, 2.0), (3.0, 4.0)),
        np.array([[1, 2], [3, 4]]),
        np.array([[1, 2], [3, 4]], dtype=np.float32),
        np.array([[1, 2], [3, 4]], dtype=np.uint8),
        np.array([["1", "2"], ["3", "4"]]),
        np.array([[1, "2"], [3.0, Fraction(4)]], dtype=object),
        np.array([[1, 3], [2, 4]], dtype=np.float64).T,
    ],
)
def test_whatever_means_the_same_is_equal(means: Any) -> None:
    mix = Mixture(means)
    same = Mixture([[1, 2], [3, 4]], ["1/2", "1/2"])
    assert mix == same and hash(mix) == hash(same)
    assert mix.exact_means == exactly((1, 2), (3, 4)) and mix.exact_weights == HALF
    assert (mix.n, mix.d, mix.means_error) == (2, 2, 0.0)
    assert mix != Mixture([[1, 2], [3, 5]]) and mix != 3


@pytest.mark.parametrize("kind", [float, int, lambda x: x])
def test_iterators_are_read_once_and_wholly(kind: Any) -> None:
    rows = [[1.0, 2], [3, 4.0], [5.0, 6.0]]
    whole = Mixture([[kind(x) for x in row] for row in rows])
    assert Mixture([kind(x) for x in row] for row in rows) == whole
    assert Mixture([map(kind, row) for row in rows]) == whole
    assert Mixture(map(kind, row) for row in rows) == whole


@pytest.mark.parametrize(
    ("means", "inside"), [([["0.1"]], Fraction(1, 10)), ([["1e-400"]], Fraction(1, 10**400)),
                          ([[2**60 + 1]], Fraction(2**60 + 1))]
)  # fmt: skip
def test_strings_and_long_integers_are_exact_and_rounded_with_a_bound(
    means: Any, inside: Fraction
) -> None:
    mix = Mixture(means)
    assert mix.exact_means[0][0] == inside
    error = abs(Fraction(float(mix.means[0, 0])) - inside)
    assert 0 < error <= Fraction(mix.means_error) * inside + Fraction(TINY)


def test_integer_arrays_beyond_float64_stay_exact() -> None:
    mix = Mixture(np.array([[2**53 + 1, -(2**63)]]))
    assert mix.exact_means == exactly((2**53 + 1, -(2**63)))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_weights_are_exact_and_their_logarithms_bounded(parts: list[int]) -> None:
    total = sum(parts)
    for weights in ([Fraction(p, total) for p in parts], [p / total for p in parts]):
        mix = Mixture([[0.0]] * len(parts), weights)
        assert sum(mix.exact_weights) == 1
        for w, near, log, error in zip(
            mix.exact_weights, mix.weights, mix.log_weights, mix.log_weights_error, strict=True
        ):
            assert abs(Fraction(float(near)) - w) <= 3 * Fraction(U) * w
            assert abs(log - math.log(w)) <= error + 4 * U * abs(log)


def test_weights_near_one_are_divided_by_their_sum() -> None:
    third = Fraction(1 / 3)
    mix = Mixture([[0], [1], [2]], [1 / 3, 1 / 3, 1 / 3])
    assert 3 * third != 1 and mix.exact_weights == (Fraction(1, 3),) * 3
    mix = Mixture([[0], [1]], ["0.5", "0.5000000009"])
    assert mix.exact_weights[0] == Fraction(5, 10) / Fraction(10000000009, 10**10)


def test_weights_beyond_float64() -> None:
    tiny = Fraction(1, 10**400)
    mix = Mixture([[0], [1]], [tiny, 1 - tiny])
    assert mix.exact_weights == (tiny, 1 - tiny) and mix.weights[0] == 0.0
    error = abs(mix.log_weights[0] + 400 * math.log(10))
    assert error <= mix.log_weights_error[0] + 4 * U * 922
    assert Mixture([[0], [1]], [1e-300, 1.0]).exact_weights[0] < Fraction(1e-300)


def test_a_weight_too_small_to_change_the_sum_is_kept() -> None:
    assert Mixture([[0], [1]], [5e-324, 1.0]).exact_weights[0] > 0


def test_immutable() -> None:
    source = np.array([[1.0, 2.0]])
    weights = np.array([1.0])
    mix = Mixture(source, weights)
    source[0, 0] = weights[0] = 9.0
    assert mix.exact_means == exactly((1, 2)) and mix.exact_weights == (Fraction(1),)
    with pytest.raises(AttributeError, match="make a new one"):
        mix.n = 3
    for array in (mix.means, mix.weights, mix.log_weights, mix.log_weights_error):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


@pytest.mark.parametrize(
    "mix", [Mixture([["1/3", 2]]), Mixture([[0.5], [2.0]], [0.25, 0.75]),
            Mixture([[0], [1]], ["1e-400", 1])]
)  # fmt: skip
def test_pickles(mix: Mixture) -> None:
    assert pickle.loads(pickle.dumps(mix)) == mix


class Table(dict[Any, Any]):
    """Like a data frame: it is iterated by its keys."""


BAD_MEANS: list[tuple[Any, str]] = [
    ([], "means is empty"),
    ([[]], "means[0] is empty"),
    (np.zeros((0, 3)), "means is empty"),
    (np.zeros((3, 0)), "means[0] is empty"),
    ([[1, 2], [3]], "means[1] has 1 entries where means[0] has 2: give every row"),
    ([[1.0, 2.0], [3.0]], "means[1] has 1 entries where means[0] has 2: give every row"),
    ([1.0, 2.0], "means[0] is 1.0: give a row"),
    (np.ones(3), "means[0] is np.float64(1.0): give a row"),
    (3.0, "means is 3.0: give a list"),
    (np.float64(3), "means is np.float64(3.0): give a list"),
    (np.array(3.0), "means is array(3.): give a list"),
    (None, "means is None: give a list"),
    ("123", "means is '123': give a list"),
    (["12", "34"], "means[0] is '12': give a row"),
    ({0: [1]}, "means is {0: [1]}: give a list"),
    ({(1.0, 2.0)}, "means is {(1.0, 2.0)}: give a list"),
    (frozenset({(1.0, 2.0)}), "means is frozenset({(1.0, 2.0)}): give a list"),
    ([[1, 2], {3, 4}], "means[1] is {3, 4}: give a row"),
    ({(1, 2): 3}.keys(), "means is dict_keys([(1, 2)]): give a list"),
    ({1: (1, 2)}.values(), "means is dict_values([(1, 2)]): give a list"),
    ([bytearray(b"ab")], "means[0] is bytearray(b'ab'): give a row"),
    (Table({(1, 2): [5, 6]}), "give a list"),
    (np.ma.array([[1.0, 2.0]], mask=[[False, True]]), "means is a masked array: give one without"),
    (np.ma.array([[1.0, 2.0]]), "means is a masked array: give one without"),
    ([np.ma.array([1.0, 2.0], mask=[False, True])], "means[0] is a masked array: give one"),
    ([[np.ma.masked, 1]], "means[0][0] is masked: give a number"),
    (np.ones((2, 2, 2)), "means[0][0] is array([1., 1.]): give a number"),
    ([[math.nan, 1.0]], "means[0][0] is nan"),
    ([[1, math.nan]], "means[0][1] is nan"),
    (np.array([[1.0], [-np.inf]]), "means[1][0] is -inf"),
    (np.array([[np.longdouble("inf")]]), "means[0][0] is inf"),
    ([["x"]], "means[0][0] is 'x': give a number"),
    ([[1j]], "means[0][0] is 1j: give a number"),
    (np.array([[1j]]), "means[0][0] is 1j: give a number"),
    ([[True]], "means[0][0] is True: give a number"),
    (np.array([[True]]), "means[0][0] is True: give a number"),
    ([["1e400"]], "means[0][0] is beyond the range of float64"),
    ([[0, 10**309]], "means[0][1] is beyond the range of float64"),
]


@pytest.mark.parametrize(("means", "words"), BAD_MEANS, ids=range(len(BAD_MEANS)))
def test_bad_means(means: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        Mixture(means)
    assert words in str(caught.value) and "\n" not in str(caught.value)


BAD_WEIGHTS: list[tuple[Any, str]] = [
    ([0.5], "weights has 1 entries for 2 means"),
    ([0.5, 0.25, 0.25], "weights has 3 entries for 2 means"),
    ([], "weights has 0 entries for 2 means"),
    ([1.0, 0.0], "weights[1] is 0.0: weights must be positive"),
    ([-0.5, 1.5], "weights[0] is -0.5: weights must be positive"),
    ([math.nan, 1.0], "weights[0] is nan: weights must be positive"),
    ([0.5, math.inf], "weights[1] is inf: weights must be positive"),
    (["0", "1"], "weights[0] is '0': weights must be positive"),
    ((w for w in (Fraction(3, 2), Fraction(-1, 2))), "weights[1] is Fraction(-1, 2): weights"),
    ([0.5, 0.4], "weights sum to 0.9: they must sum to 1"),
    (["1/2", "1/3"], "weights sum to 0.8333333333333334: they must sum to 1"),
    ([0.5, 0.5 + 2e-9], "weights sum to 1.0000000020000002: they must sum to 1"),
    (["1/2", "0.500000001000001"], "weights sum to 1.000000001000001"),
    ([1e308, 1e308], "weights sum to more than 1e308"),
    (["1e400", 1], "weights sum to more than 1e308"),
    ([1, "half"], "weights[1] is 'half': give a number"),
    ([[0.5, 0.5]], "weights[0] is [0.5, 0.5]: give a number"),
    (0.5, "weights is 0.5: give a list"),
    ("ab", "weights is 'ab': give a list"),
    ({0.5, 0.25}, "give a list"),
    (np.ma.array([0.5, 0.5], mask=[True, False]), "weights is a masked array: give one without"),
    ([np.ma.masked, 1], "weights[0] is masked: give a number"),
    (np.array([[0.5, 0.5]]), "weights[0] is array([0.5, 0.5]): give a number"),
]


@pytest.mark.parametrize(("weights", "words"), BAD_WEIGHTS, ids=range(len(BAD_WEIGHTS)))
def test_bad_weights(weights: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        Mixture([[0.0], [1.0]], weights)
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("off", [Fraction(1, 10**9), Fraction(-1, 10**9)])
def test_the_tolerance_of_the_sum_is_exact(off: Fraction) -> None:
    half = Fraction(1, 2)
    assert sum(Mixture([[0], [1]], [half, half + off]).exact_weights) == 1
    with pytest.raises(InputError, match="sum to"):
        Mixture([[0], [1]], [half, half + off * Fraction(10**6 + 1, 10**6)])
