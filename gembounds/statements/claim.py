"""A claim: a statement with its domain, its source, and all that is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements import pairs as of_data
from gembounds.statements.argument import Argument
from gembounds.statements.best import Best
from gembounds.statements.conditions import Part, within
from gembounds.statements.domain import MIXTURES, NUMBERS, Domain
from gembounds.statements.evaluate import Constants, Undefined, entries, evaluate
from gembounds.statements.logic import Tri, all_of, compare, paired
from gembounds.statements.printing import stated
from gembounds.statements.slip import Slip
from gembounds.statements.tree import Expr, Relation
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import exact_number, shown

FORMS = ("printed", "stated", "repaired", "sharpened", "auxiliary")

EXPECTED = ("refuted", "holds", "proved", "consistent", "undecided")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True, eq=False)
class Claim:
    """A relation that is claimed of every point of a domain.

    Attributes
    ----------
    id : str
        Letters, digits, ``-``, ``_`` and ``.``; also the name of its certificate's file.
    relation : Relation
        Two sides and what stands between them; it holds where it holds for every entry.
    when : Relation or tuple of them
        Conditions that restrict the domain: all hold.
    expect : "refuted", "holds", "proved", "consistent", "undecided" or None
        The verdict that is expected; "holds" is also met by the two that say more. Without it
        anything but "refuted" and "undecided" is.
    proof : Argument or None
        An argument for the whole domain.
    unproved : str
        Why there is none, in a sentence.
    source : str
        Where the statement stands.
    over : Domain
        Where its points come from: all mixtures, n >= 1 and d >= 1, if None.
    data : Mixture, Domain or None
        What expectations are over: a mixture, or those of a domain that draws model and data
        together; N(0, I) if None.
    form : "stated", "printed", "repaired", "sharpened" or "auxiliary" (what arguments rest on)
    repairs : id of the claim that a repaired or sharpened form replaces
    decided_by : Relation or None
        What is decided in place of ``relation``, by ``identity``: an equation that says why it
        comes to the same.
    uses : ids of the claims that its proof uses: as printed, or else those of ``proof``
    slip : Slip or None
        Of a refuted statement: what is wrong, how grave it is, what to write instead.
    best : constant -> Best
        What is proved about its best value, what tends to it, and where the ends do not meet.
    scale : Expr or None
        The size relative to which an equality's sides must be narrow, where they may vanish.
    judges : functions of a core
        The claim is held against numerical cores too; these functions are asked for.
    maps : names of maps of its looseness that the report draws
    min_points, cost : decided on fewer points, it counts as not checked; ``cost`` times fewer
        points than usual are drawn
    failure_probability : float
        Where sides come from random draws, the probability that their balls miss; the verdict
        is then "statistical", and no certificate is made.
    words : what the text begins with, where the domain's own does not say it
    home : the paper or file that the claim belongs to; set where it is loaded
    module : the module that defines it, likewise
    """

    id: str
    relation: Relation
    when: Relation | Sequence[Relation] | None = None
    expect: str | None = None
    source: str = ""
    over: Domain | None = None
    data: Mixture | Domain | None = field(default=None, kw_only=True)
    form: str = field(default="stated", kw_only=True)
    repairs: str | None = field(default=None, kw_only=True)
    decided_by: Relation | None = field(default=None, kw_only=True)
    identity: str = field(default="", kw_only=True)
    uses: tuple[str, ...] = field(default=(), kw_only=True)
    slip: Slip | None = field(default=None, kw_only=True)
    proof: Argument | None = field(default=None, kw_only=True)
    unproved: str = field(default="", kw_only=True)
    best: Mapping[str, Best] = field(default_factory=dict, kw_only=True)
    scale: Expr | None = field(default=None, kw_only=True)
    judges: tuple[str, ...] = field(default=(), kw_only=True)
    maps: tuple[str, ...] = field(default=(), kw_only=True)
    min_points: int = field(default=50, kw_only=True)
    cost: float = field(default=1.0, kw_only=True)
    failure_probability: float = field(default=0.0, kw_only=True)
    words: str = field(default="", kw_only=True)
    constants: Constants = field(default_factory=dict, kw_only=True)
    home: str = field(default="", kw_only=True)
    module: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not _ID.fullmatch(self.id):
            raise InputError(f"a claim's id is {shown(self.id)}: give letters, digits, - _ and .")
        put = object.__setattr__
        when: Any = self.when
        when = () if when is None else when
        put(self, "when", tuple(when) if isinstance(when, (tuple, list)) else (when,))
        given = [("relation", self.relation), *(("when", w) for w in self.conditions)]
        for name, relation in given:
            if not isinstance(relation, Relation):
                raise InputError(
                    f"{self.id}: {name} is {shown(relation)}, no relation between expressions: "
                    "compare two with <=, >=, <, > or equals(a, b)"
                )
        if self.form not in FORMS:
            raise InputError(f"{self.id} has form {self.form!r}: give one of {', '.join(FORMS)}")
        if self.expect not in (None, *EXPECTED):
            raise InputError(
                f"{self.id} expects {shown(self.expect)}: give one of {', '.join(EXPECTED)}"
            )
        if (self.form in ("repaired", "sharpened")) != (self.repairs is not None):
            raise InputError(f"{self.id}: a repaired or sharpened form names the one it repairs")
        if self.over is not None and not isinstance(self.over, Domain):
            raise InputError(f"{self.id}: over is {shown(self.over)}: give a Domain, or None")
        put(self, "over", of_data.domain_of(self))
        if self.slip is not None and self.repairs is not None:
            raise InputError(f"{self.id}: a slip belongs to the form as printed")
        if self.proof is not None and not isinstance(self.proof, Argument):
            raise InputError(f"{self.id}: proof is {shown(self.proof)}: give an Argument, or None")
        if self.proof is not None and self.form != "printed" and not self.uses:
            put(self, "uses", self.proof.claims)
        known = self.tree_constants
        put(self, "constants", {**known, **self.constants})
        self._check_parameters()
        for name in set(self.best) - set(known):
            raise InputError(f"{self.id} has no constant {name!r}: it has {', '.join(known)}")

    def _check_parameters(self) -> None:
        found: dict[str, Any] = {}
        for relation in self.relations:
            for name, parameter in relation.parameters.items():
                if found.setdefault(name, parameter) != parameter:
                    raise InputError(f"{self.id}: two parameters have the name {name!r}")

    @property
    def conditions(self) -> tuple[Relation, ...]:
        """``when``, as a tuple."""
        return self.when  # type: ignore[return-value]

    @property
    def severity(self) -> str | None:
        """That of its slip."""
        return None if self.slip is None else self.slip.severity

    # -- the trees -------------------------------------------------------------------------
    @property
    def relations(self) -> tuple[Relation, ...]:
        """All relations: the claim's own, what it is decided by, its conditions."""
        decided = () if self.decided_by is None else (self.decided_by,)
        return (self.relation, *decided, *self.conditions)

    @property
    def decided(self) -> Relation:
        """The relation whose sides are evaluated."""
        return self.relation if self.decided_by is None else self.decided_by

    @property
    def sign(self) -> str:
        """What stands between the sides that are evaluated."""
        return self.decided.sign

    @property
    def tree_constants(self) -> dict[str, Fraction]:
        """The named constants of the statement as the trees have them."""
        found: dict[str, Fraction] = {}
        for relation in self.relations:
            for name, value in relation.constants.items():
                if found.setdefault(name, value) != value:
                    raise InputError(f"{self.id}: the constant {name!r} has two values")
        return {**self.relation.constants, **self.decided.constants}

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that occur, by name."""
        return {k: p for r in self.relations for k, p in r.parameters.items()}

    @property
    def symbols(self) -> dict[str, Any]:
        """The symbols that occur, by name."""
        return {k: s for r in self.relations for k, s in r.symbols.items()}

    def with_constants(self, **changes: Any) -> Claim:
        """The same statement with some of its constants moved, of which nothing is proved."""
        unknown = sorted(set(changes) - set(self.constants))
        if unknown:
            known = ", ".join(sorted(self.constants)) or "none"
            raise InputError(f"{self.id} has no constant {unknown[0]!r}: it has {known}")
        exact = {name: Fraction(exact_number(x, name)) for name, x in changes.items()}
        return replace(self, constants={**self.constants, **exact}, proof=None)

    # -- text ------------------------------------------------------------------------------
    @property
    def text(self) -> str:
        """The statement on one line, with moved constants as they are."""
        return self._stated("text")

    @property
    def latex(self) -> str:
        """The statement in LaTeX."""
        return self._stated("latex")

    def _stated(self, style: str) -> str:
        before, given = [self.words, self.domain.text, of_data.text(self)], self.tree_constants
        moved = {k: x for k, x in self.constants.items() if given.get(k) != x}
        conditions = [stated(w, style, moved) for w in self.conditions]
        if style == "latex":
            words = [rf"\text{{{w}}}" for w in before if w]
            sep = r",\; "
            head = sep.join([*words, *conditions])
            return (rf"{head}:\quad " if head else "") + stated(self.relation, style, moved)
        head = ", ".join([*(w for w in before if w), *conditions])
        return (f"{head}: " if head else "") + stated(self.relation, style, moved)

    # -- evaluation ------------------------------------------------------------------------
    @property
    def domain(self) -> Domain:
        """Where the points come from, before parameters and conditions."""
        if self.over is not None:
            return self.over
        mixture = (
            self.data is not None
            or any(s.mixture for s in self.symbols.values())
            or any(p.kind in ("vector", "displacement") for p in self.parameters.values())
        )
        return MIXTURES if mixture else NUMBERS

    def lhs(self, ops: Any, point: Point, constants: Constants) -> list[Any]:
        """The entries of the left side, see :meth:`pairs`."""
        return entries(evaluate(self.decided.lhs, ops, self.placed(point), constants))

    def rhs(self, ops: Any, point: Point, constants: Constants) -> list[Any]:
        """The entries of the right side."""
        return entries(evaluate(self.decided.rhs, ops, self.placed(point), constants))

    def pairs(self, ops: Any, point: Point) -> list[tuple[Any, Any]]:
        """Both sides, entry by entry; raises :class:`Undefined` where one has no value."""
        return sides(self.decided, ops, self.placed(point), self.constants)

    def placed(self, point: Point) -> Point:
        """The point with the data that belong to it."""
        return of_data.placed(self, point)

    def parts(self, ops: Any, point: Point) -> Iterator[Part]:
        """The conditions of the domain in order, up to the first that is false."""
        for found in self.all_parts(ops, point):
            yield found
            if found.holds is False:
                return

    def all_parts(self, ops: Any, point: Point) -> Iterator[Part]:
        """The conditions of the domain in order."""
        yield from of_data.parts(self, point)
        point = self.placed(point)
        yield from self.domain.test(ops, point)
        for parameter in self.parameters.values():
            yield from within(parameter, point)
        for relation in self.conditions:
            text = relation.text
            try:
                pairs = sides(relation, ops, point, self.constants)
            except Undefined:
                yield Part(f"{text} (a side has no value)", False)
                return
            for left, right in pairs:
                yield Part(text, left, relation.sign, right)

    def inside(self, ops: Any, point: Point) -> Tri:
        """Certified membership in the domain: True and False are proofs."""
        return all_of(p.holds for p in self.parts(ops, point))


def sides(
    relation: Relation, ops: Any, point: Point, constants: Constants
) -> list[tuple[Any, Any]]:
    """Both sides of a relation, entry by entry."""
    left, right = (evaluate(e, ops, point, constants) for e in (relation.lhs, relation.rhs))
    return matched(relation, left, right)


def matched(relation: Relation, left: Any, right: Any) -> list[tuple[Any, Any]]:
    """The entries of the values of both sides side by side, along all axes of the relation."""
    import numpy as np

    if relation.lhs.axes == relation.rhs.axes or not (relation.lhs.axes and relation.rhs.axes):
        return paired(entries(left), entries(right))

    def spread(value: Any, axes: str) -> Any:
        return value[tuple(slice(None) if a in axes else None for a in relation.axes)]

    both = np.broadcast_arrays(spread(left, relation.lhs.axes), spread(right, relation.rhs.axes))
    return paired(*map(entries, both))


__all__ = ["Claim", "Constants", "compare", "matched", "sides"]
