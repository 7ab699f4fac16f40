"""What the model does not change, a core must not change either: ``rotated-gradient``, ...

Each symmetry turns a case into another one and brings the value there back, where it must agree
with the value at the first case. Both values may use up what they are allowed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from gembounds.conform.case import Case
from gembounds.conform.check import At, Check, Finding, agree
from gembounds.conform.core import Core
from gembounds.conform.density import HALF_LOG
from gembounds.conform.protocol import FUNCTIONS, FloatArray
from gembounds.conform.tolerance import allowed, moved
from gembounds.conform.truth import Truth, truth_of
from gembounds.values.rounding import U, gamma

LOOSE = 1e-2
"""Width of the enclosures from which sizes at the image are read."""


class Symmetry(ABC):
    """A case and its image ``moved``."""

    name: str
    text: str
    perturbed = 0.0
    """Relative error of the means, by norms, that forming the image costs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.moved = self.image()

    @abstractmethod
    def image(self) -> Case:
        """The other case; its places x are the images of the first's."""

    @abstractmethod
    def back(self, function: str, value: FloatArray) -> FloatArray:
        """A value at the image as it must be at the case; linear up to constants."""

    def error_back(self, function: str, error: FloatArray) -> FloatArray:
        """How far apart what comes back may be, if the value at the image errs by ``error``."""
        zero = self.back(function, np.zeros_like(error))
        return np.asarray(np.abs(self.back(function, error) - zero))


class Permuted(Symmetry):
    name, text = "permuted", "components in another order"

    def image(self) -> Case:
        case = self.case
        self.order = case.rng("permuted").permutation(case.n)
        if case.n > 1 and (self.order == np.arange(case.n)).all():
            self.order = np.roll(self.order, 1)
        return Case(case.means[self.order], case.weights[self.order], case.salt, case.x)

    def back(self, function: str, value: FloatArray) -> FloatArray:
        inverse = np.argsort(self.order)
        if function == "psi":
            return value[:, inverse]
        if function == "overlaps":
            return value[np.ix_(inverse, inverse)]
        return value[inverse] if function in ("gradient", "em_step") else value


class Rotated(Symmetry):
    name, text = "rotated", "another orthonormal basis"

    def image(self) -> Case:
        case = self.case
        self.basis = np.linalg.qr(case.rng("rotated").normal(size=(case.d, case.d)))[0]
        away = np.linalg.norm(self.basis.T @ self.basis - np.eye(case.d))
        self.perturbed = float(away) + 2 * case.d * gamma(case.d + 2)
        return Case(case.means @ self.basis, case.weights, case.salt, case.x @ self.basis)

    def back(self, function: str, value: FloatArray) -> FloatArray:
        return value @ self.basis.T if function in ("gradient", "em_step") else value

    def error_back(self, function: str, error: FloatArray) -> FloatArray:
        if function not in ("gradient", "em_step"):
            return error
        return np.repeat(np.linalg.norm(error, axis=1)[:, None], self.case.d, axis=1)


class Merged(Symmetry):
    name, text = "merged", "one component split into two with the same mean"
    share = 0.25

    def image(self) -> Case:
        case = self.case
        self.which = int(case.rng("merged").integers(case.n))
        means, weights = case.means, case.weights
        whole = weights[self.which]
        weights[self.which] = self.share * whole
        return Case(
            np.vstack([means, means[self.which]]), np.append(weights, (1 - self.share) * whole),
            case.salt, case.x,
        )  # fmt: skip

    def back(self, function: str, value: FloatArray) -> FloatArray:
        i, n = self.which, self.case.n
        value = value.copy()
        if function == "psi":
            value[:, i] += value[:, n]
            return value[:, :n]
        if function == "overlaps":
            value[i] += value[n]
            value[:, i] += value[:, n]
            return value[:n, :n]
        if function == "gradient":
            value[i] += value[n]
        if function == "em_step":
            value[i] += value[n] - self.case.means[i]
        return value[:n] if function in ("gradient", "em_step") else value


class Padded(Symmetry):
    name, text = "padded", "coordinates in which every mean is 0"

    def image(self) -> Case:
        case = self.case
        means = np.hstack([case.means, np.zeros((case.n, 2))])
        self.added = case.rng("padded").normal(size=(len(case.x), 2))
        return Case(means, case.weights, case.salt, np.hstack([case.x, self.added]))

    def back(self, function: str, value: FloatArray) -> FloatArray:
        if function == "log_prob":
            return value + _without_normal(self.added)
        return value[:, : self.case.d] if function in ("gradient", "em_step") else value


class Shifted(Symmetry):
    name, text = "shifted", "a coordinate that all means share"
    shift = 1.5

    def image(self) -> Case:
        case = self.case
        means = np.hstack([case.means, np.full((case.n, 1), self.shift)])
        self.added = case.rng("shifted").normal(size=(len(case.x), 1))
        return Case(means, case.weights, case.salt, np.hstack([case.x, self.added]))

    def back(self, function: str, value: FloatArray) -> FloatArray:
        if function in ("gradient", "em_step"):
            return value[:, : self.case.d]
        if function == "loss":
            return np.asarray(value - self.shift**2 / 2)
        if function == "psi_tilde_norm2":
            return np.asarray(value - self.shift**2)
        if function == "log_prob":
            return value + _without_normal(self.added - self.shift)
        return value


def _without_normal(added: FloatArray) -> FloatArray:
    """Minus log N(., 0, I) of the rows."""
    return np.asarray(np.sum(0.5 * added**2 + HALF_LOG, axis=1))


SYMMETRIES: tuple[type[Symmetry], ...] = (Permuted, Rotated, Merged, Padded, Shifted)


def _at(symmetry: type[Symmetry], function: str) -> At:
    def at(core: Core, case: Case, truth: Truth) -> Finding:
        pair = symmetry(case)
        here = core.call(function, *case.arguments(function))
        there = core.call(function, *pair.moved.arguments(function))
        image = truth_of(pair.moved, LOOSE)
        slack = allowed(core, image, function)
        if pair.perturbed:
            slack = slack + moved(core, image, function, pair.perturbed)
        apart = allowed(core, truth, function) + pair.error_back(function, slack)
        found = agree(function, here, pair.back(function, there), apart + 8 * U * np.abs(here),
                      ("the value", f"the value with {pair.text}, brought back,"))  # fmt: skip
        return Finding.all([found, *_added(pair, function, there, slack)])

    return at


def _added(pair: Symmetry, function: str, there: FloatArray, slack: FloatArray) -> list[Finding]:
    """What is known of the coordinates that are added."""
    if function not in ("gradient", "em_step") or not isinstance(pair, (Padded, Shifted)):
        return []
    d, n = pair.case.d, pair.case.n
    added, slack = there[:, d:], slack[:, d:]
    if isinstance(pair, Padded):
        return [agree(f"{function} in the added coordinates", added, np.zeros_like(added), slack,
                      ("it", "the exact value"))]  # fmt: skip
    c = pair.shift
    exact = c if function == "gradient" else n * c - pair.case.eta * c
    return [agree(f"{function} in the added coordinate, summed over i", added.sum(axis=0),
                  np.full(1, exact), slack.sum(axis=0) + 8 * n * n * U * c,
                  ("it", "sum psi_i = 1 gives"))]  # fmt: skip


CHECKS = tuple(
    Check(
        id=f"{symmetry.name}-{function}",
        kind="consistency",
        text=f"{function} with {symmetry.text}",
        functions=(function,),
        domain="mixed",
        at=_at(symmetry, function),
    )
    for symmetry in SYMMETRIES
    for function in FUNCTIONS
)
