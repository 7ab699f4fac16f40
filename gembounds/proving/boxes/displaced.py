"""A displacement of means on the line, delta = s v with max |v_k| = 1: coordinates in which what
vanishes with delta can be divided by s.

The numbers delta_k that are not 0 all over the box make a cube; a *face* of it is one of them and
a sign, v_k = 1 or -1, and the others are *directions* in [-1, 1], in their order. The *scale* s
goes from 0 to the largest |delta_k|. So the variables are the face (where there are several: the
unit interval cut into equal parts, of which those beyond the last face have no points), the scale,
and one direction less than there are numbers. A cell has points of one face alone, or is halved
until it has."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from gembounds.proving.boxes.box import Box, Interval
from gembounds.proving.boxes.ranges import Range
from gembounds.statements.claim import Claim
from gembounds.statements.tree import Expr
from gembounds.tools.errors import InputError


class Face(NamedTuple):
    """v_k = ``sign`` for the component ``k``."""

    k: int
    sign: int


class Displaced:
    """See the module; ``ends`` has an interval for each component."""

    def __init__(self, name: str, ends: tuple[Interval, ...]) -> None:
        self.name, self.ends = name, ends
        self.moving = [k for k, (low, high) in enumerate(ends) if low < 0 or high > 0]
        self.faces = [
            Face(k, sign)
            for k in self.moving
            for sign in (1, -1)
            if (ends[k][1] > 0 if sign > 0 else ends[k][0] < 0)
        ]
        self.reach = max((max(-low, high) for low, high in ends), default=Fraction(0))
        self.parts = 1 << max(len(self.faces) - 1, 0).bit_length()
        """Of the unit interval of the face."""

    def variables(self) -> Iterator[tuple[str, Any, Fraction, Fraction]]:
        """Kind, key and ends of each, in order."""
        if self.parts > 1:
            yield "face", None, Fraction(0), Fraction(1)
        if self.moving:
            yield "scale", None, Fraction(0), self.reach
        for m in range(len(self.moving) - 1):
            yield "direction", m, Fraction(-1), Fraction(1)

    def face_of(self, t_low: Any, t_high: Any) -> Any:
        """The number of the face of each interval of t, (B,); -1 where it has several."""
        first = np.minimum(np.floor(t_low * self.parts), self.parts - 1)
        last = np.maximum(np.ceil(t_high * self.parts) - 1, first)
        return np.where(first == last, first, -1).astype(int)

    def directions(self, face: int) -> dict[int, int]:
        """The component of each direction on a face: its number among the directions."""
        others = [k for k in self.moving if k != self.faces[face].k]
        return {k: m for m, k in enumerate(others)}

    def velocities(self, face: int, directions: list[Any]) -> dict[int, Any]:
        """v_k of the components that move: a sign, or one of ``directions``."""
        found: dict[int, Any] = {k: directions[m] for k, m in self.directions(face).items()}
        return found | {self.faces[face].k: Fraction(self.faces[face].sign)}

    def astray(self, scale: Range, velocities: dict[int, Range]) -> Any:
        """Where s v_k is in none of its interval."""
        out: Any = False
        for k, v in velocities.items():
            low, high = (Range.of(x) for x in self.ends[k])
            there = scale * v
            out = out | (there.hi < low.lo) | (there.lo > high.hi)
        return out

    def values(self, face: int, scale: Fraction, directions: list[Fraction]) -> list[Fraction]:
        """delta_k, moved into its interval."""
        velocities = self.velocities(face, directions)
        return [
            min(max(scale * velocities.get(k, Fraction(0)), low), high)
            for k, (low, high) in enumerate(self.ends)
        ]

    def place(self, delta: list[float]) -> dict[Any, float]:
        """The values of the variables at a displacement, nearly."""
        if not self.moving:
            return {}
        k = max(self.moving, key=lambda k: abs(delta[k]))
        scale = abs(delta[k])
        sign = -1 if delta[k] < 0 else 1
        face = next(
            (f for f, x in enumerate(self.faces) if x == (k, sign)),
            next(f for f, x in enumerate(self.faces)),
        )
        found: dict[Any, float] = {
            ("face", None): (face + 0.5) / self.parts, ("scale", None): scale
        }  # fmt: skip
        for i, m in self.directions(face).items():
            found["direction", m] = delta[i] / scale if scale > 0 else 0.0
        return found


def check_displacement(claim: Claim, box: Box, name: str) -> None:
    """Raises :class:`InputError` for one that is not proved over boxes: entries of its own have no
    symmetry, and a second one, or one off the line, would need other coordinates."""
    rows = box.displacements.get(name)
    if rows is None:
        raise InputError(
            f"the box has no displacement {name!r}: give rows of intervals, as for the means"
        )
    if len(rows) != box.n or any(len(row) != box.d for row in rows):
        raise InputError(
            f"parameters[{name!r}] has other rows than the means: give an interval for each "
            "coordinate of each component"
        )
    if box.d != 1 or len(box.displacements) > 1:
        raise InputError(
            f"{claim.id}: proofs over boxes reach one displacement, of means on the line"
        )
    for relation in claim.relations:
        if not all(map(_is_even, (relation.lhs, relation.rhs))):
            raise InputError(
                f"{claim.id}: {name} stands outside norm({name}) and gradient_change({name}), "
                "which alone are known over boxes"
            )


def _is_even(e: Expr) -> bool:
    """Whether a displacement occurs in its square and as an argument of a symbol only."""
    if e.op == "parameter":
        return bool(e.args[0].kind != "displacement")
    inner = [x for x in e.args if isinstance(x, Expr)]
    bare = [x for x in inner if x.op == "parameter" and x.args[0].kind == "displacement"]
    if e.op in ("symbol", "moved") or (e.op == "*" and len(bare) == 2):
        inner = [x for x in inner if all(x is not y for y in bare)]
    return all(map(_is_even, inner))
