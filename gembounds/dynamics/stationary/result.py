"""What is known of a stationary point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gembounds.values.display import as_json
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """What :func:`gembounds.stationary` proved.

    Attributes
    ----------
    found : one and only one stationary point lies in the ball of ``radius``, and in ``box``
    nature : "local minimum", "saddle", "local maximum" (strict ones: no eigenvalue is 0),
        "singular" or "not found"
    reason : a sentence
    means, weights : enclosures of that point, (n, d) and (n,); None where none is known
    box : the region, (n, d): one and only one stationary point has its means in it and, with free
        weights, its weights in ``weight_box``; None where float64 is too coarse for it
    radius : of the ball around the middle of ``means`` with one stationary point alone,
        Euclidean in the means and, with free weights, the logarithms of the weights
    eigenvalues : of the Hessian of L = KL(data || mixture) there, in order: by the means, (n d,);
        with free weights by the means and the logits of the weights, weights = softmax(logits),
        without the eigenvalue 0 of adding a number to all logits, (n d + n - 1,)
    multipliers : for kind "em", the eigenvalues of the derivative of EM's step there, in order
    loss : L there; [0, inf] where the data's centres span more than five dimensions
    candidate : the mixture where the search ended, in float64: an estimate
    """

    found: bool
    nature: str
    reason: str
    kind: str
    free: bool
    candidate: Mixture
    means: Enclosure | None = None
    weights: Enclosure | None = None
    box: Enclosure | None = None
    weight_box: Enclosure | None = None
    radius: float | None = None
    eigenvalues: Enclosure | None = None
    multipliers: Enclosure | None = None
    loss: Enclosure | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as nested lists: ``lower``, ``upper`` and ``balls`` of each enclosure."""
        given = {name: getattr(self, name) for name in ENCLOSURES}
        ends = {k: None if v is None else as_json(v, DIGITS) for k, v in given.items()}
        candidate = {
            "means": self.candidate.means.tolist(), "weights": self.candidate.weights.tolist()
        }  # fmt: skip
        return {
            "found": self.found, "nature": self.nature, "reason": self.reason,
            "kind": self.kind, "free_weights": self.free, **ends, "radius": self.radius,
            "candidate": candidate,
        }  # fmt: skip


ENCLOSURES = ("means", "weights", "box", "weight_box", "eigenvalues", "multipliers", "loss")

DIGITS = 40
"""Most decimal digits of a ball in JSON."""
