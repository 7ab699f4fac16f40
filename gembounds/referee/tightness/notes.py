"""A sentence on what stands between the two ends of a constant, where something does."""

from __future__ import annotations

from gembounds.referee.tightness.certify import Certified
from gembounds.referee.tightness.critical import REACH, Constant
from gembounds.referee.tightness.proof import Proof

BULK = (
    "From one far mean 1/8 is the least that can hold; the proof bounds E psi_i by its value at "
    "mu_i/2, squared. lemma-11-sharpened-exponent has 63/500, with weaker other constants."
)
BULK_STEP = (
    "A step takes off about eta |grad L|^2, so the least that can hold is 1/4, twice that of "
    "eq-34-sharpened; the proof has 1."
)
SMALL_U = (
    "With exp(-8U(0)) or exp(-16U(0)) as printed the worst starts are short; there the proof's "
    "E|psi~|^2 >= Y^2/(4 min(n,d)) gives away most where the means nearly coincide, and L is "
    "compared with Y through 2L <= Y."
)
NEAR_THRESHOLD = (
    "The worst case found is d = 1 with both far means at 10, near means 0 and weights at the end "
    "of their condition. The proof bounds psi_i by min(1, exp(D (z - z0))), several times too "
    "large where psi_i turns, and adds the far means as if they did not share."
)
TRAJECTORY = (
    "A trajectory keeps L near log 2 for exp(U(0)/8) steps at least; the proof counts with "
    "|grad L|^2 as at the start, exp(-U(0)/4), all along. Steps are not run that long."
)
COINCIDE = (
    "The worst mixtures found have nearly coincident means, where |grad L| is of the order of "
    "mu_max; the proof has E|psi~|^2 >= Y^2/(4 min(n,d)), which is less."
)
RUNS = "The claim is about a few runs of the paper's experiment: the worst step of those drawn."
RANDOM = (
    "A statistical statement: its ends hold but for a small probability over the runs, so that "
    "nothing here is certified."
)
OWN = "A constant of a sharpened form, not of the paper; the others of that form hold it there."

NOTES: dict[tuple[str, str], str] = {
    ("lemma-11-sharpened", "exponent"): BULK,
    ("lemma-12.2-sharpened", "exponent"): BULK,
    ("lemma-11-sharpened-excess", "factor"): (
        "Poincare's inequality and the loss of all components but one; 2 at large distances."
    ),
    ("lemma-11-sharpened-exponent", "denominator"): OWN,
    ("eq-34", "factor"): SMALL_U,
    ("eq-35", "factor"): SMALL_U,
    ("eq-30", "factor"): SMALL_U,
    ("theorem-2", "factor"): f"{SMALL_U} {TRAJECTORY}",
    ("theorem-2", "exponent"): TRAJECTORY,
    ("theorem-2", "step"): (
        "Any step size up to 1 serves, that is what 430 allows at the worst start; beyond 2 a "
        "step may raise L. Losses along trajectories with larger steps are not enclosed."
    ),
    ("theorem-2-sharpened", "factor"): f"{COINCIDE} {TRAJECTORY}",
    ("theorem-2-sharpened", "exponent"): TRAJECTORY,
    ("eq-34-sharpened", "square"): COINCIDE,
    ("eq-34-sharpened", "exponent"): BULK,
    ("eq-30-sharpened", "factor"): COINCIDE,
    ("eq-30-sharpened", "exponent"): BULK_STEP,
    ("eq-33.1", "factor"): (
        "As printed, with eta for eta^2, the bound has a factor 1/eta of at least 10^9 to spare; "
        "the best constant only measures the largest step size that the theorem allows."
    ),
    ("theorem-13-repaired", "root"): "The term may be dropped: 0 holds.",
    ("theorem-13-sharpened", "factor"): (
        "Means far out with tiny displacements to and fro give 1/2; the proof adds the worst "
        "cases of psi_i' and of a covariance, which do not occur together."
    ),
    ("theorem-13-sharpened-sum", "mean"): OWN,
    ("theorem-13-sharpened-mean", "root"): OWN,
    ("theorem-7", "exponent"): (
        "gembounds trap encloses the number of steps itself; 18 is its exponent for d to infinity."
    ),
    ("eq-41-sharpened", "factor"): OWN,
    ("eq-41prime-sharpened", "factor"): OWN,
    ("lemma-15-repaired", "far"): NEAR_THRESHOLD,
    ("lemma-15-sharpened", "far"): NEAR_THRESHOLD,
    ("eq-17b-repaired", "factor"): (
        "The proof takes the derivative's worst case at every state between; for displacements "
        "that are not small both sides bend."
    ),
    ("eq-24b", "exponent"): (
        "The integral over the line is bounded pointwise in x, by U for |mu_i|^2 + |mu_j|^2; the "
        "mean over x is larger, by how much is not known here beyond 1/8."
    ),
    ("eq-39b-repaired", "rate"): (
        "Near means 0 and far means at 10 sqrt(d): the conditional mean of psi_i falls faster "
        "than its largest value, exp(-25 d), at which the proof takes it."
    ),
    ("section-5-rate.1", "K"): RUNS,
    ("section-5-rate.2", "K"): RUNS,
    ("section-5-rate.3", "K"): RUNS,
    ("section-5-rate.4", "K"): RUNS,
    ("section-5-weights", "factor"): RUNS,
    ("section-5-statistical", "steepest"): RANDOM,
    ("section-5-statistical", "flattest"): RANDOM,
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
    """The note of a constant; None where a proof and a witness or a limit leave no gap."""
    if (claim, name) in NOTES:
        return NOTES[claim, name]
    if certified is not None and constant is not None and _hopeless(constant, certified):
        return "Every value that was tried is refuted there, however weak it makes the claim."
    if proof is not None and (proof.sharp or proof.limit is not None):
        return None
    if constant is None:
        return "Moving it changes nothing at the points drawn."
    if certified is None:
        return "No value is refuted at any point searched, however far it is moved."
    if proof is None:
        return "No argument on record gives a constant that holds beyond the paper's own proof."
    return None


def _hopeless(constant: Constant, certified: Certified) -> bool:
    """Whether the witness refutes values to the end of those sought."""
    return constant.claimed > 0 and constant.place(certified.value) < 1 - REACH
