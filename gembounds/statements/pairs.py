"""The data of a claim (:class:`gembounds.statements.claim.Claim`): one mixture, or what its domain
makes of a point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gembounds.points.point import Point
from gembounds.statements.conditions import Part
from gembounds.statements.domain import Domain
from gembounds.tools.errors import InputError
from gembounds.values.columns import runs
from gembounds.values.mixture import Mixture
from gembounds.values.numerals import shown


def has_data(claim: Any) -> bool:
    """Whether the claim's expectations are over data of its own."""
    return claim.data is not None or claim.domain.data is not None


def domain_of(claim: Any) -> Domain | None:
    """Where the points come from; raises :class:`InputError` for data that are none."""
    data: Any = claim.data
    over: Domain | None = claim.over
    if data is None or isinstance(data, Mixture):
        if data is not None and over is not None and over.data is not None:
            raise InputError(f"{claim.id}: over draws data too: leave out one of data and over")
        return over
    if not isinstance(data, Domain) or data.data is None:
        raise InputError(
            f"{claim.id}: data is {shown(data)}: give a Mixture, a Domain with data of its own, "
            "or None for N(0, I)"
        )
    if over not in (None, data):
        raise InputError(f"{claim.id}: data is a domain and over another: leave out over")
    found: Domain = data
    return found


def placed(claim: Any, point: Point) -> Point:
    """The point with the model that its numbers make, and its data: what it has already stays."""
    domain = claim.domain
    if point.mixture is None and domain.model is not None:
        mixture = _made(point, f"model of {domain.name}", domain.model)
        point = point if mixture is None else replace(point, mixture=mixture)
    data = None if point.data is not None else _own(claim, point)
    return point if data is None else replace(point, data=data)


def _own(claim: Any, point: Point) -> Mixture | None:
    """The data that belong to a point."""
    make = claim.domain.data
    if claim.data is not None and make is None:
        found: Mixture = claim.data
        return found
    return None if make is None else _made(point, f"data of {claim.domain.name}", make)


def _made(point: Point, name: str, make: Callable[[Point], Mixture | None]) -> Mixture | None:
    """A mixture made of a point, kept with its parameters; None where it makes none."""
    kept: dict[str, Mixture | None] = point.__dict__.setdefault("_made", {})
    if name not in kept:
        try:
            kept[name] = make(point)
        except (ArithmeticError, LookupError, TypeError, ValueError):  # it is outside
            kept[name] = None
    return kept[name]


def parts(claim: Any, point: Point) -> Iterator[Part]:
    """That a point's model and data are those that belong to it, and of one dimension."""
    here, model = placed(claim, point), claim.domain.model
    if model is not None:
        mixture = here.mixture
        if point.mixture is not None:
            mixture = _made(point, f"model of {claim.domain.name}", model)
        yield Part("its numbers make the model", mixture is not None and mixture == here.mixture)
    if not has_data(claim):
        if point.data is not None:
            yield Part("the data are N(0, I)", False)
        return
    data, mix = _own(claim, here), here.mixture
    same = data is not None and mix is not None and data.d == mix.d
    yield Part("the data have as many coordinates as the model", same)
    if point.data is not None and point.data is not data:
        yield Part("the data are those of the claim", point.data == data)


def text(claim: Any) -> str:
    """What the data are, in words; "" for N(0, I) and where the domain says it."""
    if not isinstance(claim.data, Mixture):
        return ""
    data, blocks = claim.data, runs(claim.data)
    whole = [
        [_short(x[i]) + (f" x{m}" if m > 1 else "") for x, m in blocks] for i in range(data.n)
    ]
    parts = [
        f"{_short(w)} N(({', '.join(mean)}), I)"
        if len(mean) > 1 or data.d > 1
        else f"{_short(w)} N({mean[0]}, 1)"
        for w, mean in zip(data.exact_weights, whole, strict=True)
    ]
    found = " + ".join(parts) if data.n > 1 else parts[0].removeprefix("1 ")
    return f"x ~ {found if len(found) <= 200 else f'a mixture of {data.n} in R^{data.d}'}"


def _short(x: Fraction) -> str:
    """A fraction as it is written, a long one to six digits."""
    return str(x) if len(str(x)) <= 12 else f"{float(x):.6g}"
