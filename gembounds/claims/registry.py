"""All claims, found in the modules of this package: each defines ``CLAIMS``, a tuple."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Sequence
from functools import cache

import gembounds.claims
from gembounds.claims.record import Claim
from gembounds.errors import InputError

_NOT_CLAIMS = ("record", "registry")


@cache
def all_claims() -> dict[str, Claim]:
    """Every claim by its id, in natural order (lemma-9 before lemma-11)."""
    return indexed([claim for claims in _by_module().values() for claim in claims])


@cache
def _by_module() -> dict[str, tuple[Claim, ...]]:
    found: dict[str, tuple[Claim, ...]] = {}
    for module in pkgutil.iter_modules(gembounds.claims.__path__):
        if module.name not in _NOT_CLAIMS:
            loaded = importlib.import_module(f"gembounds.claims.{module.name}")
            found[module.name] = tuple(getattr(loaded, "CLAIMS", ()))
    return found


def module_of(claim_id: str) -> str:
    """The name of the module below ``gembounds.claims`` that defines the claim."""
    get(claim_id)
    return next(m for m, claims in _by_module().items() if any(c.id == claim_id for c in claims))


def indexed(claims: Sequence[Claim]) -> dict[str, Claim]:
    """``claims`` by id, in natural order.

    Raises :class:`InputError` where two share an id, or one repairs a claim that is not there.
    """
    found: dict[str, Claim] = {}
    for claim in claims:
        if claim.id in found:
            raise InputError(f"two claims have the id {claim.id!r}: rename one")
        found[claim.id] = claim
    for claim in claims:
        if claim.repairs is not None and claim.repairs not in found:
            raise InputError(f"{claim.id} repairs {claim.repairs!r}, which is not a claim")
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def get(claim_id: str) -> Claim:
    """The claim of that id; raises :class:`InputError` naming near misses."""
    claims = all_claims()
    if claim_id not in claims:
        raise _unknown(claim_id)
    return claims[claim_id]


def select(ids: Sequence[str] = ()) -> list[Claim]:
    """The claims of these ids, all when there are none, each once; a statement's id
    (``theorem-14``) selects its links (``theorem-14.1``, ``theorem-14.2``)."""
    claims = all_claims()
    if not ids:
        return list(claims.values())
    chosen: dict[str, Claim] = {}
    for wanted in ids:
        if wanted in claims:
            chosen[wanted] = claims[wanted]
            continue
        links = {k: c for k, c in claims.items() if re.fullmatch(re.escape(wanted) + r"\.\d+", k)}
        if not links:
            raise _unknown(wanted)
        chosen.update(links)
    return list(chosen.values())


def _unknown(claim_id: str) -> InputError:
    near = difflib.get_close_matches(claim_id, all_claims(), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`gembounds list` shows all ids"
    return InputError(f"unknown claim {claim_id!r}: {hint}")


def _natural(claim_id: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", claim_id)
    return [(int(p), "") if p.isdigit() else (-1, p) for p in parts]
