"""A failing case made smaller: the one x that fails, no special way of calling, fewer components,
dimensions and digits. What is tried stays inside the check's domain and what the core declares.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from gembounds.conform.attempt import attempt
from gembounds.conform.case import Case
from gembounds.conform.check import Check
from gembounds.conform.circumstances import USUAL
from gembounds.conform.core import Core
from gembounds.conform.likelihood import STEP
from gembounds.conform.membership import contains
from gembounds.conform.protocol import FIRST_X, OVER
from gembounds.conform.room import outside, room_of
from gembounds.points.point import Point
from gembounds.points.shrink import shrink
from gembounds.tools.errors import InputError
from gembounds.values.mixture import Mixture

ATTEMPTS, SECONDS = 150, 2.0
"""What making one failing case smaller may take (a choice)."""

X, ETA = "conform x", "conform eta"
"""Names under which a single x and the step are parameters of the point that is shrunk."""


ABSENT, STILL = 2.0**-1000, 2.0**-900
"""What stands for weights of 0 in the point that is shrunk, and what is read as that again."""


def smallest(core: Core, check: Check, case: Case, outcome: str) -> Case:
    """A smaller case at which ``check`` has the same ``outcome``; ``case`` itself where none is
    found in the time there is."""
    end = time.monotonic() + SECONDS
    room = room_of(core, check.functions)

    def fails(tried: Case) -> bool:
        return (
            time.monotonic() < end
            and outside(room, tried) is None
            and contains(check.domain, tried)
            and attempt(core, check, tried).outcome == outcome
        )

    case = _called_simply(check, case, fails)
    if any(f in OVER for f in check.functions):
        case = case.but(data=case.data)
    start = _point(check, case)

    def still(point: Point) -> bool:
        try:
            return fails(_case(point, case))
        except InputError:
            return False

    found = check.given(core, _case(shrink(start, still, ATTEMPTS), case))
    plain = found.but(salt=0)
    return plain if attempt(core, check, plain).outcome == outcome else found


def _called_simply(check: Check, case: Case, fails: Callable[[Case], bool]) -> Case:
    """The same mixture: called as usual, each place once, and half of the places again and again,
    as far as it fails."""
    if case.how != USUAL and fails(case.but(how=USUAL)):
        case = case.but(how=USUAL)
    if case.given_variances is not None and fails(case.but(variances=None)):
        case = case.but(variances=None)
    if not {*FIRST_X} & {*check.functions} or check.kind == "paper":
        return case
    if case.given_rows is not None and fails(case.but(rows=None)):
        case = case.but(rows=None)
    if case.given_x is None and fails(case.but(x=case.places)):
        case = case.but(x=case.places)
    least = 2 * case.n if STEP in check.functions else 1  # of less, EM's variances are nothing
    while case.given_x is not None and len(case.given_x) > 2 * least - 1:
        half = len(case.given_x) // 2
        parts = (case.but(x=case.given_x[:half]), case.but(x=case.given_x[half:]))
        fewer = next((part for part in parts if fails(part)), None)
        if fewer is None:
            break
        case = fewer
    return case


def _point(check: Check, case: Case) -> Point:
    parameters = dict(case.point.parameters)
    if case.given_x is not None and len(case.given_x) == 1:
        parameters[X] = tuple(map(Fraction, case.given_x[0].tolist()))
    if case.given_eta is not None and {"em_step", "em_step_over"} & set(check.functions):
        parameters[ETA] = Fraction(case.given_eta)
    data = None if case.given_data is None else Mixture(*case.given_data)
    mix = case.point.mix
    if not case.present.all():
        mix = Mixture(case.means, np.where(case.present, case.weights, ABSENT))
    return Point(mix, parameters, data)


def _case(point: Point, like: Case) -> Case:
    """The case of a point made from ``like``, its numbers rounded to float64."""
    parameters = dict(point.parameters)
    x, eta = parameters.pop(X, None), parameters.pop(ETA, None)
    if eta is not None and eta < 0:
        raise InputError("a step is not negative")
    weights = point.mix.weights
    if not like.present.all():
        weights = np.where(weights < STILL, 0.0, weights)
    changed = like.but(means=point.mix.means, weights=weights, parameters=parameters,
                       eta=like.given_eta if eta is None else float(eta),
                       data=None if point.data is None else (point.data.means, point.data.weights),
                       )  # fmt: skip
    if x is not None:
        return changed.but(x=np.array([[float(v) for v in x]]))
    if like.given_x is not None and like.d != changed.d:
        raise InputError("the places have as many coordinates as before")
    return changed
