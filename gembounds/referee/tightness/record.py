"""One row of the answer: a constant, the two ends of its best value, and what shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from gembounds.tools.tables import table

STRONGER = {1: "larger", -1: "smaller"}


@dataclass(frozen=True)
class Row:
    """The best value of ``constant`` in ``claim``, other constants as printed, lies in
    [certified_lower, certified_upper].

    Where a smaller constant makes a stronger statement (``stronger``), no constant below
    certified_lower can hold: it is refuted at ``witness``, by ``witness_value``, or by the proof;
    and certified_upper holds everywhere, by the argument that ``proof`` names. Where a larger one
    is stronger the ends change places. Either is null where nothing is certified.
    ``claimed_exact`` and ``witness_value`` are rationals, as strings. ``attained``: some point has
    equality at the best value and at no other (null: not known). ``limit_estimate`` is
    extrapolated (along ``along`` where that is given): never evidence. ``slack`` is the claimed
    value over the best one known, or its inverse, whichever is said to be at least 1.
    ``sharpened`` lists the stronger statements on record (for Theorem 2 the larger rate).
    """

    claim: str
    paper: str | None
    form: str
    source: str
    statement: str
    constant: str
    claimed: float
    claimed_exact: str
    stronger: str | None
    certified_lower: float | None
    certified_upper: float | None
    attained: bool | None
    limit_estimate: float | None
    slack: float | None
    witness: dict[str, Any] | None
    witness_value: str | None
    family: str | None
    along: list[dict[str, Any]]
    proof: str | None
    note: str | None
    sharpened: list[dict[str, str]]
    seconds: float | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def slack(claimed: Fraction, best: float | None, stronger: str | None) -> float | None:
    """How many times weaker the claimed constant is than the best one known; null for 0."""
    if best is None or best <= 0 or claimed <= 0:
        return None
    ratio = float(claimed) / best
    return ratio if stronger == "smaller" else 1 / ratio


def format_table(rows: Sequence[dict[str, Any]]) -> str:
    """A line a constant: claimed, both ends, slack, limit, family."""
    head = ("claim", "constant", "claimed", "best from", "to", "slack", "limit", "family")
    rows_of = [head]
    for r in rows:
        rows_of.append((
            r["claim"], r["constant"], r["claimed_exact"],
            _number(r["certified_lower"]), _number(r["certified_upper"]),
            _number(r["slack"], 4), _number(r["limit_estimate"], 6), r["family"] or "-",
        ))  # fmt: skip
    return table(rows_of)


def _number(x: float | None, digits: int = 11) -> str:
    return "-" if x is None else f"{x:.{digits}g}"
