"""A sentence on what stands between the two ends of a constant, where something does."""

from __future__ import annotations

from gembounds.referee.tightness.certify import Certified
from gembounds.referee.tightness.critical import REACH, Constant
from gembounds.statements.best import Proof


def note_of(
    note: str | None,
    constant: Constant | None,
    certified: Certified | None,
    proof: Proof | None,
) -> str | None:
    """The note of a constant; None where a proof and a witness or a limit leave no gap."""
    if note is not None:
        return note
    if certified is not None and constant is not None and _hopeless(constant, certified):
        return "Every value that was tried is refuted there, however weak it makes the claim."
    if proof is not None and (proof.sharp or proof.limit is not None):
        return None
    if constant is None:
        return "Moving it changes nothing at the points drawn."
    if certified is None:
        return "No value is refuted at any point searched, however far it is moved."
    if proof is None and constant.claim.form != "stated":
        return "No argument on record gives a constant that holds beyond the paper's own proof."
    return None


def _hopeless(constant: Constant, certified: Certified) -> bool:
    """Whether the witness refutes values to the end of those sought."""
    return constant.claimed > 0 and constant.place(certified.value) < 1 - REACH
