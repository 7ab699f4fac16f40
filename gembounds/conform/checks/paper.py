"""The paper's statements with the core's values on both sides: ``paper-lemma-11``, ...

Each is one that holds (the repaired form where the printed one is refuted). The core's values
enter as intervals as wide as its error may be; a side that is certainly on the wrong side fails.
The points are the claim's own, rounded to float64, in at most ``MAX_D`` dimensions.
"""

from __future__ import annotations

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, At, Check, Finding
from gembounds.conform.core_operations import CoreOperations
from gembounds.conform.domains import CLAIM
from gembounds.conform.protocol import Core
from gembounds.conform.truth import Truth
from gembounds.statements import library
from gembounds.statements.logic import compare, paired
from gembounds.tools.errors import RankError
from gembounds.values.display import interval_text
from gembounds.values.enclosure import float_ends

STATEMENTS = {
    "theorem-14.1": ("loss",),
    "lemma-9.2-repaired": ("gradient",),
    "corollary-10.2-repaired": ("psi_tilde_norm2",),
    "lemma-11": ("psi_tilde_norm2",),
    "lemma-12-case-1": ("psi_tilde_norm2",),
    "lemma-12-case-2.1": ("psi_tilde_norm2",),
    "lemma-20": ("psi_tilde_norm2",),
    "eq-6-repaired": ("psi_tilde_norm2",),
    "eq-23a.2": ("psi_tilde_norm2",),
    "eq-36-repaired": ("gradient", "psi_tilde_norm2"),
    "eq-38": ("gradient",),
    "eq-31prime.1": ("gradient",),
    "eq-34": ("gradient", "loss"),
    "theorem-13-repaired": ("overlaps",),
    "eq-40": ("gradient",),
    "footnote-1": ("overlaps",),
    "eq-8": ("psi",),
    "eq-12": ("psi",),
    "eq-15-repaired": ("psi",),
    "eq-16-repaired": ("psi",),
    "eq-21": ("psi",),
    "eq-22": ("psi",),
}
"""Claims that hold, and the functions that their sides ask for."""


def _at(claim_id: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        claim, point = library.get(claim_id), case.point
        ops = CoreOperations(core)
        with ops.precision():
            try:
                if claim.inside(ops, point) is not True:
                    return Finding("undecided")
                left = claim.lhs(ops, point, claim.constants)
                right = claim.rhs(ops, point, claim.constants)
            except RankError:
                return Finding("undecided")
            except ValueError as error:  # a side is cut to what a proven bound leaves of it
                if "empty intersection" not in str(error):
                    raise
                return Finding("failed", None, (
                    f"{claim.source}: {claim.text}\n"
                    "a side, with the core's values, is disjoint from what holds for every mixture"
                ))  # fmt: skip
            pairs = paired(left, right)
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
        id=f"paper-{claim_id}",
        kind="paper",
        text=f"{library.get(claim_id).source} with the core's values",
        functions=functions,
        domain=CLAIM + claim_id,
        at=_at(claim_id),
        points=8,
        quick=2,
    )
    for claim_id, functions in STATEMENTS.items()
)
