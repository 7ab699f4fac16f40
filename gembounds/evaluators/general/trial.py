"""Random points that try to refute what is declared of a function: its bound, that it is analytic,
that it is real for real x."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flint import acb, arb

from gembounds.evaluators.general.declared import Declared
from gembounds.evaluators.general.frame import rational
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

POINTS = 400
"""For the bound (a choice)."""

CIRCLES = 100
"""For being analytic (a choice)."""

AROUND = 40
"""Points of a circle of half the radius of the disc: their mean is f in the centre within 2^-40 M
/ (1 - 2^-40), M a bound of |f| on the disc."""

BITS = 128

SCALES = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Of the distances from a mean (a choice)."""


def try_to_refute(declared: Declared, mix: Mixture, data: Mixture) -> None:
    """:class:`InputError` that names the point where what is declared is certainly not so."""
    rng = np.random.default_rng(0)
    places = np.concatenate([mix.means, data.means])
    with working_precision(BITS):
        model = _Model(mix)
        for _ in range(POINTS):
            x = places[rng.integers(len(places))] + rng.choice(SCALES) * rng.normal(size=mix.d)
            y = rng.normal(size=mix.d)
            y *= declared.strip * (1 - 1e-9) * rng.choice([1.0, rng.random()]) / np.linalg.norm(y)
            _check_bound(declared, model, [acb(*t) for t in zip(x, y, strict=True)])
        for _ in range(CIRCLES):
            x = places[rng.integers(len(places))] + rng.choice(SCALES[:3]) * rng.normal(size=mix.d)
            y = rng.uniform(-0.95, 0.95, size=mix.d) * declared.strip / math.sqrt(mix.d)
            centre = [acb(*t) for t in zip(x, y, strict=True)]
            room = (declared.strip - float(np.linalg.norm(y))) * (1 - 1e-9)
            _check_circle(declared, model, centre, int(rng.integers(mix.d)), room)


class _Model:
    """psi at complex points."""

    def __init__(self, mix: Mixture) -> None:
        self.means = [[arb(rational(t)) for t in row] for row in mix.exact_means]
        self.starts = [
            arb(rational(w)).log() - sum((t * t for t in row), arb(0)) / 2
            for w, row in zip(mix.exact_weights, self.means, strict=True)
        ]

    def psi(self, z: list[Any]) -> list[Any]:
        logits = [
            start + sum((t * m for t, m in zip(z, row, strict=True)), acb(0))
            for start, row in zip(self.starts, self.means, strict=True)
        ]
        top = max(float(t.real.mid()) for t in logits)
        terms = [(t - top).exp() for t in logits]
        inverse = 1 / sum(terms, acb(0))
        return [t * inverse for t in terms]


def _value(declared: Declared, model: _Model, z: list[Any]) -> Any:
    value = declared.at(model.psi(z), z)
    if not (value.real.is_finite() and value.imag.is_finite()):
        raise InputError(
            f"f has no value at x = {_shown(z)}, inside the strip: make strip smaller"
        )
    return value


def _check_bound(declared: Declared, model: _Model, z: list[Any]) -> None:
    value, most = abs(_value(declared, model, z)), _most(declared, z, 0.0)
    if value > most:
        raise InputError(
            f"bound is refuted: at x = {_shown(z)} |f| is {_digits(value)} and "
            f"{float(declared.constant):g} (1 + |x|)^{declared.power} is {_digits(most)}"
        )


def _check_circle(declared: Declared, model: _Model, z: list[Any], j: int, room: float) -> None:
    """On half the disc of radius ``room`` in coordinate j, which is inside the strip."""
    total = acb(0)
    for k in range(AROUND):
        turned = list(z)
        turned[j] = z[j] + arb(room) / 2 * acb(0, 2 * arb.pi() * k / AROUND).exp()
        total += _value(declared, model, turned)
    miss = abs(total / AROUND - _value(declared, model, z))
    if miss > _most(declared, z, room) * arb(2) ** (1 - AROUND):
        raise InputError(
            f"f is not analytic near x = {_shown(z)}, or larger than its bound there: write it "
            "without abs, conjugates and branches"
        )


def _most(declared: Declared, z: list[Any], room: float) -> Any:
    """C (1 + |x| + room)^k."""
    size = sum((abs(t) ** 2 for t in z), arb(0)).sqrt()
    return arb(rational(declared.constant)) * (1 + size + arb(room)) ** declared.power


def _shown(z: list[Any]) -> str:
    return ", ".join(f"{float(t.real.mid()):.6g}{float(t.imag.mid()):+.6g}i" for t in z)


def _digits(ball: Any) -> str:
    return f"{float(ball.mid()):.6g}"
