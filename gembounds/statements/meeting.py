"""Moving a drawn point until it meets the conditions of a claim, one condition after another.

Means are scaled by what brings the two sides together: norms and distances grow with the factor,
S, U and Y with its square, so the ratio and its root are both tried. Where the factor is sqrt(q)
with q = a/b no square, every coordinate is taken k times, k the square-free part of ab, and scaled
by the rational sqrt(q/k). Numbers and vectors are scaled too, vectors also made orthogonal to
another, of sum 0, or a multiple of a unit vector; numbers are put where the other side is. Where
that does not help it starts again with even weights, with means of one norm or of mean 0, and at
last with what makes everything 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from gembounds.points.joint import together
from gembounds.points.point import Point, repeated
from gembounds.statements.conditions import bounds
from gembounds.statements.evaluate import Undefined
from gembounds.statements.tree import Expr, Relation
from gembounds.tools.errors import InputError, RankError
from gembounds.values.columns import runs
from gembounds.values.exact import Root, exact_power, exact_product, is_exact, is_rational, root
from gembounds.values.mixture import Mixture

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim

FACTORS = tuple(Fraction(x) for x in ("1/2", "1/10", "10", "1/1000", "1/100000000"))
"""What is tried where the conditions do not say how far they are off."""

NUDGE = Fraction(1, 10**9)
"""How far inside a bound a scale lands that is no rational number, relatively."""

COPIES = 300
"""Coordinates that stay exact numbers, however often each is taken (a choice: milliseconds)."""

FAR = Fraction(10**200)
"""Ratios beyond this, and below its inverse, are no factors."""

TRIED = 12
"""Candidates for a condition on what takes an integral (a choice: they cost milliseconds each)."""

Sides = list[tuple[Any, Any]]


class Meeting:
    """``Meeting(claim)(point)`` is the point, or one made of it, that is certainly in the domain;
    None where none was found."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        cheap = sorted(claim.when, key=_integrates)  # type: ignore[arg-type]
        self.upto = [
            replace(claim, when=tuple(cheap[: k + 1]), over=claim.domain)
            for k in range(len(cheap))
        ]

    def __call__(self, point: Point, simply: bool = False) -> Point | None:
        """See the class; ``simply``: from the point itself alone, and not to 0."""
        from gembounds.statements.operations import LADDER, Operations

        ops = Operations(LADDER[0])
        starts = list(_starts(self.claim, point))
        if simply or any(map(_integrates, self.claim.when)):  # type: ignore[arg-type]
            starts = starts[:1]
        with ops.precision():
            for factors in (FACTORS,) if simply else (FACTORS, (Fraction(0),)):
                for start in starts:
                    found = self._met(ops, start, factors)
                    if found is not None and _holds(self.claim, ops, found):
                        return found
        return None

    def _met(self, ops: Any, point: Point, factors: tuple[Fraction, ...]) -> Point | None:
        for claim in self.upto:
            if _holds(claim, ops, point):
                continue
            relation = claim.conditions[-1]
            candidates = _candidates(claim, relation, ops, point, factors)
            if _integrates(relation):
                candidates = islice(candidates, TRIED)
            try:
                found = next((c for c in candidates if _holds(claim, ops, c)), None)
            except (OverflowError, InputError):  # means beyond float64
                found = None
            if found is None:
                return None
            point = found
        return point


def _integrates(relation: Relation) -> bool:
    """Whether a condition is on what takes an integral."""
    return any(s.needs for s in relation.symbols.values())


def _starts(claim: Claim, point: Point) -> Iterator[Point]:
    """The point, of enough dimensions; with even weights; with means of mean 0, or one norm."""
    if point.mixture is not None:
        low, _ = bounds(claim.conditions, "d")
        if low is not None and point.mixture.d < low:
            point = next(together(point, lambda p: iter([_padded(p, p.mix, low)])))
    yield point
    if point.mixture is not None and point.mixture.n > 1 and claim.conditions:
        columns, lengths = zip(*runs(point.mixture), strict=True)
        yield replace(point, mixture=repeated(columns, lengths))
        yield _centred(point, point.mixture)
        if point.mixture.d <= COPIES:
            yield _of_one_norm(point, point.mixture)


def _centred(point: Point, mix: Mixture) -> Point:
    columns, lengths = zip(*runs(mix), strict=True)
    means = [sum(w * x for w, x in zip(mix.exact_weights, e, strict=True)) for e in columns]
    moved = [[x - m for x in e] for e, m in zip(columns, means, strict=True)]
    lengths = lengths if sum(lengths) <= COPIES else (1,) * len(lengths)
    return replace(point, mixture=repeated(moved, lengths, mix.exact_weights))


def _of_one_norm(point: Point, mix: Mixture) -> Point:
    """Means that are the first one with its entries and sign turned round."""
    first, d = mix.exact_means[0], mix.d
    rows = [[(-1) ** i * first[(c + i // 2) % d] for c in range(d)] for i in range(mix.n)]
    return replace(point, mixture=Mixture(rows, mix.exact_weights))


def _holds(claim: Claim, ops: Any, point: Point) -> bool:
    try:
        return claim.inside(ops, point) is True
    except (RankError, ZeroDivisionError):
        return False


def _candidates(
    claim: Claim, relation: Relation, ops: Any, point: Point, factors: tuple[Fraction, ...]
) -> Iterator[Point]:
    from gembounds.statements.claim import sides

    try:
        pairs = sides(relation, ops, claim.placed(point), claim.constants)
    except (Undefined, RankError, ZeroDivisionError):
        pairs = []
    squares, near = _ratios(pairs)
    if not any(factors):  # at last
        squares, near = [], list(factors)
    elif relation.sign != "==":
        near += factors
    else:  # nothing near will do
        near = []
    names = [name for name, p in relation.parameters.items() if name in point.parameters]
    yield from _put(relation, pairs, point)
    for name in names:
        for value in _changed(point, name, squares, near):
            yield replace(point, parameters={**point.parameters, name: value})
    if point.mixture is not None and any(s.mixture for s in relation.symbols.values()):
        for q in squares:
            yield from together(point, partial(_stretched, square=q))
        for factor in near:
            yield scaled(point, factor)


def _put(relation: Relation, pairs: Sides, point: Point) -> Iterator[Point]:
    """A number where the other side is."""
    for side, k in ((relation.lhs, 1), (relation.rhs, 0)):
        if _is_number(side) and pairs and is_rational(value := pairs[0][k]):
            p = side.args[0]
            if p.kind == "real" or Fraction(value).denominator == 1:
                exact = Fraction(value) if p.kind == "real" else int(value)
                yield replace(point, parameters={**point.parameters, p.name: exact})


def _is_number(e: Expr) -> bool:
    return e.op == "parameter" and e.args[0].kind in ("real", "integer")


def _changed(
    point: Point, name: str, squares: list[Fraction], near: list[Fraction]
) -> Iterator[Any]:
    """Other values of a parameter."""
    value = point.parameters[name]
    if isinstance(value, int):
        yield from (1, 2, 0) if point.mixture is None else (1, 2, point.mixture.n, 0)
        return
    factors = [t for q in squares for s in (q, 1 / q) if isinstance(t := root(s), Fraction)]
    factors += near + [1 / t for t in near if t]
    for factor in factors:
        yield _times(value, factor)
    if not isinstance(value, tuple) or isinstance(value[0], tuple):
        return
    largest = max(range(len(value)), key=lambda c: abs(value[c]))
    alone = tuple(x if c == largest else Fraction(0) for c, x in enumerate(value))
    size = abs(value[largest])
    for square in squares:
        whole = root(square * sum(x * x for x in value) / size**2) if size else Fraction(0)
        if isinstance(whole, Fraction):
            yield _times(alone, whole)
    mean = sum(value) / len(value)
    yield tuple(x - mean for x in value)
    for other in point.parameters.values():
        if other is not value and isinstance(other, tuple) and len(other) == len(value):
            if isinstance(other[0], tuple) or not any(other):
                continue
            along = sum(a * b for a, b in zip(value, other, strict=True))
            share = along / sum(b * b for b in other)
            yield tuple(a - share * b for a, b in zip(value, other, strict=True))


def _ratios(pairs: Sides) -> tuple[list[Fraction], list[Fraction]]:
    """Squares of factors that may bring the sides together exactly, and factors nearby."""
    squares: list[Fraction] = []
    near: list[Fraction] = []
    for a, b in _worst(pairs):
        value = math.nan
        if is_exact(a) and is_exact(b):
            if is_rational(a) and a == 0:
                continue
            ratio = exact_product(b, exact_power(a, -1))
            square = ratio.square if isinstance(ratio, Root) else ratio * ratio
            if (ratio.sign if isinstance(ratio, Root) else ratio) > 0:
                exactly = [square] if isinstance(ratio, Root) else [ratio, square]
                squares += [q for q in exactly if 1 / FAR < q < FAR]
                value = math.sqrt(square) if square in squares else math.nan
        else:
            value = _float(b) / (_float(a) or math.nan)
        if 0 < value < 1e100:
            near += [Fraction(value**p) * (1 + s * NUDGE) for p in (1, 0.5) for s in (-1, 1)]
    short = [x.limit_denominator(10**15) if x > NUDGE else x for x in near]
    return squares, short


def _worst(pairs: Sides) -> Sides:
    """Those entries that ask for the largest and the smallest factor."""
    known = [(a, b) for a, b in pairs if _float(a) and math.isfinite(_float(b) / _float(a))]
    if len(known) < 3:
        return known or pairs[:1]
    known.sort(key=lambda p: _float(p[1]) / _float(p[0]))
    return [known[0], known[-1]]


def _float(x: Any) -> float:
    try:
        if isinstance(x, Root):
            return x.sign * math.sqrt(x.square)
        return float(x) if is_rational(x) else float(x.mid())
    except OverflowError:
        return math.inf


def _stretched(point: Point, square: Fraction) -> Iterator[Point]:
    """The means times a root, exactly: see the module."""
    factor, copies, mix = root(square), 1, point.mix
    if isinstance(factor, Fraction):
        yield scaled(point, factor)
    else:
        copies = _square_free(square.numerator * square.denominator)
        factor = root(square / copies)
    columns, lengths = zip(*runs(mix), strict=True)
    if sum(lengths) * copies > COPIES:
        lengths = (1,) * len(lengths)
    vectors = any(isinstance(value, tuple) for value in point.parameters.values())
    if vectors or sum(lengths) * copies > COPIES or not isinstance(factor, Fraction):
        return
    means = [[factor * x for x in column] for column in columns]
    more = repeated(means, [m * copies for m in lengths], mix.exact_weights)
    yield Point(more, point.parameters)


def _square_free(m: int) -> int:
    """The square-free part of m, or more where m has large factors."""
    k = 1
    for p in range(2, COPIES):
        while m % (p * p) == 0:
            m //= p * p
        if m % p == 0:
            m, k = m // p, k * p
    return k if math.isqrt(m) ** 2 == m else k * m


def scaled(point: Point, factor: Fraction) -> Point:
    """The point with all means times ``factor``."""
    return next(together(point, lambda p: iter([_scaled(p, factor)])))


def _scaled(point: Point, factor: Fraction) -> Point:
    mix = point.mix
    columns, lengths = zip(*runs(mix), strict=True)
    means = [[factor * x for x in column] for column in columns]
    if sum(lengths) > 100:  # long blocks are cheap as float64 numbers
        means = [[Fraction(float(x)) for x in column] for column in means]
    return Point(repeated(means, lengths, mix.exact_weights), point.parameters)


def _padded(point: Point, mix: Mixture, d: int) -> Point:
    columns, lengths = map(list, zip(*runs(mix), strict=True))
    zero = tuple(Fraction(0) for _ in range(mix.n))
    more = repeated([*columns, zero], [*lengths, d - mix.d], mix.exact_weights)
    parameters = {
        name: _longer(value, d) if isinstance(value, tuple) else value
        for name, value in point.parameters.items()
    }
    return Point(more, parameters)


def _longer(value: Any, d: int) -> Any:
    if value and isinstance(value[0], tuple):
        return tuple(_longer(row, d) for row in value)
    return (*value, *(Fraction(0) for _ in range(d - len(value))))


def _times(value: Any, factor: Fraction) -> Any:
    return tuple(_times(v, factor) for v in value) if isinstance(value, tuple) else factor * value
