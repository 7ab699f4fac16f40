"""The paper's statements with the core's values on both sides: ``paper-lemma-11``, ...

Each is one that holds (the repaired form where the printed one is refuted). The core's values
enter as intervals as wide as its error may be; a side that is certainly on the wrong side fails.
The points are the claim's own, rounded to float64, in at most ``MAX_D`` dimensions.
"""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, At, Check, Finding
from gembounds.conform.core import Core
from gembounds.conform.core_operations import CoreOperations
from gembounds.conform.domains import CLAIM
from gembounds.conform.truth import Truth
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.evaluate import Undefined
from gembounds.statements.logic import compare
from gembounds.statements.pairs import has_data
from gembounds.tools.errors import RankError
from gembounds.values.balls import float_ends
from gembounds.values.decimals import interval_text


def _at(claim: Claim) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        point = case.point
        ops = CoreOperations(core)
        with ops.precision():
            try:
                if claim.inside(ops, point) is not True:
                    return Finding("undecided")
                pairs = claim.pairs(ops, point)
            except (RankError, Undefined):
                return Finding("undecided")
            except ValueError as error:  # a side is cut to what a proven bound leaves of it
                if "empty intersection" not in str(error):
                    raise
                return Finding("failed", None, (
                    f"{claim.source}: {claim.text}\n"
                    "a side, with the core's values, is disjoint from what holds for every mixture"
                ))  # fmt: skip
            for k, pair in enumerate(pairs):
                if compare(pair[0], claim.sign, pair[1]) is False:
                    values = " and ".join(_shown(ops, side) for side in pair)
                    entry = f" at entry {k}" if len(pairs) > 1 else ""
                    return Finding("failed", None, (
                        f"{claim.source}: {claim.text}\n"
                        f"is false{entry} with the core's values: the sides are in {values}"
                    ))  # fmt: skip
        return PASSED

    return at


def _shown(ops: CoreOperations, side: object) -> str:
    return interval_text(*float_ends(ops.ball(side)))


CHECKS = tuple(
    Check(
        id=f"paper-{claim.id}",
        kind="paper",
        text=f"{claim.source} with the core's values",
        functions=claim.judges,
        domain=CLAIM + claim.id,
        at=_at(claim),
        points=8,
        quick=2,
    )
    for claim in library.select()
    if claim.judges and not has_data(claim)
)
"""One for each claim of an installed paper that judges cores."""
