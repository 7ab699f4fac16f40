"""The map of the proof: which claims each proof uses, and what a refuted step leaves standing.

A claim's ``uses`` names the claims of its proof; a statement's id (``theorem-14``) stands for all
its links. Given verdicts, a claim is

- ``refuted`` itself, or
- ``affected``: its proof rests, at any depth, on a refuted claim (which refutes nothing), or
- ``sound``: nothing refuted below it.

A refuted or affected claim is *carried* by a claim that says the same or more (a sharpened form of
it) or what is true instead (a repaired form), not refuted itself, with nothing refuted below it:
the argument goes through there. A sharpened form is a proof of the printed claim as well.
Steps that have no such form keep it ``open``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gembounds.statements.argument import resolved
from gembounds.statements.claim import Claim

CARRYING = ("proved", "holds", "consistent")
"""Verdicts that a form must have to carry an argument."""


@dataclass(frozen=True)
class Standing:
    """How a claim stands: ``status`` is "sound", "affected" or "refuted".

    ``broken`` are the refuted claims below it, ``through`` the claims that it uses directly and
    that are refuted or affected. ``carried_by`` are the forms through which the argument goes
    (see above), sharpened ones first, and before them the claim itself where it is proved, by
    another argument than the one affected; ``open`` are the refuted claims below it, itself
    included, that no repaired or sharpened form replaces.
    """

    status: str
    broken: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    carried_by: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def graph(claims: Mapping[str, Claim]) -> dict[str, tuple[str, ...]]:
    """The ids that each claim's proof uses, links written out.

    Raises :class:`InputError` where an id is not a claim or a statement, or a proof uses itself.
    """
    return resolved({c.id: c.uses for c in claims.values()}, claims, "its `uses`")


def below(claim_id: str, uses: Mapping[str, Iterable[str]]) -> set[str]:
    """Every claim that the proof of ``claim_id`` rests on, at any depth."""
    seen: set[str] = set()
    waiting = list(uses[claim_id])
    while waiting:
        used = waiting.pop()
        if used not in seen:
            seen.add(used)
            waiting += uses[used]
    return seen


def standings(claims: Mapping[str, Claim], verdicts: Mapping[str, str]) -> dict[str, Standing]:
    """How every claim stands, given the verdicts by id (a missing one counts as undecided)."""
    uses = graph(claims)
    foundations = {name: below(name, uses) for name in claims}
    refuted = {name for name in claims if verdicts.get(name) == "refuted"}
    firm = {
        name for name in claims
        if verdicts.get(name) in CARRYING and not foundations[name] & refuted
    }  # fmt: skip
    forms: dict[str, list[str]] = {name: [] for name in claims}
    for claim in sorted(claims.values(), key=lambda c: c.form != "sharpened"):
        if claim.repairs is not None:
            forms[claim.repairs].append(claim.id)

    found = {}
    for name in claims:
        broken = foundations[name] & refuted
        status = "refuted" if name in refuted else "affected" if broken else "sound"
        concerned = broken | ({name} & refuted)
        found[name] = Standing(
            status,
            _ordered(broken, claims),
            tuple(u for u in uses[name] if u in refuted or foundations[u] & refuted),
            ()
            if status == "sound"
            else (
                *([name] if verdicts.get(name) == "proved" else ()),
                *(f for f in forms[name] if f in firm),
            ),
            _ordered((b for b in concerned if not set(forms[b]) & firm), claims),
        )
    return found


def _ordered(names: Iterable[str], claims: Mapping[str, Claim]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(name for name in claims if name in wanted)
