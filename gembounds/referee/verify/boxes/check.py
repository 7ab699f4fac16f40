"""Checks a certificate of a proof over a box: every piece, or a random sample.

A certificate says: for all theta in a box, where the conditions hold and both sides have values,
the relation holds. The box is cut by halving (the bits of "splits", so that the pieces cover it),
and of each piece one is shown:

    o   a condition is false on all of it
    m   a symmetry moves its points into another piece
    l   the relation, by the logarithmic Sobolev inequality
    f s the margin is > 0 (by its range >= 0 where that is enough), by first or second order from
        the centre
    z   the margin is >= 0 around means 0, by its second derivatives
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from gembounds.referee.verify.boxes.jets import pairs
from gembounds.referee.verify.boxes.piece import Dual, Piece
from gembounds.referee.verify.boxes.problem import Proof

MOST_BYTES = 1 << 28
"""Of dual points: 10^6 leaves have fewer."""


def leaves(text: str, dimension: int) -> Iterator[list[tuple[int, int]]]:
    """The pieces that the bits describe: 0 a leaf, 1 and an axis a split in halves; all of the
    box. [a/2^k, (a + 1)/2^k] an axis."""
    bits = "".join(f"{b:08b}" for b in base64.b64decode(text, validate=True))
    width, place = max(dimension - 1, 0).bit_length(), 0
    stack = [[(0, 0)] * dimension]
    while stack:
        cell = stack.pop()
        place += 1
        if bits[place - 1] == "0":
            yield cell
            continue
        axis, place = int("0" + bits[place : place + width], 2), place + width
        a, k = cell[axis]
        stack += [[*cell[:axis], (b, k + 1), *cell[axis + 1 :]] for b in (2 * a + 1, 2 * a)]
    if len(bits) - place >= 8 or "1" in bits[place:]:
        raise ValueError("something follows the tree")


def dual_points(data: dict[str, Any], count: int) -> list[list[Dual]]:
    """For each leaf of second order its dual points: a byte says how many; y, B by rows, an
    exponent."""
    stream, place, out = zlib.decompressobj(), 0, []
    raw = stream.decompress(base64.b64decode(data["duals"], validate=True), MOST_BYTES)

    def signed(size: int) -> int:
        nonlocal place
        place += size
        return int.from_bytes(raw[place - size : place], "little", signed=True)

    for letter in data["leaves"]:
        found: list[Dual] = []
        for _ in range(signed(1) % 256 if letter == "s" else 0):
            y, factor = [signed(1) for _ in range(count)], [[0] * count for _ in range(count)]
            for i, k in pairs(count):
                factor[i][k] = signed(2)
            found.append((y, factor, signed(1)))
        out.append(found)
    if place != len(raw) or not stream.eof:
        raise ValueError("the dual points are not those of the leaves")
    return out


def digest_of(data: dict[str, Any]) -> str:
    """SHA-256 of all but the digest, keys sorted, no spaces."""
    rest = {k: x for k, x in data.items() if k != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check(
    data: dict[str, Any], sample: int | None = None, seed: int = 0,
    only: tuple[int, int] = (0, 1),
) -> list[str]:  # fmt: skip
    """What is wrong: nothing where the proof, or a random sample of its leaves, stands; ``only``
    the k-th of so many shares."""
    if digest_of(data) != data["digest"]:
        return ["the digest is not that of the content"]
    proof = Proof(data)
    cells, reasons = list(leaves(data["splits"], proof.count)), data["leaves"]
    if len(cells) != len(reasons):
        return [f"{len(cells)} pieces have {len(reasons)} reasons"]
    hints = dual_points(data, proof.count)
    chosen = list(range(len(cells)))
    if sample is not None:
        if sample < 1:
            raise ValueError(f"a sample of {sample} leaves shows nothing")
        chosen = random.Random(seed).sample(chosen, min(sample, len(chosen)))
    wrong = []
    for k in chosen[only[0] :: only[1]]:
        piece = Piece(proof, cells[k])
        shown: dict[str, Callable[[], bool]] = {
            "o": piece.is_outside, "m": piece.is_mirrored, "l": piece.by_lemma,
            "z": piece.at_origin,
        }  # fmt: skip
        if not (shown[reasons[k]]() if reasons[k] in shown else piece.by_forms(hints[k])):
            ends = ", ".join(f"[{a}, {b}]" for a, b in piece.ends)
            wrong.append(f"piece {k} ({reasons[k]}) is not shown: {ends}")
    return wrong
