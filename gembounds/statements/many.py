"""Deciding a claim at many configurations at once: certified, or left to single decisions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gembounds.points.batch import Batch, FloatArray
from gembounds.statements.arrays import RTOL, ArrayOperations, Configurations
from gembounds.statements.claim import Claim
from gembounds.statements.decide import EQUALITY_WIDTH
from gembounds.statements.evaluate import Undefined, evaluate
from gembounds.statements.logic import compare
from gembounds.statements.pairs import has_data
from gembounds.tools.errors import InputError
from gembounds.values.exact import is_exact
from gembounds.values.spans import Spans, below

UNDECIDED, HOLDS, REFUTED, CONSISTENT, OUTSIDE = range(5)
"""Outcomes of configurations."""

SPLIT = 1e6
"""Margin of sides of different signs, and the largest one (a choice: beyond most logarithms)."""

EQUAL_RTOL = 1e-11
"""Of population quantities in equalities, whose sides must be narrow."""

Many = npt.NDArray[np.int8]


class Decisions(NamedTuple):
    """``outcomes`` (B,); ``margins``, how far from a violation each is, inf where that cannot be
    said; ``ratios``, log10 of larger over smaller side, NaN where there is none; ``slow``, whose
    population quantities were evaluated one by one."""

    outcomes: Many
    margins: FloatArray
    ratios: FloatArray
    slow: npt.NDArray[np.bool_]

    def at(self, rows: Any) -> Decisions:
        """Those of some configurations."""
        return Decisions(
            self.outcomes[rows], self.margins[rows], self.ratios[rows], self.slow[rows]
        )


class Singly(Exception):
    """A claim cannot be decided in arrays; the message says why."""


@np.errstate(all="ignore")
def decide_many(claim: Claim, batch: Batch, rtol: float | None = None) -> Decisions:
    """The decision at every configuration of ``batch``, by intervals that contain both sides,
    population quantities to ``rtol``.

    Raises :class:`Singly` where the claim, its domain or a symbol of it asks for more.
    """
    if has_data(claim) or claim.domain.model is not None:
        raise Singly("its data, or its model, are made point by point")
    ops = ArrayOperations()
    points: Any = Configurations(batch, rtol or (EQUAL_RTOL if claim.sign == "==" else RTOL))
    size = len(batch)
    try:
        inside, outside = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
        for part in claim.all_parts(ops, points):
            true, false = (
                compared(part.left, part.relation, part.right)
                if part.relation is not None
                else (part.left is True, part.left is False)
            )
            inside, outside = inside & true, outside | false
        pairs = claim.pairs(ops, points)
        truths = [compared(a, claim.sign, b) for a, b in pairs]
        if claim.sign == "==":
            scale = claim.scale
            if scale is not None:
                scale = evaluate(scale, ops, points, claim.constants)
            narrow = _narrow(pairs, scale)
    except (ArithmeticError, AttributeError, IndexError, KeyError, StopIteration, TypeError,
            Undefined, ValueError) as why:  # fmt: skip
        raise Singly(f"{type(why).__name__}: {why}") from None
    refuted = np.zeros(size, dtype=bool)
    holds, valued = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
    for pair, (true, false) in zip(pairs, truths, strict=True):
        refuted, holds = refuted | false, holds & true
        for x in pair:
            valued = valued & ~np.isnan(Spans.of(x).lower)
    outcomes = np.full(size, UNDECIDED, dtype=np.int8)
    if claim.sign == "==":
        outcomes[inside & ~refuted & narrow] = CONSISTENT
    else:
        outcomes[inside & holds] = HOLDS
    outcomes[inside & refuted & valued] = REFUTED
    outcomes[outside] = OUTSIDE
    return Decisions(outcomes, *_gaps(pairs, claim.sign, size), points.slow)


def compared(left: Any, relation: str, right: Any) -> tuple[Any, Any]:
    """Where a relation is certainly true, and where it is certainly false."""
    if is_exact(left) and is_exact(right):
        found = compare(left, relation, right)
        return found is True, found is False
    a, b = Spans.of(left), Spans.of(right)
    if relation == "==":
        return False, (a.upper < b.lower) | (a.lower > b.upper)
    if relation in (">", ">="):
        a, b = b, a
    return below(a, b, strict=relation in ("<", ">"))


def _narrow(pairs: list[tuple[Any, Any]], scale: Any) -> Any:
    spans = [Spans.of(x) for pair in pairs for x in pair]
    if scale is None:
        size = spans[0].sizes
        for x in spans[1:]:
            size = np.maximum(size, x.sizes)
    else:
        size = Spans.of(scale).lower
    limit = np.nextafter(size * EQUALITY_WIDTH, 0.0)
    found: Any = np.isfinite(limit)
    for x in spans:
        found = found & (x.widths <= limit)
    return found


def _gaps(pairs: list[tuple[Any, Any]], sign: str, size: int) -> tuple[FloatArray, FloatArray]:
    """The margins and ratios, estimates of what :mod:`gembounds.referee.margin`, graded, and
    ``ratio`` give."""
    margins, ratios = np.full(size, np.inf), np.full(size, np.inf)
    if sign == "==":
        return margins, np.full(size, np.nan)
    for left, right in pairs:
        small, large = (left, right) if sign in ("<", "<=") else (right, left)
        if is_exact(small) and is_exact(large):
            continue
        low, high = Spans.of(small).lower, Spans.of(large).upper
        known = np.isfinite(low) & np.isfinite(high)
        ratio = np.where((low > 0) & (high > 0), np.log(high / low), np.inf)
        gap = np.where(high > low, apart(np.log10(high - low)), -SPLIT)
        gap = np.where((low < 0) & (high < 0), np.log(low / high), gap)
        gap = np.where((low > 0) & (high > 0), ratio, gap)
        gap = np.where(known & (low != high), np.clip(gap, -SPLIT, SPLIT), np.inf)
        margins = np.minimum(margins, np.where(np.isnan(gap), np.inf, gap))
        ratio = np.where(known, ratio, np.inf)
        ratios = np.minimum(ratios, np.where(np.isnan(ratio), np.inf, ratio))
    return margins, np.where(np.isfinite(ratios), ratios / np.log(10), np.nan)


def apart(log10: Any) -> Any:
    """The graded margin, ``SPLIT``/2 to ``SPLIT``, of sides that are 10^``log10`` apart."""
    return SPLIT * (0.75 + np.clip(log10, -324.0, 308.0) / 1300)


def why_singly(claim: Claim, batch: Batch) -> str | None:
    """Why a claim is not decided in arrays; None where it is."""
    if claim.failure_probability:
        return "its sides come from random draws"
    try:
        decide_many(claim, batch)
    except (Singly, InputError) as why:
        return str(why)
    return None
