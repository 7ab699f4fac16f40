"""Trees of splits: bits and back, exact leaves that cover, and nothing else accepted."""

import base64
import random
from fractions import Fraction

import pytest

from gembounds.proving.splits import LEAF, Splits, cells, decode, encode, ends, volume
from gembounds.tools.errors import InputError


def grown(dimension: int, splits: int, seed: int) -> list[int]:
    rng = random.Random(seed)
    tree, leaves = Splits(dimension), [0]
    for _ in range(splits):
        node = leaves.pop(rng.randrange(len(leaves)))
        lower = int(tree.split(node, rng.randrange(dimension))[0])
        leaves += (lower, lower + 1)
    axes, order = tree.preorder()
    assert sorted(order) == list(range(2 * splits + 1))
    return list(axes)


@pytest.mark.parametrize("dimension", [1, 2, 3, 5, 8])
def test_a_tree_is_its_bits_and_its_leaves_cover_without_overlap(dimension: int) -> None:
    for splits in (0, 1, 2, 7, 40):
        axes = grown(dimension, splits, splits)
        assert decode(encode(axes, dimension), dimension) == axes
        leaves = list(cells(axes, dimension))
        assert len(leaves) == splits + 1
        assert sum(map(volume, leaves)) == 1
        rng = random.Random(1)
        for _ in range(20):
            t = [Fraction(rng.getrandbits(60) | 1, 2**60) for _ in range(dimension)]
            inside = [
                all(Fraction(a, 2**k) <= x <= Fraction(a + 1, 2**k)
                    for x, (a, k) in zip(t, leaf, strict=True))
                for leaf in leaves
            ]  # fmt: skip
            assert sum(inside) == 1


def test_the_lower_half_comes_first_and_ends_are_exact() -> None:
    root = [(Fraction(1, 3), Fraction(2)), (Fraction(-1), Fraction(1))]
    first, second, third = cells([0, LEAF, 1, LEAF, LEAF], 2)
    middle = Fraction(7, 6)
    for leaf, box in (
        (first, [(Fraction(1, 3), middle), (Fraction(-1), Fraction(1))]),
        (second, [(middle, Fraction(2)), (Fraction(-1), Fraction(0))]),
        (third, [(middle, Fraction(2)), (Fraction(0), Fraction(1))]),
    ):
        assert ends(leaf, root) == box


def test_nodes_split_many_at_once_have_their_halves() -> None:
    tree = Splits(2)
    lower = tree.split(0, 1)
    halves = tree.split([lower[0], lower[0] + 1], [0, 1])
    axes, order = tree.preorder()
    assert list(axes) == [1, 0, LEAF, LEAF, 1, LEAF, LEAF]
    assert list(order) == [0, 1, halves[0], halves[0] + 1, 2, halves[1], halves[1] + 1]


@pytest.mark.parametrize(
    ("bits", "dimension", "word"),
    [
        ("", 1, "whole"),
        ("1000" "0000" "0000" "0000", 1, "follows"),
        ("1001" "0000", 1, "follows"),
        ("1111" "1111", 1, "whole"),
        ("1110" "0000", 3, "axis 3"),
        ("1000" "0000", 0, "axis 0"),
    ],
)  # fmt: skip
def test_what_is_no_tree_is_refused(bits: str, dimension: int, word: str) -> None:
    data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    with pytest.raises(InputError, match=word):
        decode(base64.b64encode(data).decode(), dimension)


def test_no_base64() -> None:
    with pytest.raises(InputError, match="base64"):
        decode("&&&", 2)
