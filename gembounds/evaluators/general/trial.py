"""Random points that try to refute what is declared of a function: its bound, that it is analytic,
that it is real for real x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from gembounds.evaluators.general.declared import Declared, place
from gembounds.evaluators.general.frame import rational
from gembounds.evaluators.general.view import View
from gembounds.tools.errors import InputError
from gembounds.values.precision import working_precision

POINTS = 400
"""For the bound (a choice)."""

CIRCLES = 100
"""For being analytic (a choice)."""

AROUND = 40
"""N points of a circle of half the radius of the disc: the mean of f over them is f in the centre,
and that of f times the direction is 0, as it is not for harmonic functions such as conjugates. As
the m-th Taylor term is at most 2^-m M there, M a bound of |f| on the disc, the points err by
2^(1 - N) M / (1 - 2^-N) at most."""

BITS = 128

SCALES = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Of the distances from a mean (a choice)."""


def try_to_refute(declared: Declared, views: Sequence[View]) -> None:
    """:class:`InputError` that names the point where what is declared is certainly not so."""
    rng = np.random.default_rng(0)
    with working_precision(BITS):
        models = [_Model(view) for view in views if view.rank]
        for attempt in range((POINTS + CIRCLES) if models else 0):
            model = models[rng.integers(len(models))]
            r, near = model.view.rank, model.near[rng.integers(len(model.near))]
            at = near + rng.choice(SCALES) * rng.normal(size=r)
            y = rng.normal(size=r)
            part = rng.choice([1.0, rng.random()]) if attempt < POINTS else rng.random()
            y *= declared.strip * (1 - 1e-9) * part / np.linalg.norm(y)
            z = [acb(*t) for t in zip(at, y, strict=True)]
            if attempt < POINTS:
                _check_bound(declared, model, z)
            else:
                room = (declared.strip - float(np.linalg.norm(y))) * (1 - 1e-9)
                _check_circle(declared, model, z, int(rng.integers(r)), room)


class _Model:
    """psi at complex points; ``near``: the means in the view's coordinates, and 0."""

    def __init__(self, view: View) -> None:
        self.view = view
        weights, self.means = view.components()
        self.starts = [
            w.log() - sum((t * t for t in row), arb(0)) / 2
            for w, row in zip(weights, self.means, strict=True)
        ]
        self.near = np.array(
            [[0.0] * view.rank, *([float(t.mid()) for t in row] for row in self.means)]
        )

    def psi(self, z: list[Any]) -> list[Any]:
        logits = [
            start + sum((t * m for t, m in zip(z, row, strict=True)), acb(0))
            for start, row in zip(self.starts, self.means, strict=True)
        ]
        top = max(float(t.real.mid()) for t in logits)
        terms = [(t - top).exp() for t in logits]
        inverse = 1 / sum(terms, acb(0))
        return self.view.psi([t * inverse for t in terms])


def _value(declared: Declared, model: _Model, z: list[Any]) -> Any:
    value = declared.at(model.psi(z), model.view.x(z))
    if not (value.real.is_finite() and value.imag.is_finite()):
        where = _place(model, z)
        raise InputError(f"f has no value at {where}, inside the strip: make strip smaller")
    return value


def _place(model: _Model, z: list[Any]) -> str:
    return place(model.psi(z), model.view.x(z))


def _check_bound(declared: Declared, model: _Model, z: list[Any]) -> None:
    value, most = abs(_value(declared, model, z)), _most(declared, model, z, 0.0)
    if value > most:
        raise InputError(
            f"bound is refuted: at {_place(model, z)} |f| is {_digits(value)} and "
            f"{float(declared.constant):g} (1 + |x|)^{declared.power} is {_digits(most)}"
        )


def _check_circle(declared: Declared, model: _Model, z: list[Any], j: int, room: float) -> None:
    """On half the disc of radius ``room`` in coordinate j, which is inside the strip."""
    total, first = -AROUND * _value(declared, model, z), acb(0)
    for k in range(AROUND):
        turned, direction = list(z), acb(0, 2 * arb.pi() * k / AROUND).exp()
        turned[j] = z[j] + arb(room) / 2 * direction
        value = _value(declared, model, turned)
        total, first = total + value, first + value * direction
    most = AROUND * _most(declared, model, z, room) * arb(2) ** (2 - AROUND)
    if abs(total) > most or abs(first) > most:
        raise InputError(
            f"f is not analytic near {_place(model, z)}, or larger than its bound there: write it "
            "without abs, conjugates and branches"
        )


def _most(declared: Declared, model: _Model, z: list[Any], room: float) -> Any:
    """C (1 + |x| + room)^k, at least."""
    size = model.view.norm(z)
    return arb(rational(declared.constant)) * (1 + size + arb(room)) ** declared.power


def _digits(ball: Any) -> str:
    return f"{float(ball.mid()):.6g}"
