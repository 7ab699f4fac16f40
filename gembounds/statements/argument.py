"""An argument that proves a claim on its whole domain: numbered steps, and what each rests on.

    Argument(
        Step("E|psi~|^2 <= E sum_i psi_i |mu_i|^2, since |.|^2 is convex and psi(x) are weights.",
             by=(JENSEN,), shows=mean_square <= total(expected_posterior * norms**2)),
        Step("Every |mu_i| is at most mu_max and the E psi_i add up to 1."),
    )

A claim with an argument is *proved by hand* where everything that the argument rests on is proved
itself, no step that it shows is refuted, and the claim is not refuted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from gembounds.statements.theorems import Theorem
from gembounds.statements.tree import Relation
from gembounds.tools.errors import InputError
from gembounds.values.numerals import shown

Named = str | Theorem


@dataclass(frozen=True, eq=False, init=False)
class Step:
    """One step of an argument.

    ``text`` says what follows and why, with the formula. ``by`` has what it rests on beside the
    steps before: ids of claims (a statement's id stands for all its links), and theorems.
    ``shows`` are relations that the step states at every point of the claim's domain, further
    cut by ``when``; they are decided at points as claims are. One may be given without a tuple.
    """

    text: str
    by: tuple[Named, ...]
    shows: tuple[Relation, ...]
    when: tuple[Relation, ...]

    def __init__(
        self,
        text: str,
        by: Named | Sequence[Named] = (),
        shows: Relation | Sequence[Relation] = (),
        when: Relation | Sequence[Relation] = (),
    ) -> None:
        if not isinstance(text, str) or not text.strip():
            raise InputError(f"a step's text is {shown(text)}: say what follows, and why")
        object.__setattr__(self, "text", text)
        relations = "relations between expressions"
        for name, given, kind, words in (
            ("by", by, (str, Theorem), "ids of claims or theorems"),
            ("shows", shows, Relation, relations),
            ("when", when, Relation, relations),
        ):
            found = tuple(given) if isinstance(given, (tuple, list)) else (given,)
            for x in found:
                if not isinstance(x, kind):
                    raise InputError(f"a step has {name} {shown(x)}: give {words}")
            object.__setattr__(self, name, found)


@dataclass(frozen=True, eq=False, init=False)
class Argument:
    """The steps, in order; the last one comes to the claim. Made of one :class:`Step` or more."""

    steps: tuple[Step, ...]

    def __init__(self, *steps: Step) -> None:
        if not steps or not all(isinstance(s, Step) for s in steps):
            raise InputError(f"an argument is made of {shown(steps)}: give Step, Step, ...")
        object.__setattr__(self, "steps", steps)

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids that it rests on."""
        return tuple(dict.fromkeys(x for s in self.steps for x in s.by if isinstance(x, str)))

    @property
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems that it rests on."""
        return tuple(dict.fromkeys(x for s in self.steps for x in s.by if isinstance(x, Theorem)))

    def to_json(self) -> list[dict[str, Any]]:
        """The steps: text, by (ids, and theorems with their references), shows and when."""
        return [
            {
                "text": " ".join(step.text.split()),
                "by": [x if isinstance(x, str) else str(x) for x in step.by],
                "shows": [str(r) for r in step.shows],
                "when": [str(r) for r in step.when],
            }
            for step in self.steps
        ]


def resolved(
    named: Mapping[str, Iterable[str]], claims: Iterable[str], where: str
) -> dict[str, tuple[str, ...]]:
    """The claims that each of ``named`` names, a statement's id written out as its links.

    Raises :class:`InputError` where an id is no claim or statement, or a chain of them is closed;
    ``where`` is what to correct.
    """
    known = tuple(claims)
    found = {
        by: tuple(dict.fromkeys(x for name in names for x in _links(name, by, known, where)))
        for by, names in named.items()
    }
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise InputError(f"a proof uses itself: {circle}; take one out of {where}") from None
    return found


def _links(name: str, by: str, claims: tuple[str, ...], where: str) -> tuple[str, ...]:
    if name in claims:
        return (name,)
    links = tuple(k for k in claims if re.fullmatch(re.escape(name) + r"\.\d+", k))
    if not links:
        raise InputError(f"{by} uses {name!r}, which is not a claim: correct {where}")
    return links
