"""A claim over a box: what is known of each of its cells."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.points.point import Point
from gembounds.proving.boxes import margins
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.chart import CellBatch, Chart
from gembounds.proving.boxes.displaced import check_displacement
from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.leaves import LEMMA, MIRRORED, OPEN, OUTSIDE, Duals, Leaves
from gembounds.proving.boxes.lemmas import by_sobolev
from gembounds.proving.boxes.operations import EXPECTATIONS, CellOperations
from gembounds.proving.boxes.points import place_of, point_of
from gembounds.proving.boxes.symbols import SUMMED
from gembounds.proving.boxes.symmetries import left_out
from gembounds.statements.claim import Claim, matched
from gembounds.statements.domain import READY
from gembounds.statements.evaluate import Undefined, evaluate
from gembounds.statements.meeting import Meeting
from gembounds.statements.pairs import has_data
from gembounds.statements.paper import papers
from gembounds.statements.tree import Expr, Relation
from gembounds.tools.errors import InputError

Array = npt.NDArray[Any]


class Answer(NamedTuple):
    """Of each cell: its ``state`` (:mod:`gembounds.proving.boxes.leaves`); where it is open, the
    variable to halve, the centre, where the margin seems to be least, and the ends, (K, B)
    each, and what the margin may be at the centre at most. ``duals``: the dual points of
    leaves of second order."""

    state: Array
    axis: Array
    centre: Array
    lowest: Array
    low: Array
    high: Array
    value: Array
    duals: Duals


class Problem:
    """See the module. Raises :class:`InputError` for what is not proved over boxes."""

    def __init__(self, claim: Claim, box: Box) -> None:
        self.claim = claim
        self.box = self._bounded(box)
        self._check()
        self.chart = Chart(self.box)
        self.margin = margins.margin(claim.decided, claim.constants)
        self.linear = margins.linear(self.margin)
        # by second derivatives, which are not there beside a displacement
        self.flat = margins.order(self.margin) >= 2 and self.chart.may_vanish
        self.flat &= self.chart.displaced is None
        used = margins.names(self.margin)
        for w in claim.conditions:
            used |= margins.names(w.lhs) | margins.names(w.rhs)
        self.expectations = tuple(x for x in EXPECTATIONS if x in used)
        self.sums = bool(used & SUMMED)
        self.conditions = [(w.sign, w.lhs, w.rhs) for w in claim.conditions if w.sign != "=="]

    def _bounded(self, box: Box) -> Box:
        """The part of the box that the claim is about as far as that is a box: parameters in their
        intervals, weights at least what a condition pi_min >= number leaves."""
        claim, least = self.claim, Fraction(0)
        for w in claim.conditions:
            small, other = (w.rhs, w.lhs) if w.sign in ("<", "<=") else (w.lhs, w.rhs)
            if w.sign == "==" or small.op != "symbol" or small.args[0].name != "pi_min":
                continue
            if other.op == "num":
                least = max(least, Fraction(other.args[0]))
            if other.op == "const":
                name, value = other.args
                least = max(least, Fraction(claim.constants.get(name, value)))
        return box.at_least(least).within(claim.parameters)

    def _check(self) -> None:
        claim, box = self.claim, self.box
        if has_data(claim):
            raise InputError(
                f"{claim.id} is over data: proofs over boxes of means are about N(0, I) alone"
            )
        domain = next((d for d in READY.values() if d.test is claim.domain.test), None)
        own = domain is not claim.domain
        if (
            domain is None
            or claim.domain.every is not None
            or (own and claim.home not in papers())
        ):
            raise InputError(
                f"{claim.id} has a domain of its own: only claims about mixtures or numbers are "
                "proved over boxes"
            )
        if domain.name == "opposite":
            raise InputError(
                f"{claim.id} is about {domain.text}: the means of a box are independent"
            )
        if domain.name == "numbers" and box.means:
            raise InputError(
                f"{claim.id} is about numbers: leave means and weights out of the box"
            )
        for name, p in claim.parameters.items():
            if p.kind == "displacement":
                check_displacement(claim, box, name)
                continue
            if p.kind == "vector":
                raise InputError(
                    f"{claim.id} has the vector {name}: only numbers and displacements are proved "
                    "over boxes"
                )
            if name not in box.parameters:
                raise InputError(
                    f"the box has no parameter {name!r}: give it an interval or a number"
                )
            low, high = box.parameters[name]
            if p.kind == "integer" and (low != high or low.denominator != 1):
                raise InputError(f"parameters[{name!r}]: {name} is whole: give one whole number")
            if (p.low is not None and high < p.low) or (p.high is not None and low > p.high):
                raise InputError(
                    f"parameters[{name!r}]: {name} is outside its interval all over the box"
                )
        unknown = sorted({*box.parameters, *box.displacements} - set(claim.parameters))
        if unknown:
            raise InputError(
                f"{claim.id} has no parameter {unknown[0]!r}: leave it out of the box"
            )
        if domain.name != "numbers" and not box.means:
            raise InputError("the box has no means: give an interval for each coordinate")
        least, rank = {"several": (2, None), "lines": (2, 1), "planes": (2, 2)}.get(
            domain.name, (1, None)
        )
        if box.means and box.n < least:
            raise InputError(f"the box has {box.n} component: {claim.id} is about {least} or more")
        if rank is not None and min(box.n - 1, box.d) > rank:
            raise InputError(
                f"means of the box may span {min(box.n - 1, box.d)} dimensions: {claim.id} is "
                f"about {rank}"
            )

    # -- points --------------------------------------------------------------------------------
    def point(self, values: Any) -> Point | None:
        """The exact point of these values of the variables; None where none is in the box."""
        whole = {k for k, p in self.claim.parameters.items() if p.kind == "integer"}
        return point_of(self.chart, whole, values)

    @cached_property
    def meeting(self) -> Meeting:
        """What moves a point until it meets the claim's conditions."""
        return Meeting(self.claim)

    def place(self, point: Point) -> Any:
        """Where a point of the box is in the unit cube, nearly."""
        return place_of(self.chart, point)

    # -- cells ---------------------------------------------------------------------------------
    def answer(self, t_low: Any, t_high: Any) -> Answer:
        """What is known of each cell of the unit cube, (K, B)."""
        with np.errstate(all="ignore"):
            return self._answer(t_low, t_high)

    def _answer(self, t_low: Any, t_high: Any) -> Answer:
        chart, claim = self.chart, self.claim
        strict = claim.sign in ("<", ">")
        whole = CellBatch(chart, t_low, t_high)
        state = np.full(whole.size, OPEN)
        axis = np.zeros(whole.size, dtype=int)
        lowest, value = whole.at.copy(), np.full(whole.size, np.inf)
        duals: Duals = {}
        for face, where in chart.groups(t_low, t_high):
            if not chart.has(face):
                state[where] = OPEN if face < 0 else OUTSIDE
                axis[where] = chart.index("face") or 0
                continue
            outside, mirrored = left_out(CellBatch(chart, t_low[:, where], t_high[:, where], face))
            state[where[mirrored]] = MIRRORED
            state[where[outside]] = OUTSIDE
            rest = where[~(mirrored | outside)]
            if not len(rest):
                continue
            batch = CellBatch(chart, t_low[:, rest], t_high[:, rest], face)
            ops = CellOperations(batch, self.expectations)
            found = np.full(batch.size, OPEN)
            found[self.out_of_domain(ops)] = OUTSIDE
            lemma = by_sobolev(ops, self.linear, claim.constants, strict)
            found[(found == OPEN) & lemma] = LEMMA
            leaves = Leaves(ops, found)
            if np.any(found == OPEN):
                leaves.show(self.margin, claim.constants, strict, self.flat)
            state[rest], axis[rest], value[rest] = leaves.state, leaves.axis, leaves.value
            lowest[:, rest] = leaves.lowest
            duals |= {int(rest[k]): x for k, x in leaves.duals.items()}
        return Answer(state, axis, whole.at, lowest, whole.lo, whole.hi, value, duals)

    def out_of_domain(self, ops: CellOperations) -> Any:
        """Where a condition is certainly false."""
        size = ops.batch.size
        out = np.zeros(size, dtype=bool)
        for sign, lhs, rhs in self.conditions:
            if (margins.names(lhs) | margins.names(rhs)) & SUMMED:
                continue
            false = np.ones(size, dtype=bool)
            for one in ops.passes():
                here = np.zeros(size, dtype=bool)
                try:
                    sides = self._sides(ops, lhs, rhs)
                except Undefined:  # on all cells: a point where a side has no value is outside
                    here[:], sides = True, []
                for left, right in sides:
                    a, b = left.all, right.all
                    if sign in (">", ">="):
                        a, b = b, a
                    here |= np.broadcast_to(a.lo > b.hi, size)
                false &= here | one.impossible
            out |= false
        return out

    def _sides(self, ops: CellOperations, lhs: Expr, rhs: Expr) -> list[tuple[Jet, Jet]]:
        left, right = (evaluate(e, ops, Point(), self.claim.constants) for e in (lhs, rhs))
        return [
            (ops.ball(a), ops.ball(b)) for a, b in matched(Relation(lhs, "<=", rhs), left, right)
        ]
