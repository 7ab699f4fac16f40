"""Branch and bound for a scalar statement: covers of its parts, or a point that refutes it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from gembounds.points.point import Point
from gembounds.proving.scalar.enclose import Box
from gembounds.proving.scalar.extent import UNKNOWN, Place
from gembounds.proving.scalar.leaves import Leaf, Leaves
from gembounds.proving.scalar.problem import Part, Problem
from gembounds.proving.scalar.sums import number
from gembounds.proving.splits import Splits, cells, ends
from gembounds.statements.decide import decide
from gembounds.statements.operations import Operations, Rung

RUNG = Rung("arb", 64, 1)
"""Of the balls of the ends."""

STARTS = (1, 2, 3, 5, 9, 17, 33, 65, 129)
"""Whole numbers from which on a statement is tried for all reals, counted from the least one."""

FIRST = 12
"""Leaves of such a trial (a choice)."""

MOST_CORNERS = 4
"""Variables up to which corners are looked at (a choice)."""

DEEPEST = 60
"""Halvings of one variable."""

UNIT = (Fraction(0), Fraction(1))


@dataclass
class Cover:
    """Of one part: the axes in preorder, what its leaves say, the share that is open."""

    place: Place
    axes: list[int]
    leaves: list[Leaf]
    open: Fraction


@dataclass
class Outcome:
    """``verdict`` "proved", "refuted" or "undecided"; ``starts`` as :meth:`Problem.layout` asks
    for them; ``undecided_volume``: the share of the cubes that is open."""

    verdict: str
    covers: list[Cover] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    witness: Point | None = None
    undecided_volume: Fraction = Fraction(0)
    seconds: float = 0.0

    @property
    def leaves(self) -> int:
        return sum(len(c.leaves) for c in self.covers)


class Refuted(Exception):
    """A point of the domain at which the statement fails."""

    def __init__(self, point: Point) -> None:
        self.point = point


def search(problem: Problem, most: int, seconds: float) -> Outcome:
    """Prove or refute; at most so many leaves, and about so many seconds."""
    started = time.monotonic()
    run = _Run(problem, most, started + seconds)
    try:
        covers = run.everything()
    except Refuted as found:
        outcome = Outcome("refuted", witness=found.point)
    else:
        open_ones = [c for c in covers if c.open]
        volume = sum((c.open for c in open_ones), Fraction(0)) / max(len(covers), 1)
        verdict = "undecided" if open_ones else "proved"
        outcome = Outcome(verdict, covers, run.starts, None, volume)
    outcome.seconds = time.monotonic() - started
    return outcome


class _Run:
    def __init__(self, problem: Problem, most: int, deadline: float) -> None:
        self.problem, self.left, self.deadline = problem, most, deadline
        self.starts: list[int] = []
        self.trials: dict[str, Cover] = {}

    def everything(self) -> list[Cover]:
        """Covers of all parts."""
        layout = self.problem.layout(self._start)
        return [self.trials.get(str(place)) or self._cover(place) for place in layout]

    def _start(self, fixed: Mapping[str, int], name: str) -> int:
        """The first of ``STARTS`` from which on it is shown for reals, else the last."""
        wholes = self.problem.wholes
        low, high = self.problem.range_of(name)
        after = wholes[wholes.index(name) + 1 :]
        least = {k: self.problem.range_of(k)[0] for k in after if k not in fixed}
        for begin in (low + start - 1 for start in STARTS):
            if high is not None and begin > high:
                break
            places = list(self.problem.places(fixed, {name: begin, **least}))
            covers = [self._cover(place, FIRST) for place in places]
            if not any(c.open for c in covers):
                self.trials.update(zip(map(str, places), covers, strict=True))
                break
        self.starts.append(begin)
        return begin

    def _cover(self, place: Place, most: int | None = None) -> Cover:
        try:
            part = self.problem.part(place)
        except UNKNOWN:
            return Cover(place, [-1], [[]], Fraction(1))
        ops = Operations(RUNG)
        with ops.precision():
            cover = self._grown(part, ops, self.left if most is None else min(most, self.left))
        self.left -= len(cover.leaves)
        return cover

    def _grown(self, part: Part, ops: Any, most: int) -> Cover:
        leaves = Leaves(part, ops)
        leaves.forms.deadline = self.deadline
        names = part.variables
        tree = Splits(len(names))
        found: dict[int, Leaf] = {}
        stack = [(0, ((0, 0),) * len(names))]
        while stack:
            node, cell = stack.pop()
            box = dict(zip(names, ends(cell, [UNIT] * len(names)), strict=True))
            full = len(found) + len(stack) >= most or time.monotonic() > self.deadline
            failing = None if full else next((p for p in _places(box) if leaves.fails(p)), None)
            if failing is not None:
                self._refute(part, failing)
                most, full = 0, True  # it is not to be shown of all reals
            leaf = None if full else leaves.find(box)
            if leaf is None:
                axis = self._axis(cell)
                if axis is None or full:
                    found[node] = []
                    continue
                lower = int(tree.split(node, axis)[0])
                a, k = cell[axis]
                for half, child in ((2 * a + 1, lower + 1), (2 * a, lower)):
                    stack.append((child, (*cell[:axis], (half, k + 1), *cell[axis + 1 :])))
            else:
                found[node] = leaf
        axes, order = tree.preorder()
        whole = [int(a) for a in axes]
        said = [found[int(node)] for node, a in zip(order, whole, strict=True) if a < 0]
        shares = (Fraction(1, 2 ** sum(k for _, k in cell)) for cell in cells(whole, len(names)))
        undone = sum((v for v, leaf in zip(shares, said, strict=True) if not leaf), Fraction(0))
        return Cover(part.place, whole, said, undone)

    def _axis(self, cell: tuple[tuple[int, int], ...]) -> int | None:
        """The variable that was halved least."""
        if not cell:
            return None
        axis = min(range(len(cell)), key=lambda j: cell[j][1])
        return None if cell[axis][1] >= DEEPEST else axis

    # -- refutation ------------------------------------------------------------------------
    def _refute(self, part: Part, place: Box) -> None:
        """Raise :class:`Refuted` where the claim itself fails near a place."""
        values: dict[str, Any] = {}
        for k, s in part.values.items():
            there = {x: number(a) for x, (a, _) in place.items()}
            try:
                x = part.algebra.substituted(s, there).constant
            except UNKNOWN:
                return
            if x is None:
                return
            values[k] = round(x) if self.problem.numbers[k].kind == "integer" else x
        self._decide(values)

    def _decide(self, values: Mapping[str, Any]) -> None:
        claim = self.problem.claim
        inside = all(low <= values[k] <= high for k, (low, high) in self.problem.box.items())
        if not inside or set(values) != set(claim.parameters):
            return
        point = Point(parameters=dict(values))
        if decide(claim, point).outcome == "refuted":
            raise Refuted(point)


def _places(box: Box) -> list[Box]:
    """The middle of a box and its corners, as boxes without width."""
    middle = {k: ((a + b) / 2,) * 2 for k, (a, b) in box.items()}
    corners = product(*box.values()) if len(box) <= MOST_CORNERS else ()
    at = [dict(zip(box, ((x, x) for x in corner), strict=True)) for corner in corners]
    return [middle, *at]
