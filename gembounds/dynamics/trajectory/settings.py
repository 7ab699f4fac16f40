"""What a run is asked for, checked."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gembounds.dynamics.trajectory.stepsize import DEFAULT_ETA, StepSizes
from gembounds.dynamics.trajectory.stop import StoppingRule
from gembounds.evaluators.data.components import checked_data
from gembounds.evaluators.options import DEFAULT_BITS, DEFAULT_RTOL, MAX_RTOL, MIN_RTOL
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown

MAX_STEPS = 10**7
KINDS = {"gradient": "gradient EM", "em": "EM"}
"""And what they are in words."""

EVALUATORS = ("float64", "arb")
MAX_BITS = 512
"""Distances are kept as float64, which reach down to 2^-1022 (a choice, with bits to spare)."""

FORMAT = 2
"""Version of what checkpoints hold."""


@dataclass(frozen=True)
class Settings:
    """``rtol`` of the overlaps, or ``gradient_rtol`` of the gradient (then rtol is None)."""

    mix: Mixture
    sizes: StepSizes
    steps: int
    evaluator: str
    kind: str
    rtol: float | None
    gradient_rtol: float | None
    bits: int
    rule: StoppingRule
    data: Mixture | None = None
    update_weights: bool = False

    @classmethod
    def of(
        cls, mix: Mixture, eta: Any, steps: Any, *, evaluator: str, kind: str, rtol: Any,
        gradient_rtol: Any, bits: Any, stop: Any, data: Any = None, update_weights: bool = False,
    ) -> Settings:  # fmt: skip
        """Checked; raises :class:`InputError` for what cannot be used."""
        if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= MAX_STEPS:
            raise InputError(f"steps is {shown(steps)}: choose a whole number, 0 to {MAX_STEPS}")
        one_of("evaluator", evaluator, EVALUATORS)
        one_of("kind", kind, KINDS)
        if data is not None and checked_data(mix.d, data).at_origin:
            data = None
        if update_weights and (kind != "em" or evaluator != "float64"):
            raise InputError(
                f"update_weights does nothing for kind {kind} by {evaluator}: "
                "choose kind em and evaluator float64"
            )
        if kind == "em" and eta is not None:
            raise InputError("eta does nothing for kind em: leave it out")
        if evaluator == "arb" and (rtol is not None or gradient_rtol is not None):
            name = "rtol" if gradient_rtol is None else "gradient_rtol"
            raise InputError(f"{name} does nothing for evaluator arb: give bits")
        if evaluator == "float64" and bits is not None:
            raise InputError('bits does nothing for evaluator float64: give evaluator="arb"')
        if rtol is not None and gradient_rtol is not None:
            raise InputError("rtol and gradient_rtol are both given: choose one")
        if gradient_rtol is not None:
            gradient_rtol = _within("gradient_rtol", gradient_rtol, 1e-10, 0.1)
        else:
            rtol = _within("rtol", DEFAULT_RTOL if rtol is None else rtol, MIN_RTOL, MAX_RTOL)
        if bits is not None and (
            isinstance(bits, bool) or not isinstance(bits, int) or not 24 <= bits <= MAX_BITS
        ):
            raise InputError(f"bits is {shown(bits)}: choose a whole number from 24 to {MAX_BITS}")
        sizes = StepSizes(DEFAULT_ETA if eta is None else eta, steps)
        return cls(
            mix, sizes, steps, evaluator, kind, rtol, gradient_rtol,
            bits or DEFAULT_BITS, StoppingRule.of(stop), data, bool(update_weights),
        )  # fmt: skip

    @property
    def label(self) -> str:
        """What runs, in words."""
        return KINDS[self.kind]

    def fingerprint(self) -> str:
        """A digest of all that decides the run, but for the step sizes of a function."""
        what = {
            "format": FORMAT,
            "means": [[str(x) for x in row] for row in self.mix.exact_means],
            "weights": [str(w) for w in self.mix.exact_weights],
            "sizes": self.sizes.text(),
            "steps": self.steps,
            "evaluator": self.evaluator,
            "kind": self.kind,
            "accuracy": [self.rtol, self.gradient_rtol, self.bits],
            "stop": list(self.rule.levels),
        }
        if self.update_weights:
            what["update_weights"] = True
        if self.data is not None:
            what["data"] = [
                [[str(x) for x in row] for row in self.data.exact_means],
                [str(w) for w in self.data.exact_weights],
            ]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def one_of(name: str, value: Any, known: Iterable[str]) -> None:
    """:class:`InputError` for a ``value`` that is none of those ``known``."""
    if value not in tuple(known):
        raise InputError(f"{name} is {shown(value)}: choose one of {', '.join(known)}")


def _within(name: str, value: Any, least: float, most: float) -> float:
    good = not isinstance(value, bool) and isinstance(value, (int, float))
    if not good or not math.isfinite(value) or not least <= value <= most:
        raise InputError(f"{name} is {shown(value)}: choose it from {least:g} to {most:g}")
    return float(value)
