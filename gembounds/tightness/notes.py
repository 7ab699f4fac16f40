"""A sentence on what stands between the two ends of a constant, where something does."""

from __future__ import annotations

from gembounds.tightness.certify import Certified
from gembounds.tightness.critical import Constant
from gembounds.tightness.proofs import Proof

EXPONENT = (
    "The family of one far mean tends to 1/8 and the proof gives 1/2: it bounds E psi_i by its "
    "value at mu_i/2, where other components may be as likely, and then squares E psi_i."
)
SMOOTH = (
    "The proof bounds |<x, delta>| by |x| |delta|, hence the sqrt(d); a bound that does not "
    "depend on d needs the means' displacements in few directions."
)

NOTES: dict[tuple[str, str], str] = {
    ("lemma-11", "exponent"): EXPONENT,
    ("lemma-11-sharpened", "exponent"): EXPONENT,
    ("lemma-12.2", "exponent"): EXPONENT,
    ("lemma-12.2-sharpened", "exponent"): EXPONENT,
    ("lemma-12-case-1", "exponent"): EXPONENT,
    ("eq-34", "exponent"): EXPONENT,
    ("eq-37", "exponent"): EXPONENT,
    ("theorem-13-repaired", "root"): f"No positive value is refuted where searched. {SMOOTH}",
    ("theorem-13-repaired", "mean"): SMOOTH,
    ("theorem-13-sharpened", "factor"): (
        "Means far out with tiny displacements to and fro give 1/2; the proof adds the worst "
        "cases of psi_i' and of sum_k |psi_k'|, which do not occur together."
    ),
    ("lemma-15-repaired", "far"): (
        "Means at 10, 10 (or -10) and 0 on the line; the proof bounds E psi_i psi_k by "
        "exp(-z^2/2), z = 19/4, where a Gaussian tail is several times smaller."
    ),
    ("lemma-11", "inner"): "The term may be dropped: 0 holds.",
    ("lemma-12.2", "inner"): "The term may be dropped: 0 holds.",
    ("lemma-12-case-1", "inner"): "The term may be dropped: 0 holds.",
}


def note_of(
    claim: str,
    name: str,
    constant: Constant | None,
    certified: Certified | None,
    proof: Proof | None,
) -> str | None:
    """The note of a constant; None where both ends are proved to meet."""
    if (claim, name) in NOTES:
        return NOTES[claim, name]
    if constant is None:
        return "Moving it changes nothing at the points drawn."
    if certified is None:
        return "No value is refuted at any point searched, however far it is moved."
    if proof is None:
        return "No argument on record gives a constant that holds beyond the paper's own proof."
    return None
