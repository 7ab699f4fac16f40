"""Claims from Python: one decided at a mixture, checked at many points, its constants measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.referee import check as checking
from gembounds.referee.proofs import said
from gembounds.referee.report.text import number
from gembounds.referee.report.text import point as point_text
from gembounds.referee.show import shown_side
from gembounds.statements.claim import Claim
from gembounds.statements.decide import Decision
from gembounds.statements.decide import decide as decide_at
from gembounds.tools.errors import InputError, check_whole
from gembounds.tools.tables import table
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown

if TYPE_CHECKING:
    from gembounds.referee.bracket import Bracket


def decide(
    claim: Claim, mix: Mixture | Point | None = None, *, data: Mixture | None = None,
    **parameters: Any,
) -> Decision:  # fmt: skip
    """Decide ``claim`` at one configuration, escalating from float64 to 1024 bits.

    ``mix`` is a :class:`gembounds.Mixture` (None where the claim speaks of none), ``data`` that
    of a claim whose domain draws model and data (None for others, which know theirs), and
    ``parameters`` are the claim's, by name: numbers (float, int, Fraction, str), a list of d for a
    vector, n lists of d for a displacement. The :class:`Decision` has ``outcome``: "holds",
    "refuted", "consistent" (an equality that is not told apart), "undecided", "outside" the
    domain, or "undefined" (a division by 0); and both sides, as ``pairs``.

    Raises :class:`InputError` for a claim, mixture or parameter that is none.
    """
    return decide_at(_claim(claim), _point(claim, mix, data, parameters))


@dataclass(frozen=True)
class Checked:
    """What :func:`check` found.

    ``verdict`` is "refuted", "holds" (at every point decided), "consistent", "proved" or
    "undecided"; ``by`` says how it is proved: "hand", "arithmetic", "enumeration", or None;
    ``witness`` the mixture at which the claim is false, with its ``parameters`` (None where it is
    not refuted, or speaks of no mixture) and, of a claim over data, the ``data`` there,
    ``certificate`` what anybody can re-check
    (``gembounds verify``); ``nearest_ratio`` and ``max_ratio`` the larger side over the smaller
    one at the nearest and at the loosest point; ``checked``, ``undecided`` and ``undefined`` count
    points; ``result`` has everything that ``gembounds check --json`` gives.
    """

    claim: Claim
    verdict: str
    by: str | None
    witness: Mixture | None
    parameters: Mapping[str, Any]
    certificate: dict[str, Any] | None
    nearest_ratio: float | None
    max_ratio: float | None
    checked: int
    undecided: int
    undefined: int
    result: dict[str, Any]
    data: Mixture | None = None

    @property
    def as_expected(self) -> bool:
        """Whether this is the verdict that the claim expects."""
        return checking.exit_status([{**self.result, "paper": None}]) == 0

    def _rows(self) -> list[tuple[str, str]]:
        rows = [("verdict", said(self.result))]
        if self.result["proof"] and self.result["unproved"]:
            rows.append(("not proved", self.result["unproved"]))
        if self.certificate is not None:
            rows.append(("witness", point_text(self.certificate["point"])))
            sides = [shown_side(self.certificate[name]) for name in ("lhs", "rhs")]
            rows.append(("sides", f" {self.claim.sign} ".join(sides) + "  is false"))
        for name in ("nearest_ratio", "max_ratio"):
            value = getattr(self, name)
            if value is not None:
                words = "nearest ratio" if name == "nearest_ratio" else "largest ratio"
                rows.append((words, number(value)))
        counts = [f"{self.checked} decided", f"{self.undecided} undecided"]
        if self.undefined:
            counts.append(f"{self.undefined} undefined")
        return [*rows, ("points", ", ".join(counts))]

    def __str__(self) -> str:
        return table([(self.claim.id, self.claim.text), *self._rows()]).rstrip()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in self._rows()
        )
        return (
            f"<table><caption>{escape(self.claim.id)}: ${escape(self.claim.latex)}$</caption>"
            f"{rows}</table>"
        )


def check(claim: Claim, *, points: int | None = None, seed: int = 0, jobs: int = 1) -> Checked:
    """Look for a configuration at which ``claim`` is false: at ``points`` drawn ones (160 by
    default), and from the nearest of them by an optimiser. Deterministic by ``seed``.

    Raises :class:`InputError` for a claim that is none, or numbers out of range.
    """
    (result,) = checking.run(claims=[_claim(claim)], points=points, seed=seed, jobs=jobs)
    proof = result["certificate"]
    found = None if proof is None else claim.placed(Point.from_json(proof["point"]))
    return Checked(
        claim,
        result["verdict"],
        result["by"],
        None if found is None else found.mixture,
        {} if found is None else dict(found.parameters),
        proof,
        result["nearest_ratio"],
        result["max_ratio"],
        result["checked"],
        result["undecided"],
        result["undefined"],
        result,
        None if found is None else found.data,
    )


@dataclass(frozen=True)
class Constants:
    """What :func:`tightness` found: ``rows`` as ``gembounds tightness --json`` gives them, one a
    constant, with ``certified_lower`` and ``certified_upper``, the ends of its best value."""

    claim: Claim
    rows: list[dict[str, Any]]

    def __getitem__(self, constant: str) -> dict[str, Any]:
        return next(row for row in self.rows if row["constant"] == constant)

    def __str__(self) -> str:
        from gembounds.referee.tightness.record import format_table

        return format_table(self.rows).rstrip()

    __repr__ = __str__


def tightness(
    claim: Claim, constant: str | None = None, box: Any = None, *, quick: bool = False,
    seed: int = 0, width: float = 1e-3, jobs: int = 1,
) -> Constants | Bracket:  # fmt: skip
    """How loose each constant of an inequality is: an interval for its best value.

    Where the claim names no constant, a factor on the side claimed larger is taken for one:
    ``lhs <= factor * rhs``, 1 as claimed. ``constant`` asks for one of several. Without a box
    the one end is what the search found, and the other what is proved by hand, if anything is.
    With a ``box`` (an object as in BOX.json) both ends are certified, at most ``width`` apart
    where that is reached: the best value on the box, a
    :class:`gembounds.referee.bracket.Bracket`.

    Raises :class:`InputError` for an equality, a constant or a box that is none, and a seed
    that is none."""
    from gembounds.referee.bracket import bracket
    from gembounds.referee.tightness.run import rows_of_claim

    check_whole("seed", seed, 0)
    if box is not None:
        return bracket(_claim(claim), constant, box, width=width, jobs=jobs)
    rows = [row.to_json() for row in rows_of_claim(_claim(claim), seed, quick)]
    if constant is not None:
        known = [row["constant"] for row in rows]
        if constant not in known:
            raise InputError(
                f"{claim.id} has no constant {shown(constant)}: it has {', '.join(known)}"
            )
        rows = [row for row in rows if row["constant"] == constant]
    return Constants(claim, rows)


def _claim(claim: Any) -> Claim:
    if not isinstance(claim, Claim):
        raise InputError(f"{shown(claim)} is no gembounds.Claim: give one")
    return claim


def _point(claim: Claim, mix: Any, data: Any, parameters: Mapping[str, Any]) -> Point:
    if isinstance(mix, Point):
        return mix
    if mix is not None and not isinstance(mix, Mixture):
        raise InputError(f"mix is {shown(mix)}: give a gembounds.Mixture")
    if data is not None and not isinstance(data, Mixture):
        raise InputError(f"data is {shown(data)}: give a gembounds.Mixture, or None")
    known = claim.parameters
    for name in parameters:
        if name not in known:
            raise InputError(f"{claim.id} has no parameter {name!r}: it has {', '.join(known)}")
    for name in known:
        if name not in parameters:
            raise InputError(f"{claim.id} is about {name}: give {name}=...")
    values = {name: _value(value, name, known[name].kind) for name, value in parameters.items()}
    return Point(mix, values, data)


def _value(value: Any, name: str, kind: str) -> Any:
    if kind in ("vector", "displacement"):
        inner = "vector" if kind == "displacement" else "real"
        try:
            items = list(value)
        except TypeError:
            raise InputError(f"{name} is {shown(value)}: give a list") from None
        return tuple(_value(x, f"{name}[{k}]", inner) for k, x in enumerate(items))
    number_ = exact_number(value, name)
    if kind != "integer":
        return number_
    if number_.denominator != 1:
        raise InputError(f"{name} is {shown(value)}: give a whole number")
    return int(Fraction(number_))
