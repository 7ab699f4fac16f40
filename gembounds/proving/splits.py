"""A cover of the unit cube by halving: a binary tree as bits, so that it covers by construction.

A node is a leaf or halves one axis of its box. In preorder, the lower half first, a leaf is the
bit 0, and a split the bit 1 and the axis in ceil(log2 K) bits, highest first. Bits fill bytes
from the highest; the last byte is filled with 0. A point theta of the root box is
low + (high - low) t with t in the cube, so that a leaf's ends are exact.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gembounds.tools.errors import InputError

LEAF = -1

Cell = tuple[tuple[int, int], ...]
"""An (a, k) an axis: [a / 2^k, (a + 1) / 2^k]."""


class Splits:
    """A tree that grows: the node 0 is the cube; ``split`` appends a node's two halves."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._axes: list[Any] = [np.array([LEAF])]
        self._size = 1
        self._parents: list[tuple[Any, Any]] = []

    def split(self, nodes: Any, axes: Any) -> Any:
        """Splits leaves, an axis each; the lower halves are the indices that are returned, and
        the upper halves the ones after each."""
        nodes, axes = np.atleast_1d(nodes), np.atleast_1d(axes)
        lower = self._size + 2 * np.arange(len(nodes))
        self._parents.append((nodes, axes))
        self._size += 2 * len(nodes)
        return lower

    def preorder(self) -> tuple[Any, Any]:
        """The axis of every node in preorder (LEAF for a leaf), and the node that stands there."""
        axis = np.full(self._size, LEAF)
        child = np.zeros(self._size, dtype=np.int64)
        start = 1
        for nodes, axes in self._parents:
            axis[nodes] = axes
            child[nodes] = start + 2 * np.arange(len(nodes))
            start += 2 * len(nodes)
        order, stack = [], [0]
        while stack:
            node = stack.pop()
            order.append(node)
            if axis[node] != LEAF:
                stack += (int(child[node]) + 1, int(child[node]))
        return axis[order], np.array(order)


def encode(axes: Sequence[int], dimension: int) -> str:
    """The tree with these axes in preorder, as base64."""
    width = _width(dimension)
    digits = "".join("0" if a == LEAF else f"1{a:0{width}b}" if width else "1" for a in axes)
    digits += "0" * (-len(digits) % 8)
    return base64.b64encode(int("1" + digits, 2).to_bytes(len(digits) // 8 + 1)[1:]).decode()


def decode(text: str, dimension: int) -> list[int]:
    """The axes in preorder; raises :class:`InputError` where ``text`` is no tree."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("the tree is no base64") from None
    digits = "".join(f"{byte:08b}" for byte in data)
    axes, place, open_nodes, width = [], 0, 1, _width(dimension)
    while open_nodes:
        end = place + 1 + (width if digits[place : place + 1] == "1" else 0)
        if end > len(digits):
            raise InputError("the tree ends before it is whole")
        bits, place = digits[place:end], end
        axis = int("0" + bits[1:], 2) if bits[0] == "1" else LEAF
        if axis >= dimension:
            raise InputError(f"the tree splits axis {axis} of {dimension}")
        axes.append(axis)
        open_nodes += -1 if axis == LEAF else 1
    if "1" in digits[place:] or len(digits) - place >= 8:
        raise InputError("something follows the tree")
    return axes


def cells(axes: Sequence[int], dimension: int) -> Iterator[Cell]:
    """The leaves in preorder."""
    stack: list[Cell] = [((0, 0),) * dimension]
    for axis in axes:
        cell = stack.pop()
        if axis == LEAF:
            yield cell
            continue
        a, k = cell[axis]
        halves = [(*cell[:axis], (b, k + 1), *cell[axis + 1 :]) for b in (2 * a + 1, 2 * a)]
        stack += halves


def ends(cell: Cell, root: Sequence[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    """The box of a leaf in the root box, exactly."""
    return [
        (low + (high - low) * Fraction(a, 2**k), low + (high - low) * Fraction(a + 1, 2**k))
        for (a, k), (low, high) in zip(cell, root, strict=True)
    ]


def volume(cell: Cell) -> Fraction:
    """The share of the cube."""
    return Fraction(1, 2 ** sum(k for _, k in cell))


def _width(dimension: int) -> int:
    return max(dimension - 1, 0).bit_length()
