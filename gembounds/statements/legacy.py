"""A claim: one link of one statement, with both sides, domain, generator and provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part, conditions, part
from gembounds.statements.logic import ORDERS as RELATIONS
from gembounds.statements.logic import Tri
from gembounds.tools.errors import InputError

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gembounds.statements.operations import Operations

FORMS = ("printed", "repaired", "sharpened")

Constants = Mapping[str, Fraction]
Side = Callable[["Operations", Point, Constants], Any]
Domain = Callable[["Operations", Point], Tri]
Generator = Callable[[], "SearchStrategy[Point]"]


@dataclass(frozen=True)
class Claim:
    """``lhs relation rhs`` for every point of the domain.

    Attributes
    ----------
    id : str
        ``lemma-11``, ``eq-39c``, ``theorem-14.2`` (a link); other forms append ``-repaired``...
    form : "printed", "repaired" or "sharpened"
    source : str
        Where in the paper.
    text : str
        The statement on one line.
    relation : "<=", ">=", "<", ">" or "=="
    lhs, rhs : (ops, point, constants) -> side
        A side is an exact ``Fraction``, a ball, or nested lists of them: every entry of one
        side stands in the relation to its entry of the other (a single entry serves for all).
    domain : (ops, point) -> True, False or None
        Certified membership in the domain that the statement gives: True and False are proofs.
        Never raises for a point that is a mixture and parameters of the right kind.
    generator : () -> Hypothesis strategy of :class:`Point`
        Reaches the whole domain, inside it by construction.
    constants : name -> Fraction
        The numbers in the statement that can be moved, handed to the sides.
    uses : ids of the claims that its proof uses
    repairs : id of the claim it replaces, for repaired and sharpened forms
    min_points : int
        Decided on fewer points than this, the claim counts as not checked.
    cost : float
        How many times fewer points than usual are drawn (for claims with slow sides).
    failure_probability : float
        Where the sides come from random draws: with at most this probability over the draws,
        their balls miss. Then the verdict is ``statistical``, and no certificate is made.
    """

    id: str
    source: str
    text: str
    relation: str
    lhs: Side
    rhs: Side
    domain: Domain
    generator: Generator
    form: str = "printed"
    constants: Constants = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    repairs: str | None = None
    scale: Side | None = None
    min_points: int = 50
    cost: float = 1.0
    failure_probability: float = 0.0
    home: str = ""
    module: str = ""
    when: tuple[Any, ...] = ()
    expect: str | None = None
    best: Mapping[str, Any] = field(default_factory=dict)
    judges: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise InputError(f"{self.id} has form {self.form!r}: give one of {', '.join(FORMS)}")
        if self.relation not in RELATIONS:
            raise InputError(
                f"{self.id} has relation {self.relation!r}: give one of {', '.join(RELATIONS)}"
            )
        if (self.form == "printed") != (self.repairs is None):
            raise InputError(f"{self.id}: a claim that is not printed names the one it repairs")

    @property
    def sign(self) -> str:
        return self.relation

    def inside(self, ops: Any, point: Point) -> Tri:
        return self.domain(ops, point)

    def parts(self, ops: Any, point: Point) -> Iterator[Part]:
        from gembounds.statements.conditions import parts_of

        return parts_of(self.domain, ops, point)

    def pairs(self, ops: Any, point: Point) -> list[tuple[Any, Any]]:
        from gembounds.statements.logic import paired

        sides = (side(ops, point, self.constants) for side in (self.lhs, self.rhs))
        return paired(*sides)

    def with_constants(self, **changes: Fraction) -> Claim:
        """The same claim with some of its constants moved."""
        unknown = sorted(set(changes) - set(self.constants))
        if unknown:
            known = ", ".join(sorted(self.constants)) or "none"
            raise InputError(f"{self.id} has no constant {unknown[0]!r}: it has {known}")
        return replace(self, constants={**self.constants, **changes})


@conditions
def has_mixture(ops: Operations, point: Point) -> Iterator[Part]:
    """The paper's setting: a mixture of n >= 2 components (weights are positive already)."""
    yield part("n >= 2", 0 if point.mixture is None else point.mixture.n, ">=", 2)
