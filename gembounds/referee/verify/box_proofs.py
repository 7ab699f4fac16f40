"""Confirming a proof over a box: every leaf shown again, in whole numbers.

The checker (:mod:`gembounds.referee.verify.boxes`) asks for nothing but the standard library; it
shares the trees' JSON and the way the box is cut with what made the proof. Here it is also made
sure that the trees are those of the claim, where a paper has it, and that the text is what they
print. What is decided in place of a relation is only believed to come to the same of a paper's
claims, which tests hold to it."""

from __future__ import annotations

import json
import math
import zlib
from functools import lru_cache
from typing import Any

from gembounds.proving.record import about
from gembounds.referee.verify.boxes.check import check
from gembounds.statements.library import collection
from gembounds.statements.pairs import has_data
from gembounds.statements.paper import papers
from gembounds.statements.serial import claim_from_json
from gembounds.tools.errors import InputError
from gembounds.tools.workers import Workers, in_order, pool
from gembounds.values.numerals import shown

FIELDS = {
    "gembounds": int, "claim": str, "paper": (str, type(None)), "text": str, "tree": dict,
    "constants": dict, "statement": str, "box": dict, "proof": str, "rules": list, "splits": str,
    "leaves": str, "duals": str, "digest": str,
}  # fmt: skip

MANY, PIECE = 200, 2000
"""Leaves from which on processes share the work, and those of a share (a choice)."""

WRONG = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError,
    ValueError, zlib.error,
)  # fmt: skip
"""What content that is no proof makes the checker raise."""


def is_proof(data: Any) -> bool:
    """Whether a certificate is one of a proof over a box."""
    return isinstance(data, dict) and data.get("proof") == "box"


def check_form(data: dict[str, Any]) -> None:
    """Raises :class:`InputError` where a field is missing, unknown, or of another type."""
    for name, kind in FIELDS.items():
        if name not in data:
            raise InputError(f"has no {name!r}; give a certificate")
        if not isinstance(data[name], kind):  # type: ignore[arg-type]
            raise InputError(
                f"{name} is {shown(data[name])}: its type is another in a certificate"
            )
    unknown = sorted(set(data) - set(FIELDS))
    if unknown:
        raise InputError(f"has the unknown field {shown(unknown[0])}; give a certificate")


def confirm_proof(data: dict[str, Any], jobs: int | Workers = 2) -> list[str]:
    """What is wrong with a proof's certificate, in words: nothing if every leaf is shown again."""
    try:
        wrong, leaves, text = _statement(data), len(data["leaves"]), json.dumps(data)
    except WRONG as error:
        return [_no_proof(error)]
    if wrong:
        return wrong
    parts = 1 if leaves <= MANY else max(2, math.ceil(leaves / PIECE))
    with pool(jobs, parts) as workers:  # what keeps it from being done says nothing of the proof
        shares = in_order(workers, ((_share, (text, k, parts)) for k in range(parts)))
        return list(dict.fromkeys(line for share in shares for line in share.result))


def _no_proof(error: BaseException) -> str:
    return f"it is no proof: {type(error).__name__}: {' '.join(str(error).split())[:300]}"


def _statement(data: dict[str, Any]) -> list[str]:
    if data["paper"] is None:
        claim = claim_from_json(data["claim"], data["tree"])
        if claim.decided_by is not None:
            return [f"it is about {claim.decided_by}, not about {claim.relation}"]
    elif data["paper"] not in papers():
        return [f"the paper {data['paper']} is not installed"]
    elif data["claim"] not in (own := collection(data["paper"])):
        return [f"{data['paper']} has no claim {data['claim']}"]
    else:
        claim = own[data["claim"]]
    if has_data(claim):
        return ["it is about data: expectations are over N(0, I) in a proof over a box"]
    claim = claim.with_constants(**data["constants"])
    wrong = [name for name, value in about(claim).items() if data[name] != value]
    return [f"its {wrong[0]} is not that of the claim: {claim.text}"] if wrong else []


def _share(task: tuple[str, int, int]) -> list[str]:
    text, k, parts = task
    try:
        return check(_read(text), only=(k, parts))
    except WRONG as error:
        return [_no_proof(error)]


@lru_cache(maxsize=1)
def _read(text: str) -> Any:
    return json.loads(text)
