"""A leaf of a cube: why the statement holds on it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gembounds.proving.scalar.enclose import Box, Enclosures
from gembounds.proving.scalar.forms import Form, Forms
from gembounds.proving.scalar.problem import Entry, Need, Part
from gembounds.proving.scalar.sums import Sum, TooLong

Leaf = list[Any]
"""For each entry ``["outside", k]``, condition k failing everywhere, ``["goal", k, form]``, or
``["using", k, c, form]``: with condition k, C >= 0, and the goal G >= 0 divided by their common
factors, G - c C >= 0 for a number c >= 0, by ``form``."""


class Leaves:
    """Leaves of a part, in the arithmetic of ``ops``."""

    def __init__(self, part: Part, ops: Any) -> None:
        self.part = part
        self.forms = Forms(Enclosures(ops, part.algebra), part.positive)

    def find(self, box: Box) -> Leaf | None:
        """Why every entry holds on the box; None where one is open."""
        found: Leaf = []
        for entry in self.part.entries:
            why = self._find(entry, box)
            if why is None:
                return None
            found.append(why)
        return found

    def fails(self, place: Box) -> bool:
        """Whether the statement certainly fails at a place, a box without width: of the numbers
        as they run there, which is more than the statement says where lemmas or whole numbers
        are among them."""
        try:
            return any(self._fails(entry, place) for entry in self.part.entries)
        except TooLong:
            return False

    def _fails(self, entry: Entry, place: Box) -> bool:
        inside = all(
            self._hold(needs, place) and self.forms.find(s, place, strict, False, 0) is not None
            for s, strict, needs in entry.outside
        )
        if not inside or not self._hold(entry.needs, place):
            return False
        return self.forms.outside(entry.goals[0].sum, place, entry.strict)

    def check(self, box: Box, leaf: Any) -> bool:
        """Whether what a leaf says is so."""
        entries = self.part.entries
        return (
            isinstance(leaf, list)
            and len(leaf) == len(entries)
            and all(self._check(entry, box, why) for entry, why in zip(entries, leaf, strict=True))
        )

    def _find(self, entry: Entry, box: Box) -> Form | None:
        try:
            return self._found(entry, box)
        except TooLong:
            return None

    def _found(self, entry: Entry, box: Box) -> Form | None:
        for k in range(len(entry.outside)):
            if self._outside(entry, k, box):
                return ["outside", k]
        if not self._hold(entry.needs, box):
            return None
        for k, goal in enumerate(entry.goals):
            if self._hold(goal.needs, box):
                smooth = self._smooth((*entry.needs, *goal.needs), box)
                form = self.forms.find(goal.sum, box, entry.strict, smooth)
                if form is not None:
                    return ["goal", k, form]
        return self._using(entry, box)

    def _using(self, entry: Entry, box: Box) -> Form | None:
        for k, (_, _, needs) in enumerate(entry.outside):
            if entry.strict or not self._usable(entry, k, box):
                continue
            smooth = self._smooth((*entry.needs, *needs), box)
            for c in self._factors(entry, k):
                form = self.forms.find(self._rest(entry, k, c), box, False, smooth)
                if form is not None:
                    return ["using", k, str(c), form]
        return None

    def _usable(self, entry: Entry, k: int, box: Box) -> bool:
        """Whether the common factors of goal and condition are positive up to the ends: where one
        vanishes, the condition would say less."""
        s, _, needs = entry.outside[k]
        return self._hold((*entry.needs, *needs), box) and all(
            self.forms.never_0(self.part.algebra.cleared(x)[0], box)
            for x in (entry.goals[0].sum, s)
        )

    def _factors(self, entry: Entry, k: int) -> list[Fraction]:
        """Numbers c for which a term of G - c C cancels."""
        goal, known = self._both(entry, k)
        ratios = {goal.terms[t] / known.terms[t] for t in goal.terms if t in known.terms}
        return sorted(c for c in ratios if c > 0)

    def _rest(self, entry: Entry, k: int, c: Fraction) -> Sum:
        goal, known = self._both(entry, k)
        return goal - known.scaled(c)

    def _both(self, entry: Entry, k: int) -> tuple[Sum, Sum]:
        cleared = self.part.algebra.cleared
        return cleared(entry.goals[0].sum)[2], cleared(entry.outside[k][0])[2]

    def _check(self, entry: Entry, box: Box, why: Any) -> bool:
        if not isinstance(why, list) or len(why) < 2 or type(why[1]) is not int or why[1] < 0:
            return False
        k = why[1]
        if why[0] == "outside":
            return len(why) == 2 and k < len(entry.outside) and self._outside(entry, k, box)
        if why[0] == "using":
            if len(why) != 4 or k >= len(entry.outside) or entry.strict:
                return False
            c, smooth = Fraction(why[2]), self._smooth((*entry.needs, *entry.outside[k][2]), box)
            return (
                c >= 0
                and self._usable(entry, k, box)
                and self.forms.check(self._rest(entry, k, c), box, False, smooth, why[3])
            )
        if why[0] != "goal" or len(why) != 3 or k >= len(entry.goals):
            return False
        goal = entry.goals[k]
        smooth = self._smooth((*entry.needs, *goal.needs), box)
        return (
            self._hold(entry.needs, box)
            and self._hold(goal.needs, box)
            and self.forms.check(goal.sum, box, entry.strict, smooth, why[2])
        )

    def _outside(self, entry: Entry, k: int, box: Box) -> bool:
        s, strict, needs = entry.outside[k]
        return self.forms.outside(s, box, strict) and self._hold(needs, box)

    def _hold(self, needs: Sequence[Need], box: Box) -> bool:
        """Whether each sum is positive, or not negative."""
        return all(
            self._open(s) or self.forms.find(s, box, positive, False, depth=1) is not None
            for s, positive in needs
        )

    def _smooth(self, needs: Sequence[Need], box: Box) -> bool:
        """Whether every base is positive, up to the ends."""
        return all(
            positive or self._open(s) or self.forms.find(s, box, True, False) is not None
            for s, positive in needs
        )

    def _open(self, s: Sum) -> bool:
        """A variable that is not 0."""
        return len(s) == 1 and all(
            a.kind == "variable" and a.name in self.part.positive
            for t in s.terms for a, _ in t.powers
        ) and all(c > 0 and not t.arg for t, c in s)  # fmt: skip
